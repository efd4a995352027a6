import { isUtf8 } from "node:buffer";

/** A part's head: the field it is of, and where in the buffer its content begins. `filename` as sent, directories included. */
export type PartHead = {
  kind: "part";
  name: string;
  filename: string | undefined;
  /** Content-Transfer-Encoding, in lower case; RFC 7578, 4.7 has none of them in forms. */
  encoding: string | undefined;
  start: number;
};

/** What stands at a delimiter: a part, the end of all parts, a head that the buffer cuts off, or nothing that may be there. */
export type AtDelimiter = PartHead | { kind: "end" } | { kind: "cut" } | { kind: "malformed" };

const MALFORMED = { kind: "malformed" } as const;

const BOUNDARY = /;[ \t]*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))[ \t]*(?:;|$)/i;

/** `--boundary`, which begins every delimiter line, by the Content-Type of a form; undefined when it names none (RFC 2046, 5.1.1). */
export const delimiterOf = (contentType: string): Buffer | undefined => {
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  return boundary === undefined ? undefined : Buffer.from(`--${boundary}`, "latin1");
};

/** Where the first delimiter is; what stands before it is passed over. -1 when there is none. */
export const firstDelimiter = (body: Buffer, delimiter: Buffer): number => {
  if (body.subarray(0, delimiter.length).equals(delimiter)) return 0;
  const before = contentEnd(body, 0, delimiter);
  return before < 0 ? -1 : before + 2;
};

/** Where content that begins at `start` ends: before the line break of the next delimiter, which is 2 bytes on. -1 when none comes. */
export const contentEnd = (body: Buffer, start: number, delimiter: Buffer): number =>
  body.indexOf(Buffer.concat([Buffer.from("\r\n"), delimiter]), start);

/** Form data in UTF-8; undefined when it is not. */
export const formText = (bytes: Buffer): string | undefined => (isUtf8(bytes) ? bytes.toString() : undefined);

/** Browsers write a quote in a name as %22 (WHATWG), others as \" (RFC 2616): a backslash before anything else is itself. */
const PARAMETER = /[ \t]*;[ \t]*([\w*-]+)=(?:"((?:\\"|[^"])*)"|([^\s;"]+))[ \t]*/gy;

/** The parameters of a Content-Disposition (RFC 7578, 4.2); undefined when it is not wholly of that form. */
const parametersOf = (disposition: string): Map<string, string> | undefined => {
  const rest = /^form-data(.*)$/is.exec(disposition)?.[1];
  const found = [...(rest ?? "").matchAll(PARAMETER)];
  if (rest === undefined || found.map(([all]) => all).join("") !== rest) return undefined;
  return new Map(
    found.map(([, name = "", quoted, plain = ""]) => [name.toLowerCase(), quoted?.replaceAll('\\"', '"') ?? plain]),
  );
};

/** Reads what stands at the delimiter at offset `at`. A line that only begins like a delimiter is malformed. */
export const partAt = (body: Buffer, at: number, delimiter: Buffer): AtDelimiter => {
  const after = at + delimiter.length;
  if (body.toString("latin1", after, after + 2) === "--") return { kind: "end" };
  const line = body.indexOf("\r\n", after);
  if (line < 0) return { kind: "cut" };
  // RFC 2046 lets transports pad the line.
  if (!/^[ \t]*$/.test(body.toString("latin1", after, line))) return MALFORMED;
  const end = body.indexOf("\r\n\r\n", line);
  if (end < 0) return { kind: "cut" };
  const head = formText(body.subarray(line + 2, end));
  if (head === undefined) return MALFORMED;

  const headers = new Map<string, string>();
  for (const text of head.split("\r\n")) {
    const [, name, value] = /^([\w-]+):[ \t]*(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) return MALFORMED;
    headers.set(name.toLowerCase(), value);
  }
  const parameters = parametersOf(headers.get("content-disposition") ?? "");
  const name = parameters?.get("name");
  if (parameters === undefined || name === undefined) return MALFORMED;
  const encoding = headers.get("content-transfer-encoding")?.trim().toLowerCase();
  return { kind: "part", name, filename: parameters.get("filename"), encoding, start: end + 4 };
};
