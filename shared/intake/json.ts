import { type Fault, ok, pointer, refuse, type Result, type Warning } from "../domain/error.ts";
import { LIMITS } from "../domain/limits.ts";
import { cleanText } from "../domain/text.ts";

/** What was read; `faults` are those that a schema cannot see any more. */
export type ParsedJson = { value: unknown; warnings: Warning[]; faults: Fault[] };

/**
 * Reads JSON (RFC 8259) as a client sent it: refused when it cannot be parsed or holds malformed Unicode (malformed), or
 * nests too deeply (invalid). Every text is made NFC and freed of control and bidi characters; a warning names each text
 * that lost some. A member named `__proto__` is left out, and is a fault.
 */
export const parseJson = (text: string): Result<ParsedJson> => {
  if (deeperThan(text, LIMITS.nesting))
    return refuse({ kind: "invalid", faults: [{ pointer: "", detail: `nests deeper than ${LIMITS.nesting} levels` }] });
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refuse({
      kind: "malformed",
      faults: [{ pointer: "", detail: "is not JSON", ...lineOf(text, error.message) }],
    });
  }
  return cleanJson(raw);
};

/** The rules of {@link parseJson} for what its parser is not needed for: fields of front matter, and of a query. */
export const cleanJson = (raw: unknown): Result<ParsedJson> => {
  const seen: Seen = { malformed: [], invalid: [], warnings: [] };
  const value = clean(raw, [], seen);
  if (seen.malformed.length) return refuse({ kind: "malformed", faults: seen.malformed });
  return ok({ value, warnings: seen.warnings, faults: seen.invalid });
};

type Seen = { malformed: Fault[]; invalid: Fault[]; warnings: Warning[] };

const clean = (value: unknown, path: (string | number)[], seen: Seen): unknown => {
  if (typeof value === "string") return cleanString(value, path, seen);
  if (Array.isArray(value)) return value.map((member, n) => clean(member, [...path, n], seen));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      if (!name.isWellFormed())
        seen.malformed.push({ pointer: pointer(path), detail: "has a member whose name is not well-formed Unicode" });
      // Own property of that name from JSON.parse: no field of ours, and a trap for whoever copies it.
      if (name === "__proto__") seen.invalid.push({ pointer: pointer([...path, name]), detail: "is an unknown field" });
      return name === "__proto__" ? [] : [[name, clean(member, [...path, name], seen)]];
    }),
  );
};

const cleanString = (raw: string, path: (string | number)[], seen: Seen): string => {
  if (!raw.isWellFormed()) {
    seen.malformed.push({
      pointer: pointer(path),
      detail: "is not well-formed Unicode (it holds half of a surrogate pair)",
    });
    return "";
  }
  const { text, removed } = cleanText(raw);
  if (removed)
    seen.warnings.push({
      code: "removed-characters",
      pointer: pointer(path),
      detail: `${removed} control or bidi characters were removed`,
    });
  return text;
};

/** Whether brackets outside of strings nest deeper than `limit`; looks at each character once and needs no stack. */
const deeperThan = (text: string, limit: number): boolean => {
  let depth = 0;
  let quoted = false;
  for (let n = 0; n < text.length; n++) {
    const char = text[n];
    if (quoted) {
      if (char === "\\") n++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "[" || char === "{") {
      if (++depth > limit) return true;
    } else if (char === "]" || char === "}") depth--;
  }
  return false;
};

const lineOf = (text: string, message: string): { line?: number } => {
  const position = /position (\d+)/.exec(message)?.[1];
  return position === undefined ? {} : { line: text.slice(0, Number(position)).split("\n").length };
};
