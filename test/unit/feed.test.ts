import { SaxesParser } from "saxes";
import { expect, test } from "vitest";
import { textBlockOf } from "../../shared/domain/body.ts";
import { renderFeed } from "../../shared/pages/feed.ts";
import { attributesOf, elementsOf, textBelow } from "../fixtures/page-oracle.ts";
import { ARTICLES, figureOf, illustrated, pictureView, SITE } from "../fixtures/stories.ts";

type Node = { path: string; attributes: Record<string, string>; text: string };

/** A strict, namespace-aware parse: every element with its path, attributes and text; throws on the first fault. */
const parseXml = (xml: string): Node[] => {
  const nodes: Node[] = [];
  const open: Node[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const values = Object.entries(attributes).map(([key, { value }]) => [key, value] as const);
    const node = { path: `${open.at(-1)?.path ?? ""}/${name}`, attributes: Object.fromEntries(values), text: "" };
    nodes.push(node);
    open.push(node);
  });
  parser.on("text", (text) => {
    const node = open.at(-1);
    if (node) node.text += text;
  });
  parser.on("closetag", () => void open.pop());
  parser.write(xml).close();
  return nodes;
};
const texts = (nodes: Node[], path: string): string[] =>
  nodes.filter((node) => node.path === path).map((node) => node.text);

const CHANNEL = "/rss/channel";
const ITEM = `${CHANNEL}/item`;
const [first] = ARTICLES;
if (!first) throw new Error("no sample story");

test("the feed says what RSS 2.0 asks, in the order given", () => {
  const nodes = parseXml(renderFeed(SITE, ARTICLES));
  expect(texts(nodes, `${CHANNEL}/title`)).toEqual([SITE.title]);
  expect(texts(nodes, `${CHANNEL}/link`)).toEqual(["https://bao.example/"]);
  expect(texts(nodes, `${CHANNEL}/description`)).toEqual([SITE.description]);
  expect(texts(nodes, `${CHANNEL}/lastBuildDate`)).toEqual(["Mon, 23 Nov 2026 11:40:00 +0700"]);
  expect(nodes.find(({ path }) => path === `${CHANNEL}/atom:link`)?.attributes).toMatchObject({
    href: "https://bao.example/feed.xml",
    rel: "self",
  });
  expect(texts(nodes, `${ITEM}/title`)).toEqual(
    ARTICLES.map(({ kicker, headline }) => (kicker ? `${kicker} ${headline}` : headline)),
  );
  expect(texts(nodes, `${ITEM}/link`)).toEqual(ARTICLES.map(({ path }) => SITE.baseUrl + path));
  expect(texts(nodes, `${ITEM}/guid`)).toEqual(ARTICLES.map(({ id }) => `urn:ulid:${id}`));
  expect(nodes.find(({ path }) => path === `${ITEM}/guid`)?.attributes["isPermaLink"]).toBe("false");
  expect(texts(nodes, `${ITEM}/pubDate`)[0]).toBe("Mon, 23 Nov 2026 09:05:00 +0700");
  expect(texts(nodes, `${ITEM}/dc:creator`).slice(0, 3)).toEqual(["Hải An", "Minh Thư", "Thu Hà"]);
  expect(texts(nodes, `${ITEM}/category`)[0]).toBe("Thời sự");
});

test("a hub is named beside the feed's own address, and without one nothing is", () => {
  const hub = "https://hub.example/push?a=1&b=2";
  const plain = renderFeed(SITE, ARTICLES);
  const named = renderFeed({ ...SITE, hub }, ARTICLES);
  const links = parseXml(named).filter(({ path }) => path === `${CHANNEL}/atom:link`);
  expect(links.map(({ attributes }) => [attributes["rel"], attributes["href"]])).toEqual([
    ["self", "https://bao.example/feed.xml"],
    ["hub", hub],
  ]);
  expect(named.replace('<atom:link href="https://hub.example/push?a=1&amp;b=2" rel="hub"/>', "")).toBe(plain);
  expect(renderFeed({ ...SITE, hub: undefined }, ARTICLES)).toBe(plain);
  expect(plain).not.toContain("hub");
});

