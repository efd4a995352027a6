import { brotliCompressSync, constants } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type Body, type Figure, textBlockOf } from "../../shared/domain/body.ts";
import { type Crop, cropSize, renditionsIn } from "../../shared/domain/rendition.ts";
import { cleanText } from "../../shared/domain/text.ts";
import { renderArticle } from "../../shared/pages/article.tsx";
import { renderFront, renderSection } from "../../shared/pages/lists.tsx";
import type { ArticleView, PictureView } from "../../shared/pages/view.ts";
import {
  attributesOf,
  candidatesOf,
  checkPage,
  elementsBelow,
  elementsOf,
  folded,
  jsonLdOf,
  mainText,
  metaOf,
  textBelow,
  timesInMain,
} from "../fixtures/page-oracle.ts";
import { ARTICLES, figureOf, illustrated, picturedStories, pictureView, SITE, stories } from "../fixtures/stories.ts";
import { payloads, wrapped } from "../fixtures/xss.ts";

const plain = ARTICLES[1];
if (!plain) throw new Error("no sample story");
const page = (change: Partial<ArticleView> = {}): string => renderArticle(SITE, { ...plain, ...change });
const around = (...figures: Figure[]): Body => [textBlockOf("Trước."), ...figures, textBlockOf("Sau.")];
/** A page with one figure between two paragraphs. */
const withFigure = (texts: Parameters<typeof figureOf>[1], change: Partial<PictureView> = {}): string => {
  const { figure, pictures } = figureOf(7, texts, change);
  return page({ body: around(figure), pictures });
};
const tags = (html: string, tagName: string) => elementsOf(html).filter((element) => element.tagName === tagName);
const textsOf = (html: string, tagName: string): string[] => tags(html, tagName).map((one) => folded(textBelow(one)));
const only = (html: string, tagName: string, name: string): string | undefined => {
  const values = attributesOf(html, tagName, name);
  expect(values.length).toBeLessThanOrEqual(1);
  return values[0];
};

const SIZES = [
  { width: 3000, height: 2000 },
  { width: 1600, height: 2400 },
  { width: 6000, height: 900 },
  { width: 1000, height: 4000 },
  { width: 1400, height: 1400 },
  { width: 640, height: 480 },
  { width: 300, height: 200 },
  { width: 1, height: 1 },
];

