import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HEIC_TEXT, refusalText } from "../../shared/domain/image.ts";
import { parametersOf } from "../../shared/intake/multipart/header.ts";
import { parseMultipart } from "../../shared/intake/multipart/parse.ts";
import { readSubmission, type Submission } from "../../shared/intake/submission.ts";
import { docxOf } from "../fixtures/docx.ts";
import { blackPng } from "../fixtures/picture/chunks.ts";

const story = readFileSync(new URL("../fixtures/copy/story.txt", import.meta.url), "utf8");
const setting = { zone: "Asia/Ho_Chi_Minh", locale: "vi", now: Date.UTC(2026, 10, 1), section: "thoi-su" };
const TYPE = "multipart/form-data; boundary=XyZ";
const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const [one, two] = [blackPng(3, 2), blackPng(4, 2)];

type Part = { name?: string; filename?: string; type?: string; headers?: string[]; content: string | Uint8Array };

/** A form as a client would send it; headers are written as given. */
const formOf = (parts: readonly Part[]): Buffer =>
  Buffer.concat([
    ...parts.flatMap(({ name = "", filename, type, headers, content }) => {
      const file = filename === undefined ? "" : `; filename="${filename}"`;
      const lines = headers ?? [
        `Content-Disposition: form-data; name="${name}"${file}`,
        ...(type === undefined ? [] : [`Content-Type: ${type}`]),
      ];
      return [Buffer.from(`--XyZ\r\n${lines.join("\r\n")}\r\n\r\n`), Buffer.from(content), Buffer.from("\r\n")];
    }),
    Buffer.from("--XyZ--\r\n"),
  ]);

const article: Part = { name: "article", content: story };
const photo = (content: string | Uint8Array, filename = "a.jpg"): Part => ({
  name: "photo",
  filename,
  type: "image/jpeg",
  content,
});

const send = (parts: readonly Part[] | Uint8Array, query: Record<string, string[]> = {}, contentType = TYPE) =>
  readSubmission({ contentType, bytes: parts instanceof Uint8Array ? parts : formOf(parts), query }, setting);

const taken = async (parts: readonly Part[], query: Record<string, string[]> = {}): Promise<Submission> => {
  const read = await send(parts, query);
  if (!read.ok) throw new Error(JSON.stringify(read.refusal));
  return read.value;
};
const refused = async (...sent: Parameters<typeof send>) => {
  const read = await send(...sent);
  return read.ok ? "taken" : read.refusal;
};
const pointersOf = async (...sent: Parameters<typeof send>): Promise<string[] | string> => {
  const refusal = await refused(...sent);
  return typeof refusal !== "string" && "faults" in refusal
    ? refusal.faults.map(({ pointer }) => pointer)
    : JSON.stringify(refusal);
};

describe("the contract's example with two photos", () => {
  test("is the same article as the text alone, with its pictures", async () => {
    const alone = await readSubmission({ contentType: "text/plain", bytes: Buffer.from(story), query: {} }, setting);
    const { fields, body, photos, warnings } = await taken([article, photo(one, "phố.jpg"), photo(two)]);
    expect(alone).toMatchObject({ ok: true, value: { fields, body, photos: [] } });
    expect(body).toHaveLength(5);
    expect(photos).toStrictEqual(
      [
        { bytes: new Uint8Array(one), type: "image/png", width: 3, height: 2, name: "phố.jpg", block: 0 },
        { bytes: new Uint8Array(two), type: "image/png", width: 4, height: 2, name: "a.jpg", block: 3 },
      ].map((photo) => ({ ...photo, bytes: expect.any(Uint8Array) })),
    );
    expect(photos.map(({ bytes }) => Buffer.from(bytes))).toStrictEqual([one, two]);
    expect(warnings.map(({ code }) => code)).toStrictEqual(["guessed-byline"]);
  });

  test("with one, the other figure waits", async () => {
    const { warnings } = await taken([article, photo(one)]);
    expect(warnings.map(({ code, pointer }) => `${code} ${pointer}`)).toStrictEqual([
      "guessed-byline /bylines",
      "figure-without-picture /body/3",
    ]);
  });

  test("with three, the third follows the last paragraph", async () => {
    const { body = [], photos, warnings } = await taken([article, photo(one), photo(two), photo(one, "thừa.jpg")]);
    expect(body[5]).toStrictEqual({ _type: "figure" });
    expect(photos.map(({ block }) => block)).toStrictEqual([0, 3, 5]);
    expect(warnings.at(-1)).toMatchObject({
      code: "surplus-photo",
      pointer: "/body/5",
      detail: expect.stringContaining("thừa.jpg"),
    });
  });

  test("as a Word document that has one of them in it: the other fills the figure that is left", async () => {
    const lines = story.split("\n").filter((line) => line.trim() !== "");
    const paragraphs = lines.flatMap((line) =>
      line.startsWith("Sân khấu nhỏ giữa") ? [{ picture: 0 }, line] : [line],
    );
    const word: Part = { name: "article", filename: "bài.docx", content: docxOf({ paragraphs, pictures: [two] }) };
    const { photos, warnings } = await taken([word, photo(one)]);
    expect(photos.map(({ block, width }) => [block, width])).toStrictEqual([
      [0, 3],
      [3, 4],
    ]);
    expect(warnings.map(({ code }) => code)).toStrictEqual(["guessed-byline"]);
  });

  test("as the platform's FormData writes it", async () => {
    const form = new FormData();
    form.set("article", story);
    form.append("photo", new File([one], 'a "b".png', { type: "image/png" }));
    form.append("photo", new File([two], "b.png"));
    const { headers, body } = new Response(form);
    const bytes = new Uint8Array(await new Response(body).arrayBuffer());
    const read = await send(bytes, {}, headers.get("content-type") ?? "");
    expect(read).toMatchObject({ ok: true, value: { photos: [{ block: 0, name: 'a "b".png' }, { block: 3 }] } });
  });
});

