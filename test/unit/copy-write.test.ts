import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Block, type Body, textBlockOf as p } from "../../shared/domain/body.ts";
import { formatTime, iso } from "../../shared/domain/time.ts";
import { parseCopy } from "../../shared/intake/copy/copy.ts";
import { type Writable, writeCopy } from "../../shared/intake/copy/write.ts";

const zone = "Asia/Ho_Chi_Minh";
const now = Date.UTC(2026, 10, 1);
/** What comes back when the copy is sent again, in the writer's terms. */
const again = (article: Writable, where: string): Record<string, unknown> => {
  const { fields, body, faults } = parseCopy(writeCopy(article, where), { zone: where, now });
  expect(faults).toStrictEqual([]);
  return { bylines: [], ...fields, body };
};

test("the contract's example comes back as it was sent, save the repeated headline", () => {
  const story = readFileSync(new URL("../fixtures/copy/story.txt", import.meta.url), "utf8");
  const { fields, body } = parseCopy(story, { zone, now });
  const article = {
    kicker: String(fields.kicker),
    headline: String(fields.headline),
    publishedAt: String(fields.publishedAt),
    standfirst: String(fields.standfirst),
    bylines: [{ name: "Hải An" }],
    body,
  };
  expect(writeCopy(article, zone)).toBe(story.replace(`${article.headline} - `, ""));
});

const word = fc.constantFrom(
  "phố",
  "đi",
  "bộ",
  "thành",
  "phố",
  "mở",
  "cửa",
  "5/10",
  "18",
  "giờ",
  "“ven”",
  "Hải",
  "Phòng,",
);
const words = fc.array(word, { minLength: 2, maxLength: 30 }).map((list) => `Sáng nay ${list.join(" ")} sông`);
const sentence = fc.tuple(words, fc.constantFrom(".", "?", "!", "…")).map((parts) => parts.join(""));
const paragraph = sentence.map((text) => p(text));
const figureFields = {
  _type: fc.constant("figure" as const),
  caption: fc.oneof(sentence, words).filter((text) => text.length < 300),
  credit: fc.constantFrom("PV", "T.H.", "Minh Đức (TTXVN)", "nhóm phóng viên"),
};
const figure = fc.record(figureFields, { requiredKeys: ["_type"], noNullPrototype: true });
const fullFigure = fc.record(figureFields, { noNullPrototype: true });
const embed = fc.webUrl({ validSchemes: ["https"] }).map((url): Block => ({ _type: "embed", url }));
const heading = words.map((text) => p(text, "h2"));

