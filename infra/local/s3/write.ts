import type { IncomingHttpHeaders } from "node:http";
import { type Answer, answer, invalidArgument, noSuchKey, notImplemented, type Refused, refused } from "./answer.ts";
import { refusedSource, refusedWrite } from "./conditions.ts";
import type { Entry } from "./object-index.ts";
import { keptHeaders } from "./metadata.ts";
import { header, type Operation, percentDecoded } from "./operation.ts";
import { payloadOf } from "./payload.ts";
import type { Guard, Store, Upload } from "./store.ts";
import { element, xmlAnswer } from "./xml.ts";

/** What was written, for those who listen; or the refusal. */
export type Written = { kind: "written"; entry: Entry; answer: Answer };

/** The guard of a write's If-Match and If-None-Match; none when they are switched off. */
export const guardOf =
  (headers: IncomingHttpHeaders, key: string, honoured: boolean): Guard =>
  (standing) =>
    honoured ? refusedWrite(headers, key, standing?.etag) : undefined;

/** The upload that a request describes, its digests verified: what PutObject stores. */
export const uploadOf = (
  at: { bucket: string; key: string; modified: number },
  headers: IncomingHttpHeaders,
  raw: Buffer,
): ({ kind: "upload" } & Upload) | Refused => {
  const kept = keptHeaders(headers);
  if (kept.kind === "refused") return kept;
  const payload = payloadOf(headers, raw);
  if (payload.kind === "refused") return payload;
  const { algorithm, value } = payload.checksum;
  return {
    kind: "upload",
    ...at,
    bytes: payload.bytes,
    headers: { ...kept.headers, [`x-amz-checksum-${algorithm}`]: value },
  };
};

const checksums = (entry: Entry): [string, string][] =>
  Object.entries(entry.headers).filter(([name]) => name.startsWith("x-amz-checksum-"));

/** PutObject. */
export const put = async (store: Store, upload: Upload, guard: Guard): Promise<Written | Refused> => {
  const entry = await store.write(upload, guard);
  if ("kind" in entry) return entry;
  const sums = { ...Object.fromEntries(checksums(entry)), "x-amz-checksum-type": "FULL_OBJECT" };
  return { kind: "written", entry, answer: answer(200, { etag: entry.etag, ...sums }) };
};

/** Where a copy comes from: `bucket/key`, percent-encoded, with or without a slash before it. */
const sourceOf = (value: string): { bucket: string; key: string } | Refused => {
  if (value.includes("?versionId=")) return notImplemented("a version in x-amz-copy-source");
  const path = percentDecoded(value.replace(/^\//, ""));
  const slash = path?.indexOf("/") ?? -1;
  // An unencoded + or ? means something else to S3 than it looks.
  if (path === undefined || slash < 1 || slash === path.length - 1 || /[+?]/.test(value)) {
    return invalidArgument("x-amz-copy-source", value, "Copy Source must be a percent-encoded bucket/key.");
  }
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
};

/** CopyObject, within a bucket or between two of `buckets`. */
export const copy = (
  store: Store,
  { bucket, key, headers }: Operation,
  modified: number,
  buckets: readonly string[],
  guard: Guard,
): Written | Refused => {
  const from = sourceOf(header(headers, "x-amz-copy-source") ?? "");
  if ("kind" in from) return from;
  if (!buckets.includes(from.bucket)) return noSuchBucket(from.bucket);
  const source = store.find(from.bucket, from.key);
  if (source === undefined) return noSuchKey(from.key);
  const no = refusedSource(headers, source.etag);
  if (no) return no;

  const directive = header(headers, "x-amz-metadata-directive") ?? "COPY";
  if (directive !== "COPY" && directive !== "REPLACE") {
    return invalidArgument("x-amz-metadata-directive", directive, "Unknown metadata directive.");
  }
  if (directive === "COPY" && from.bucket === bucket && from.key === key) {
    return refused(
      400,
      "InvalidRequest",
      "This copy request is illegal because it copies an object to itself unchanged.",
    );
  }
  const kept = directive === "REPLACE" ? keptHeaders(headers) : undefined;
  if (kept?.kind === "refused") return kept;
  const given = kept ? { ...kept.headers, ...Object.fromEntries(checksums(source)) } : source.headers;
  const entry = store.copy(from, { bucket, key, headers: given, modified }, guard);
  if ("kind" in entry) return entry;
  const inner = element("LastModified", new Date(modified).toISOString()) + element("ETag", entry.etag);
  return { kind: "written", entry, answer: xmlAnswer(200, "CopyObjectResult", inner) };
};

/** 404 NoSuchBucket. */
export const noSuchBucket = (bucket: string): Refused =>
  refused(404, "NoSuchBucket", "The specified bucket does not exist", { BucketName: bucket });

/** Last-Modified has whole seconds. */
export const wholeSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000;
