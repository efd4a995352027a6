import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, deflateRawSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HEIC_TEXT } from "../../shared/domain/image.ts";
import { type Body, textOf } from "../../shared/domain/body.ts";
import { openArchive, TooMuch, Unreadable } from "../../shared/intake/docx/archive.ts";
import { arrange } from "../../shared/intake/docx/arrange.ts";
import type { ImageNode } from "../../shared/intake/docx/document.ts";
import { lookAtPictures } from "../../shared/intake/docx/pictures.ts";
import { readSubmission, type Submission } from "../../shared/intake/submission.ts";
import { type Bundle, buildFunctions } from "../../infra/build/functions.ts";
import {
  bodyOf,
  type Content,
  docxOf,
  drawing,
  filesOf,
  partOf,
  pictureRun,
  type ZipEntry,
  zipOf,
} from "../fixtures/docx.ts";
import { blackPng } from "../fixtures/picture/chunks.ts";

const story = readFileSync(new URL("../fixtures/copy/story.txt", import.meta.url), "utf8");
const lines = story.split("\n").filter((line) => line.trim() !== "");
const setting = { zone: "Asia/Ho_Chi_Minh", locale: "vi", now: Date.UTC(2026, 10, 1), section: "thoi-su" };
const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const read = (bytes: Uint8Array, query: Record<string, string[]> = {}) =>
  readSubmission({ contentType: DOCX, bytes, query }, setting);
const taken = async (bytes: Uint8Array): Promise<Submission> => {
  const submission = await read(bytes);
  if (!submission.ok) throw new Error(JSON.stringify(submission.refusal));
  return submission.value;
};
const faultOf = async (bytes: Uint8Array): Promise<unknown> => {
  const submission = await read(bytes);
  return submission.ok ? "taken" : submission.refusal;
};

/** Pictures of which each has a width of its own: 1, 2, 3 ... */
const pictures = Array.from({ length: 4 }, (_, n) => blackPng(n + 1, 5));
const pic = (n: number): Content => ({ picture: n - 1 });
const HEAD = ["Tin ngắn", "05/10/2024", "Một câu mở đầu, để đoạn sau là thân bài."];
const END = "Một câu để kết thúc bài.";

const FRAGMENTS = [
  "Sân khấu nhỏ. Ảnh: PV",
  "Ảnh: PV",
  "Tin",
  "(Ảnh: T.H.)",
  "Bài, ảnh: Hải An",
  "(Theo TTXVN)",
  "(Hết)",
  "Hải An, Minh Đức",
  "## Giao thông",
  "- Ảnh:",
  "https://example.com/a",
  END,
  "Một câu khác.",
];
/** What copy says by form. */
const LABELS = new Set(["ảnh", "bài"]);
const wordsOf = (text: string): string[] => text.match(/\p{L}{2,}/gu) ?? [];

/** The body, a block a line: text as it is; figures as [picture] caption / credit. */
const shown = ({ body = [], photos }: { body?: Body | undefined; photos: Submission["photos"] }): string[] =>
  body.map((block, n) => {
    if (block._type === "block") return `${block.style === "h2" ? "## " : ""}${textOf(block)}`;
    if (block._type !== "figure") return block._type;
    const width = photos.find((photo) => photo.block === n)?.width ?? "";
    return `[${width}] ${block.caption ?? ""} / ${block.credit ?? ""}`;
  });
const codesOf = ({ warnings }: Submission): string[] => warnings.map(({ code, pointer }) => `${code} ${pointer}`);

describe("the contract's example", () => {
  test("as a Word document is the same article as the text", async () => {
    const text = await readSubmission({ contentType: "text/plain", bytes: Buffer.from(story), query: {} }, setting);
    expect(text.ok && (await taken(docxOf({ paragraphs: lines })))).toStrictEqual(text.ok && text.value);
  });

  test("and so is any other without pictures", async () => {
    const text = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 8 }).map((some) => [...HEAD, ...some]);
    await fc.assert(
      fc.asyncProperty(text, async (paragraphs) => {
        const asText = await readSubmission(
          { contentType: "text/plain", bytes: Buffer.from(paragraphs.join("\n")), query: {} },
          setting,
        );
        expect(await read(docxOf({ paragraphs }))).toStrictEqual(asText);
      }),
    );
  });

  test("with its pictures in it has them where they stand", async () => {
    const paragraphs = lines.flatMap((line): Content[] =>
      line.endsWith("Ảnh: PV") ? [pic(line.startsWith("Người") ? 1 : 2), line] : [line],
    );
    const submission = await taken(docxOf({ paragraphs, pictures }));
    expect(submission.photos.map(({ block, type, width, name }) => ({ block, type, width, name }))).toStrictEqual([
      { block: 0, type: "image/png", width: 1, name: undefined },
      { block: 3, type: "image/png", width: 2, name: undefined },
    ]);
    expect(Buffer.from(submission.photos[1]?.bytes ?? [])).toStrictEqual(pictures[1]);
    expect(codesOf(submission)).toStrictEqual(["guessed-byline /bylines"]);
  });

  test("takes fields from the query, which win", async () => {
    expect(await read(docxOf({ paragraphs: lines }), { headline: ["Khác"], status: ["published"] })).toMatchObject({
      ok: true,
      value: { fields: { headline: "Khác" }, status: "published" },
    });
  });
});