describe("a picture", () => {
  test.each(SIZES)("of $width x $height is whole wherever it stands", (size) => {
    const picture = pictureView(7, size);
    const { figure, pictures } = figureOf(7, {}, size);
    expect(checkPage(page({ body: around(figure), pictures, hero: picture, picture }))).toEqual([]);
    expect(checkPage(page({ body: [figure], pictures, picture }))).toEqual([]);
    const list = stories(7).map((story) => ({ ...story, picture }));
    for (const count of [1, 2, 3, 7]) expect(checkPage(renderFront(SITE, list.slice(0, count)))).toEqual([]);
  });

  test("is offered in all its renditions: AVIF, WebP, JPEG", () => {
    const html = withFigure({});
    const picture = pictureView(7);
    expect(attributesOf(html, "source", "type")).toEqual(["image/avif", "image/webp"]);
    const srcsets = [...attributesOf(html, "source", "srcset"), ...attributesOf(html, "img", "srcset")];
    (["avif", "webp", "jpg"] as const).forEach((format, index) =>
      expect(candidatesOf(srcsets[index] ?? "")).toEqual(
        renditionsIn(picture, "full", format).map(({ width }) => ({
          path: `${picture.folder}/${picture.full}-full-${width}.${format}`,
          width,
        })),
      ),
    );
    expect(only(html, "img", "src")).toBe(`${picture.folder}/${picture.full}-full-1280.jpg`);
    expect(new Set([...attributesOf(html, "source", "sizes"), ...attributesOf(html, "img", "sizes")]).size).toBe(1);
  });

  test("has no AVIF where there is none", () => {
    expect(attributesOf(withFigure({}, { avif: false }), "source", "type")).toEqual(["image/webp"]);
    expect(withFigure({}, { avif: false })).not.toContain(".avif");
  });

  test("of one size needs no choice of JPEGs", () => {
    const html = withFigure({}, { width: 300, height: 200 });
    expect(only(html, "img", "srcset")).toBeUndefined();
    expect(only(html, "img", "src")).toMatch(/-full-300\.jpg$/);
  });

  test.each(SIZES)("of $width x $height keeps its place: its measures are the whole picture's", (size) => {
    const html = withFigure({}, size);
    const [width, height] = [Number(only(html, "img", "width")), Number(only(html, "img", "height"))];
    expect(width).toBe(Math.min(size.width, 1920));
    expect(Math.abs(height - (width * size.height) / size.width)).toBeLessThanOrEqual(0.5);
  });

  test.each([
    ["#8a7f6d", "background:#8a7f6d;color:#000"],
    ["#102030", "background:#102030;color:#fff"],
    ["#112233", "background:#123;color:#fff"],
    ["#FFEEdc", "background:#FFEEdc;color:#000"],
    ["#fff", undefined],
    ["red", undefined],
    ["", undefined],
    ["#12345", undefined],
    ["#1234567", undefined],
    ["#12345g", undefined],
    ["#123456;position:fixed", undefined],
    ["#123456\n", undefined],
    ['#123456"><script>', undefined],
    ["url(//evil.example)", undefined],
  ])("of the colour %j has the style %j", (colour, style) => {
    const html = withFigure({ alt: "Bến sông" }, { colour });
    expect(only(html, "img", "style")).toBe(style);
    expect(checkPage(html)).toEqual([]);
  });

  test("without words in its place has its colour alone", () =>
    expect(only(withFigure({}, { colour: "#102030" }), "img", "style")).toBe("background:#102030"));

  test("whose digest is none is not shown at all: the page is refused", () => {
    expect(() => withFigure({}, { full: '"><script>' })).toThrow(RangeError);
    expect(() => withFigure({}, { full: "../../0123456789" })).toThrow(RangeError);
  });
});

