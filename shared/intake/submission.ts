import { articleInput, type Content } from "../domain/article.ts";
import type { Body } from "../domain/body.ts";
import { type Fault, ok, invalid, refuse, type Result, type Warning } from "../domain/error.ts";
import { LIMITS } from "../domain/limits.ts";
import { cleanText } from "../domain/text.ts";
import { iso, parseTime } from "../domain/time.ts";
import { checkBody, readBody } from "./body.ts";
import { decodeText } from "./charset.ts";
import { parseCopy } from "./copy/copy.ts";
import type { Drafted } from "./drafted.ts";
import { bounded, faultsOf } from "./faults.ts";
import { parseJson } from "./json.ts";
import { lineOf } from "./lines.ts";

/** An article as it was understood: every field valid, times resolved (ISO 8601, UTC), the body as blocks. */
export type Submission = {
  fields: Omit<Content, "bodyDigest" | "hasBody" | "warnings">;
  /** Undefined: none was sent. */
  body: Body | undefined;
  warnings: Warning[];
  status: "draft" | "published";
};

/** What a submission is read by: the site's zone and locale, now (ms), and the section that a key writes for unless told. */
export type Setting = { zone: string; locale: string; now: number; section?: string | undefined };

export type Sent = { contentType: string | undefined; bytes: Uint8Array; query: Record<string, string[]> };

const schema = articleInput.omit({ body: true });
type Raw = Record<string, unknown>;
type Read = {
  raw: Raw;
  body: Body | undefined;
  warnings: Warning[];
  faults: Fault[];
  lines?: Record<string, number>;
};

/** The types that POST /articles takes; a 415 names them. */
export const MEDIA_TYPES = ["application/json", "text/plain", "text/markdown", "text/html"] as const;

/** Reads a submission in any of the formats. Refusals: unsupported (415), too-large, malformed (400), invalid (422, every fault). */
export const readSubmission = async (sent: Sent, setting: Setting): Promise<Result<Submission>> => {
  const { type, charset } = mediaType(sent.contentType);
  if (!MEDIA_TYPES.some((known) => known === type))
    return refuse({ kind: "unsupported", detail: `Send an article as ${MEDIA_TYPES.join(", ")}.` });
  if (type === "application/json" && sent.bytes.byteLength > LIMITS.jsonBytes)
    return refuse({ kind: "too-large", detail: "JSON may have 1 MB at most." });
  const text = decodeText(sent.bytes, charset);
  if (!text.ok)
    return text.refusal.kind === "unsupported" && type === "application/json" && charset === undefined
      ? refuse({ kind: "malformed", faults: [{ pointer: "", detail: "is not UTF-8" }] })
      : text;
  if (type === "application/json") {
    const unknown = Object.keys(sent.query).map((name): Fault => ({
      pointer: `/${name}`,
      detail: "is an unknown query parameter: with JSON, fields stand in the body",
    }));
    const json = parseJson(text.value);
    if (!json.ok) return json;
    return readJson(json.value.value, setting, { warnings: json.value.warnings, faults: unknown });
  }
  const drafted = await draftedFrom(type, text.value, setting);
  const { body, warnings, faults } = checkBody({ ...drafted, body: drafted.body });
  return finish(
    {
      raw: { ...drafted.fields, ...fieldsOfQuery(sent.query) },
      body,
      warnings,
      faults,
      ...(drafted.lines ? { lines: drafted.lines } : {}),
    },
    setting,
  );
};

/**
 * A patched article's fields and body (the outcome of a merge patch), read as a submission. A patch moves no article, so
 * `status` is no field of it, and no section is chosen for it.
 */
export const readPatched = (value: unknown, setting: Setting): Promise<Result<Submission>> => {
  const faults = isObject(value) && "status" in value ? [{ pointer: "/status", detail: "is an unknown field" }] : [];
  return readJson(value, { ...setting, section: undefined }, { warnings: [], faults });
};

