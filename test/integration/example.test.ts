import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attributesOf, checkPage, jsonLdOf, metaOf, timesInMain } from "../fixtures/page-oracle.ts";
import { type Answer, testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
let answer: Answer;
let page: string;
const paragraph = (text: string) => ({
  _type: "block",
  style: "normal",
  markDefs: [],
  children: [{ _type: "span", text, marks: [] }],
});
const caption = (text: string) => ({ _type: "figure", caption: text, credit: "PV" });

const HEADLINE = "Phố đi bộ ven sông mở cửa đón khách từ cuối tuần này";
const STANDFIRST = "Sáng 5/10, thành phố đưa vào hoạt động tuyến phố đi bộ dài 1,2 km dọc bờ sông.";
const CAPTIONS = ["Người dân dạo bước trên tuyến phố trong buổi sáng đầu tiên.", "Sân khấu nhỏ giữa phố."];
const PARAGRAPHS = [
  "Tuyến phố có hai hàng cây xanh, 40 ghế đá và một sân khấu nhỏ ở giữa.",
  "Trước mắt, phố mở cửa từ 18 giờ thứ Sáu đến 22 giờ Chủ nhật hằng tuần.",
  "Thành phố dự kiến nối dài tuyến phố thêm 800 m trong năm tới.",
];

beforeAll(async () => {
  house = await testHouse({ empty: false });
  const copy = await readFile("test/fixtures/copy/story.txt", "utf8");
  answer = await house.call("POST", "/articles?section=thoi-su&status=published", {
    body: copy,
    type: "text/plain; charset=utf-8",
    headers: { prefer: "wait=10" },
  });
  page = (await house.read(new URL(answer.body.url).pathname)).text;
});
afterAll(() => house.close());

test("the example of newspaper copy gives exactly its fields", () => {
  expect(answer.status).toBe(201);
  expect(answer.headers.get("preference-applied")).toBe("wait=10");
  const { id, createdAt, updatedAt, url, live, warnings, ...rest } = answer.body;
  expect(rest).toEqual({
    status: "published",
    revision: 1,
    publishedRevision: 1,
    seq: 1,
    locale: "vi",
    kicker: "Hải Phòng:",
    headline: HEADLINE,
    standfirst: STANDFIRST,
    publishedAt: "2024-10-05T08:30:00+07:00",
    body: [
      caption(CAPTIONS[0] ?? ""),
      paragraph(PARAGRAPHS[0] ?? ""),
      paragraph(PARAGRAPHS[1] ?? ""),
      caption(CAPTIONS[1] ?? ""),
      paragraph(PARAGRAPHS[2] ?? ""),
    ],
    bylines: [{ name: "Hải An" }],
    tags: [],
    section: "thoi-su",
    slug: "pho-di-bo-ven-song-mo-cua-don-khach-tu-cuoi-tuan-nay",
    updatedBy: "Local editor",
    corrections: [],
  });
  expect(url).toBe(
    `${house.siteUrl}/thoi-su/pho-di-bo-ven-song-mo-cua-don-khach-tu-cuoi-tuan-nay-${id.slice(-8).toLowerCase()}`,
  );
  expect(createdAt).toBe(updatedAt);
  expect(warnings.map(({ code, pointer }: { code: string; pointer: string }) => [code, pointer]).sort()).toEqual([
    ["figure-without-picture", "/body/0"],
    ["figure-without-picture", "/body/3"],
    ["guessed-byline", "/bylines"],
  ]);
  expect(live).toMatchObject({ state: "live", seq: 1, liveSeq: 1, url, pictures: "ready" });
});

test("each text stands once on the page, and the captions, having no pictures, do not", () => {
  for (const text of ["Hải Phòng:", HEADLINE, STANDFIRST, ...PARAGRAPHS, "Hải An", "05/10/2024, 08:30"])
    expect(timesInMain(page, text), text).toBe(1);
  for (const text of [...CAPTIONS, "PV"]) expect(timesInMain(page, text), text).toBe(0);
  expect(checkPage(page)).toEqual([]);
});

test("the page tells search engines and social networks what it is", () => {
  const { url } = answer.body;
  expect(attributesOf(page, "html", "lang")).toEqual(["vi"]);
  expect(page).toContain(`<link rel="canonical" href="${url}"`);
  expect(metaOf(page, "og:title")).toBe(`Hải Phòng: ${HEADLINE}`);
  expect(metaOf(page, "og:url")).toBe(url);
  expect(jsonLdOf(page)).toMatchObject([
    {
      "@type": "NewsArticle",
      headline: HEADLINE,
      datePublished: "2024-10-05T08:30:00+07:00",
      author: [{ "@type": "Person", name: "Hải An" }],
    },
  ]);
});

test("it leads the front page and the feed, before all samples", async () => {
  const path = new URL(answer.body.url).pathname;
  const front = await house.origin("/");
  const first = attributesOf(front ?? "", "a", "href").find((href) => /^\/[a-z-]+\/[a-z0-9-]{12,}$/.test(href));
  expect(first).toBe(path);
  const feed = await house.origin("/feed.xml");
  expect(/<item>[^]*?<link>([^<]*)<\/link>/.exec(feed ?? "")?.[1]).toBe(answer.body.url);
});

test("newspaper copy comes back as it went in", async () => {
  const copy = await house.call("GET", `/articles/${answer.body.id}`, { headers: { accept: "text/plain" } });
  expect(copy.headers.get("content-type")).toContain("text/plain");
  const again = await house.call("POST", "/articles?section=thoi-su&dryRun=1", { body: copy.text, type: "text/plain" });
  expect(again.status).toBe(200);
  for (const field of ["kicker", "headline", "standfirst", "publishedAt", "body", "bylines"])
    expect(again.body[field], field).toEqual(answer.body[field]);
});
