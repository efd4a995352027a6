import { hash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { notImplemented, type Refused, refused } from "./answer.ts";
import { type Algorithm, algorithms, checksum, isAlgorithm } from "./checksum.ts";
import { unframe } from "./chunked.ts";
import { header } from "./operation.ts";

/** The bytes of an upload, all that was said of them verified, and the one checksum that is kept with them. */
export type Payload = { kind: "payload"; bytes: Buffer; checksum: { algorithm: Algorithm; value: string } };

const badDigest = (what: string): Refused =>
  refused(400, "BadDigest", `The ${what} you specified did not match the calculated checksum.`);

const isDigest = (value: string, length: number): boolean =>
  Buffer.from(value, "base64").length === length && Buffer.from(value, "base64").toString("base64") === value;

/** Every form of x-amz-content-sha256 that comes in aws-chunked frames. */
const STREAMING = new Set([
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
]);

/** x-amz-checksum-* of the headers and trailers together. S3 takes one of them at most. */
const claimed = (
  headers: IncomingHttpHeaders,
  trailers: Map<string, string>,
): { algorithm: Algorithm; value: string } | Refused | undefined => {
  const all: [string, string][] = [...trailers];
  for (const name of Object.keys(headers)) all.push([name, header(headers, name) ?? ""]);
  const sums = all.filter(([name]) => name.startsWith("x-amz-checksum-"));
  const [first, second] = sums;
  const wanted = header(headers, "x-amz-sdk-checksum-algorithm");
  if (second) return refused(400, "InvalidRequest", "Expecting a single x-amz-checksum- header");
  if (!first) {
    return wanted === undefined
      ? undefined
      : refused(400, "InvalidRequest", `${wanted} was announced, but no x-amz-checksum- header or trailer came.`);
  }
  const algorithm = first[0].slice("x-amz-checksum-".length);
  if (!isAlgorithm(algorithm)) return notImplemented(first[0]);
  if (!isDigest(first[1], algorithms[algorithm](Buffer.alloc(0)).length)) {
    return refused(400, "InvalidRequest", `Value for ${first[0]} header is invalid.`);
  }
  return { algorithm, value: first[1] };
};

/**
 * Takes the aws-chunked framing off, if there is any, and verifies every digest that came along: x-amz-content-sha256,
 * Content-MD5, x-amz-checksum-* in a header or a trailer. Without any checksum S3 keeps CRC-64/NVME, and so does this.
 */
export const payloadOf = (headers: IncomingHttpHeaders, raw: Buffer): Payload | Refused => {
  const signed = header(headers, "x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD";
  const streaming = STREAMING.has(signed);
  if (!streaming && signed !== "UNSIGNED-PAYLOAD" && !/^[0-9a-f]{64}$/.test(signed)) {
    return notImplemented(`x-amz-content-sha256: ${signed}`);
  }
  if (!streaming && headers["transfer-encoding"] !== undefined) return notImplemented("Transfer-Encoding: chunked");
  const unframed = streaming
    ? unframe(raw)
    : { kind: "unframed" as const, bytes: raw, trailers: new Map<string, string>() };
  if (unframed.kind === "refused") return unframed;
  const { bytes, trailers } = unframed;

  const length = header(headers, "x-amz-decoded-content-length");
  if (streaming && length === undefined) {
    return refused(411, "MissingContentLength", "You must provide the x-amz-decoded-content-length header.");
  }
  if (length !== undefined && length !== String(bytes.length)) {
    return refused(400, "IncompleteBody", `${length} bytes were announced and ${bytes.length} came.`);
  }
  for (const name of header(headers, "x-amz-trailer")?.split(",") ?? []) {
    if (!trailers.has(name.trim().toLowerCase()))
      return refused(400, "MalformedTrailerError", `No trailer ${name} came.`);
  }
  if (/^[0-9a-f]{64}$/.test(signed) && hash("sha256", bytes) !== signed) {
    return refused(
      400,
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  const md5 = header(headers, "content-md5");
  if (md5 !== undefined && !isDigest(md5, 16))
    return refused(400, "InvalidDigest", "The Content-MD5 you specified is not valid.");
  if (md5 !== undefined && hash("md5", bytes, "base64") !== md5) return badDigest("Content-MD5");

  const claim = claimed(headers, trailers);
  if (claim && "kind" in claim) return claim;
  const algorithm = claim?.algorithm ?? "crc64nvme";
  const value = checksum(algorithm, bytes);
  if (claim && claim.value !== value) return badDigest(algorithm.toUpperCase());
  return { kind: "payload", bytes, checksum: { algorithm, value } };
};
