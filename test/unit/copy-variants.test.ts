import { expect, test } from "vitest";
import { type Block, type Body, textBlockOf as p } from "../../shared/domain/body.ts";
import { parseCopy } from "../../shared/intake/copy/copy.ts";
import type { Drafted } from "../../shared/intake/drafted.ts";

const at = { zone: "Asia/Ho_Chi_Minh", now: Date.UTC(2026, 10, 1) };
const figure = (caption: string | undefined, credit: string | undefined): Block => ({
  _type: "figure",
  ...(caption !== undefined && { caption }),
  ...(credit !== undefined && { credit }),
});
const h2 = (text: string): Block => p(text, "h2");
const publishedAt = "2024-10-05T08:30:00+07:00";
const headline = "Phố đi bộ mở cửa đón khách";
const standfirst = "Sáng nay, thành phố mở phố đi bộ.";
/** Long enough for its lines not to be hard-wrapped mail. */
const long =
  "Tuyến phố dài hơn một cây số, có hai hàng cây xanh, bốn mươi ghế đá, một sân khấu nhỏ và ba điểm giữ xe miễn phí.";

type Case = {
  name: string;
  copy: string | string[];
  fields: Drafted["fields"];
  body: Body;
  /** Code and pointer. */
  warnings?: string[];
  faults?: string[];
};

/** A dated story with this tail. */
const tail = (name: string, lines: string[], fields: Drafted["fields"], rest: Body, warnings: string[] = []): Case => ({
  name: `tail: ${name}`,
  copy: [headline, "05/10/2024, 08:30", standfirst, long, ...lines],
  fields: { headline, publishedAt, standfirst, ...fields },
  body: [p(long), ...rest],
  warnings,
});
const byline = (line: string, ...names: string[]): Case =>
  tail(line, [line], { bylines: names.map((name) => ({ name })) }, [], ["guessed-byline /bylines"]);
const noByline = (line: string, crosshead = false): Case =>
  tail(`no byline: ${line}`, [line], {}, [p(line)], crosshead ? ["crosshead? /body/1"] : []);
const signed = (line: string, ...names: string[]): Case =>
  tail(line, [line], { bylines: names.map((name) => ({ name })) }, []);
/** A dated story with this figure between two paragraphs. */
const photo = (line: string | string[], caption: string | undefined, credit: string | undefined): Case => ({
  name: `figure: ${[line].flat().join(" / ")}`,
  copy: [headline, "05/10/2024, 08:30", standfirst, ...[line].flat(), long],
  fields: { headline, publishedAt, standfirst },
  body: [figure(caption, credit), p(long)],
  warnings: ["figure-without-picture /body/0"],
});
const noPhoto = (line: string): Case => ({
  name: `no figure: ${line.slice(0, 80)}`,
  copy: [headline, "05/10/2024, 08:30", standfirst, line, long],
  fields: { headline, publishedAt, standfirst },
  body: [p(line), p(long)],
});
/** A dated story whose lead is this line. */
const lead = (name: string, line: string, read: string): Case => ({
  name: `lead: ${name}`,
  copy: [headline, "05/10/2024, 08:30", line, long],
  fields: { headline, publishedAt, standfirst: read },
  body: [p(long)],
});

