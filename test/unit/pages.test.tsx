import { createHash } from "node:crypto";
import { brotliCompressSync, constants } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type Block, type Body, textBlockOf, textOf } from "../../shared/domain/body.ts";
import { renderArticle } from "../../shared/pages/article.tsx";
import { cachePolicy, cacheTags, type PageKind } from "../../shared/pages/cache.ts";
import { assets, FACE } from "../../shared/pages/fonts.ts";
import { newsArticle } from "../../shared/pages/json-ld.ts";
import { renderFront, renderSection } from "../../shared/pages/lists.tsx";
import { renderMoved } from "../../shared/pages/moved.tsx";
import { renderNotFound } from "../../shared/pages/not-found.tsx";
import { renderRobots } from "../../shared/pages/robots.ts";
import type { ArticleView } from "../../shared/pages/view.ts";
import { BUCKET_TAGS } from "../../shared/site/paths.ts";
import {
  attributesOf,
  checkPage,
  elementsOf,
  folded,
  jsonLdOf,
  mainText,
  metaOf,
  textBelow,
  timesInMain,
} from "../fixtures/page-oracle.ts";
import { ARTICLES, SITE, stories, ulidOf } from "../fixtures/stories.ts";

const [story] = ARTICLES;
if (!story) throw new Error("no sample story");
const page = (change: Partial<ArticleView> = {}): string => renderArticle(SITE, { ...story, ...change });
const withBody = (...body: Body): string => page({ body });
const textsOf = (html: string, tagName: string): string[] =>
  elementsOf(html)
    .filter((element) => element.tagName === tagName)
    .map((element) => folded(textBelow(element)));

