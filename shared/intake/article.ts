import type { Body } from "../domain/body.ts";
import { type Fault, ok, pointer, refuse, type Result, type Warning } from "../domain/error.ts";
import { LIMITS } from "../domain/limits.ts";
import type { FigureAddress } from "./addresses.ts";
import { readBody } from "./body.ts";
import { decodeText } from "./charset.ts";
import { readCopy } from "./copy/copy.ts";
import type { Drafted } from "./drafted.ts";
import { cleanJson, type ParsedJson, parseJson } from "./json.ts";
import { withLines } from "./lines.ts";
import type { Photo } from "./photos.ts";
import { fieldsOfQuery } from "./query.ts";

export const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/** What an article may be written in, alone or as a part of a form. */
export const ARTICLE_TYPES = ["application/json", "text/plain", "text/markdown", "text/html", DOCX] as const;

/**
 * An article as it came: its bytes, what they are, and fields that were said beside it; `stray` is what is wrong with such a
 * field when the article is JSON.
 */
export type Source = {
  bytes: Uint8Array;
  type: string;
  charset: string | undefined;
  query: Record<string, string[]>;
  stray: string;
};

/** An article that was read, its fields not yet validated. */
export type Read = {
  raw: Record<string, unknown>;
  /** Undefined: none was sent. */
  body: Body | undefined;
  /** Where pictures of its figures are, as the text says it. */
  addresses?: FigureAddress[];
  warnings: Warning[];
  faults: Fault[];
  /** Pictures that were in the text itself, in their places. */
  photos?: Photo[];
  /** Whose the pictures are of which it does not say so. */
  credit?: string | undefined;
  /** Gives each fault the line of the text that it is about. */
  located?: (faults: Fault[]) => Fault[];
};

type At = { zone: string; now: number };
type ReadDraft = Pick<Read, "photos" | "credit"> & { drafted: Drafted & { lines?: Record<string, number> } };

/** Reads an article in any of {@link ARTICLE_TYPES}. Refusals: unsupported (415), too-large, malformed (400), invalid (422). */
export const readArticle = async (source: Source, at: At): Promise<Result<Read>> => {
  const { bytes, type, charset, query } = source;
  if (type === DOCX) {
    const docx = await (await import("./docx/docx.ts")).readDocx(bytes, at);
    return docx.ok ? withFields(docx.value, query) : docx;
  }
  if (type === "application/json" && bytes.byteLength > LIMITS.jsonBytes)
    return refuse({ kind: "too-large", detail: "JSON may have 1 MB at most." });
  const text = decodeText(bytes, charset);
  if (!text.ok)
    return text.refusal.kind === "unsupported" && type === "application/json" && charset === undefined
      ? refuse({ kind: "malformed", faults: [{ pointer: "", detail: "is not UTF-8" }] })
      : text;
  if (type !== "application/json") return withFields(await draftedFrom(type, text.value, at), query);
  const json = parseJson(text.value);
  if (!json.ok) return json;
  const stray = Object.keys(query).map((name): Fault => ({ pointer: pointer([name]), detail: source.stray }));
  return readJson(json.value, stray);
};

/** An article's fields and body in JSON; `found` are faults that are known already. */
export const readJson = async (json: ParsedJson, found: Fault[]): Promise<Result<Read>> => {
  const before = [...found, ...json.faults];
  if (!isObject(json.value))
    return refuse({ kind: "invalid", faults: [...before, { pointer: "", detail: "must be a JSON object" }] });
  const { body: rawBody, ...raw } = json.value;
  const { warnings, faults, ...read } = await readBody(rawBody);
  return ok({ raw, ...read, warnings: [...json.warnings, ...warnings], faults: [...before, ...faults] });
};

export const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** A draft with the fields that were said beside it, which win. */
export const withFields = ({ drafted, photos, credit }: ReadDraft, query: Source["query"]): Result<Read> => {
  const said = fieldsOfQuery(query);
  const located = withLines(drafted.lines ?? {}, new Set(Object.keys(query)));
  // YAML's escapes can say what UTF-8 cannot.
  const fields = cleanJson({ ...drafted.fields, ...said.fields });
  if (!fields.ok)
    return "faults" in fields.refusal ? refuse({ ...fields.refusal, faults: located(fields.refusal.faults) }) : fields;
  const { value, warnings, faults } = fields.value;
  return ok({
    raw: isObject(value) ? value : {},
    body: drafted.body,
    ...(drafted.addresses && { addresses: drafted.addresses }),
    warnings: [...said.warnings, ...warnings, ...drafted.warnings],
    faults: [...drafted.faults, ...said.faults, ...faults],
    ...(photos && { photos }),
    credit,
    located,
  });
};

/** HTML and Markdown bring parsers of 400 KB along: they are loaded when the first such article comes. */
const draftedFrom = async (type: string, text: string, at: At): Promise<ReadDraft> => {
  if (type === "text/markdown") return { drafted: (await import("./markdown/markdown.ts")).parseMarkdown(text) };
  if (type === "text/html") return { drafted: (await import("./html/html.ts")).parseHtml(text) };
  return readCopy(text, at);
};