const readJson = async (
  value: unknown,
  setting: Setting,
  found: Pick<Read, "warnings" | "faults">,
): Promise<Result<Submission>> => {
  if (!isObject(value)) return invalid({ pointer: "", detail: "must be a JSON object" });
  const { body: rawBody, ...raw } = value;
  const { body, warnings, faults } = await readBody(rawBody);
  return finish(
    { raw, body, warnings: [...found.warnings, ...warnings], faults: [...found.faults, ...faults] },
    setting,
  );
};

const isObject = (value: unknown): value is Raw => value !== null && typeof value === "object" && !Array.isArray(value);

const finish = ({ raw, body, warnings, faults, lines }: Read, setting: Setting): Result<Submission> => {
  const parsed = schema.safeParse(raw);
  const found = [...faults, ...(parsed.success ? [] : faultsOf(parsed.error))].map((fault) => {
    const line = lines && lineOf(lines, fault.pointer);
    return line === undefined || fault.line !== undefined ? fault : { ...fault, line };
  });
  const publishedAt = typeof raw["publishedAt"] === "string" ? parseTime(raw["publishedAt"], setting.zone) : undefined;
  if (typeof raw["publishedAt"] === "string" && !found.some((fault) => fault.pointer === "/publishedAt")) {
    if (publishedAt === undefined)
      found.push({
        pointer: "/publishedAt",
        detail: "is no time: write 2024-10-05T08:30:00+07:00 (without an offset, the site's zone counts)",
      });
    else if (publishedAt > setting.now)
      found.push({ pointer: "/publishedAt", detail: "lies in the future: publish with `at` instead" });
  }
  if (!parsed.success || found.length) return refuse({ kind: "invalid", faults: bounded(found) });
  const {
    status = "draft",
    locale = setting.locale,
    bylines = [],
    tags = [],
    section = setting.section,
    ...rest
  } = parsed.data;
  const fields = {
    ...rest,
    locale,
    bylines,
    tags: [...new Set(tags)],
    section,
    publishedAt: publishedAt === undefined ? undefined : iso(publishedAt),
  };
  const open: Warning[] =
    section === undefined
      ? [{ code: "no-section", pointer: "/section", detail: "is needed before the story can be published" }]
      : [];
  return ok({ fields, body, warnings: [...warnings, ...open].slice(0, LIMITS.warnings), status });
};

/** HTML and Markdown bring parsers of 400 KB along: they are loaded when the first such article comes. */
const draftedFrom = async (
  type: string,
  text: string,
  { zone, now }: Setting,
): Promise<Drafted & { lines?: Record<string, number> }> => {
  if (type === "text/markdown") return (await import("./markdown/markdown.ts")).parseMarkdown(text);
  if (type === "text/html") return (await import("./html/html.ts")).parseHtml(text);
  return parseCopy(text, { zone, now });
};

const LISTS = new Set(["tags", "bylines"]);

/** Query parameters as fields of the article: `tags` and `bylines` take several, by repetition or commas; unknown ones stay, to be named. */
const fieldsOfQuery = (query: Record<string, string[]>): Raw =>
  Object.fromEntries(
    Object.entries(query).map(([name, values]) => {
      if (!LISTS.has(name)) return [name, values.length === 1 ? cleanText(values[0] ?? "").text : values];
      const words = values
        .flatMap((value) => value.split(","))
        .map((word) => word.trim())
        .filter(Boolean);
      return [name, name === "bylines" ? words.map((word) => ({ name: word })) : words];
    }),
  );

const mediaType = (header: string | undefined): { type: string; charset: string | undefined } => {
  const [type = "", ...parameters] = (header ?? "").split(";");
  const charset = parameters
    .map((one) => one.trim().split("="))
    .find(([name]) => name?.toLowerCase() === "charset")?.[1];
  return { type: type.trim().toLowerCase(), charset: charset?.trim().replace(/^"|"$/g, "") };
};
