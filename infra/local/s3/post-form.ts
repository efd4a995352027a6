import type { IncomingMessage } from "node:http";
import { invalidArgument, notImplemented, type Refused, refused } from "./answer.ts";
import { contentEnd, delimiterOf, firstDelimiter, formText, partAt } from "./multipart.ts";

/** The fields before the file, by name in lower case, and where the file's bytes begin; `filename` without directories. */
export type FormHead = { kind: "head"; fields: Map<string, string>; filename: string; start: number };

/** "The form data and boundaries (excluding the contents of the file) cannot exceed 20KB": sigv4-HTTPPOSTForms. */
const HEAD_LIMIT = 20_480;

/** Of the fields behind the file, which are ignored, this much is read at most. */
const TAIL_LIMIT = 65_536;

const malformed = (): Refused =>
  refused(400, "MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.");
const noFile = (): Refused => invalidArgument("file", "0", "POST requires exactly one file upload per request.");
const headTooLong = (): Refused =>
  refused(
    400,
    "MaxPostPreDataLengthExceededError",
    "Your POST request fields preceding the upload file were too large.",
  );

/** EntityTooLarge, with `size` when the file was read to its end. */
const tooLarge = (max: number, size?: number): Refused =>
  refused(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
    ...(size !== undefined && { ProposedSize: String(size) }),
    MaxSizeAllowed: String(max),
  });
const tooSmall = (min: number, size: number): Refused =>
  refused(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
    ProposedSize: String(size),
    MinSizeAllowed: String(min),
  });

/** Some browsers send the whole path: S3 takes what follows its last slash or backslash. */
const withoutFolders = (path: string): string => path.split(/[\\/]/).at(-1) ?? "";

const headOf = (body: Buffer, delimiter: Buffer): FormHead | Refused => {
  const bytes = body.subarray(0, HEAD_LIMIT);
  const cut = (): Refused => (body.length > HEAD_LIMIT ? headTooLong() : malformed());
  const fields = new Map<string, string>();
  let at = firstDelimiter(bytes, delimiter);
  if (at < 0) return malformed();
  for (;;) {
    const part = partAt(bytes, at, delimiter);
    if (part.kind === "end") return noFile();
    if (part.kind === "cut") return cut();
    if (part.kind === "malformed") return malformed();
    const { encoding, start, filename = "" } = part;
    const name = part.name.toLowerCase();
    if (encoding !== undefined && !/^(?:7bit|8bit|binary)$/.test(encoding)) {
      return notImplemented(`Content-Transfer-Encoding: ${encoding}`);
    }
    if (name === "file") return { kind: "head", fields, filename: withoutFolders(filename), start };
    const end = contentEnd(bytes, start, delimiter);
    if (end < 0) return cut();
    const value = formText(bytes.subarray(start, end));
    if (value === undefined) return malformed();
    // Which of them S3 would hold against the policy, and which it would use, is not documented.
    if (fields.has(name)) return notImplemented(`the form field ${name} given twice`);
    fields.set(name, value);
    at = end + 2;
  }
};

/** Reads a form step by step, so that what the head forbids is never read. */
export type FormReader = {
  head(): Promise<FormHead | Refused>;
  /** The file of `head`, exactly as sent, if it has `min` to `max` bytes: more is not kept in memory, nor is the rest read. */
  file(head: FormHead, size: { min: number; max: number }): Promise<{ kind: "file"; bytes: Buffer } | Refused>;
};

/** Begins to read a form; refused when the request is none, or does not say how long it is. */
export const formReader = (request: IncomingMessage): ({ kind: "reader" } & FormReader) | Refused => {
  const type = request.headers["content-type"] ?? "";
  if (!/^multipart\/form-data(?:[ \t]*;|$)/i.test(type)) {
    const Condition = "Bucket POST must be of the enclosure-type multipart/form-data";
    return refused(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
      Condition,
    });
  }
  if (request.headers["content-length"] === undefined) {
    return refused(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
  }
  const delimiter = delimiterOf(type);
  if (delimiter === undefined) return malformed();

  const chunks: Buffer[] = [];
  let size = 0;
  const readBeyond = async (length: number): Promise<Buffer> => {
    if (size <= length) {
      for await (const chunk of request.iterator({ destroyOnReturn: false })) {
        if (!Buffer.isBuffer(chunk)) throw new TypeError("The request was given an encoding.");
        chunks.push(chunk);
        size += chunk.length;
        if (size > length) break;
      }
    }
    return Buffer.concat(chunks, size);
  };

  return {
    kind: "reader",
    head: async () => headOf(await readBeyond(HEAD_LIMIT), delimiter),
    file: async ({ start }, { min, max }) => {
      const limit = start + max + TAIL_LIMIT;
      const body = await readBeyond(limit);
      const end = contentEnd(body, start, delimiter);
      if (body.length > limit) return tooLarge(max, end < 0 ? undefined : end - start);
      // Whatever fields follow, the form has to be there to its end.
      if (end < 0 || body.indexOf(Buffer.concat([delimiter, Buffer.from("--")]), end) < 0) return malformed();
      if (end - start > max) return tooLarge(max, end - start);
      if (end - start < min) return tooSmall(min, end - start);
      return { kind: "file", bytes: body.subarray(start, end) };
    },
  };
};
