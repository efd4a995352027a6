import { type Refused, refused } from "./answer.ts";

/** A body out of its aws-chunked frames, and the trailers (names in lower case) that came after it. */
export type Unframed = { kind: "unframed"; bytes: Buffer; trailers: Map<string, string> };

const broken = (what: string): Refused =>
  refused(400, "IncompleteBody", `The aws-chunked body is not as it should be: ${what}.`);

/** Chunk extensions (`;chunk-signature=...`) are passed over: nothing here checks signatures. */
const SIZE = /^([0-9a-f]{1,8})(?:;.*)?$/i;

/**
 * Decodes content-encoding aws-chunked: `size CRLF bytes CRLF`, a chunk of size 0, trailers, CRLF.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export const unframe = (framed: Buffer): Unframed | Refused => {
  const chunks: Buffer[] = [];
  let position = 0;
  const line = (): string | undefined => {
    const end = framed.indexOf("\r\n", position, "latin1");
    if (end < 0) return undefined;
    const text = framed.toString("latin1", position, end);
    position = end + 2;
    return text;
  };

  for (;;) {
    const digits = SIZE.exec(line() ?? "")?.[1];
    if (digits === undefined) return broken("a chunk has no size");
    const size = Number.parseInt(digits, 16);
    if (size === 0) break;
    const end = position + size;
    if (framed.toString("latin1", end, end + 2) !== "\r\n") return broken("a chunk is not as long as it says");
    chunks.push(framed.subarray(position, end));
    position = end + 2;
  }

  const trailers = new Map<string, string>();
  for (let text = line(); text !== ""; text = line()) {
    const colon = text?.indexOf(":") ?? -1;
    if (text === undefined || colon < 1) return broken("the trailers do not end");
    trailers.set(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim());
  }
  if (position !== framed.length) return broken("something follows its end");
  return { kind: "unframed", bytes: Buffer.concat(chunks), trailers };
};
