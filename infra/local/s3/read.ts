import { type Answer, answer, noSuchKey, preconditionFailed, type Refused } from "./answer.ts";
import { readVerdict } from "./conditions.ts";
import type { Entry } from "./object-index.ts";
import { header, type Operation } from "./operation.ts";
import { partOf } from "./range.ts";
import type { Store } from "./store.ts";

const CHECKSUM = "x-amz-checksum-";

/** The headers an object comes back with; its checksum only when it is asked for, and never with a part of it. */
const headersOf = (entry: Entry, withChecksum: boolean): Record<string, string> => {
  const kept = Object.entries(entry.headers).filter(([name]) => withChecksum || !name.startsWith(CHECKSUM));
  return {
    ...Object.fromEntries(kept),
    ...(withChecksum && { "x-amz-checksum-type": "FULL_OBJECT" }),
    etag: entry.etag,
    "last-modified": new Date(entry.modified).toUTCString(),
    "accept-ranges": "bytes",
  };
};

/** GetObject and HeadObject: 200 or 206, 304 and 412 by the conditions, 416 by the range, NoSuchKey. */
export const read = (store: Store, { name, bucket, key, headers }: Operation): Answer | Refused => {
  const entry = store.find(bucket, key);
  if (entry === undefined) return noSuchKey(key);
  const verdict = readVerdict(headers, entry.etag);
  if (verdict === "failed") return preconditionFailed("If-Match");
  if (verdict === "not-modified") return answer(304, headersOf(entry, false));
  const part = partOf(header(headers, "range"), entry.size);
  if (part?.kind === "refused") return part;

  const { start, length } = part ?? { start: 0, length: entry.size };
  const withChecksum = part === undefined && header(headers, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED";
  const range = part && { "content-range": `bytes ${start}-${start + length - 1}/${entry.size}` };
  const sent = { ...headersOf(entry, withChecksum), ...range, "content-length": String(length) };
  const body = name === "GetObject" ? store.read(bucket, key, entry, start, length) : undefined;
  return answer(part ? 206 : 200, sent, body);
};