describe("text", () => {
  const p = (inside: string): Content => ({ xml: `<w:p>${inside}</w:p>` });
  const t = (text: string): string => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;
  const bodyTexts = async (
    paragraphs: Content[],
    more: Partial<Parameters<typeof docxOf>[0]> = {},
  ): Promise<string[]> =>
    shown(await taken(docxOf({ paragraphs: [...HEAD, ...paragraphs, END], ...more }))).slice(0, -1);

  const cases: [name: string, given: Content[], expected: string[]][] = [
    ["headings are crossheads", [{ text: "Giao thông", style: "u2" }], ["## Giao thông"]],
    [
      "a heading of level 1 below the headline is one too",
      [
        { text: "A", style: "Tiu" },
        { text: "Giao thông", style: "u1" },
      ],
      ["A", "## Giao thông"],
    ],
    [
      "items of lists have a dash",
      [
        { text: "một", list: "bullet" },
        { text: "hai\nba", list: "number" },
      ],
      ["- một", "- hai ba"],
    ],
    [
      "a row of a table is a line",
      [
        {
          table: [
            [["Tên"], ["Tuổi"]],
            [["An"], ["30", "tuổi"]],
          ],
        },
      ],
      ["Tên | Tuổi", "An | 30 tuổi"],
    ],
    [
      "an empty row is none, an empty cell stays",
      [
        {
          table: [
            [[""], [""]],
            [["An"], [""], ["x"]],
          ],
        },
      ],
      ["An | | x"],
    ],
    [
      "a table of one column is its paragraphs",
      [{ table: [[["Một câu.", "Hai câu."]], [["Ba câu."]]] }],
      ["Một câu.", "Hai câu.", "Ba câu."],
    ],
    ["a table in a table is kept", [{ table: [[["a"], [{ table: [[["b"], ["c"]]] }]]] }], ["a | b c"]],
    ["a break ends a line", ["Một câu.\nHai câu."], ["Một câu.", "Hai câu."]],
    [
      "runs, tabs and breaks of a page are joined",
      [p(`${t("Một")}<w:r><w:tab/></w:r>${t("câu ")}${t("dài.")}`)],
      ["Một câu dài."],
    ],
    [
      "what was inserted is kept, what was deleted is not",
      [p(`${t("Còn")}<w:ins>${t(" mới")}</w:ins><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del>${t(".")}`)],
      ["Còn mới."],
    ],
    [
      "moved text stands where it was moved to",
      [p(`<w:moveFrom>${t("Đi")}</w:moveFrom>${t("Một")}<w:moveTo>${t(" hai.")}</w:moveTo>`)],
      ["Một hai."],
    ],
    ["comments are not text", [p(`${t("Một câu.")}<w:r><w:commentReference w:id="1"/></w:r>`)], ["Một câu."]],
    [
      "content controls are transparent",
      [{ xml: `<w:sdt><w:sdtContent><w:p>${t("Một câu.")}</w:p></w:sdtContent></w:sdt>` }],
      ["Một câu."],
    ],
    [
      "a text box is a paragraph",
      [
        p(
          `${t("Một câu.")}<w:r><w:pict><v:textbox><w:txbxContent><w:p>${t("Hộp chữ.")}</w:p></w:txbxContent></v:textbox></w:pict></w:r>`,
        ),
      ],
      ["Một câu.", "Hộp chữ."],
    ],
    [
      "a symbol is its character",
      [p(`${t("Một ")}<w:r><w:sym w:font="Wingdings" w:char="F028"/></w:r>${t(".")}`)],
      ["Một 🕿."],
    ],
  ];
  test.each(cases)("%s", async (_, given, expected) => {
    expect(await bodyTexts(given)).toStrictEqual(expected);
  });

  test("a title, or a first heading, is the headline, its breaks spaces; a kicker above it stays one", async () => {
    for (const style of ["Tiu", "u1"])
      expect(
        (await taken(docxOf({ paragraphs: [{ text: "Hải Phòng:\nPhố đi bộ\nmở cửa", style }, ...HEAD.slice(1), END] })))
          .fields,
      ).toMatchObject({
        kicker: "Hải Phòng:",
        headline: "Phố đi bộ mở cửa",
      });
    const kicker = { text: "Hải Phòng:", style: "u2" };
    expect(
      (await taken(docxOf({ paragraphs: [kicker, { text: "Phố đi bộ", style: "Tiu" }, ...HEAD.slice(1), END] }))).fields
        .kicker,
    ).toBe("Hải Phòng:");
  });

  test("footnotes stand in brackets where they are referred to, once", async () => {
    const reference = '<w:r><w:footnoteReference w:id="1"/></w:r>';
    const paragraphs = [...HEAD, p(`${t("Một câu")}${reference}${t(", và lại")}${reference}${t(".")}`), END];
    const submission = await taken(docxOf({ paragraphs, footnotes: ["Nguồn: sở."] }));
    expect(shown(submission)[0]).toBe("Một câu (Nguồn: sở.), và lại.");
    expect(codesOf(submission)).toContain("inlined-notes /body");
  });

  test("links keep their text; where they lead is named unless it is said", async () => {
    const link = (id: string, text: string): string => `<w:hyperlink r:id="${id}">${t(text)}</w:hyperlink>`;
    const paragraphs = [...HEAD, p(`${link("a", "trang web")} ${link("b", "example.org/b")}.`), END];
    const relationships = { a: "https://example.org/a", b: "https://example.org/b/" };
    const submission = await taken(docxOf({ paragraphs, relationships }));
    expect(shown(submission)[0]).toContain("trang web");
    expect(submission.warnings.find(({ code }) => code === "dropped-link")?.detail).toMatch(
      /: https:\/\/example\.org\/a$/,
    );
  });

  test("formulas, which are left out, are named", async () => {
    const submission = await taken(
      docxOf({ paragraphs: [...HEAD, p(`${t("Một câu.")}<m:oMath><m:r/></m:oMath>`), END] }),
    );
    expect(submission.warnings.find(({ code }) => code === "dropped-element")?.detail).toContain("oMath");
  });

  test("control characters are taken out and counted", async () => {
    const submission = await taken(docxOf({ paragraphs: [...HEAD, "Một\u202E câu.", END] }));
    expect(shown(submission)[0]).toBe("Một câu.");
    expect(codesOf(submission)).toContain("removed-characters ");
  });

  test("a fault of the copy has no line: the document has none", async () => {
    expect(await faultOf(docxOf({ paragraphs: ["Tin", "31/02/2024", END] }))).toStrictEqual({
      kind: "invalid",
      faults: [{ pointer: "/publishedAt", detail: expect.any(String) }],
    });
  });
});

