import { describe, expect, test } from "vitest";
import { textBlockOf } from "../../shared/domain/body.ts";
import { parseCopy } from "../../shared/intake/copy/copy.ts";

const now = Date.UTC(2024, 11, 31, 12);
const at = { zone: "Asia/Ho_Chi_Minh", now };
const dated = (line: string, zone = at.zone) =>
  parseCopy(`Tiêu đề của tin\n${line}\nMột câu.\nHai câu.`, { zone, now });

describe("a date line", () => {
  test.each([
    ["05/10/2024, 08:30", "2024-10-05T08:30:00+07:00"],
    ["5/10/2024 8:30", "2024-10-05T08:30:00+07:00"],
    ["05-10-2024 08:30", "2024-10-05T08:30:00+07:00"],
    ["05.10.2024 08:30", "2024-10-05T08:30:00+07:00"],
    ["05/10/2024", "2024-10-05T00:00:00+07:00"],
    ["08:30 05/10/2024", "2024-10-05T08:30:00+07:00"],
    ["08:30, 05/10/2024", "2024-10-05T08:30:00+07:00"],
    ["08:30 | 05/10/2024", "2024-10-05T08:30:00+07:00"],
    ["08:30-05-10-2024", "2024-10-05T08:30:00+07:00"],
    ["08:30:15 05/10/2024", "2024-10-05T08:30:15+07:00"],
    ["08h30 ngày 05/10/2024", "2024-10-05T08:30:00+07:00"],
    ["05/10/2024 15h49", "2024-10-05T15:49:00+07:00"],
    ["05/10/2024 15H49", "2024-10-05T15:49:00+07:00"],
    ["05/10/2024 15g49", "2024-10-05T15:49:00+07:00"],
    ["15h 05/10/2024", "2024-10-05T15:00:00+07:00"],
    ["05/10/2024 - 15 giờ", "2024-10-05T15:00:00+07:00"],
    ["15 giờ 05/10/2024", "2024-10-05T15:00:00+07:00"],
    ["15 giờ 05-10-2024", "2024-10-05T15:00:00+07:00"],
    ["15 giờ 49, ngày 5/10/2024", "2024-10-05T15:49:00+07:00"],
    ["15 giờ 49 phút ngày 5/10/2024", "2024-10-05T15:49:00+07:00"],
    ["Thứ Bảy, 05/10/2024, 08:30", "2024-10-05T08:30:00+07:00"],
    ["Thứ bảy, ngày 5/10/2024 - 08:30", "2024-10-05T08:30:00+07:00"],
    ["Chủ nhật, 06/10/2024 08:30", "2024-10-06T08:30:00+07:00"],
    ["THỨ 2, 07/10/2024", "2024-10-07T00:00:00+07:00"],
    ["T7, 05/10/2024", "2024-10-05T00:00:00+07:00"],
    ["CN 06/10/2024", "2024-10-06T00:00:00+07:00"],
    ["Cập nhật 05/10/2024 08:30", "2024-10-05T08:30:00+07:00"],
    ["Cập nhật: 08:30, Thứ Bảy, 05/10/2024", "2024-10-05T08:30:00+07:00"],
    ["Cập nhật lúc 08h30 ngày 05/10/2024", "2024-10-05T08:30:00+07:00"],
    ["Thứ Bảy, 5/10/2024, 08:30 (GMT+7)", "2024-10-05T08:30:00+07:00"],
    ["05/10/2024 08:30 GMT+7", "2024-10-05T08:30:00+07:00"],
    ["05/10/2024 08:30 (GMT+8)", "2024-10-05T07:30:00+07:00"],
    ["05/10/2024 08:30 (GMT-3:30)", "2024-10-05T19:00:00+07:00"],
    ["05/10/2024 08:30 (UTC)", "2024-10-05T15:30:00+07:00"],
  ])("%s", (line, publishedAt) => {
    expect(dated(line)).toStrictEqual({
      fields: { headline: "Tiêu đề của tin", publishedAt, standfirst: "Một câu." },
      body: [textBlockOf("Hai câu.")],
      warnings: [],
      faults: [],
    });
  });

  test("(GMT+7) is that offset wherever the site is; without it the site's zone counts", () => {
    expect(dated("05/10/2024 08:30 (GMT+7)", "Europe/Berlin").fields.publishedAt).toBe("2024-10-05T03:30:00+02:00");
    expect(dated("05/10/2024 08:30", "Europe/Berlin").fields.publishedAt).toBe("2024-10-05T08:30:00+02:00");
  });

  test.each([
    "31/2/2024",
    "05/13/2024",
    "0/10/2024",
    "29/02/2023",
    "05/10/2024 25:00",
    "05/10/2024 08:60",
    "05/10/2024 08:30 (GMT+24)",
  ])("%s is a fault at its line, and still the date line", (line) => {
    const { fields, faults } = dated(line);
    expect(fields).toStrictEqual({ headline: "Tiêu đề của tin", standfirst: "Một câu." });
    expect(faults).toStrictEqual([{ pointer: "/publishedAt", line: 2, detail: expect.stringContaining(line) }]);
    expect(faults[0]?.detail).toContain("no such date");
  });

  test("the future is a fault that says what to use, from the first minute on", () => {
    expect(dated("31/12/2024, 19:00").faults).toStrictEqual([]);
    const { faults, fields } = dated("31/12/2024, 19:01");
    expect(faults).toStrictEqual([
      { pointer: "/publishedAt", line: 2, detail: expect.stringContaining("publish with {at}") },
    ]);
    expect(fields).not.toHaveProperty("publishedAt");
  });

  test.each([
    "Ngày 05/10/2024 là ngày hội",
    "05/10/24",
    "05/10-2024",
    "5/10",
    "08:30",
    "Thứ Bảy",
    "05/10/2024 06/10/2024",
    "05/10/2024 08:30 09:30",
    "05/10/20245",
    "Hà Nội, 05/10/2024",
    `05/10/2024${" ,".repeat(60)}`,
  ])("%s is none", (line) => {
    expect(dated(line).fields).not.toHaveProperty("publishedAt");
  });

  test("stands among the first four paragraphs, or is text", () => {
    const lines = ["Một", "Hai", "Ba", "05/10/2024", "Một câu."];
    expect(parseCopy(lines.join("\n"), at).fields).toStrictEqual({
      headline: "Một Hai Ba",
      publishedAt: "2024-10-05T00:00:00+07:00",
    });
    const late = parseCopy(["Không", ...lines].join("\n"), at);
    expect(late.fields).toStrictEqual({ headline: "Không", standfirst: "Một" });
    expect(late.body[2]).toStrictEqual(textBlockOf("05/10/2024"));
  });

  test("a second one below the first is left out, and named", () => {
    const { fields, warnings } = dated("05/10/2024, 08:30\nCập nhật 06/10/2024, 09:00");
    expect(fields).toStrictEqual({
      headline: "Tiêu đề của tin",
      publishedAt: "2024-10-05T08:30:00+07:00",
      standfirst: "Một câu.",
    });
    expect(warnings).toStrictEqual([
      { code: "second-date", pointer: "/publishedAt", detail: expect.stringContaining("Cập nhật 06/10/2024, 09:00") },
    ]);
  });

  test("nothing above it: the headline is guessed from below it", () => {
    const { fields, warnings } = parseCopy("05/10/2024\nTiêu đề\nMột câu.", at);
    expect(fields).toStrictEqual({ headline: "Tiêu đề", publishedAt: "2024-10-05T00:00:00+07:00" });
    expect(warnings.map(({ code }) => code)).toStrictEqual(["guessed-headline"]);
  });

  test("lines are counted as sent, blank ones too", () => {
    expect(parseCopy("\r\n\r\nTiêu đề\r\n\r\n31/2/2024\r\n", at).faults[0]?.line).toBe(5);
  });
});
