import type { IncomingHttpHeaders } from "node:http";
import { noSuchKey, notImplemented, preconditionFailed, type Refused } from "./answer.ts";
import { header } from "./operation.ts";

const bare = (etag: string): string =>
  etag
    .trim()
    .replace(/^W\//, "")
    .replace(/^"(.*)"$/, "$1");

/** Whether a list of ETags (RFC 9110, 13.1.1), or `*`, names this one. S3 takes them without quotes too. */
const names = (list: string, etag: string): boolean =>
  list.trim() === "*" || list.split(",").some((one) => bare(one) === bare(etag));

/**
 * Whether a write may take place over what stands at its key (`etag`; undefined: nothing). If-Match wants that very
 * object: 404 when there is none, 412 when it is another. If-None-Match takes `*` alone: 412 when there is one.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export const refusedWrite = (headers: IncomingHttpHeaders, key: string, etag?: string): Refused | undefined => {
  const match = header(headers, "if-match");
  const noneMatch = header(headers, "if-none-match");
  if (match !== undefined && noneMatch !== undefined) return notImplemented("If-Match together with If-None-Match");
  if (match?.trim() === "*") return notImplemented("If-Match: * on a write");
  if (noneMatch !== undefined && noneMatch.trim() !== "*")
    return notImplemented("If-None-Match with an ETag on a write");
  if (match !== undefined && etag === undefined) return noSuchKey(key);
  if (match !== undefined && etag !== undefined && !names(match, etag)) return preconditionFailed("If-Match");
  return noneMatch !== undefined && etag !== undefined ? preconditionFailed("If-None-Match") : undefined;
};

/** What the conditions of a read make of an object: If-Match goes before If-None-Match (RFC 9110, 13.2.2). */
export const readVerdict = (headers: IncomingHttpHeaders, etag: string): "send" | "failed" | "not-modified" => {
  const match = header(headers, "if-match");
  const noneMatch = header(headers, "if-none-match");
  if (match !== undefined && !names(match, etag)) return "failed";
  return noneMatch !== undefined && names(noneMatch, etag) ? "not-modified" : "send";
};

/** The conditions of a copy on its source; S3 answers 412 for either. */
export const refusedSource = (headers: IncomingHttpHeaders, etag: string): Refused | undefined => {
  const match = header(headers, "x-amz-copy-source-if-match");
  const noneMatch = header(headers, "x-amz-copy-source-if-none-match");
  if (match !== undefined && !names(match, etag)) return preconditionFailed("x-amz-copy-source-If-Match");
  const refuse = noneMatch !== undefined && names(noneMatch, etag);
  return refuse ? preconditionFailed("x-amz-copy-source-If-None-Match") : undefined;
};