describe("an article page", () => {
  const children = (html: string): string[] => {
    const [article] = tags(html, "article");
    return (article?.childNodes ?? []).flatMap((node) => ("tagName" in node ? [node.tagName] : []));
  };
  const classOf = (html: string): (string | undefined)[] => attributesOf(html, "figure", "class");

  test("is whole, with each text once", () => {
    const html = renderArticle(SITE, illustrated());
    expect(checkPage(html)).toEqual([]);
    const texts = [
      "Tuyến phố nhìn từ đầu cầu Bến Đình.",
      "Ảnh: Hải An",
      "Người dân dạo bước trên tuyến phố",
      "Ảnh: PV",
    ];
    for (const text of texts) expect([text, timesInMain(html, text)]).toEqual([text, 1]);
    expect(attributesOf(html, "img", "alt")).toEqual(["Hai hàng cây và lối đi lát đá dọc bờ sông", ""]);
  });

  test("shows the picture above the text between header and first paragraph, and does not wait for it", () => {
    const html = renderArticle(SITE, illustrated());
    expect(children(html).slice(0, 3)).toEqual(["header", "figure", "p"]);
    expect(attributesOf(html, "img", "fetchpriority")).toEqual(["high"]);
    expect(tags(html, "img").map((img) => img.attrs.some(({ name }) => name === "loading"))).toEqual([false, true]);
    expect(classOf(html).slice(0, 1)).toEqual(["pic wide"]);
  });

  test("without one above does not wait for the first in the text", () => {
    const [a, b] = [figureOf(1), figureOf(2)];
    const gone: Figure = { _type: "figure", image: figureOf(3).figure.image, caption: "Không có ảnh" };
    const html = page({ body: around(gone, a.figure, b.figure), pictures: { ...a.pictures, ...b.pictures } });
    expect(tags(html, "img").map((img) => img.attrs.find(({ name }) => name === "loading")?.value)).toEqual([
      undefined,
      "lazy",
    ]);
    expect(mainText(html)).not.toContain("Không có ảnh");
    expect(checkPage(html)).toEqual([]);
  });

  test("shows a picture with which the body begins as one above the text", () => {
    const { figure, pictures } = figureOf(1);
    expect(classOf(page({ body: [figure, textBlockOf("Sau.")], pictures }))).toEqual(["pic wide"]);
    expect(classOf(page({ body: [textBlockOf("Trước."), figure], pictures }))).toEqual(["pic"]);
    expect(classOf(page({ body: [figure], pictures, hero: pictureView(2) }))).toEqual(["pic wide", "pic"]);
  });

  test.each([
    [{ width: 3000, height: 2000 }, "pic wide", "pic", "--r:1.5"],
    [{ width: 1600, height: 2400 }, "pic", "pic", "--r:0.667"],
    [{ width: 3200, height: 1000 }, "pic wide", "pic wide", "--r:3.2"],
    [{ width: 1000, height: 4000 }, "pic", "pic", undefined],
    [{ width: 850, height: 400 }, "pic wide", "pic wide", "--r:2.125;--w:935px"],
    [{ width: 300, height: 200 }, "pic", "pic", "--r:1.5;--w:330px"],
    [{ width: 100, height: 400 }, "pic", "pic", "--w:110px"],
  ])("gives %j its room: %s above the text, %s in it", (size, above, within, style) => {
    const { figure, pictures } = figureOf(1, {}, size);
    const html = page({ body: around(figure), pictures, hero: pictureView(2, size) });
    expect(classOf(html)).toEqual([above, within]);
    expect(attributesOf(html, "figure", "style").at(0)).toBe(style);
    const wide = attributesOf(html, "source", "sizes").map((sizes) => sizes.includes("60rem,100vw - 4rem"));
    expect(wide).toEqual([above, above, within, within].map((name) => name.includes("wide")));
  });

  test.each<[Parameters<typeof figureOf>[1], Partial<PictureView>, string | undefined, string]>([
    [{ caption: "Chợ sớm.", credit: "PV" }, {}, "Chợ sớm. Ảnh: PV", ""],
    [{ caption: "Chợ sớm." }, {}, "Chợ sớm.", ""],
    [{ credit: "PV" }, {}, "Ảnh: PV", ""],
    [{}, {}, undefined, ""],
    [{}, { alt: "a", caption: "Của ảnh.", credit: "Ảnh" }, "Của ảnh. Ảnh", "a"],
    [{ alt: "b", caption: "Của bài." }, { alt: "a", caption: "Của ảnh.", credit: "LV" }, "Của bài. Ảnh: LV", "b"],
    [{ alt: "", caption: "", credit: "" }, { alt: "a", caption: "Của ảnh.", credit: "LV" }, undefined, ""],
    [{ alt: "12 km & <b>" }, {}, undefined, "12 km & <b>"],
  ])("of %j over %j says %j, read out as %j", (texts, own, caption, alt) => {
    const html = withFigure(texts, own);
    expect(textsOf(html, "figcaption")).toEqual(caption === undefined ? [] : [caption]);
    expect(only(html, "img", "alt")).toBe(alt);
    expect(checkPage(html)).toEqual([]);
  });

  test.each([
    ["Hải An", "Ảnh: Hải An"],
    ["Ảnh: Hải An", "Ảnh: Hải An"],
    ["ảnh Hải An", "ảnh Hải An"],
    ["Ảnhđẹp", "Ảnh: Ảnhđẹp"],
    ["Đồ họa: Lê Vân", "Đồ họa: Lê Vân"],
    ["(Ảnh: TTXVN)", "(Ảnh: TTXVN)"],
    ["© AFP", "© AFP"],
    ["Hải An, lúc 9:30", "Ảnh: Hải An, lúc 9:30"],
  ])("credits %j as %j, apart from the caption", (credit, shown) => {
    const html = withFigure({ caption: "Chú thích.", credit });
    expect(textsOf(html, "figcaption")).toEqual([`Chú thích. ${shown}`]);
    const spans = tags(html, "figcaption").flatMap(elementsBelow);
    expect(spans.map((span) => [span.tagName, textBelow(span)])).toEqual([["span", shown]]);
  });

  test("carries the style of pictures only where it shows one", () => {
    expect(page()).not.toContain(".pic");
    expect(page({ body: around({ _type: "figure", caption: "x" }) })).not.toContain(".pic");
    expect(page({ picture: pictureView(1) })).not.toContain(".pic");
    expect(withFigure({})).toContain(".pic");
    expect(page({ hero: pictureView(1) })).toContain(".pic");
  });
});