describe("the article's part", () => {
  const markdown = "# Tin\n\nĐoạn *một*.";
  const headlineOf = async (part: Partial<Part>): Promise<string | undefined> =>
    (await taken([{ name: "article", content: markdown, ...part }])).fields.headline;

  test.each([
    ["text without a type or a name", {}, "# Tin"],
    ["what its type says", { type: "text/markdown; charset=utf-8" }, "Tin"],
    ["what its type says, whatever its name", { type: "text/plain", filename: "a.md" }, "# Tin"],
    ["what its name says when the type says nothing", { type: "application/octet-stream", filename: "a.MD" }, "Tin"],
    ["text when neither says anything", { type: "application/octet-stream", filename: "bài" }, "# Tin"],
    ["HTML by its name", { filename: "a.htm", content: "<h1>Tin</h1><p>Đoạn.</p>" }, "Tin"],
    ["JSON by its type", { type: "application/json", content: '{"headline":"Tin"}' }, "Tin"],
    ["Word by its type", { type: DOCX, content: docxOf({ paragraphs: ["Tin", "Đoạn."] }) }, "Tin"],
    ["Word by its name", { filename: "bài.docx", content: docxOf({ paragraphs: ["Tin", "Đoạn."] }) }, "Tin"],
    [
      "Word by the name that Python's clients write",
      {
        headers: ["Content-Disposition: form-data; name=\"article\"; filename*=utf-8''b%C3%A0i.docx"],
        content: docxOf({ paragraphs: ["Tin", "Đoạn."] }),
      },
      "Tin",
    ],
  ])("is %s", async (_, part: Partial<Part>, headline) => {
    expect(await headlineOf(part)).toBe(headline);
  });

  test("is exactly one", async () => {
    expect(await pointersOf([photo(one)])).toStrictEqual(["/article"]);
    expect(await pointersOf([article, article])).toStrictEqual(["/article"]);
  });

  test("of another type is refused, a form in the form too", async () => {
    for (const type of ["image/jpeg", TYPE, "application/pdf"])
      expect(await refused([{ ...article, type }])).toMatchObject({
        kind: "unsupported",
        detail: expect.stringContaining("text/markdown"),
      });
  });

  test("in another charset is refused as copy is, and what is no JSON as JSON is", async () => {
    expect(await refused([{ ...article, content: Buffer.from("Tin ph\u00e9", "latin1") }])).toMatchObject({
      kind: "unsupported",
    });
    expect(await refused([{ ...article, type: "application/json", content: "{" }])).toMatchObject({
      kind: "malformed",
    });
    expect(
      await refused([{ ...article, type: "application/json", content: " ".repeat(1024 * 1024 + 1) }]),
    ).toMatchObject({ kind: "too-large" });
  });
});