describe("pictures", () => {
  const CAPTION = "Chú thích một. Ảnh: PV";
  const SECOND = "Chú thích hai. Ảnh: PV";
  const [one, two] = ["Chú thích một. / PV", "Chú thích hai. / PV"];
  const inText = (run: string): Content => ({
    xml: `<w:p><w:r><w:t>Đoạn đầu</w:t></w:r>${run}<w:r><w:t> và cuối.</w:t></w:r></w:p>`,
  });

  const cases: [name: string, given: Content[], expected: string[]][] = [
    ["above its caption", [pic(1), CAPTION, END], [`[1] ${one}`, END]],
    ["below its caption", [END, CAPTION, pic(1)], [END, `[1] ${one}`]],
    ["in turn, captions below", [pic(1), CAPTION, pic(2), SECOND, END], [`[1] ${one}`, `[2] ${two}`, END]],
    ["in turn, captions above", [CAPTION, pic(1), SECOND, pic(2), END], [`[1] ${one}`, `[2] ${two}`, END]],
    ["with a caption for the second only", [pic(1), END, pic(2), SECOND], ["[1]  / ", END, `[2] ${two}`]],
    ["where the first caption has no picture", [CAPTION, END, pic(2), SECOND], [`[] ${one}`, END, `[2] ${two}`]],
    ["two with one caption", [pic(1), pic(2), CAPTION, END], ["[1]  / ", `[2] ${one}`, END]],
    ["without a caption, in its place", [END, pic(1), "Đoạn sau."], [END, "[1]  / ", "Đoạn sau."]],
    ["with a credit alone", [END, pic(1), "Ảnh: PV", "Đoạn sau."], [END, "[1]  / PV", "Đoạn sau."]],
    ["with its credit on a line of its own", [pic(1), "Chú thích một.", "Ảnh: PV", END], [`[1] ${one}`, END]],
    ["with caption and credit in one paragraph", [pic(1), "Chú thích một.\nẢnh: PV", END], [`[1] ${one}`, END]],
    [
      "in one paragraph with its caption",
      [{ xml: `<w:p>${pictureRun(0)}<w:r><w:br/><w:t>${CAPTION}</w:t></w:r></w:p>` }, END],
      [`[1] ${one}`, END],
    ],
    [
      "with what Word calls its caption",
      [pic(1), { text: "Sân khấu nhỏ", style: "Chuthich" }, END],
      ["[1] Sân khấu nhỏ / ", END],
    ],
    [
      "while a caption of something else stays text",
      [{ text: "Bảng một: số liệu.", style: "Chuthich" }, END],
      ["Bảng một: số liệu.", END],
    ],
    ["anchored in the midst of a paragraph", [inText(pictureRun(0)), END], ["Đoạn đầu và cuối.", "[1]  / ", END]],
    [
      "above their captions in a table",
      [
        {
          table: [
            [[pic(1)], [pic(2)]],
            [[CAPTION], [SECOND]],
          ],
        },
        END,
      ],
      [`[1] ${one}`, `[2] ${two}`, END],
    ],
    ["below the last line", [END, "Đoạn sau.", pic(1)], [END, "Đoạn sau.", "[1]  / "]],
    ["below the end mark", [END, "(Còn nữa)", pic(1), CAPTION], [END, `[1] ${one}`, "(Còn nữa)"]],
  ];
  test.each(cases)("%s", async (_, given, expected) => {
    expect(shown(await taken(docxOf({ paragraphs: [...HEAD, ...given], pictures })))).toStrictEqual(expected);
  });

  test("below the signature belong above it, with the credit that it gives", async () => {
    const submission = await taken(
      docxOf({ paragraphs: [...HEAD, END, "Bài, ảnh: Hải An", pic(1), pic(2), "Chú thích hai. Ảnh: PV"], pictures }),
    );
    expect(submission.fields.bylines).toStrictEqual([{ name: "Hải An" }]);
    expect(shown(submission)).toStrictEqual([END, "[1]  / Hải An", `[2] ${two}`]);
    expect(codesOf(submission)).toStrictEqual(["surplus-photo /body/1"]);
  });

  test.each([
    ["above the headline", [pic(1), ...HEAD]],
    ["between headline and date", [HEAD[0] ?? "", pic(1), ...HEAD.slice(1)]],
  ])("%s take nothing from the head", async (_, head) => {
    const submission = await taken(docxOf({ paragraphs: [...head, END], pictures }));
    expect(submission.fields).toMatchObject({ headline: HEAD[0], standfirst: HEAD[2] });
    expect(shown(submission)).toStrictEqual(["[1]  / ", END]);
  });

  test("never cost a word, and never share a figure", async () => {
    const given = fc.array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.integer({ min: 1, max: 4 }).map(pic)), {
      maxLength: 10,
    });
    await fc.assert(
      fc.asyncProperty(given, async (some) => {
        const submission = await taken(docxOf({ paragraphs: [...HEAD, ...some, END], pictures }));
        const { fields, body = [], photos, warnings } = submission;
        expect(photos.map(({ block }) => body[block]?._type)).toStrictEqual(photos.map(() => "figure"));
        expect(new Set(photos.map(({ block }) => block)).size).toBe(photos.length);
        expect(photos).toHaveLength(some.filter((item) => typeof item !== "string").length);
        const kept = new Set(wordsOf(JSON.stringify([fields, body, warnings])));
        const sent = [...HEAD, ...some, END].flatMap((item) => (typeof item === "string" ? wordsOf(item) : []));
        expect(sent.filter((word) => !kept.has(word) && !LABELS.has(word.toLowerCase()))).toStrictEqual([]);
      }),
    );
  });

  test("without any text are no story", async () => {
    expect(await faultOf(docxOf({ paragraphs: [pic(1)], pictures }))).toMatchObject({ faults: [{ pointer: "" }] });
  });

  test("that are refused are left out and named, and keep their caption from the others", async () => {
    const emf = { bytes: Buffer.concat([Buffer.from([1, 0, 0, 0]), Buffer.alloc(200)]), extension: "emf" };
    const heic = {
      bytes: Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic\0\0\0\0mif1heic"), Buffer.alloc(64)]),
      extension: "heic",
    };
    const paragraphs = [...HEAD, pic(1), CAPTION, END, pic(2), "Đoạn sau.", pic(3)];
    const submission = await taken(docxOf({ paragraphs, pictures: [emf, heic, blackPng(3, 5)] }));
    expect(shown(submission)).toStrictEqual([`[] ${one}`, END, "Đoạn sau.", "[3]  / "]);
    const dropped = submission.warnings.filter(({ code }) => code === "dropped-picture").map(({ detail }) => detail);
    expect(dropped).toStrictEqual([expect.stringContaining("picture 1 "), expect.stringContaining("picture 2 ")]);
    expect(dropped[1]).toContain(HEIC_TEXT);
    expect(codesOf(submission)).toContain("figure-without-picture /body/0");
  });

  test("that are only linked to are not fetched", async () => {
    const linked: Content = { xml: `<w:p>${drawing('r:link="rLinked"')}</w:p>` };
    const submission = await taken(
      docxOf({ paragraphs: [...HEAD, linked, END], relationships: { rLinked: "http://127.0.0.1:1/a.png" } }),
    );
    expect(submission.photos).toStrictEqual([]);
    expect(codesOf(submission)).toStrictEqual(["dropped-picture /body"]);
  });

  test("that are not in the file, or damaged, cost the picture and not the story", async () => {
    const { "word/media/image1.png": image, ...files } = filesOf({
      paragraphs: [...HEAD, pic(1), END],
      pictures: [blackPng(1, 5)],
    });
    const entries = Object.entries(files).map(([name, data]) => ({ name, data }));
    for (const more of [[], [{ name: "word/media/image1.png", data: image ?? "", crc: 1 }]])
      expect(codesOf(await taken(zipOf([...entries, ...more])))).toStrictEqual(["dropped-picture /body"]);
  });

  test("are 30 at most", async () => {
    const paragraphs = [...HEAD, ...Array.from({ length: 31 }, () => pic(1)), END];
    expect(await faultOf(docxOf({ paragraphs, pictures }))).toMatchObject({
      faults: [{ pointer: "/body", detail: expect.stringContaining("30 figures") }],
    });
  });
});