const cases: Case[] = [
  {
    name: "no kicker",
    copy: [headline, "05/10/2024, 08:30", standfirst, long],
    fields: { headline, publishedAt, standfirst },
    body: [p(long)],
  },
  {
    name: "no date",
    copy: [headline, standfirst, long],
    fields: { headline, standfirst },
    body: [p(long)],
    warnings: ["guessed-headline /headline"],
  },
  {
    name: "a kicker without a date",
    copy: ["Hải Phòng:", headline, standfirst, long],
    fields: { kicker: "Hải Phòng:", headline, standfirst },
    body: [p(long)],
    warnings: ["guessed-headline /headline"],
  },
  {
    name: "a headline on two lines, with a kicker",
    copy: ["Hải Phòng:", "Phố đi bộ mở cửa", "đón khách", "05/10/2024, 08:30", standfirst, long],
    fields: { kicker: "Hải Phòng:", headline, publishedAt, standfirst },
    body: [p(long)],
  },
  {
    name: "a headline on two lines, without",
    copy: ["Phố đi bộ mở cửa", "đón khách", "05/10/2024, 08:30", standfirst, long],
    fields: { headline, publishedAt, standfirst },
    body: [p(long)],
  },
  {
    name: "a lone line that ends in a colon is the headline, not a kicker",
    copy: ["Phố đi bộ:", "05/10/2024, 08:30", standfirst, long],
    fields: { headline: "Phố đi bộ:", publishedAt, standfirst },
    body: [p(long)],
  },
  {
    name: "only the first line can be the kicker",
    copy: ["Phố đi bộ", "Hải Phòng:", "05/10/2024, 08:30", standfirst, long],
    fields: { headline: "Phố đi bộ Hải Phòng:", publishedAt, standfirst },
    body: [p(long)],
  },
  {
    name: "a brief of one paragraph",
    copy: [headline, "05/10/2024, 08:30", long],
    fields: { headline, publishedAt },
    body: [p(long)],
  },
  {
    name: "a brief without a date",
    copy: [headline, standfirst],
    fields: { headline },
    body: [p(standfirst)],
    warnings: ["guessed-headline /headline"],
  },
  {
    name: "a brief with a photo, an end mark and a byline",
    copy: [headline, "05/10/2024, 08:30", long, "Cầu tàu. Ảnh: PV", "(Hết)", "Hải An"],
    fields: { headline, publishedAt, bylines: [{ name: "Hải An" }] },
    body: [p(long), figure("Cầu tàu.", "PV"), p("(Hết)")],
    warnings: ["guessed-byline /bylines", "figure-without-picture /body/1"],
  },
  {
    name: "a headline alone",
    copy: headline,
    fields: { headline },
    body: [],
    warnings: ["guessed-headline /headline"],
  },
  { name: "nothing", copy: "", fields: {}, body: [], faults: ["/1"] },
  { name: "nothing but white space", copy: " \n\u00A0\n\u200B", fields: {}, body: [], faults: ["/1"] },
  {
    name: "nothing but what is taken out",
    copy: "\u0000\u202E",
    fields: {},
    body: [],
    warnings: ["removed-characters "],
    faults: ["/1"],
  },
  {
    name: "control and bidi characters are taken out, and named",
    copy: [`${headline}\u202E`, "05/10/2024, 08:30", "Sáng nay,\u0000 thành\u0007 phố mở phố đi bộ.", long],
    fields: { headline, publishedAt, standfirst },
    body: [p(long)],
    warnings: ["removed-characters "],
  },
  {
    name: "an accent parted from its letter by an invisible character",
    copy: [
      headline.replace("đi", "đi\u00AD"),
      "05/10/2024, 08:30",
      standfirst.replace("Sáng", "Sa\u200B\u0301ng"),
      long,
    ],
    fields: { headline, publishedAt, standfirst },
    body: [p(long)],
  },
  {
    name: "a photo first",
    copy: [headline, "05/10/2024, 08:30", "Cầu tàu. Ảnh: PV", standfirst, long],
    fields: { headline, publishedAt, standfirst },
    body: [figure("Cầu tàu.", "PV"), p(long)],
    warnings: ["figure-without-picture /body/0"],
  },
  {
    name: "a photo without a caption right below the date",
    copy: [headline, "05/10/2024, 08:30", "Ảnh: PV", standfirst, long],
    fields: { headline, publishedAt, standfirst },
    body: [figure(undefined, "PV"), p(long)],
    warnings: ["figure-without-picture /body/0"],
  },
  {
    name: "a photo first, then a brief",
    copy: [headline, "05/10/2024, 08:30", "Cầu tàu. Ảnh: PV", long],
    fields: { headline, publishedAt },
    body: [figure("Cầu tàu.", "PV"), p(long)],
    warnings: ["figure-without-picture /body/0"],
  },
  {
    name: "a video first",
    copy: [headline, "05/10/2024, 08:30", "https://video.example/v/1?t=2", standfirst, long],
    fields: { headline, publishedAt, standfirst },
    body: [{ _type: "embed", url: "https://video.example/v/1?t=2" }, p(long)],
  },
  {
    name: "crossheads, one marked and one not, and a line that is not only a URL",
    copy: [
      headline,
      "05/10/2024, 08:30",
      standfirst,
      "## Giao thông",
      long,
      "Đi lại thuận tiện",
      "Xem https://a.vn",
      long,
    ],
    fields: { headline, publishedAt, standfirst },
    body: [h2("Giao thông"), p(long), p("Đi lại thuận tiện"), p("Xem https://a.vn"), p(long)],
    warnings: ["crosshead? /body/2", "crosshead? /body/3"],
  },
  {
    name: "a crosshead above the first paragraph: no lead",
    copy: [headline, "05/10/2024, 08:30", "## Giao thông", long, standfirst],
    fields: { headline, publishedAt },
    body: [h2("Giao thông"), p(long), p(standfirst)],
  },
  {
    name: "hard-wrapped mail",
    copy: "Hải Phòng:\nPhố đi bộ mở cửa\nđón khách\n05/10/2024, 08:30\n\nSáng nay,\nthành phố mở phố đi bộ.\n\nTuyến phố\ndài 1 km.\n\nCầu tàu\nbuổi sáng.\nẢnh: PV\n\nHải An\n(Theo TTXVN)\n",
    fields: {
      kicker: "Hải Phòng:",
      headline,
      publishedAt,
      standfirst,
      bylines: [{ name: "Hải An" }],
      sourceLine: "Theo TTXVN",
    },
    body: [p("Tuyến phố dài 1 km."), figure("Cầu tàu buổi sáng.", "PV")],
    warnings: ["joined-lines /body", "guessed-byline /bylines", "figure-without-picture /body/1"],
  },
  {
    name: "hard-wrapped mail without a date, a crosshead among its lines",
    copy: "Hải Phòng:\n\nPhố đi bộ mở cửa\nđón khách\n\nSáng nay,\nthành phố mở phố đi bộ.\n## Giao thông\nTuyến phố\ndài 1 km.\nHải An",
    fields: { kicker: "Hải Phòng:", headline, standfirst },
    body: [h2("Giao thông"), p("Tuyến phố dài 1 km. Hải An")],
    warnings: ["guessed-headline /headline", "joined-lines /body", "crosshead? /body/1"],
  },
  {
    name: "short lines without a blank one between are paragraphs, blank ones around them or not",
    copy: "\n\nPhố đi bộ mở cửa đón khách\n05/10/2024, 08:30\nSáng nay, thành phố mở phố đi bộ.\nPhố dài 1 km.\n\n\n",
    fields: { headline, publishedAt, standfirst },
    body: [p("Phố dài 1 km.")],
  },
  {
    name: "an impossible date",
    copy: [headline, "31/2/2024", standfirst, long],
    fields: { headline, standfirst },
    body: [p(long)],
    faults: ["/publishedAt/2"],
  },
  {
    name: "a future date",
    copy: [headline, "", "05/10/2034", standfirst, long],
    fields: { headline, standfirst },
    body: [p(long)],
    faults: ["/publishedAt/3"],
  },

  lead("en dash", `${headline} – ${standfirst}`, standfirst),
  lead("hyphen, other case", `${headline.toUpperCase()} - ${standfirst}`, standfirst),
  lead("colon", `${headline}: ${standfirst}`, standfirst),
  lead("stop", `${headline}. ${standfirst}`, standfirst),
  lead("no separator", `${headline} vào sáng nay.`, `${headline} vào sáng nay.`),
  lead("a comma", `${headline}, sáng nay.`, `${headline}, sáng nay.`),
  lead("a figure's point", `${headline}.5 người.`, `${headline}.5 người.`),
  lead("elsewhere", `Tin vui: ${headline} - sáng nay.`, `Tin vui: ${headline} - sáng nay.`),
  {
    name: "lead: a paragraph that only repeats the headline goes",
    copy: [headline, "05/10/2024, 08:30", `${headline}.`, standfirst, long],
    fields: { headline, publishedAt, standfirst },
    body: [p(long)],
  },
  {
    name: "lead: unless it is all there is",
    copy: [headline, "05/10/2024, 08:30", `${headline}.`],
    fields: { headline, publishedAt },
    body: [p(`${headline}.`)],
  },
  {
    name: "lead: a brief loses the repeated headline too",
    copy: [headline, "05/10/2024, 08:30", `${headline} - ${standfirst}`],
    fields: { headline, publishedAt },
    body: [p(standfirst)],
  },

  photo("Cầu tàu. Ảnh: PV", "Cầu tàu.", "PV"),
  photo("Cầu tàu. (Ảnh: PV)", "Cầu tàu.", "PV"),
  photo("Cầu tàu (Ảnh: PV).", "Cầu tàu", "PV"),
  photo("Cầu tàu (ảnh: PV)", "Cầu tàu", "PV"),
  photo("Cầu tàu. Ảnh: PV.", "Cầu tàu.", "PV"),
  photo("Cầu tàu. ẢNH: PV", "Cầu tàu.", "PV"),
  photo("Cầu tàu. Photo: Reuters", "Cầu tàu.", "Reuters"),
  photo("Cầu tàu. Ảnh: T.H.", "Cầu tàu.", "T.H."),
  photo("Cầu tàu. Ảnh: Minh Đức (TTXVN)", "Cầu tàu.", "Minh Đức (TTXVN)"),
  photo("(Cầu tàu. Ảnh: PV)", "Cầu tàu.", "PV"),
  photo("Cầu tàu - Ảnh: PV", "Cầu tàu", "PV"),
  photo("Cầu tàu lúc 8:30. Ảnh: PV", "Cầu tàu lúc 8:30.", "PV"),
  photo("- Ảnh: PV", undefined, "PV"),
  photo(["Cầu tàu.", "Ảnh: PV"], "Cầu tàu.", "PV"),
  photo(["Cầu tàu.", "", "Ảnh: PV"], "Cầu tàu.", "PV"),
  photo(["Cầu tàu.", "(Ảnh: PV)"], "Cầu tàu.", "PV"),
  photo(`${"x".repeat(391)}. Ảnh: PV`, `${"x".repeat(391)}.`, "PV"),
  photo(`Cầu. Ảnh: ${"P".repeat(60)}`, "Cầu.", "P".repeat(60)),
  noPhoto(`${"x".repeat(391)}. Ảnh: PV.`),
  noPhoto(`Cầu. Ảnh: ${"P".repeat(61)}.`),
  noPhoto("Cầu. Ảnh: PV: hai người."),
  noPhoto("Trong ảnh: cầu tàu buổi sáng."),
  noPhoto("Cầu tàu (Ảnh: PV) đông khách."),
  {
    name: "a credit below a crosshead is a photo of its own",
    copy: [headline, "05/10/2024, 08:30", standfirst, "## Giao thông", "Ảnh: PV", long],
    fields: { headline, publishedAt, standfirst },
    body: [h2("Giao thông"), figure(undefined, "PV"), p(long)],
    warnings: ["figure-without-picture /body/1"],
  },

  byline("Hải An", "Hải An"),
  byline("Hải An - Minh Đức", "Hải An", "Minh Đức"),
  byline("Hải An – Minh Đức", "Hải An", "Minh Đức"),
  byline("Hải An và Minh Đức", "Hải An", "Minh Đức"),
  byline("Hải An, Minh Đức", "Hải An", "Minh Đức"),
  byline("T.H.", "T.H."),
  byline("Hải An.", "Hải An"),
  byline("PV - T.H.", "PV", "T.H."),
  byline("Tổng hợp", "Tổng hợp"),
  byline("Hải An (TTXVN)", "Hải An (TTXVN)"),
  byline("Một Hai Ba Bốn Năm Sáu Bảy Tám", "Một Hai Ba Bốn Năm Sáu Bảy Tám"),
  noByline("Xin trân trọng cảm ơn!"),
  noByline("Xin Cảm Ơn!"),
  noByline("“Hẹn Gặp Lại”"),
  noByline('"Hẹn Gặp Lại"'),
  noByline("Liên Hệ:"),
  noByline("Vì Sao?"),
  noByline("Hải An;"),
  noByline("Hải An và các cộng sự", true),
  noByline("Năm 2024", true),
  noByline("Một Hai Ba Bốn Năm Sáu Bảy Tám Chín", true),
  noByline("ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG THÔNG BÁO KHẨN", true),
  noByline("Nguyễnnnnnnnnnnnnnnnnnnn Vănnnnnnnnnnnnnnnnnnnnnnnn Annnnnnnnnnn", true),
  signed("Bài, ảnh: Hải An", "Hải An"),
  signed("Bài: Hải An - Ảnh: Minh Thư", "Hải An"),
  signed("Tin: Hải An; ảnh: Minh Thư", "Hải An"),
  signed("Tin, ảnh: Hải An", "Hải An"),
  signed("Tin, bài, ảnh: Hải An", "Hải An"),
  signed("Tin, bài và ảnh: Hải An", "Hải An"),
  signed("Bài và ảnh: Hải An - Minh Đức", "Hải An", "Minh Đức"),
  signed("BÀI, ẢNH: HẢI AN", "HẢI AN"),
  signed("(Bài, ảnh: T.H.)", "T.H."),
  signed("Thực hiện: nhóm phóng viên", "nhóm phóng viên"),
  noByline("Thực hiện:"),
  tail("source", ["(Theo TTXVN)"], { sourceLine: "Theo TTXVN" }, []),
  tail("source with its country", ["(Theo Reuters (Anh))"], { sourceLine: "Theo Reuters (Anh)" }, []),
  tail("to be continued", ["(Còn nữa)"], {}, [p("(Còn nữa)")]),
  tail("the end", ["(Hết)"], {}, [p("(Hết)")]),
  tail(
    "signature, source and end mark",
    ["Bài, ảnh: Hải An", "(Theo TTXVN)", "(Còn nữa)"],
    { bylines: [{ name: "Hải An" }], sourceLine: "Theo TTXVN" },
    [p("(Còn nữa)")],
  ),
  tail(
    "the same from the other end",
    ["(Còn nữa)", "(Theo TTXVN)", "Hải An"],
    { bylines: [{ name: "Hải An" }], sourceLine: "Theo TTXVN" },
    [p("(Còn nữa)")],
    ["guessed-byline /bylines"],
  ),
  tail(
    "each at most once",
    ["Minh Đức", "Hải An"],
    { bylines: [{ name: "Hải An" }] },
    [p("Minh Đức")],
    ["guessed-byline /bylines", "crosshead? /body/1"],
  ),
  tail(
    "a figure as the last paragraph is no byline, and ends the tail",
    ["Hải An", "Sân Khấu. Ảnh: PV"],
    {},
    [p("Hải An"), figure("Sân Khấu.", "PV")],
    ["crosshead? /body/1", "figure-without-picture /body/2"],
  ),
  tail(
    "a credit below the last line makes that a caption (step 1 comes first)",
    ["Hải An", "Ảnh: PV"],
    {},
    [figure("Hải An", "PV")],
    ["figure-without-picture /body/1"],
  ),
  tail(
    "the signature's credit is that of figures which have none",
    ["Cầu tàu. Ảnh:", "Bến xe. Ảnh: PV", "Bài, ảnh: Hải An - Minh Đức"],
    { bylines: [{ name: "Hải An" }, { name: "Minh Đức" }] },
    [figure("Cầu tàu.", "Hải An - Minh Đức"), figure("Bến xe.", "PV")],
    ["figure-without-picture /body/1", "figure-without-picture /body/2"],
  ),
  tail("before the last paragraph nothing is taken", ["(Theo TTXVN)", "Phố dài 1 km."], {}, [
    p("(Theo TTXVN)"),
    p("Phố dài 1 km."),
  ]),
];

test.each(cases)("$name", ({ copy, fields, body, warnings = [], faults = [] }) => {
  const drafted = parseCopy([copy].flat().join("\n"), at);
  expect({
    ...drafted,
    warnings: drafted.warnings.map(({ code, pointer }) => `${code} ${pointer}`),
    faults: drafted.faults.map(({ pointer, line }) => `${pointer}/${line}`),
  }).toStrictEqual({ fields, body, warnings, faults });
});

test("warnings and paragraphs are bounded", () => {
  const many = parseCopy(`${headline}\n05/10/2024\n${"Ngắn thôi nhé\n".repeat(200)}`, at);
  expect(many.warnings).toHaveLength(100);
  expect(many.warnings.at(-1)).toMatchObject({ code: "more-warnings", detail: expect.stringContaining("100") });
  expect(parseCopy(`${headline}\n31/2/2024\n${"Một câu.\n".repeat(6000)}`, at).faults).toMatchObject([
    { pointer: "/publishedAt", line: 2 },
    { pointer: "/body", detail: expect.stringContaining("5000") },
  ]);
});
