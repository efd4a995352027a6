import { invalid, ok, refuse, type Result } from "../../domain/error.ts";
import { extendedValue, headersOf, parametersOf } from "./header.ts";

/** One part of a form. `type` is its Content-Type header as sent; `bytes` is a view of the request. */
export type Part = { name: string; filename: string | undefined; type: string | undefined; bytes: Uint8Array };

/** 30 pictures, the article and every field, tags one by one, are far fewer. */
const MOST_PARTS = 100;
const LONGEST_HEADERS = 8192;
const LONGEST_PADDING = 1000;
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/;
const IDENTITY = new Set(["7bit", "8bit", "binary"]);

const malformed = (detail: string) => refuse({ kind: "malformed", faults: [{ pointer: "", detail }] });

/** What a part's headers say, or what is wrong with them. */
const headOf = (bytes: Uint8Array): Omit<Part, "bytes"> | string => {
  let headers: ReadonlyMap<string, string> | undefined;
  try {
    headers = headersOf(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return "has headers that are not UTF-8";
  }
  if (!headers) return "has a line that is no header, or a header twice";
  const disposition = parametersOf(headers.get("content-disposition") ?? "");
  const name = disposition?.parameters.get("name");
  if (disposition?.value !== "form-data" || name === undefined)
    return 'has no Content-Disposition of the form: form-data; name="..."';
  const coding = headers.get("content-transfer-encoding")?.toLowerCase() ?? "binary";
  if (!IDENTITY.has(coding)) return "has a Content-Transfer-Encoding: send its bytes as they are (RFC 7578, 4.7)";
  const extended = disposition.parameters.get("filename*");
  const filename = extended === undefined ? disposition.parameters.get("filename") : extendedValue(extended);
  return { name, filename, type: headers.get("content-type") };
};

/** The part whose boundary ends at `after`, and where the next boundary is; or what is wrong with it. */
const partAt = (body: Buffer, after: number, delimiter: Buffer): { part: Part; next: number } | string => {
  const lineEnd = body.indexOf("\r\n", after);
  // RFC 2046 lets the line be padded with white space.
  if (lineEnd < 0 || lineEnd - after > LONGEST_PADDING || !/^[ \t]*$/.test(body.toString("latin1", after, lineEnd)))
    return "has a boundary whose line goes on, or does not end in CRLF";
  const start = lineEnd + 2;
  const headLength = body.subarray(start, start + LONGEST_HEADERS + 4).indexOf("\r\n\r\n");
  if (headLength < 0) return `has no blank line (CRLF) that ends its headers within ${LONGEST_HEADERS} bytes`;
  const content = start + headLength + 4;
  const next = body.indexOf(delimiter, content);
  if (next < 0) return "is not ended by the boundary: the request was cut off";
  const head = headOf(body.subarray(start, start + headLength));
  return typeof head === "string" ? head : { part: { ...head, bytes: body.subarray(content, next) }, next };
};

/**
 * Reads multipart/form-data (RFC 7578; RFC 2046, 5.1), each part's bytes exactly as sent. Refusals: malformed, saying which
 * part and why; invalid for more than 100 parts. Line ends are CRLF; a preamble and an epilogue are passed over. Takes time
 * in proportion to the bytes. The platform's Response.formData() loses the types of parts without a file name, and
 * replaces bytes that are not UTF-8.
 */
export const parseMultipart = (bytes: Uint8Array, contentType: string): Result<Part[]> => {
  const boundary = parametersOf(contentType)?.parameters.get("boundary");
  if (boundary === undefined || !BOUNDARY.test(boundary))
    return malformed(
      "multipart/form-data needs a boundary in its Content-Type; clients make one when it is left to them",
    );
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The line break belongs to the delimiter; the first one may begin the body, and has none then.
  const opens = body.subarray(0, delimiter.length - 2).equals(delimiter.subarray(2));
  let after = (opens ? -2 : body.indexOf(delimiter)) + delimiter.length;
  if (!opens && after < delimiter.length) return malformed("no part begins with the boundary of the Content-Type");
  const parts: Part[] = [];
  while (body.toString("latin1", after, after + 2) !== "--") {
    if (parts.length === MOST_PARTS) return invalid({ pointer: "", detail: `has more than ${MOST_PARTS} parts` });
    const found = partAt(body, after, delimiter);
    if (typeof found === "string") return malformed(`part ${parts.length + 1} ${found}`);
    parts.push(found.part);
    after = found.next + delimiter.length;
  }
  return ok(parts);
};
