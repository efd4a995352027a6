import { ok, refuse, type Result } from "../../shared/domain/error.ts";
import { LIMITS } from "../../shared/domain/limits.ts";
import { decodeText } from "../../shared/intake/charset.ts";
import { type ParsedJson, parseJson } from "../../shared/intake/json.ts";
import { mediaType } from "../../shared/intake/media-type.ts";
import type { Call } from "./context.ts";

/** The body's bytes, counted as they are: a Content-Length may lie. */
export const readBytes = async (c: Call): Promise<Result<Uint8Array>> => {
  const coding = c.req.header("content-encoding");
  if (coding !== undefined && coding.toLowerCase() !== "identity")
    return refuse({ kind: "unsupported", detail: `Send the body as it is, not as ${coding.slice(0, 40)}.` });
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  if (bytes.byteLength > LIMITS.requestBytes)
    return refuse({ kind: "too-large", detail: "A request may have 4 MB at most." });
  return ok(bytes);
};

/** A JSON body; absent is {}. A PATCH may call it what it is, application/merge-patch+json (RFC 7396). */
export const readJsonBody = async (c: Call): Promise<Result<ParsedJson>> => {
  const bytes = await readBytes(c);
  if (!bytes.ok) return bytes;
  if (bytes.value.byteLength === 0) return ok({ value: {}, warnings: [], faults: [] });
  const { type, charset } = mediaType(c.req.header("content-type"));
  if (type !== "application/json" && !(c.req.method === "PATCH" && type === "application/merge-patch+json"))
    return refuse({ kind: "unsupported", detail: "Send application/json." });
  if (bytes.value.byteLength > LIMITS.jsonBytes)
    return refuse({ kind: "too-large", detail: "JSON may have 1 MB at most." });
  const text = decodeText(bytes.value, charset);
  if (text.ok) return parseJson(text.value);
  return charset === undefined
    ? refuse({ kind: "malformed", faults: [{ pointer: "", detail: "is not UTF-8" }] })
    : text;
};

/** A header as it was sent: hono's adapter drops an empty one, and percent-encodes one that is not ASCII. */
const sentHeader = (c: Call, name: string): string | undefined => c.env?.event?.headers?.[name] ?? c.req.header(name);

/** The Idempotency-Key header: undefined when absent; invalid unless 1 to 255 printable ASCII characters. */
export const idempotencyKeyOf = (c: Call): Result<string | undefined> => {
  const key = sentHeader(c, "idempotency-key");
  if (key === undefined) return ok(undefined);
  if (/^[\x20-\x7E]{1,255}$/.test(key)) return ok(key);
  return refuse({
    kind: "invalid",
    faults: [{ pointer: "", detail: "Idempotency-Key must be 1 to 255 printable ASCII characters" }],
  });
};

export const etagOf = (seq: number): string => `"s${seq}"`;

const tagsOf = (header: string): string[] => header.split(",").map((tag) => tag.trim());

/** RFC 9110, 13.1.1: strong comparison, `*` matches whatever there is. Undefined when the header is missing. */
export const ifMatchTag = (c: Call, etag: string): boolean | undefined => {
  const header = c.req.header("if-match");
  return header === undefined ? undefined : tagsOf(header).some((tag) => tag === "*" || tag === etag);
};
export const ifMatch = (c: Call, seq: number): boolean | undefined => ifMatchTag(c, etagOf(seq));

/** RFC 9110, 13.1.2: weak comparison; true means 304. */
export const ifNoneMatch = (c: Call, etag: string): boolean => {
  const header = c.req.header("if-none-match");
  return header !== undefined && tagsOf(header).some((tag) => tag === "*" || tag.replace(/^W\//, "") === etag);
};

/** Seconds to wait from `Prefer: wait=N` (RFC 7240), at most 20; 0 when not asked. */
export const waitOf = (c: Call): number => {
  const wanted = /(?:^|[,;\s])wait=(\d{1,6})(?:$|[,;\s])/i.exec(c.req.header("prefer") ?? "")?.[1];
  return Math.min(20, Number(wanted ?? 0));
};