test("the full text is there, as HTML that reads as the story does", () => {
  const [content = ""] = texts(parseXml(renderFeed(SITE, [first])), `${ITEM}/content:encoded`);
  const words = elementsOf(content).map((element) => [element.tagName, textBelow(element)]);
  expect(words).toContainEqual(["p", first.standfirst]);
  const blocks = first.body.filter((block) => block._type === "block");
  for (const block of blocks) expect(content).toContain(block.children[0]?.text.trimEnd());
  expect(content).not.toContain("\u00A0");
  expect(content).not.toContain("Người dân dạo bước");
});

test("an item without a body has its standfirst alone", () => {
  const nodes = parseXml(renderFeed(SITE, [{ ...first, body: undefined }]));
  expect(texts(nodes, `${ITEM}/description`)).toEqual([first.standfirst]);
  expect(texts(nodes, `${ITEM}/content:encoded`)).toEqual([]);
});

test("a feed without items, kicker, standfirst, byline or known section is still a feed", () => {
  const empty = parseXml(renderFeed({ ...SITE, description: undefined }, []));
  expect(texts(empty, `${CHANNEL}/description`)).toEqual([SITE.title]);
  expect(texts(empty, `${CHANNEL}/lastBuildDate`)).toEqual([]);
  const bare = { ...first, kicker: undefined, standfirst: undefined, bylines: [], section: "khac" };
  const nodes = parseXml(renderFeed(SITE, [bare]));
  expect(texts(nodes, `${ITEM}/title`)).toEqual([first.headline]);
  expect(texts(nodes, `${ITEM}/category`)).toEqual([]);
});

const contentOf = (nodes: Node[]): string => texts(nodes, `${ITEM}/content:encoded`)[0] ?? "";

test("pictures are plain JPEGs with absolute addresses, the one above the text first", () => {
  const article = illustrated();
  const content = contentOf(parseXml(renderFeed(SITE, [article])));
  const { hero } = article;
  const [inText] = Object.values(article.pictures);
  if (!hero || !inText) throw new Error("no pictures");
  expect(content.startsWith("<figure><img ")).toBe(true);
  expect(attributesOf(content, "img", "src")).toEqual([
    `${SITE.baseUrl}${hero.folder}/${hero.full}-full-1280.jpg`,
    `${SITE.baseUrl}${inText.folder}/${inText.full}-full-1280.jpg`,
  ]);
  expect(attributesOf(content, "img", "width")).toEqual(["1280", "1280"]);
  expect(attributesOf(content, "img", "height")).toEqual(["853", "853"]);
  expect(attributesOf(content, "img", "alt")).toEqual([hero.alt, ""]);
  const captions = elementsOf(content).filter(({ tagName }) => tagName === "figcaption");
  expect(captions.slice(0, 2).map(textBelow)).toEqual([
    "Tuyến phố nhìn từ đầu cầu Bến Đình. Ảnh: Hải An",
    "Người dân dạo bước trên tuyến phố trong buổi sáng đầu tiên. Ảnh: PV",
  ]);
  const names = new Set(
    elementsOf(content)
      .flatMap(({ tagName, attrs }) => (tagName === "img" ? attrs : []))
      .map(({ name }) => name),
  );
  expect(names).toEqual(new Set(["src", "width", "height", "alt"]));
  expect(content).not.toMatch(/<picture|<source/);
});

test("a small picture comes as large as it is", () => {
  const { figure, pictures } = figureOf(3, {}, { width: 700, height: 350 });
  const content = contentOf(parseXml(renderFeed(SITE, [{ ...first, body: [figure], pictures }])));
  expect(attributesOf(content, "img", "src")).toEqual([expect.stringMatching(/-full-700\.jpg$/)]);
  expect(attributesOf(content, "img", "height")).toEqual(["350"]);
});

