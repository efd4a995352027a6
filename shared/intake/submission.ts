import { articleInput, type Content } from "../domain/article.ts";
import type { Body } from "../domain/body.ts";
import { lacking, unknownNames } from "../domain/decide.ts";
import { type Fault, ok, pointer, refuse, type Result, type Warning } from "../domain/error.ts";
import { LIMITS } from "../domain/limits.ts";
import type { Site } from "../domain/site.ts";
import { iso, parseTime } from "../domain/time.ts";
import { checkBody, readBody } from "./body.ts";
import { decodeText } from "./charset.ts";
import { parseCopy } from "./copy/copy.ts";
import type { Drafted } from "./drafted.ts";
import { bounded, faultsOf } from "./faults.ts";
import { cleanJson, type ParsedJson, parseJson } from "./json.ts";
import { withLines } from "./lines.ts";
import { mediaType } from "./media-type.ts";
import { fieldsOfQuery } from "./query.ts";

/** An article as it was understood: every field valid, times resolved (ISO 8601, UTC), the body as blocks. */
export type Submission = {
  fields: Omit<Content, "bodyDigest" | "hasBody" | "warnings">;
  /** Undefined: none was sent. */
  body: Body | undefined;
  warnings: Warning[];
  status: "draft" | "published";
};

/**
 * What a submission is read by: the site's zone and locale, now (ms), and the section that a key writes for unless told.
 * With `site`, a refusal also names the sections and authors that there are not.
 */
export type Setting = {
  zone: string;
  locale: string;
  now: number;
  section?: string | undefined;
  site?: Pick<Site, "sections" | "authors">;
};

export type Sent = { contentType: string | undefined; bytes: Uint8Array; query: Record<string, string[]> };

const schema = articleInput.omit({ body: true });
/** Before it, and wherever the site stands, ISO 8601 needs years of six digits, which nothing here reads or sorts. */
const FIRST = Date.parse("0001-01-01T00:00:00Z");
type Raw = Record<string, unknown>;
type Read = {
  raw: Raw;
  body: Body | undefined;
  warnings: Warning[];
  faults: Fault[];
  /** Gives each fault the line of the text that it is about. */
  located?: (faults: Fault[]) => Fault[];
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
      pointer: pointer([name]),
      detail: "is an unknown query parameter: with JSON, fields stand in the body",
    }));
    const json = parseJson(text.value);
    if (!json.ok) return json;
    return readJson(json.value, setting, unknown);
  }
  const drafted = await draftedFrom(type, text.value, setting);
  const { body, warnings, faults } = checkBody({ ...drafted, body: drafted.body });
  const query = fieldsOfQuery(sent.query);
  const located = withLines(drafted.lines ?? {}, new Set(Object.keys(query)));
  // YAML's escapes can say what UTF-8 cannot.
  const fields = cleanJson({ ...drafted.fields, ...query });
  if (!fields.ok)
    return "faults" in fields.refusal ? refuse({ ...fields.refusal, faults: located(fields.refusal.faults) }) : fields;
  const { value, warnings: removed, faults: unknown } = fields.value;
  const read = { body, warnings: [...removed, ...warnings], faults: [...faults, ...unknown] };
  return finish({ raw: isObject(value) ? value : {}, ...read, located }, setting);
};

/**
 * A patched article's fields and body (the outcome of a merge patch), read as a submission. A patch moves no article, so
 * `status` is no field of it, and no section is chosen for it.
 */
export const readPatched = (patched: ParsedJson, setting: Setting): Promise<Result<Submission>> => {
  const isMoved = isObject(patched.value) && "status" in patched.value;
  const faults = isMoved ? [{ pointer: "/status", detail: "is no content: publishing is a call of its own" }] : [];
  return readJson(patched, { ...setting, section: undefined }, faults);
};

const readJson = async (json: ParsedJson, setting: Setting, found: Fault[]): Promise<Result<Submission>> => {
  const before = [...found, ...json.faults];
  if (!isObject(json.value))
    return refuse({ kind: "invalid", faults: [...before, { pointer: "", detail: "must be a JSON object" }] });
  const { body: rawBody, ...raw } = json.value;
  const { body, warnings, faults } = await readBody(rawBody);
  return finish({ raw, body, warnings: [...json.warnings, ...warnings], faults: [...before, ...faults] }, setting);
};

const isObject = (value: unknown): value is Raw => value !== null && typeof value === "object" && !Array.isArray(value);

const finish = (
  { raw, body, warnings, faults, located = (all) => all }: Read,
  setting: Setting,
): Result<Submission> => {
  const parsed = schema.safeParse(raw);
  const found = [...faults, ...(parsed.success ? [] : faultsOf(parsed.error))];
  const publishedAt = typeof raw["publishedAt"] === "string" ? parseTime(raw["publishedAt"], setting.zone) : undefined;
  if (typeof raw["publishedAt"] === "string" && !found.some((fault) => fault.pointer === "/publishedAt")) {
    if (publishedAt === undefined || publishedAt < FIRST)
      found.push({
        pointer: "/publishedAt",
        detail: "is no time: write 2024-10-05T08:30:00+07:00 (without an offset, the site's zone counts)",
      });
    else if (publishedAt > setting.now) found.push({ pointer: "/publishedAt", detail: "lies in the future" });
  }
  if (!parsed.success || found.length)
    return refuse({ kind: "invalid", faults: bounded(located([...found, ...besides(raw, body, found, setting)])) });
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

/**
 * What the domain would say of a submission that is refused anyway, so that every fault is named at once. What is sound
 * goes on to the domain, which looks at it behind the idempotency record: a retry gets its answer whatever has changed.
 */
const besides = (raw: Raw, body: Body | undefined, found: Fault[], { site, section }: Setting): Fault[] => {
  const { shape } = schema;
  const content = {
    headline: shape.headline.safeParse(raw["headline"]).data,
    section: shape.section.safeParse(raw["section"]).data ?? section,
    bylines: shape.bylines.safeParse(raw["bylines"]).data ?? [],
    hasBody: body !== undefined && body.length > 0,
  };
  const named = new Set(found.map((fault) => fault.pointer.split("/")[1]));
  const wanted = raw["status"] === "published" && !named.has("status");
  return [...(site ? unknownNames(content, site) : []), ...(wanted ? lacking(content) : [])].filter(
    (fault) => !named.has(fault.pointer.split("/")[1]),
  );
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