describe("who is told of the lead picture", () => {
  const picture = pictureView(1, { alt: "Bến sông", caption: "Bến sông lúc sáng.", credit: "Hải An" });
  const meta = ["og:image", "og:image:type", "og:image:width", "og:image:height", "og:image:alt", "twitter:card"];

  test("share cards: one JPEG of 1200 x 630, absolute", () => {
    const html = page({ picture });
    expect(meta.map((name) => metaOf(html, name))).toEqual([
      `${SITE.baseUrl}${picture.folder}/${picture.crops}-card-1200.jpg`,
      "image/jpeg",
      "1200",
      "630",
      "Bến sông",
      "summary_large_image",
    ]);
    expect(checkPage(html)).toEqual([]);
  });

  test("share cards of a small picture, and of one without words", () => {
    const html = page({ picture: pictureView(1, { width: 400, height: 300 }) });
    expect(meta.map((name) => metaOf(html, name)).slice(2, 5)).toEqual(["400", "210", undefined]);
    expect(metaOf(html, "og:image")).toMatch(/-card-400\.jpg$/);
  });

  test("search engines: the largest JPEG of three shapes, with caption and credit", () => {
    const objects = (["16x9", "4x3", "1x1"] as const).map((crop: Crop) => {
      const { width, height } = renditionsIn(picture, crop, "jpg").at(-1) ?? { width: 0, height: 0 };
      const url = `${SITE.baseUrl}${picture.folder}/${picture.crops}-${crop}-${width}.jpg`;
      return { "@type": "ImageObject", url, width, height, caption: picture.caption, creditText: picture.credit };
    });
    expect(objects.map(({ width, height }) => [width, height])).toEqual([
      [1200, 675],
      [1200, 900],
      [1200, 1200],
    ]);
    expect(jsonLdOf(page({ picture }))).toMatchObject([{ image: objects }]);
    const [silent] = jsonLdOf(page({ picture: pictureView(1) }));
    expect(JSON.stringify(silent)).not.toMatch(/caption|creditText/);
  });

  test("nobody, when there is none", () => {
    expect(meta.map((name) => metaOf(page(), name))).toEqual(meta.map(() => undefined));
    expect(JSON.stringify(jsonLdOf(page()))).not.toContain("image");
  });
});

