import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Body, textBlockOf } from "../../shared/domain/body.ts";
import { parseCopy } from "../../shared/intake/copy/copy.ts";
import { readDateLine } from "../../shared/intake/copy/date.ts";

const at = { zone: "Asia/Ho_Chi_Minh", now: Date.UTC(2026, 10, 1) };
const story = readFileSync(new URL("../fixtures/copy/story.txt", import.meta.url), "utf8");

test("the contract's example", () => {
  expect(parseCopy(story, at)).toStrictEqual({
    fields: {
      kicker: "Hải Phòng:",
      headline: "Phố đi bộ ven sông mở cửa đón khách từ cuối tuần này",
      publishedAt: "2024-10-05T08:30:00+07:00",
      standfirst: "Sáng 5/10, thành phố đưa vào hoạt động tuyến phố đi bộ dài 1,2 km dọc bờ sông.",
      bylines: [{ name: "Hải An" }],
    },
    body: [
      { _type: "figure", caption: "Người dân dạo bước trên tuyến phố trong buổi sáng đầu tiên.", credit: "PV" },
      textBlockOf("Tuyến phố có hai hàng cây xanh, 40 ghế đá và một sân khấu nhỏ ở giữa."),
      textBlockOf("Trước mắt, phố mở cửa từ 18 giờ thứ Sáu đến 22 giờ Chủ nhật hằng tuần."),
      { _type: "figure", caption: "Sân khấu nhỏ giữa phố.", credit: "PV" },
      textBlockOf("Thành phố dự kiến nối dài tuyến phố thêm 800 m trong năm tới."),
    ],
    warnings: [
      { code: "guessed-byline", pointer: "/bylines", detail: expect.stringContaining("Hải An") },
      { code: "figure-without-picture", pointer: "/body/0", detail: expect.stringContaining("Người dân") },
      { code: "figure-without-picture", pointer: "/body/3", detail: expect.stringContaining("Sân khấu") },
    ],
    faults: [],
  });
});

test.each([
  ["without its blank lines", story.replace(/\n+/g, "\n")],
  ["with CRLF", story.replaceAll("\n", "\r\n")],
  ["with CR", story.replaceAll("\n", "\r")],
  ["decomposed (NFD)", story.normalize("NFD")],
  ["behind a byte order mark", `\uFEFF${story}`],
  ["with no-break spaces", story.replaceAll(" ", "\u00A0")],
  ["with zero-width spaces and soft hyphens", story.replaceAll("đi bộ", "đi\u200B b\u00ADộ")],
  ["with its lines indented", story.replaceAll("\n", " \t\n  ")],
])("the example %s is the same", (_, text) => {
  expect(parseCopy(text, at)).toStrictEqual(parseCopy(story, at));
});

const fragments = [
  "Hải Phòng:",
  "Phố đi bộ mở cửa",
  "05/10/2024, 08:30",
  "Cập nhật 31/2/2024",
  "Ảnh: PV",
  "(Ảnh: T.H.)",
  "Sân khấu nhỏ. Ảnh: PV",
  "Phố đi bộ mở cửa - Sáng nay, phố đông.",
  "Phố đi bộ mở cửa.",
  "Bài, ảnh: Hải An - Minh Đức",
  "Thực hiện: phòng viên",
  "(Theo TTXVN)",
  "(Hết)",
  "(Còn nữa)",
  "Hải An, Minh Đức",
  "## Giao thông",
  "https://example.com/a",
  "Một câu dài hơn một trăm ký tự để bản tin không còn là thư ngắt dòng cứng, nên mỗi dòng là một đoạn riêng của bài.",
  "",
  "\u0000\u202E",
];
const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc
    .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: "grapheme", maxLength: 40 })), { maxLength: 14 })
    .chain((lines) => fc.constantFrom("\n", "\n\n", "\r\n").map((end) => lines.join(end))),
);

/** Letters and digits only; what copy says by form (labels, the date line) is looked at elsewhere. */
const LABELS = new Set(["ảnh", "photo", "tin", "bài", "thực", "hiện", "và"]);
const wordsOf = (text: string): string[] =>
  (text.normalize("NFC").match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !LABELS.has(word.toLowerCase()));
const textsOf = (body: Body): string[] => body.flatMap((block) => wordsOf(JSON.stringify(block)));

describe("properties", () => {
  test("never throws, and no word is lost", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { fields, body, warnings, faults } = parseCopy(text, at);
        const kept = new Set([
          ...wordsOf(JSON.stringify(fields).replaceAll("\\n", " ")),
          ...textsOf(body),
          ...[...warnings, ...faults].flatMap((note) => wordsOf(note.detail)),
        ]);
        const sent = text
          .replace(/[\u00AD\u180E\u200B-\u200D\u2060-\u2064\uFEFF\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, "")
          .replace(/[\u0000-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F\uFFFE\uFFFF]/g, "")
          .split(/[\n\r\u000B\u000C\u0085\u2028\u2029]/)
          .filter((line) => readDateLine(line.normalize("NFC").trim()) === undefined);
        const lost = sent.flatMap(wordsOf).filter((word) => !kept.has(word));
        expect(lost).toStrictEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  test.each([
    ["spaces", " ".repeat(500_000)],
    ["a credit's label", "Ảnh: ".repeat(200_000)],
    ["credits", `a\n${"Ảnh: X\n".repeat(120_000)}`],
    ["captions", `${"x ".repeat(150)}Ảnh: a\n`.repeat(3000)],
    ["digits and slashes", "1/".repeat(500_000)],
    ["date lines", "1/1/2024 \n".repeat(90_000)],
    ["almost dates", `1/1/2024 ${"GMT ".repeat(20)}x\n`.repeat(10_000)],
    ["a million brackets", "(".repeat(1_000_000)],
    ["half a source", "(Theo ".repeat(160_000)],
    ["names", "A và ".repeat(200_000)],
    ["marks in the wrong order", `a${"\u0301".repeat(250_000)}${"\u0323".repeat(250_000)}`],
    ["marks parted by controls", "\u0301\u0000\u0323\u0000".repeat(200_000)],
    ["carriage returns", "\r".repeat(1_000_000)],
    ["many lines", "1\n".repeat(500_000)],
    ["one hard-wrapped paragraph", `x\n\n${"1\n".repeat(490_000)}`],
  ])("a megabyte of %s takes under a second", (_, text) => {
    // This thread's own time, as the machine may be busy with other tests.
    const begin = process.threadCpuUsage();
    parseCopy(text, at);
    expect(process.threadCpuUsage(begin).user).toBeLessThan(1_000_000);
  });
});