const NO_DOCUMENT = { kind: "invalid", faults: [{ pointer: "", detail: "is no Word document that can be read" }] };
const filesWith = (parts: Record<string, string | Uint8Array>): ZipEntry[] =>
  Object.entries(filesOf({ paragraphs: lines, parts })).map(([name, data]) => ({ name, data }));
/** The example, its document written to the archive in another way. */
const documentAs = (change: Partial<ZipEntry>): Buffer =>
  zipOf(filesWith({}).map((entry) => (entry.name === "word/document.xml" ? { ...entry, ...change } : entry)));
const withBody = (xml: string): Buffer => docxOf({ paragraphs: [...lines, { xml }] });

describe("what is no document", () => {
  const whole = docxOf({ paragraphs: lines });
  const end = whole.length - 22;
  const withNumber = (offset: number, value: number): Buffer => {
    const bytes = Buffer.from(whole);
    bytes.writeUInt32LE(value, offset);
    return bytes;
  };
  const wrapped = (before: string, inside: string): string =>
    bodyOf("x").replace("<w:document", `${before}<w:document`).replace(">x<", `>${inside}<`);
  const without = (name: string): Buffer => zipOf(filesWith({}).filter((entry) => entry.name !== name));
  const paragraph = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;

  test.each<[string, Uint8Array]>([
    ["nothing", Buffer.alloc(0)],
    ["text", Buffer.from(story)],
    ["the end cut off", whole.subarray(0, -30)],
    ["the beginning cut off", whole.subarray(100)],
    ["a directory that is elsewhere", withNumber(end + 16, 12)],
    ["a directory outside of the file", withNumber(end + 16, 0xfffffff0)],
    ["a zip64 directory", withNumber(end + 16, 0xffffffff)],
    ["more entries than there are", withNumber(end + 8, 0x07d007d0)],
    ["an empty archive", zipOf([])],
    ["no document in it", without("word/document.xml")],
    [
      "2,001 entries",
      zipOf([...filesWith({}), ...Array.from({ length: 2001 }, (_, n) => ({ name: `${n}`, data: "" }))]),
    ],
    ["an entry twice", zipOf([...filesWith({}), { name: "word/document.xml", data: bodyOf("") }])],
    ["an encrypted entry", documentAs({ flags: 1 })],
    ["another compression", documentAs({ method: 12 })],
    ["a wrong checksum", documentAs({ crc: 1 })],
    ["a size that is too small", documentAs({ size: 100 })],
    ["a size that is too large", documentAs({ size: 100_000 })],
    ["damaged compression", documentAs({ packed: Buffer.from("xxxxxxxxxx") })],
    ["a document that is no XML", docxOf({ paragraphs: [], parts: { "word/document.xml": "Tin" } })],
    ["an element without an end", withBody("<w:p>")],
    ["ends in disorder", withBody("<w:p><w:r></w:p></w:r>")],
    ["an attribute without quotes", withBody("<w:p a=b/>")],
    [
      "text that is not UTF-8",
      docxOf({ paragraphs: [], parts: { "word/document.xml": Buffer.from(bodyOf(paragraph("caf\u00e9")), "latin1") } }),
    ],
    [
      "a document type",
      docxOf({ paragraphs: [], parts: { "word/document.xml": wrapped("<!DOCTYPE w:document>", paragraph("Tin")) } }),
    ],
    [
      "entities that grow",
      docxOf({
        paragraphs: [],
        parts: {
          "word/document.xml": wrapped(
            `<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>`,
            paragraph("&b;"),
          ),
        },
      }),
    ],
    [
      "an entity from a file",
      docxOf({
        paragraphs: [],
        parts: {
          "word/document.xml": wrapped(`<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>`, paragraph("&a;")),
        },
      }),
    ],
  ])("%s is a fault", async (_, bytes) => {
    expect(await faultOf(bytes)).toStrictEqual(NO_DOCUMENT);
  });

  test("and the whole is one", async () => {
    expect(await faultOf(whole)).toBe("taken");
    expect(await faultOf(documentAs({ stored: true }))).toBe("taken");
    expect(
      await faultOf(
        docxOf({ paragraphs: [], parts: { "word/document.xml": wrapped("<!-- x -->", paragraph("Tin")) } }),
      ),
    ).toBe("taken");
  });

  test("an old one, or one under a password, is told what to do", async () => {
    const old = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(1000)]);
    expect(await faultOf(old)).toMatchObject({
      kind: "invalid",
      faults: [{ pointer: "", detail: expect.stringContaining("save it as .docx") }],
    });
  });
});

