import { brotliCompressSync, constants } from "node:zlib";
import { textBlockOf } from "../../shared/domain/body.ts";
import { renderArticle } from "../../shared/pages/article.tsx";
import { renderFeed } from "../../shared/pages/feed.ts";
import { renderFront } from "../../shared/pages/lists.tsx";
import { ARTICLES, illustrated, picturedStories, SITE, stories } from "../fixtures/stories.ts";
import type { Row } from "./table.ts";

/** Bytes as CloudFront sends them (brotli, quality 5). */
const brotli = (page: string): number =>
  brotliCompressSync(page, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).byteLength;
const bytes = (count: number): string => `${count.toLocaleString("en")} B`;

const words = (text: string): number => text.split(/\s+/).filter(Boolean).length;

/** The samples' own paragraphs, up to about 800 words: real prose compresses otherwise than repeated words. */
const longArticle = () => {
  const [first] = ARTICLES;
  if (!first) throw new Error("there are no sample stories");
  const paragraphs = ARTICLES.flatMap(({ body }) =>
    body.flatMap((block) => (block._type === "block" ? block.children.map((child) => child.text).join("") : [])),
  );
  const taken: string[] = [];
  for (const text of paragraphs) if (words(taken.join(" ")) < 800 && words(text) > 15) taken.push(text);
  return { ...first, body: taken.map((text) => textBlockOf(text)) };
};

const CORRECTIONS = [
  {
    at: "2026-11-23T05:12:00.000Z",
    note: "Bản đầu viết tuyến phố dài 12 km. Con số đúng là 1,2 km; báo xin lỗi bạn đọc.",
  },
  { at: "2026-11-23T08:40:00.000Z", note: "Bài đã viết sai tên ông Bảy. Tên đúng là Nguyễn Văn Bảy." },
];

const microseconds = (render: () => string): string => {
  for (let n = 0; n < 200; n++) render();
  const began = performance.now();
  for (let n = 0; n < 500; n++) render();
  return `${(((performance.now() - began) / 500) * 1000).toFixed(0)} microseconds`;
};

const scriptBytes = (page: string): number =>
  [...page.matchAll(/<script(?! type="application\/ld\+json")[^>]*>([^]*?)<\/script>/g)].reduce(
    (sum, match) => sum + (match[0]?.length ?? 0),
    0,
  );

export const pages = async (): Promise<Row[]> => {
  const article = longArticle();
  const page = renderArticle(SITE, article);
  const front = renderFront(SITE, stories(30));
  const { pictures, hero, picture, body } = illustrated();
  const figure = body.find((block) => block._type === "figure");
  const withPictures = {
    ...article,
    pictures,
    hero,
    picture,
    body: figure ? [...article.body, figure] : article.body,
  };
  const pictured = renderFront(
    SITE,
    picturedStories(30, (n) => n < 11),
  );
  const feed = renderFeed(SITE, ARTICLES.slice(0, 20));
  return [
    {
      what: `article page, HTML + CSS, brotli, ${words(article.body.flatMap((block) => ("children" in block ? block.children.map((child) => child.text) : [])).join(" "))} words`,
      figure: bytes(brotli(page)),
      goal: "<= 6,000 B",
      peer: "Ghost's default theme 42 KB",
    },
    { what: "front page of 30 stories, HTML + CSS, brotli", figure: bytes(brotli(front)), goal: "<= 12,000 B" },
    {
      what: "  the same article with two pictures, all their addresses and credits",
      figure: bytes(brotli(renderArticle(SITE, withPictures))),
    },
    {
      what: "  the same article with two corrections",
      figure: bytes(brotli(renderArticle(SITE, { ...article, corrections: CORRECTIONS }))),
      goal: "<= 6,000 B",
    },
    { what: "  the same front with 11 pictures", figure: bytes(brotli(pictured)), goal: "<= 12,000 B" },
    { what: "feed of 20 stories, full text, brotli", figure: bytes(brotli(feed)) },
    {
      what: "JavaScript on any page",
      figure: bytes(scriptBytes(page) + scriptBytes(front)),
      goal: "0 B",
      peer: "Ghost's default theme: three more scripts",
    },
    {
      what: "render one article page",
      figure: microseconds(() => renderArticle(SITE, article)),
      peer: "hono/jsx, an 11 KB page: 127 microseconds",
    },
    { what: "render the front of 30 stories", figure: microseconds(() => renderFront(SITE, stories(30))) },
  ];
};