describe("an article page", () => {
  test("has only our elements, attributes and links", () => {
    for (const article of ARTICLES) expect(checkPage(renderArticle(SITE, article))).toEqual([]);
    expect(page().startsWith("<!doctype html><html")).toBe(true);
  });

  test("shows each text once", () => {
    const html = page();
    const texts = [story.kicker, story.headline, story.standfirst, ...story.bylines.map(({ name }) => name)];
    for (const text of [...texts.slice(0, 3), "Hải An"]) expect(timesInMain(html, text ?? "")).toBe(1);
    const blocks = story.body.filter((block) => block._type === "block");
    for (const block of blocks) expect(timesInMain(html, textOf(block))).toBe(1);
  });

  test("leaves a figure without a picture off, caption and all", () => {
    expect(mainText(page())).not.toContain("Người dân dạo bước");
  });

  test("puts the kicker before the headline", () => {
    expect(textsOf(page(), "title")).toEqual([`${story.kicker} ${story.headline} | ${SITE.title}`]);
    expect(metaOf(page(), "og:title")).toBe(`${story.kicker} ${story.headline}`);
    expect(textsOf(page(), "hgroup")).toEqual([`${story.kicker}${story.headline}`]);
    expect(textsOf(page(), "h1")).toEqual([story.headline]);
    expect(textsOf(page({ kicker: undefined }), "title")).toEqual([`${story.headline} | ${SITE.title}`]);
  });

  test("says when it was published and updated, in the site's zone", () => {
    const text = mainText(page());
    expect(text).toContain("23/11/2026, 09:05Cập nhật 23/11/2026, 11:40");
    expect(mainText(page({ modifiedAt: undefined, body: [] }))).not.toContain("Cập nhật");
    expect(metaOf(page(), "article:published_time")).toBe("2026-11-23T09:05:00+07:00");
    expect(metaOf(page(), "article:modified_time")).toBe("2026-11-23T11:40:00+07:00");
  });

  test("has its metadata", () => {
    const html = page();
    const url = SITE.baseUrl + story.path;
    const meta = ["description", "og:type", "og:description", "og:url", "og:site_name", "og:locale", "article:section"];
    expect(meta.map((name) => metaOf(html, name))).toEqual([
      story.standfirst,
      "article",
      story.standfirst,
      url,
      SITE.title,
      "vi_VN",
      "Thời sự",
    ]);
    expect(metaOf(html, "robots")).toBe("max-image-preview:large");
    expect(attributesOf(html, "html", "lang")).toEqual(["vi"]);
    expect(html).toContain(`<link rel="canonical" href="${url}"/>`);
    expect(html).toContain('type="application/rss+xml" title="Báo Hòa Giang" href="/feed.xml"/>');
    expect(page({ canonicalUrl: "https://khac.example/bai" })).toContain('href="https://khac.example/bai"/>');
    expect(page({ canonicalUrl: "javascript:alert(1)" })).toContain(`<link rel="canonical" href="${url}"/>`);
    const seo = page({ seo: { title: "Tên khác", description: "Mô tả khác" } });
    expect(textsOf(seo, "title")).toEqual([`Tên khác | ${SITE.title}`]);
    expect(metaOf(seo, "description")).toBe("Mô tả khác");
    const long = metaOf(page({ standfirst: undefined, body: [textBlockOf("chữ ".repeat(100))] }), "description");
    expect(long?.endsWith("chữ…")).toBe(true);
    expect(long?.length).toBeLessThanOrEqual(200);
  });

  test("names itself in another language, its frame in the site's", () => {
    const html = page({ locale: "en-GB" });
    expect(attributesOf(html, "html", "lang")).toEqual(["en-GB"]);
    expect(attributesOf(html, "header", "lang")).toEqual(["vi"]);
    expect(metaOf(html, "og:locale")).toBe("en_GB");
    expect(checkPage(html)).toEqual([]);
  });

  test("carries JSON-LD that reads back as what was meant", () => {
    const [data] = jsonLdOf(page());
    expect(data).toEqual(JSON.parse(JSON.stringify(newsArticle(SITE, story))));
    expect(data).toMatchObject({
      "@type": "NewsArticle",
      headline: story.headline,
      datePublished: "2026-11-23T09:05:00+07:00",
      dateModified: "2026-11-23T11:40:00+07:00",
      author: [
        { "@type": "Person", name: "Hải An" },
        { "@type": "Person", name: "Minh Thư" },
      ],
      publisher: { name: SITE.title },
      mainEntityOfPage: { "@id": SITE.baseUrl + story.path },
      articleSection: "Thời sự",
      keywords: story.tags,
      description: story.standfirst,
    });
    expect(jsonLdOf(page({ bylines: [] }))).toMatchObject([{ author: [{ name: SITE.title }] }]);
    expect(JSON.stringify(data)).not.toContain("\u00A0");
  });

  test("links to nothing that does not exist", () => {
    const own = [...new Set(attributesOf(page(), "a", "href"))].filter((href) => href.startsWith("/")).sort();
    expect(own).toEqual(["/", "/feed.xml", ...SITE.sections.map(({ slug }) => `/${slug}`)].sort());
    expect(attributesOf(page(), "a", "href")).toContain(
      `https://www.facebook.com/sharer/sharer.php?u=${encodeURIComponent(SITE.baseUrl + story.path)}`,
    );
  });

  test("names its source once", () => {
    expect(mainText(page({ sourceLine: "Đài tỉnh" }))).toContain("(Theo Đài tỉnh)");
    expect(mainText(page({ sourceLine: "Theo Đài tỉnh" }))).toContain("(Theo Đài tỉnh)");
    expect(mainText(page({ sourceLine: "(Theo Đài tỉnh)" }))).toContain("(Theo Đài tỉnh)");
    expect(mainText(page({ sourceLine: "Theodore" }))).toContain("(Theo Theodore)");
  });
});