/** Articles in which everything has its form in copy. */
const bodyOf = (picture: fc.Arbitrary<Block>): fc.Arbitrary<{ standfirst?: string; body: Body }> => {
  const rest = fc.array(fc.oneof(paragraph, picture, embed, heading), { maxLength: 6 });
  const above = fc.array(fc.oneof(picture, embed), { maxLength: 2 });
  return fc.oneof(
    fc
      .record({ standfirst: sentence, first: rest, text: paragraph, last: rest })
      .map(({ standfirst, first, text, last }) => ({
        standfirst,
        body: [...first, text, ...last],
      })),
    fc.tuple(above, paragraph, above).map((parts) => ({ body: parts.flat() })),
    fc.tuple(above, heading, rest).map((parts) => ({ body: parts.flat() })),
    above.map((body) => ({ body })),
  );
};
const article = fc
  .tuple(
    fc.record(
      {
        kicker: words.map((text) => `${text}:`),
        publishedAt: fc.integer({ min: Date.UTC(1990, 0) / 1000, max: Date.UTC(2026, 0) / 1000 }),
        sourceLine: fc.constantFrom("Theo TTXVN", "Theo Reuters (Anh), AFP"),
        endMark: fc.constantFrom("(Hết)", "(Còn nữa)"),
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
    words.map((text) => `Bão số 3: ${text}`),
    fc.oneof(
      fc.record({
        bylines: fc.constantFrom([], ["Hải An"], ["Hải An", "T.H."], ["Tổng hợp", "PV", "Minh Đức"]),
        content: bodyOf(figure),
      }),
      fc.record({
        bylines: fc.constantFrom(["nhóm phóng viên"], ["Ban Thời sự", "Nguyễn Thị Minh Khai Phương Anh"]),
        content: bodyOf(fullFigure),
      }),
    ),
    fc.constantFrom(zone, "Europe/Berlin", "America/St_Johns"),
  )
  .map(([{ endMark, publishedAt, ...head }, headline, { bylines, content }, where]) => ({
    where,
    article: {
      ...head,
      ...content,
      ...(publishedAt !== undefined && { publishedAt: formatTime(publishedAt * 1000, where) }),
      headline,
      bylines: bylines.map((name) => ({ name })),
      body: endMark === undefined ? content.body : [...content.body, p(endMark)],
    },
  }));

test("whatever copy can say comes back the same", () => {
  fc.assert(
    fc.property(article, ({ article, where }) => {
      expect(again(article, where)).toStrictEqual(article);
    }),
    { numRuns: 500 },
  );
});

test("writing never throws for any body, and what is written is read without a fault", () => {
  const text = fc.string({ unit: "binary", maxLength: 20 });
  const any = fc.oneof(
    text.map((value) => p(value)),
    fc.record({ _type: fc.constant("figure" as const), caption: text, credit: text }),
    fc.record({ _type: fc.constant("pullquote" as const), text, attribution: text }),
    fc.record({
      _type: fc.constant("table" as const),
      rows: fc.array(fc.record({ cells: fc.array(text, { minLength: 1 }) }), { minLength: 1 }),
    }),
    fc.record({ _type: fc.constant("update" as const), at: fc.constant("2024-10-05T08:30:00Z"), by: text }),
  );
  fc.assert(
    fc.property(fc.array(any), text, (body, name) => {
      const head = { headline: "Bão số 3", publishedAt: "2024-10-05" };
      expect(again({ ...head, body, bylines: [{ name }], sourceLine: name }, zone)).toMatchObject({
        ...head,
        publishedAt: "2024-10-05T00:00:00+07:00",
      });
    }),
    { numRuns: 300 },
  );
});

test("both instants of a repeated hour come back", () => {
  for (const at of [Date.UTC(2024, 9, 27, 0, 30), Date.UTC(2024, 9, 27, 1, 30)]) {
    const article = { headline: "Bão số 3", publishedAt: iso(at), body: [], bylines: [] };
    expect(again(article, "Europe/Berlin").publishedAt).toBe(formatTime(at, "Europe/Berlin"));
  }
});

test("what copy has no form for becomes text that can be read", () => {
  const item = (text: string, listItem: "bullet" | "number", level = 1): Block => ({ ...p(text), listItem, level });
  const body: Body = [
    p("Phần một", "h2"),
    p("Mục nhỏ", "h3"),
    item("Cây xanh", "bullet"),
    item("Một", "number"),
    item("Trong một", "bullet", 2),
    item("Hai", "number"),
    p("Phố là của\nmọi người", "blockquote"),
    { _type: "pullquote", text: "Đi bộ là vui", attribution: "Bà Lan" },
    { _type: "table", caption: "Giá vé", rows: [{ cells: ["Người lớn", "10.000 đồng"] }, { cells: ["Trẻ em", ""] }] },
    { _type: "update", at: "2024-10-05T03:00:00Z", by: "Hải An" },
    { _type: "embed", url: "https://video.example/1" },
    { _type: "figure", caption: "Cầu tàu", credit: "PV" },
    { _type: "figure" },
    {
      ...p(""),
      markDefs: [{ _type: "link", _key: "l", href: "https://a.example/" }],
      children: [
        { _type: "span", text: "Xem ", marks: ["strong"] },
        { _type: "span", text: "bản đồ", marks: ["l"] },
        { _type: "span", text: ".", marks: [] },
      ],
    },
    p(" \n "),
  ];
  const written = writeCopy(
    { kicker: "Hải Phòng", headline: "Phố đi bộ", body, bylines: [{ name: "Hải An" }], sourceLine: "TTXVN" },
    zone,
  );
  expect(written.split("\n\n")).toStrictEqual([
    "Hải Phòng:",
    "Phố đi bộ",
    "## Phần một",
    "Mục nhỏ",
    "- Cây xanh",
    "1. Một",
    "- Trong một",
    "2. Hai",
    "“Phố là của mọi người”",
    "“Đi bộ là vui” – Bà Lan",
    "Giá vé",
    "Người lớn | 10.000 đồng",
    "Trẻ em |",
    "[Cập nhật 05/10/2024, 10:00 – Hải An]",
    "https://video.example/1",
    "Cầu tàu (Ảnh: PV)",
    "- Ảnh:",
    "Xem bản đồ (https://a.example/).",
    "Hải An",
    "(Theo TTXVN)\n",
  ]);
});