describe("a list", () => {
  type Element = ReturnType<typeof tags>[number];
  const classesOf = (element: Element): string =>
    (element.attrs.find(({ name }) => name === "class")?.value ?? "").replace(/ s\d$/, "");

  test("shows a lead and cards with pictures, rows without", () => {
    const html = renderFront(
      SITE,
      picturedStories(30, () => true),
    );
    expect(checkPage(html)).toEqual([]);
    const kinds = tags(html, "article").map(classesOf);
    expect(kinds).toEqual(["lead pic up", ...Array(10).fill("card pic up"), ...Array(19).fill("row")]);
    const sources = attributesOf(html, "img", "src");
    expect(sources.map((src) => src.slice(src.lastIndexOf("/") + 18))).toEqual([
      "16x9-1200.jpg",
      ...Array(10).fill("4x3-640.jpg"),
    ]);
    expect(attributesOf(html, "img", "loading")).toEqual(Array(10).fill("lazy"));
    expect(attributesOf(html, "img", "fetchpriority")).toEqual(["high"]);
  });

  test("names and links each story once, pictures or not", () => {
    const list = stories(20).map((story, index) =>
      index % 2 === 0 ? { ...story, picture: pictureView(index, { alt: "Bến sông", caption: "Bến sông." }) } : story,
    );
    const html = renderFront(SITE, list);
    const paths = stories(20).map(({ path }) => path);
    expect(attributesOf(html, "a", "href").filter((href) => paths.includes(href))).toEqual(paths);
    expect(new Set(attributesOf(html, "img", "alt"))).toEqual(new Set([""]));
    expect(mainText(html)).toBe(mainText(renderFront(SITE, stories(20))));
  });

  test("gives a story without a picture larger words where others have one", () => {
    const mixed = renderFront(
      SITE,
      picturedStories(7, (index) => index === 1),
    );
    expect(tags(mixed, "article").map(classesOf)).toEqual([
      "lead words",
      "card pic up",
      ...Array(5).fill("card words"),
    ]);
    expect(mixed).toContain(".words");
    const bare = renderFront(SITE, stories(7));
    expect(tags(bare, "article").map(classesOf)).toEqual(["lead", ...Array(6).fill("card")]);
    expect(bare).not.toContain(".pic");
    expect(bare).not.toContain(".words");
    const river = renderFront(
      SITE,
      picturedStories(20, (index) => index > 10),
    );
    expect(river).not.toContain("<picture>");
    expect(river).not.toContain(".pic");
    expect(tags(river, "article").map(classesOf)).toContain("card");
  });

  test.each([
    ["lead", { width: 900, height: 600 }, "lead pic up", "16x9"],
    ["lead", { width: 500, height: 400 }, "lead pic", "4x3"],
    ["lead", { width: 600, height: 900 }, "lead pic up", "16x9"],
    ["card", { width: 320, height: 240 }, "card pic up", "4x3"],
    ["card", { width: 900, height: 150 }, "card pic", "4x3"],
  ])("never blows a picture up: %s, %j", (kind, size, classes, crop) => {
    const list = stories(3).map((story) => ({ ...story, picture: pictureView(1, size) }));
    const html = renderFront(SITE, list);
    const article = tags(html, "article")[kind === "lead" ? 0 : 1];
    if (!article) throw new Error("no article");
    expect(classesOf(article)).toBe(classes);
    const [img] = elementsBelow(article).filter(({ tagName }) => tagName === "img");
    const width = Number(img?.attrs.find(({ name }) => name === "width")?.value);
    expect(img?.attrs.find(({ name }) => name === "src")?.value).toContain(`-${crop}-`);
    expect(width).toBeLessThanOrEqual(cropSize(size, crop as Crop).width);
  });

  test("says how wide a lead is by the cards beside it", () => {
    const leads = [1, 2, 3].map((count) =>
      attributesOf(
        renderFront(
          SITE,
          picturedStories(count, (index) => index === 0),
        ),
        "source",
        "sizes",
      ).at(0),
    );
    expect(leads.map((sizes) => /min\(([\d.]+rem)/.exec(sizes ?? "")?.[1])).toEqual(["59.5rem", "52.7rem", "39rem"]);
  });

  test("of a section is the same", () => {
    const [, , economy] = SITE.sections;
    if (!economy) throw new Error("no section");
    const list = picturedStories(25, () => true).filter(({ section }) => section === economy.slug);
    const html = renderSection(SITE, economy, list);
    expect(checkPage(html)).toEqual([]);
    expect(attributesOf(html, "img", "fetchpriority")).toEqual(["high"]);
  });
});

describe("what attackers write about a picture is text", () => {
  /** As they come through the intake, which takes control characters out. */
  const texts = payloads.map((payload) => [payload, ...wrapped(payload)].map((text) => cleanText(text).text));

  test.each(texts)("%j", (...all) => {
    const figures = all.map((text, index) =>
      index % 2 === 0
        ? figureOf(index, { alt: text, caption: text, credit: text })
        : figureOf(index, {}, { alt: text, caption: text, credit: text }),
    );
    const [text = ""] = all;
    const said = pictureView(99, { alt: text, caption: text, credit: text });
    const html = page({
      body: figures.map(({ figure }) => figure),
      pictures: Object.assign({}, ...figures.map(({ pictures }) => pictures)),
      hero: said,
      picture: said,
    });
    expect(checkPage(html)).toEqual([]);
    expect(attributesOf(html, "img", "alt")).toEqual([text, ...all]);
    const captions = textsOf(html, "figcaption");
    expect(captions).toHaveLength(all.length + 1);
    [text, ...all].forEach((one, index) => expect(captions[index]?.startsWith(folded(one))).toBe(true));
    expect(metaOf(html, "og:image:alt")).toBe(text);
    expect(jsonLdOf(html)).toMatchObject([{ image: [{ caption: text, creditText: text }, {}, {}] }]);
    const list = stories(1).map((story) => ({ ...story, picture: said }));
    expect(checkPage(renderFront(SITE, list))).toEqual([]);
  });
});

test("the oracle finds what is wrong with a picture", () => {
  const html = withFigure({ alt: "Bến sông" });
  expect(checkPage(html)).toEqual([]);
  const broken = (from: string | RegExp, to: string): string[] => checkPage(html.replace(from, () => to));
  for (const [from, to] of [
    [/ src="[^"]*"/, ' src="https://evil.example/x.jpg"'],
    [/ src="[^"]*"/, ' src="/images/x.jpg"'],
    [/\.jpg"/, '.webp"'],
    [/ 320w/, " 960w"],
    [/ 320w/, ""],
    [/ 320w, /, " 320w,"],
    ["image/avif", "image/webp"],
    [/ sizes="[^"]*"/, ""],
    [/ alt="[^"]*"/, ""],
    [/ width="\d+"/, ""],
    [/ height="\d+"/, ' height="0"'],
    [' decoding="async"', ""],
    [' fetchpriority="high"', ""],
    [' fetchpriority="high"', ' fetchpriority="high" loading="lazy"'],
    ['style="background:', 'style="background:url(x);background:'],
    ['style="--r:', 'style="position:fixed;--r:'],
    ["</picture>", '</picture><img src="x" alt=""/>'],
    ["</figure>", ""],
  ] as const)
    expect([String(from), to, broken(from, to).length]).not.toEqual([String(from), to, 0]);
});

describe("what readers load", () => {
  const size = (text: string): number =>
    brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length;

  test("is small with pictures too", () => {
    const article = illustrated();
    const extra = ARTICLES.slice(1)
      .flatMap(({ body }) => body)
      .slice(0, 6);
    const plainly: Body = article.body.flatMap((block): Body => {
      if (block._type === "figure") return [block];
      return block._type === "block" ? [{ ...block, listItem: undefined, style: "normal" }] : [];
    });
    const body = [...plainly, ...extra];
    const html = renderArticle(SITE, { ...article, body });
    expect(mainText(html).split(" ").length).toBeGreaterThan(800);
    expect(attributesOf(html, "img", "src")).toHaveLength(2);
    expect(size(html)).toBeLessThanOrEqual(7000);
    const bare = renderArticle(SITE, { ...article, body, hero: undefined, pictures: {} });
    expect(size(html) - size(bare)).toBeLessThanOrEqual(800);
    const front = renderFront(
      SITE,
      picturedStories(30, (index) => index < 11),
    );
    expect(attributesOf(front, "img", "src")).toHaveLength(11);
    expect(size(front)).toBeLessThanOrEqual(8000);
  });

  test("is the same for the same data", () => {
    expect(renderArticle(SITE, illustrated())).toBe(renderArticle(SITE, illustrated()));
    expect(
      renderFront(
        SITE,
        picturedStories(30, () => true),
      ),
    ).toBe(
      renderFront(
        SITE,
        picturedStories(30, () => true),
      ),
    );
  });
});