describe("a body", () => {
  const bullet = (text: string, level: number, listItem: "bullet" | "number" = "bullet"): Block => ({
    ...textBlockOf(text),
    listItem,
    level,
  });
  const inner = (html: string): string => {
    const from = html.indexOf("</header>", html.indexOf("<article"));
    return html.slice(from + "</header>".length, html.indexOf("<footer>", from));
  };

  test("nests lists by their level and parts them by kind", () => {
    const html = withBody(bullet("a", 1), bullet("b", 3), bullet("c", 2), bullet("d", 1), bullet("e", 1, "number"));
    expect(inner(html)).toBe("<ul><li>a<ul><li>b</li></ul><ul><li>c</li></ul></li><li>d</li></ul><ol><li>e</li></ol>");
    expect(inner(withBody(bullet("a", 2), bullet("b", 1)))).toBe("<ul><li>a</li></ul><ul><li>b</li></ul>");
    expect(checkPage(html)).toEqual([]);
  });

  test("keeps marks, links and line breaks, and joins one link's spans", () => {
    const html = withBody({
      ...textBlockOf(""),
      markDefs: [{ _type: "link", _key: "k", href: "https://a.example/?x=1&y=2" }],
      children: [
        { _type: "span", text: "H", marks: [] },
        { _type: "span", text: "2", marks: ["sub", "strong"] },
        { _type: "span", text: "một ", marks: ["k"] },
        { _type: "span", text: "hai", marks: ["k", "em"] },
        { _type: "span", text: " ba\nbốn", marks: ["code"] },
      ],
    });
    expect(inner(html)).toBe(
      '<p>H<strong><sub>2</sub></strong><a href="https://a.example/?x=1&amp;y=2">một <em>hai</em></a><code> ba<br/>bốn</code></p>',
    );
  });

  test("drops a link that no reader should follow, and keeps its text", () => {
    for (const href of [
      "javascript:alert(1)",
      " javascript:alert(1)",
      "//evil.example",
      "data:text/html,x",
      "/\\evil",
    ]) {
      const html = withBody({
        ...textBlockOf(""),
        markDefs: [{ _type: "link", _key: "k", href }],
        children: [{ _type: "span", text: "bấm vào đây", marks: ["k"] }],
      });
      expect(inner(html)).toBe("<p>bấm vào đây</p>");
      expect(inner(withBody({ _type: "embed", url: href }))).toBe("");
    }
  });

  test("shows tables, quotations, updates and embeds", () => {
    const html = inner(page());
    expect(html).toContain('<div class="table" role="region" aria-label="Phố đi bộ qua các con số" tabindex="0">');
    expect(html).toContain('<th scope="col">Hạng mục</th><th scope="col" class="n">Kế hoạch</th>');
    expect(html).toContain('<td>Ghế đá</td><td class="n">32</td><td class="n">40</td>');
    expect(html).toContain("<figcaption>Ông Bảy, chủ quán nước ở dốc Bến Đình</figcaption>");
    expect(html).toContain("<b>Cập nhật</b> <time");
    expect(html).toContain('<a href="https://video.example/xem?v=pho-bo-song"><b>Xem trên video.example</b>');
    expect(inner(withBody(textBlockOf("a", "blockquote"), textBlockOf("b", "blockquote")))).toBe(
      "<blockquote><p>a</p><p>b</p></blockquote>",
    );
    expect(inner(withBody({ _type: "table", header: true, rows: [{ cells: ["a"] }] }))).toContain("<tbody></tbody>");
    expect(inner(withBody(textBlockOf(" \n "), textBlockOf("a")))).toBe("<p>a</p>");
  });

  test("has the style of what it shows, and no more", () => {
    expect(withBody(textBlockOf("a"), textBlockOf("b", "h2"))).not.toContain(".pull");
    expect(page()).toContain(".pull");
    expect(page()).not.toContain(".river");
    expect(withBody(textBlockOf("a"))).not.toContain("--s:#1d6338");
  });

  test("of many blocks and nested lists is done in time", () => {
    const body = Array.from({ length: 5000 }, (_, index) => bullet(`mục ${index}`, (index % 6) + 1));
    const start = performance.now();
    expect(checkPage(withBody(...body))).toEqual([]);
    expect(performance.now() - start).toBeLessThan(2500);
  });
});

describe("fronts", () => {
  test.for([0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 20, 40])("%d stories stand once each, in the order given", (count) => {
    const list = stories(count);
    const html = renderFront(SITE, list);
    expect(checkPage(html)).toEqual([]);
    const links = attributesOf(html.slice(html.indexOf("<main")), "a", "href").filter((href) =>
      /-[a-z0-9]{8}$/.test(href),
    );
    expect(links).toEqual(list.map(({ path }) => path));
    const texts = textsOf(html, "article");
    list.forEach(({ kicker, headline }, index) =>
      expect(texts[index]?.startsWith(folded(`${kicker ?? ""}${headline}`))).toBe(true),
    );
    expect(textsOf(html, "h1")).toEqual([SITE.title]);
    expect(mainText(html).includes("Chưa có bài nào")).toBe(count === 0);
  });

  test("stories that lack or overdo things fit too", () => {
    const [one] = stories(1);
    if (!one) throw new Error("no story");
    const bare = { ...one, kicker: undefined, standfirst: undefined, section: "khong-con", bylines: [] };
    const long = { ...one, headline: "Rất dài ".repeat(37).trim(), kicker: "K".repeat(300) };
    for (const list of [[bare], [long, bare, bare, long, bare, bare, bare]]) {
      const html = renderFront(SITE, list);
      expect(checkPage(html)).toEqual([]);
      expect(textsOf(html, "article")).toHaveLength(list.length);
    }
  });

  test("the front's dateline is the newest moment its stories know of", () => {
    expect(textsOf(renderFront(SITE, stories(20)), "header")[0]).toContain("Cập nhật 11:40, thứ Hai 23/11/2026");
    expect(renderFront(SITE, [])).not.toContain("<time");
    expect(metaOf(renderFront(SITE, []), "og:type")).toBe("website");
  });

  test("a section has its name, its description and a kind word when it is empty", () => {
    const [, , economy] = SITE.sections;
    if (!economy) throw new Error("no section");
    const list = stories(25).filter(({ section }) => section === economy.slug);
    const html = renderSection(SITE, economy, list);
    expect(checkPage(html)).toEqual([]);
    expect(textsOf(html, "h1")).toEqual([economy.title]);
    expect(timesInMain(html, economy.title)).toBe(1);
    expect(mainText(html)).toContain(economy.description);
    expect(textsOf(html, "article")).toHaveLength(list.length);
    expect(html).toContain('<a href="/kinh-te" aria-current="page">');
    const empty = renderSection(SITE, economy, []);
    expect(mainText(empty)).toContain("chưa có bài");
    expect(checkPage(empty)).toEqual([]);
  });
});