test("the lead picture is told of as Media RSS, body or not", () => {
  const picture = pictureView(1, { alt: "Bến sông", caption: "Bến sông lúc sáng.", credit: "Hải An" });
  for (const body of [first.body, undefined]) {
    const nodes = parseXml(renderFeed(SITE, [{ ...first, body, picture }, first]));
    const media = nodes.filter(({ path }) => path === `${ITEM}/media:content`);
    expect(media.map(({ attributes }) => attributes)).toEqual([
      {
        url: `${SITE.baseUrl}${picture.folder}/${picture.full}-full-1280.jpg`,
        type: "image/jpeg",
        width: "1280",
        height: "853",
        medium: "image",
      },
    ]);
    expect(texts(nodes, `${ITEM}/media:content/media:description`)).toEqual(["Bến sông lúc sáng."]);
    expect(texts(nodes, `${ITEM}/media:content/media:credit`)).toEqual(["Hải An"]);
  }
  const silent = parseXml(renderFeed(SITE, [{ ...first, picture: pictureView(1) }]));
  expect(silent.filter(({ path }) => path.startsWith(`${ITEM}/media:content/`))).toEqual([]);
  const described = parseXml(renderFeed(SITE, [{ ...first, picture: pictureView(1, { alt: "Bến sông" }) }]));
  expect(texts(described, `${ITEM}/media:content/media:description`)).toEqual(["Bến sông"]);
});

const HOSTILE = [
  "]]><script>alert(1)</script><![CDATA[",
  "&lt;b&gt; &amp; <b>đậm</b> \"'",
  "<!--",
  "</title></item></channel>",
  "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>&a;",
  "]]>",
];

test.for(HOSTILE)("%j stays text in every field of the feed", (text) => {
  const item = {
    ...first,
    kicker: text,
    headline: text,
    standfirst: text,
    bylines: [{ name: text }],
    body: [textBlockOf(text)],
  };
  const nodes = parseXml(renderFeed({ ...SITE, title: text, description: text }, [item]));
  expect(texts(nodes, `${CHANNEL}/title`)).toEqual([text]);
  expect(texts(nodes, `${CHANNEL}/description`)).toEqual([text]);
  expect(texts(nodes, `${ITEM}/title`)).toEqual([`${text} ${text}`]);
  expect(texts(nodes, `${ITEM}/description`)).toEqual([text]);
  expect(texts(nodes, `${ITEM}/dc:creator`)).toEqual([text]);
  const [content = ""] = texts(nodes, `${ITEM}/content:encoded`);
  const elements = elementsOf(content).filter(({ tagName }) => !["html", "head", "body"].includes(tagName));
  expect(elements.map((element) => [element.tagName, textBelow(element)])).toEqual([
    ["p", text],
    ["p", text],
  ]);
});

test.for(HOSTILE)("%j stays text around pictures", (text) => {
  const picture = pictureView(1, { alt: text, caption: text, credit: text });
  const { figure, pictures } = figureOf(2, { alt: text, caption: text, credit: text });
  const item = { ...first, standfirst: undefined, body: [figure], pictures, hero: picture, picture };
  const nodes = parseXml(renderFeed({ ...SITE, baseUrl: "https://bao.example" }, [item]));
  expect(texts(nodes, `${ITEM}/media:content/media:description`)).toEqual([text]);
  expect(texts(nodes, `${ITEM}/media:content/media:credit`)).toEqual([text]);
  const content = contentOf(nodes);
  const below = elementsOf(content).filter(({ tagName }) => !["html", "head", "body"].includes(tagName));
  const figureElements = ["figure", "img", "figcaption", "span"];
  expect(below.map(({ tagName }) => tagName)).toEqual([...figureElements, ...figureElements]);
  expect(attributesOf(content, "img", "alt")).toEqual([text, text]);
  for (const caption of below.filter(({ tagName }) => tagName === "figcaption"))
    expect(textBelow(caption)).toMatch(/^[^]+ Ảnh: [^]+$/);
});

test("characters that XML cannot hold are dropped, others kept", () => {
  const text = "a\u0000\u0008\u000B\u001F\uFFFE\uD800b\t\n😀\u0085đ";
  const picture = pictureView(1, { alt: text, caption: text, credit: text });
  const item = { ...first, headline: text, body: [textBlockOf(text)], hero: picture, picture };
  const nodes = parseXml(renderFeed(SITE, [item]));
  expect(texts(nodes, `${ITEM}/title`)).toEqual([`${first.kicker} ab\t\n😀\u0085đ`]);
  expect(texts(nodes, `${ITEM}/media:content/media:credit`)).toEqual(["ab\t\n😀\u0085đ"]);
});