describe("bombs", () => {
  const spent = async (bytes: Uint8Array): Promise<[outcome: unknown, milliseconds: number]> => {
    const begin = process.threadCpuUsage();
    const outcome = await faultOf(bytes);
    const { user, system } = process.threadCpuUsage(begin);
    return [outcome, (user + system) / 1000];
  };
  /** Two gigabytes in two megabytes: blocks of a deflated stream can be repeated. */
  const block = deflateRawSync(Buffer.alloc(10_000_000, " "), { finishFlush: constants.Z_SYNC_FLUSH });
  const packed = Buffer.concat([...Array<Buffer>(200).fill(block), Buffer.from([3, 0])]);
  const huge = (size: number): ZipEntry => ({ name: "word/document.xml", data: "", packed, size });
  const others = filesWith({}).filter(({ name }) => name !== "word/document.xml");

  test.each<[string, () => Buffer]>([
    ["a document of two gigabytes", () => zipOf([...others, huge(2_000_000_000)])],
    ["a document of two gigabytes that says it is small", () => zipOf([...others, huge(1000)])],
    ["a paragraph of 60 MB", () => withBody(`<w:p><w:r><w:t>${"a".repeat(60_000_000)}</w:t></w:r></w:p>`)],
    [
      "many elements in many",
      () => withBody(`${"<w:ins>".repeat(500)}${"<w:r/>".repeat(50_000)}${"</w:ins>".repeat(500)}`),
    ],
    ["elements in elements", () => withBody(`${"<w:ins>".repeat(100_000)}${"</w:ins>".repeat(100_000)}`)],
    [
      "tables in tables",
      () => withBody(`${"<w:tbl><w:tr><w:tc>".repeat(1000)}${"</w:tc></w:tr></w:tbl>".repeat(1000)}`),
    ],
    ["a million elements", () => withBody("<w:p/>".repeat(600_000))],
    ["more names than there are", () => withBody(Array.from({ length: 50_000 }, (_, n) => `<w:x${n}/>`).join(""))],
    [
      "one name in many namespaces",
      () => withBody(Array.from({ length: 900 }, (_, n) => `<q:x xmlns:q="u${n}"/>`).join("")),
    ],
    [
      "more styles than there are",
      () =>
        withBody(
          Array.from({ length: 30_000 }, (_, n) => `<w:p><w:pPr><w:pStyle w:val="${n}"/></w:pPr></w:p>`).join(""),
        ),
    ],
    [
      "an element of 100,000 attributes",
      () => withBody(`<w:p ${Array.from({ length: 100_000 }, (_, n) => `a${n}=""`).join(" ")}/>`),
    ],
    [
      "nested namespaces",
      () =>
        withBody(
          `${Array.from({ length: 90 }, (_, k) => `<w:ins ${Array.from({ length: 100 }, (_, n) => `xmlns:n${k}-${n}="u"`).join(" ")}>`).join("")}${'<w:r xmlns:z="u"/>'.repeat(50_000)}${"</w:ins>".repeat(90)}`,
        ),
    ],
    ["fields without end", () => withBody('<w:r><w:fldChar w:fldCharType="begin"/></w:r>'.repeat(40_000))],
  ])("%s is refused in a moment", async (_, make) => {
    const [outcome, milliseconds] = await spent(make());
    expect(outcome).toStrictEqual(NO_DOCUMENT);
    expect(milliseconds).toBeLessThan(700);
  });

  const field = (instruction: string): string =>
    `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>${instruction}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>`;
  test.each<[string, () => Buffer]>([
    ["100,000 paragraphs", () => withBody("<w:p/>".repeat(95_000))],
    [
      "all names that may be, again and again",
      () =>
        withBody(
          Array.from({ length: 200 }, (_, n) => `<w:x${n}/>`)
            .join("")
            .repeat(450),
        ),
    ],
    ["an instruction of blanks", () => withBody(field(" ".repeat(1_000_000)))],
    [
      "a note of a megabyte that is referred to 40,000 times",
      () =>
        docxOf({
          paragraphs: [...lines, { xml: `<w:p>${'<w:r><w:footnoteReference w:id="1"/></w:r>'.repeat(40_000)}</w:p>` }],
          footnotes: ["x ".repeat(200_000)],
        }),
    ],
    [
      "a picture that stands there 4,000 times",
      () =>
        docxOf({
          paragraphs: [...lines, ...Array.from({ length: 4000 }, () => pic(1))],
          pictures: [Buffer.alloc(1_000_000)],
        }),
    ],
    [
      "a row of 50,000 cells above 40,000 rows",
      () => withBody(`<w:tbl><w:tr>${"<w:tc/>".repeat(50_000)}</w:tr>${"<w:tr/>".repeat(40_000)}</w:tbl>`),
    ],
  ])("%s costs seconds at most", async (_, make) => {
    const [outcome, milliseconds] = await spent(make());
    expect(outcome).toBe("taken");
    expect(milliseconds).toBeLessThan(4000);
  });

  test("what is not asked for is never inflated", async () => {
    expect(await faultOf(zipOf([...filesWith({}), { ...huge(2_000_000_000), name: "word/theme/theme1.xml" }]))).toBe(
      "taken",
    );
  });

  const MB = 1024 * 1024;

  test("a picture that inflates to more than 8 MB is left out, and named", async () => {
    const paragraphs = [...HEAD, pic(1), END, pic(2)];
    const padded = (bytes: number): Buffer => Buffer.concat([blackPng(7, 5)], bytes);
    const given = [padded(8 * MB + 1), padded(8 * MB)];
    const submission = await taken(docxOf({ paragraphs, pictures: given }));
    expect(shown(submission)).toStrictEqual([END, "[7]  / "]);
    const dropped = submission.warnings.filter(({ code }) => code === "dropped-picture").map(({ detail }) => detail);
    expect(dropped).toStrictEqual([expect.stringMatching(/^picture 1 .* too large unpacked/)]);
  });

  test("and so are those past 24 MB together", async () => {
    const large = Buffer.concat([blackPng(7, 5)], 7 * MB);
    const paragraphs = [...HEAD, ...pictures.map((_, n) => pic(n + 1)), END];
    const submission = await taken(docxOf({ paragraphs, pictures: pictures.map(() => large) }));
    expect(submission.photos).toHaveLength(3);
    expect(codesOf(submission)).toContain("dropped-picture /body");
  });

  describe("an archive", () => {
    const eight = Buffer.alloc(8 * MB);
    /** Blocks of nothing: a megabyte that inflates to no byte. */
    const empty = Buffer.concat([Buffer.alloc(1_000_000, Buffer.from([0, 0, 0, 0xff, 0xff])), Buffer.from([3, 0])]);

    test("gives 24 MB, and each entry as the same bytes", () => {
      const archive = openArchive(zipOf(["a", "b", "c", "d"].map((name) => ({ name, data: eight }))));
      for (const name of ["a", "b", "c"]) expect(archive.read(name)).toHaveLength(eight.length);
      expect(archive.read("a")).toBe(archive.read("a"));
      expect(() => archive.read("d")).toThrow(TooMuch);
      expect(() => archive.read("a", eight.length - 1)).toThrow(TooMuch);
    });

    test("finds the damage of an entry once", () => {
      const archive = openArchive(zipOf([{ name: "a", data: "", packed: empty, crc: 1 }]));
      const errors = Array.from({ length: 5 }, () => {
        try {
          return archive.read("a");
        } catch (error) {
          return error;
        }
      });
      expect(errors[0]).toBeInstanceOf(Unreadable);
      expect(new Set(errors).size).toBe(1);
    });

    test("counts what it goes through, though it be for nothing", () => {
      const names = Array.from({ length: 40 }, (_, n) => `${n}`);
      const archive = openArchive(zipOf(names.map((name) => ({ name, data: "", packed: empty }))));
      expect(() => names.map((name) => archive.read(name))).toThrow(TooMuch);
    });
  });
});