test("the 404 page, robots.txt and the body of a 301", () => {
  expect(checkPage(renderNotFound(SITE))).toEqual([]);
  expect(metaOf(renderNotFound(SITE), "robots")).toBe("noindex");
  expect(renderRobots(SITE)).toBe("# https://bao.example/\nUser-agent: *\nDisallow:\n");
  expect(checkPage(renderMoved("/thoi-su/a-q69g5fav"))).toEqual([]);
});

const HOSTILE = [
  "<script>alert(1)</script>",
  "</script><script>alert(1)</script>",
  "</style></title></head><body><img src=x onerror=alert(1)>",
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  "<!--<script>",
  "-->]]>",
  "&lt;script&gt;&amp;#x3c;",
  "${alert(1)}{{7*7}}",
  "javascript:alert(1)",
  "\u2028\u2029\u202Etxt",
  "<a href=javascript:alert(1)>x</a>",
  '</textarea><xmp><noembed><math><mi//xlink:href="data:x,<script>">',
];

describe.for(HOSTILE)("%j stays text", (text) => {
  const everywhere: ArticleView = {
    ...story,
    kicker: text,
    headline: text,
    standfirst: text,
    bylines: [{ name: text }],
    tags: [text],
    series: { title: text, part: 2 },
    sourceLine: text,
    seo: { title: text, description: text },
    body: [
      textBlockOf(text),
      textBlockOf(text, "h2"),
      textBlockOf(text, "blockquote"),
      { ...textBlockOf(text), listItem: "number", level: 2 },
      { _type: "pullquote", text, attribution: text },
      { _type: "table", header: true, caption: text, rows: [{ cells: [text] }, { cells: [text] }] },
      { _type: "update", at: "2026-11-23T04:40:00.000Z", by: text },
      { _type: "embed", url: "https://a.example/%3Cscript%3E?'<>" },
      { _type: "figure", alt: text, caption: text, credit: text },
    ],
  };
  const site = {
    ...SITE,
    title: text,
    description: text,
    imprint: [text],
    nav: [{ title: text, path: "/thoi-su" }],
    sections: SITE.sections.map((section) => ({ ...section, title: text, description: text })),
  };

  test("on every page", () => {
    const article = renderArticle(site, everywhere);
    const [section] = site.sections;
    if (!section) throw new Error("no section");
    const pages = [
      renderFront(site, [everywhere, everywhere]),
      renderSection(site, section, [everywhere]),
      renderNotFound(site),
      article,
    ];
    for (const html of pages) expect(checkPage(html)).toEqual([]);
    expect(textsOf(article, "h1")).toEqual([folded(text)]);
    expect(textsOf(article, "td")).toEqual([folded(text)]);
    expect(metaOf(article, "description")).toBe(text);
    expect(jsonLdOf(article)).toMatchObject([{ headline: text, description: text, keywords: [text] }]);
    expect(/<script type="application\/ld\+json">([^<]*)<\/script>/.exec(article)?.[1]).not.toMatch(
      /[<>&\u2028\u2029]/,
    );
  });
});

test("an object that claims to be escaped already is no text", () => {
  const forged = JSON.parse('{"isEscaped":true}');
  expect(() => page({ headline: forged })).toThrow(TypeError);
  expect(() => withBody(textBlockOf(forged))).toThrow(TypeError);
});

