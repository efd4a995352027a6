import type { IncomingHttpHeaders } from "node:http";
import { notImplemented, type Refused, refused } from "./answer.ts";

export type OperationName =
  | "PutObject"
  | "PostObject"
  | "CopyObject"
  | "GetObject"
  | "HeadObject"
  | "DeleteObject"
  | "ListObjectsV2";

/** A request understood: nothing in its query or its S3 headers is unknown. `key` is empty for what concerns a bucket. */
export type Operation = {
  name: OperationName;
  bucket: string;
  key: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
};

/** One header's value, repeated ones joined as RFC 9110, 5.3 has it. */
export const header = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
};

const CONDITIONS = ["if-match", "if-none-match"];
const READ = { query: [], headers: [...CONDITIONS, "range", "x-amz-checksum-mode"] };

/** What each operation understands, besides what every request carries. Anything else is refused. */
const understood: Record<OperationName, { query: string[]; headers: string[] }> = {
  PutObject: {
    query: [],
    headers: [
      ...CONDITIONS,
      "content-md5",
      "x-amz-sdk-checksum-algorithm",
      "x-amz-trailer",
      "x-amz-decoded-content-length",
      ...["crc32", "crc32c", "crc64nvme", "sha1", "sha256"].map((name) => `x-amz-checksum-${name}`),
    ],
  },
  PostObject: { query: [], headers: [] },
  CopyObject: {
    query: [],
    headers: [
      ...CONDITIONS,
      ...CONDITIONS.map((name) => `x-amz-copy-source-${name}`),
      "x-amz-copy-source",
      "x-amz-metadata-directive",
    ],
  },
  GetObject: READ,
  HeadObject: READ,
  DeleteObject: { query: [], headers: [] },
  ListObjectsV2: {
    query: ["list-type", "prefix", "delimiter", "max-keys", "continuation-token", "encoding-type"],
    headers: [],
  },
};

const EVERYWHERE = ["x-amz-date", "x-amz-content-sha256", "x-amz-user-agent", "x-amz-security-token"];

/** Headers that change what S3 does; the rest (host, accept, the SDK's own) does not. */
const matters = (name: string): boolean => /^(?:x-amz-|if-|range$|content-md5$)/.test(name);

const bucketNameOf = (method: string, bucket: string, query: URLSearchParams): OperationName | undefined => {
  if (method === "GET" && query.get("list-type") === "2") return "ListObjectsV2";
  return method === "POST" && bucket !== "" ? "PostObject" : undefined;
};

const objectNameOf = (method: string, headers: IncomingHttpHeaders): OperationName | undefined => {
  switch (method) {
    case "PUT":
      return headers["x-amz-copy-source"] === undefined ? "PutObject" : "CopyObject";
    case "GET":
      return "GetObject";
    case "HEAD":
      return "HeadObject";
    case "DELETE":
      return "DeleteObject";
    default:
      return undefined;
  }
};

/** Percent-decodes UTF-8; undefined when it is neither. */
export const percentDecoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
};

/**
 * Reads a path-style request (`/bucket/key`). The path is taken as it came, never normalised: `a/../b` and `a//b` are
 * keys of their own. Whatever is not understood, an operation, a query or a header, is NotImplemented.
 */
export const operationOf = (method: string, url: string, headers: IncomingHttpHeaders): Operation | Refused => {
  const mark = url.indexOf("?");
  const path = (mark < 0 ? url : url.slice(0, mark)).slice(1);
  const query = new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1));
  const slash = path.indexOf("/");
  const bucket = percentDecoded(slash < 0 ? path : path.slice(0, slash));
  const key = percentDecoded(slash < 0 ? "" : path.slice(slash + 1));
  if (bucket === undefined || key === undefined) return refused(400, "InvalidURI", "Couldn't parse the specified URI.");
  if (Buffer.byteLength(key) > 1024) return refused(400, "KeyTooLongError", "Your key is too long");

  const name = key === "" ? bucketNameOf(method, bucket, query) : objectNameOf(method, headers);
  if (name === undefined) return notImplemented(`${method} ${key === "" ? "on a bucket" : "on an object"}`);
  const known = understood[name];
  for (const [parameter, value] of query) {
    if (parameter === "x-id" && value === name) continue;
    if (!known.query.includes(parameter)) return notImplemented(`the query ${parameter}=${value} with ${name}`);
  }
  const metadata = name === "PutObject" || name === "CopyObject";
  for (const sent of Object.keys(headers)) {
    if (!matters(sent) || EVERYWHERE.includes(sent) || known.headers.includes(sent)) continue;
    if (!(metadata && sent.startsWith("x-amz-meta-"))) return notImplemented(`the header ${sent} with ${name}`);
  }
  return { name, bucket, key, query, headers };
};