describe("fields", () => {
  const field = (name: string, content: string | Uint8Array): Part => ({ name, content });

  test("win over the query, and both over the copy", async () => {
    const parts = [
      article,
      field("headline", "Từ phần"),
      field("tags", "phố, cảng"),
      field("tags", "đi bộ"),
      field("bylines", "A, B"),
    ];
    const { fields, status } = await taken(parts, {
      headline: ["Từ truy vấn"],
      kicker: ["Nóng:"],
      status: ["draft"],
      tags: ["cũ"],
    });
    expect(fields).toMatchObject({
      headline: "Từ phần",
      kicker: "Nóng:",
      tags: ["phố", "cảng", "đi bộ"],
      bylines: [{ name: "A" }, { name: "B" }],
    });
    expect(status).toBe("draft");
  });

  test("may stand before the article", async () => {
    expect((await taken([field("section", "the-thao"), article])).fields.section).toBe("the-thao");
  });

  test("are faults beside JSON, in parts and in the query", async () => {
    const json: Part = { name: "article", type: "application/json", content: '{"headline":"Tin"}' };
    expect(await pointersOf([json, field("section", "x")], { kicker: ["y"] })).toStrictEqual(["/kicker", "/section"]);
    expect(await taken([json, photo(one)])).toMatchObject({ body: [{ _type: "figure" }], photos: [{ block: 0 }] });
  });

  test("that are unknown are named, __proto__ and files among them", async () => {
    const parts = [
      article,
      field("__proto__", "x"),
      field("constructor", "x"),
      field("photo[]", "x"),
      { ...photo(one), name: "image" },
    ];
    expect(await pointersOf(parts)).toStrictEqual(["/image", "/__proto__", "/constructor", "/photo[]"]);
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });

  test.each([
    ["Latin-1", Buffer.from("Tin ph\u00e9", "latin1")],
    ["a lone surrogate", Buffer.from([0xed, 0xa0, 0x80])],
    ["cut off", Buffer.from("đ").subarray(0, 1)],
  ])("that are no UTF-8 (%s) are malformed", async (_, content) => {
    expect(await refused([article, field("kicker", content), field("headline", content)])).toMatchObject({
      kind: "malformed",
      faults: [{ pointer: "/kicker" }, { pointer: "/headline" }],
    });
  });
});

describe("photos", () => {
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic\0\0\0\0mif1heic"), Buffer.alloc(64)]);
  const claims = (part: Part, type: string): Part => ({ ...part, type });

  test("are what their bytes are, whatever is claimed", async () => {
    const parts = [article, claims(photo(one, "x.docx"), "text/html"), { name: "photo", content: two }];
    expect((await taken(parts)).photos.map(({ type }) => type)).toStrictEqual(["image/png", "image/png"]);
    expect(await pointersOf([article, claims(photo("<svg/>"), "image/jpeg")])).toStrictEqual(["/photo/0"]);
  });

  test("that are refused are named one by one, with everything else that is wrong", async () => {
    const parts = [
      { ...article, content: "Tin\n31/02/2024\nĐoạn." },
      photo(heic),
      photo(one),
      photo("GIF89a"),
      photo(blackPng(3, 2).subarray(0, 20)),
      { name: "colour", content: "red" },
    ];
    const refusal = await refused(parts, { section: ["Không"] });
    expect(refusal).toMatchObject({
      kind: "invalid",
      faults: expect.arrayContaining([
        { pointer: "/photo/0", detail: HEIC_TEXT },
        { pointer: "/photo/2", detail: refusalText("not-an-image") },
        { pointer: "/photo/3", detail: refusalText("damaged") },
        expect.objectContaining({ pointer: "/publishedAt", line: 2 }),
        expect.objectContaining({ pointer: "/colour" }),
        expect.objectContaining({ pointer: "/section" }),
      ]),
    });
    expect(HEIC_TEXT).toContain("Most Compatible");
  });

  test("and are named when the article is missing, or cannot be read", async () => {
    expect(await pointersOf([photo("x")])).toStrictEqual(["/article", "/photo/0"]);
    expect(await pointersOf([{ ...article, type: DOCX, content: "x" }, photo("x")])).toStrictEqual(["/photo/0", ""]);
    expect(await pointersOf([{ ...article, type: "application/json", content: "[]" }, photo("x")])).toStrictEqual([
      "/photo/0",
      "",
    ]);
  });

  test("nobody chose are none", async () => {
    expect(
      (await taken([article, { name: "photo", filename: "", type: "application/octet-stream", content: "" }])).photos,
    ).toStrictEqual([]);
    expect(await pointersOf([article, photo("", "a.jpg")])).toStrictEqual(["/photo/0"]);
  });

  test("are 30 at most, the text's figures among them", async () => {
    const many = (count: number): Part[] => Array.from({ length: count }, () => photo(one));
    expect((await taken([article, ...many(30)])).photos).toHaveLength(30);
    expect(await refused([article, ...many(31)])).toMatchObject({
      faults: [{ pointer: "/body", detail: expect.stringContaining("30 figures") }],
    });
  });

  test("credit whoever the copy credits", async () => {
    const copy = { name: "article", content: "Tin\n05/10/2024\nĐoạn một.\nĐoạn hai.\nBài, ảnh: Hải An\n(Hết)" };
    const { body = [] } = await taken([copy, photo(one)]);
    expect(body.map((block) => block._type)).toStrictEqual(["block", "figure", "block"]);
    expect(body[1]).toStrictEqual({ _type: "figure", credit: "Hải An" });
  });
});