test("the oracle finds what is wrong", () => {
  const html = page();
  const broken = (from: string, to: string): string[] => checkPage(html.replace(from, () => to));
  expect(broken("</h1>", "</h1><script>1</script>")).not.toEqual([]);
  expect(broken("</h1>", "</h1><video src=x></video>")).toContain("element <video> is none of ours");
  expect(broken("</h1>", "</h1><img src=x>")).toContain("<img> outside of a <picture>");
  expect(broken("<h1>", '<h1 onclick="x">')).toContain("event handler onclick on <h1>");
  expect(broken("<h1>", '<h1 style="x">')).toContain("attribute style on <h1>");
  for (const href of ["javascript:alert(1)", "//evil.example", "/\\evil.example", "/a/../b?c", "mailto:?to=x"])
    expect(broken('href="/thoi-su"', `href="${href}"`)).not.toEqual([]);
  expect(broken("</h1>", "<!-- x --></h1>")).toContain("a comment inside the document");
  expect(broken("</h1>", "</h1></p>")).not.toEqual([]);
  expect(checkPage(`${html}<!-- 01KAS4WQ00 -->`)).toEqual([]);
  expect(checkPage(html, { scripts: 0 })).not.toEqual([]);
});

describe("what readers load", () => {
  const size = (text: string): number =>
    brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length;

  test("is small", () => {
    const plain: Body = story.body.flatMap((block): Body => {
      if (block._type !== "block") return [];
      return [{ ...block, listItem: undefined, style: block.style === "h2" ? "h2" : "normal" }];
    });
    const extra = ARTICLES.slice(1)
      .flatMap(({ body }) => body)
      .slice(0, 6);
    const html = page({ body: [...plain, ...extra] });
    expect(mainText(html).split(" ").length).toBeGreaterThan(800);
    expect(size(html)).toBeLessThanOrEqual(6000);
    expect(size(page())).toBeLessThanOrEqual(6500);
    expect(size(renderFront(SITE, stories(20)))).toBeLessThanOrEqual(6500);
    expect(size(renderNotFound(SITE))).toBeLessThanOrEqual(2500);
  });

  test("has no JavaScript", () => {
    for (const html of [page(), renderFront(SITE, stories(20)), renderNotFound(SITE)]) {
      const code = elementsOf(html).filter(
        ({ tagName, attrs }) => tagName === "script" && attrs[0]?.value !== "application/ld+json",
      );
      expect(code).toEqual([]);
      expect(html).not.toContain("javascript:");
    }
  });

  test("includes the headline face, named by its content and asked for early", () => {
    const [face, icon, ...others] = assets();
    expect(others).toEqual([]);
    expect(face).toBe(FACE);
    expect(page()).toContain(`<link rel="icon" href="${icon?.path}" type="image/svg+xml"/>`);
    const hash = createHash("sha256").update(FACE.body).digest("hex");
    expect(FACE.path).toBe(`/assets/broadsheet-serif-${hash.slice(0, 8)}.woff2`);
    expect(new TextDecoder().decode(FACE.body.slice(0, 4))).toBe("wOF2");
    expect(FACE.body.length).toBeLessThan(17_500);
    expect(page()).toContain(
      `<link rel="preload" href="${FACE.path}" as="font" type="font/woff2" crossorigin="anonymous"/>`,
    );
    expect(page()).toContain(`src:url(${FACE.path})format("woff2")`);
  });

  test("is the same for the same data", () => {
    expect(page()).toBe(page());
    expect(renderFront(SITE, stories(40))).toBe(renderFront(SITE, stories(40)));
  });
});

describe("the cache policy", () => {
  test("keeps pages from going stale, and assets for ever", () => {
    const control = (kind: PageKind): string => cachePolicy(kind).cacheControl;
    expect(control("article")).toBe("public, max-age=0, s-maxage=300, stale-while-revalidate=30");
    for (const kind of ["front", "section", "feed"] as const)
      expect(control(kind)).toBe("public, max-age=0, s-maxage=10, stale-while-revalidate=30");
    for (const kind of ["waiting", "not-found", "key"] as const)
      expect(control(kind)).toBe("public, max-age=0, s-maxage=1");
    expect(control("asset")).toBe("public, max-age=31536000, immutable");
    expect(cachePolicy("feed").contentType).toBe("application/rss+xml; charset=utf-8");
  });

  test("tags a list with its stories, a long one with the buckets", () => {
    const ids = Array.from({ length: 41 }, (_, seed) => ulidOf(seed));
    expect(cacheTags(ids.slice(0, 1))).toEqual([`a-${ulidOf(0).toLowerCase()}`]);
    expect(cacheTags(ids.slice(0, 40))).toHaveLength(40);
    expect(cacheTags(ids)).toEqual(BUCKET_TAGS);
    expect(cacheTags([])).toEqual([]);
    expect(cacheTags([...ids.slice(0, 40), ulidOf(0)])).toHaveLength(40);
  });
});