describe("a small document that asks for much work", () => {
  /** Of a processor. Seconds would be minutes without the care that is taken: 14 s for the first, 25 s for the second. */
  const MOST_MS = 3000;
  const timed = async (bytes: Uint8Array): Promise<number> => {
    const begin = process.threadCpuUsage();
    await read(bytes);
    const { user, system } = process.threadCpuUsage(begin);
    return (user + system) / 1000;
  };

  test("a picture's credit in 24,000 lines", async () => {
    const line = `<w:p><w:r><w:t>Ảnh: ${"V".repeat(50)}</w:t></w:r></w:p>`;
    const paragraphs = [...HEAD, "Dòng", { xml: line.repeat(24_000) }, pic(1), END];
    expect(await timed(docxOf({ paragraphs, pictures: pictures.slice(0, 1) }))).toBeLessThan(MOST_MS);
  });

  test("one large picture in 200 places", async () => {
    const fill = Buffer.alloc(40 * 1024 * 1024, 0xff);
    fill[1] = 0xd8;
    const places = Array.from({ length: 200 }, () => pic(1));
    const bytes = docxOf({ paragraphs: [...HEAD, ...places, END], pictures: [fill] });
    expect(await timed(bytes)).toBeLessThan(MOST_MS);
  });

  test.each([
    ["an item of a list", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'],
    ["a heading", '<w:pStyle w:val="u2"/>'],
  ])("45,000 breaks in %s", async (_, properties) => {
    const run = `<w:r>${"<w:t>abc</w:t><w:br/>".repeat(45_000)}</w:r>`;
    const bytes = docxOf({ paragraphs: [...HEAD, { xml: `<w:p><w:pPr>${properties}</w:pPr>${run}</w:p>` }, END] });
    expect(await timed(bytes)).toBeLessThan(MOST_MS);
  });

  test("5,000 notes, each of which refers to the next", async () => {
    const reference = (id: number): string => `<w:r><w:footnoteReference w:id="${id}"/></w:r>`;
    const notes = Array.from(
      { length: 5000 },
      (_, n) =>
        `<w:footnote w:id="${n + 1}"><w:p><w:r><w:t>Nguồn ${n}.</w:t></w:r>${reference(n + 2)}</w:p></w:footnote>`,
    );
    const paragraphs = [...HEAD, { xml: `<w:p><w:r><w:t>Một câu</w:t></w:r>${reference(1)}</w:p>` }, END];
    const parts = { "word/footnotes.xml": partOf("footnotes", notes.join("")) };
    expect(shown(await taken(docxOf({ paragraphs, parts })))[0]).toBe("Một câu (Nguồn 0.)");
  });

  test("24,000 credits below one line are joined to it in one go", () => {
    const credits = Array.from({ length: 24_000 }, () => `Ảnh: ${"V".repeat(50)}`);
    const lines = ["Đầu đề", "Một câu.", ...credits].map((text) => ({ kind: "line", text, isCaption: false }) as const);
    const begin = process.threadCpuUsage();
    const { text } = arrange([...lines, { kind: "picture", picture: undefined }]);
    const { user, system } = process.threadCpuUsage(begin);
    expect(text).toBe(`Đầu đề\nMột câu. ${credits.join(" ")}`);
    expect((user + system) / 1000).toBeLessThan(1000);
  });
});

describe("places of pictures", () => {
  const placesOf = (count: number, bytes: Uint8Array) => {
    let reads = 0;
    const readAsArrayBuffer = async (): Promise<Uint8Array> => (reads++, bytes);
    const images = Array.from({ length: count }, (): ImageNode => ({
      type: "image",
      contentType: null,
      readAsArrayBuffer,
    }));
    return { images, reads: () => reads };
  };

  test("of one picture have the same bytes, which are looked at once", async () => {
    const submission = await taken(docxOf({ paragraphs: [...HEAD, pic(1), END, pic(1)], pictures }));
    expect(submission.photos).toHaveLength(2);
    expect(submission.photos[1]?.bytes).toBe(submission.photos[0]?.bytes);
    const { images } = placesOf(5, blackPng(1, 5));
    const { of } = await lookAtPictures(images);
    expect(new Set(images.map((image) => of.get(image))).size).toBe(1);
  });

  test("past the figures of a story are not looked at", async () => {
    const { images, reads } = placesOf(5000, blackPng(1, 5));
    const { of, warnings } = await lookAtPictures(images);
    expect([of.size, reads(), warnings]).toStrictEqual([31, 31, []]);
  });

  test("that are refused are named, up to 300", async () => {
    const { images, reads } = placesOf(5000, Buffer.alloc(100));
    const { of, warnings } = await lookAtPictures(images);
    expect([of.size, reads(), warnings.length]).toStrictEqual([0, 300, 301]);
    expect(warnings.at(-1)?.detail).toMatch(/^pictures 301 to 5000 /);
  });
});

test("a document of another name, as its relationships say, is read", async () => {
  const parts = Object.entries(filesOf({ paragraphs: lines })).map(([name, data]) => ({
    name: name.replace("word/document.xml", "word/document2.xml"),
    data: name === "_rels/.rels" ? String(data).replace("document.xml", "document2.xml") : data,
  }));
  expect((await taken(zipOf(parts))).fields.kicker).toBe("Hải Phòng:");
});

describe("in the bundle", () => {
  const folder = mkdtempSync(join(tmpdir(), "docx-"));
  let api: Bundle | undefined;
  beforeAll(async () => {
    api = (await buildFunctions({ outDir: folder }))["api"];
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const outputOf = (entry: string): string =>
    Object.entries(api?.metafile.outputs ?? {}).find(([, output]) => output.entryPoint === entry)?.[0] ?? "";

  test("Word's reader is not read at the start, and works in a process of its own", async () => {
    const file = outputOf("shared/intake/docx/docx.ts");
    expect(api?.files.find(({ name }) => file.endsWith(name))).toMatchObject({ eager: false });
    const inputs = Object.values(api?.metafile.outputs ?? {}).flatMap((output) => Object.keys(output.inputs));
    expect(inputs.some((input) => input.includes("node_modules/mammoth/"))).toBe(true);
    expect(inputs.filter((input) => /node_modules\/(?:jszip|pako)\//.test(input))).toStrictEqual([]);
    writeFileSync(join(folder, "story.docx"), docxOf({ paragraphs: [...lines, pic(1)], pictures }));
    const script = `
      import { readFileSync } from "node:fs";
      const { readDocx } = await import(process.argv[1]);
      const { value } = await readDocx(readFileSync(process.argv[2]), { zone: "Asia/Ho_Chi_Minh", now: ${setting.now} });
      console.log(JSON.stringify([value.drafted.fields.kicker, value.photos.map(({ width }) => width)]));`;
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--input-type=module",
      "-e",
      script,
      join(process.cwd(), file),
      join(folder, "story.docx"),
    ]);
    expect(JSON.parse(stdout)).toStrictEqual(["Hải Phòng:", [1]]);
  });
});