describe("the body of a form", () => {
  test("gives back every byte of every part", () => {
    const part = fc.record({
      name: fc
        .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
        .filter((name) => !/["\\%\r\n\0]/.test(name) && name.isWellFormed()),
      content: fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc
          .constantFrom("\r\n--Xy", "\r\n\r\n", "--XyZ", "\r", "\n--XyZ--")
          .map((text) => new Uint8Array(Buffer.from(text))),
      ),
    });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        fc.pre(parts.every(({ content }) => !Buffer.from(content).includes("\r\n--XyZ")));
        const read = parseMultipart(formOf(parts), TYPE);
        expect(read.ok && read.value.map(({ name, bytes }) => ({ name, content: Array.from(bytes) }))).toStrictEqual(
          parts.map(({ name, content }) => ({ name, content: Array.from(content) })),
        );
      }),
    );
  });

  test("may have a preamble, an epilogue, padded boundaries and folded headers", () => {
    const body = 'trước\r\n--XyZ \t\r\nContent-Disposition: form-data;\r\n name="a"\r\n\r\nmột\r\n--XyZ--\r\nsau';
    expect(parseMultipart(Buffer.from(body), TYPE)).toMatchObject({
      ok: true,
      value: [{ name: "a", bytes: Buffer.from("một") }],
    });
  });

  test("may have a boundary in quotes", () => {
    const type = 'multipart/form-data; charset=utf-8; Boundary="a b:c"';
    const body = "--a b:c\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--a b:c--";
    expect(parseMultipart(Buffer.from(body), type)).toMatchObject({ ok: true, value: [{ name: "a" }] });
  });

  const whole = formOf([article, photo(one)]);
  const text = (raw: string): Buffer => Buffer.from(raw);
  const head = 'Content-Disposition: form-data; name="article"';
  test.each([
    ["no boundary in the type", whole, "multipart/form-data", /boundary/],
    ["an empty boundary", whole, 'multipart/form-data; boundary=""', /boundary/],
    ["a boundary that is too long", whole, `multipart/form-data; boundary=${"x".repeat(71)}`, /boundary/],
    ["a boundary said twice", whole, `${TYPE}; boundary=other`, /boundary/],
    ["another boundary", whole, "multipart/form-data; boundary=other", /no part begins/],
    ["nothing", text(""), TYPE, /no part begins/],
    ["the end cut off", whole.subarray(0, -9), TYPE, /part 2 is not ended/],
    [
      "a byte after a boundary",
      text(`--XyZq\r\n${head}\r\n\r\nx\r\n--XyZ--`),
      TYPE,
      /part 1 has a boundary whose line/,
    ],
    ["line ends without CR", text(`--XyZ\n${head}\n\nx\n--XyZ--\n`), TYPE, /CRLF/],
    ["a part without headers", text("--XyZ\r\n\r\nx\r\n--XyZ--"), TYPE, /part 1/],
    ["no blank line", text(`--XyZ\r\n${head}\r\nx\r\n--XyZ--`), TYPE, /blank line/],
    ["no name", text("--XyZ\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XyZ--"), TYPE, /form-data; name/],
    [
      "an attachment",
      text('--XyZ\r\nContent-Disposition: attachment; name="article"\r\n\r\nx\r\n--XyZ--'),
      TYPE,
      /form-data; name/,
    ],
    ["two names", text(`--XyZ\r\n${head}; name="b"\r\n\r\nx\r\n--XyZ--`), TYPE, /form-data; name/],
    ["a header twice", text(`--XyZ\r\n${head}\r\n${head}\r\n\r\nx\r\n--XyZ--`), TYPE, /header twice/],
    [
      "headers that are not UTF-8",
      Buffer.concat([text("--XyZ\r\nA: "), Buffer.from([0xff]), text("\r\n\r\nx\r\n--XyZ--")]),
      TYPE,
      /UTF-8/,
    ],
    [
      "base64",
      text(`--XyZ\r\n${head}\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n--XyZ--`),
      TYPE,
      /as they are/,
    ],
    ["headers without end", text(`--XyZ\r\nA: ${"x".repeat(4_000_000)}\r\n\r\nx\r\n--XyZ--`), TYPE, /within 8192/],
  ])("with %s is malformed", async (_, bytes, type, detail) => {
    expect(await refused(bytes, {}, type)).toMatchObject({
      kind: "malformed",
      faults: [{ pointer: "", detail: expect.stringMatching(detail) }],
    });
  });

  test("with a hundred parts is read, with more it is not", async () => {
    const fields = (count: number): Part[] =>
      Array.from({ length: count }, (_, n) => ({ name: `f${n}`, content: "x" }));
    expect(await pointersOf([article, ...fields(99)])).toHaveLength(99);
    expect(await refused([article, ...fields(100)])).toMatchObject({
      kind: "invalid",
      faults: [{ pointer: "", detail: expect.stringContaining("100 parts") }],
    });
  });

  const repeated = (piece: string): Buffer =>
    Buffer.from(`--XyZ\r\n${piece.repeat(Math.floor(4_000_000 / piece.length))}`);
  const long = `multipart/form-data; boundary=${"-".repeat(69)}x`;
  test.each([
    ["100,000 tiny parts", formOf(Array.from({ length: 100_000 }, () => ({ name: "a", content: "" }))), TYPE],
    [
      "boundaries that almost are",
      Buffer.from(`--${"-".repeat(69)}x\r\n${`\r\n${"-".repeat(71)}`.repeat(55_000)}`),
      long,
    ],
    ["hyphens", Buffer.alloc(4_000_000, "-"), long],
    ["line ends", repeated("\r\n"), TYPE],
    ["headers", repeated("A: b\r\n"), TYPE],
    [
      "parameters",
      Buffer.from(`--XyZ\r\nContent-Disposition: form-data${"; a=b".repeat(1500)}\r\n\r\n\r\n--XyZ--`),
      TYPE,
    ],
    [
      "a quote without end",
      Buffer.from(`--XyZ\r\nContent-Disposition: form-data; name="${"\\".repeat(8000)}\r\n\r\n\r\n--XyZ--`),
      TYPE,
    ],
    [
      "a form within the form",
      Buffer.concat([Buffer.from("--XyZ\r\n"), ...Array<Buffer>(500).fill(formOf([article]))]),
      TYPE,
    ],
  ])("of %s is refused in a moment", async (_, bytes, type) => {
    const begin = process.threadCpuUsage();
    expect(await refused(bytes, {}, type)).toMatchObject({ kind: expect.stringMatching(/^(?:malformed|invalid)$/) });
    expect(process.threadCpuUsage(begin).user).toBeLessThan(500_000);
  });
});

test.each([
  ['form-data; name="a"; filename="b.jpg"', { name: "a", filename: "b.jpg" }],
  ["form-data;name=a ; filename=b.jpg", { name: "a", filename: "b.jpg" }],
  ['form-data; name="a\\"b"; filename="%22x%22"', { name: 'a"b', filename: '"x"' }],
  ['form-data; name=""', { name: "" }],
])("the parameters of %s", (header, parameters) => {
  expect(Object.fromEntries(parametersOf(header)?.parameters ?? [])).toStrictEqual(parameters);
});

test.each([
  'form-data; name="a',
  "form-data; name",
  "form-data; ; name=a",
  'form-data; name="a"x',
  "form-data; a=1; A=2",
])("%s is no header with parameters", (header) => expect(parametersOf(header)).toBeUndefined());
