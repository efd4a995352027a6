import type { IncomingHttpHeaders } from "node:http";
import { invalidArgument, type Refused, refused } from "./answer.ts";
import { header } from "./operation.ts";

/** What is kept with an object and comes back with it: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
const SYSTEM = new Set([
  "content-type",
  "content-encoding",
  "cache-control",
  "content-disposition",
  "content-language",
  "expires",
]);
const USER = "x-amz-meta-";

/** The most that user metadata may come to: names and values, in bytes. */
const USER_LIMIT = 2048;

/** aws-chunked says how the body travels, not what it is. */
const withoutFraming = (encodings: string): string =>
  encodings
    .split(",")
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== "aws-chunked")
    .join(",");

/** What stays with an object, by header name in lower case. */
export type Kept = { kind: "kept"; headers: Record<string, string> };

/** The headers of an upload that stay with the object. Values must be ASCII: S3 would garble others (RFC 2047). */
export const keptHeaders = (headers: IncomingHttpHeaders): Kept | Refused => {
  const kept: Record<string, string> = { "content-type": "binary/octet-stream" };
  let size = 0;
  for (const name of Object.keys(headers)) {
    if (!SYSTEM.has(name) && !name.startsWith(USER)) continue;
    const sent = header(headers, name) ?? "";
    if (!/^[\u0020-\u007E\t]*$/.test(sent)) return invalidArgument(name, sent, "Metadata must be ASCII.");
    const value = name === "content-encoding" ? withoutFraming(sent) : sent;
    if (value === "" && !name.startsWith(USER)) continue;
    if (name.startsWith(USER)) size += name.length - USER.length + value.length;
    kept[name] = value;
  }
  if (size <= USER_LIMIT) return { kind: "kept", headers: kept };
  return refused(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
    Size: String(size),
    MaxSizeAllowed: String(USER_LIMIT),
  });
};
