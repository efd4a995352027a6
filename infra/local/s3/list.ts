import { crc32 } from "node:zlib";
import { type Answer, invalidArgument, type Refused } from "./answer.ts";
import type { Listed } from "./object-index.ts";
import type { Operation } from "./operation.ts";
import type { Store } from "./store.ts";
import { element, xmlAnswer } from "./xml.ts";

/** The most that one page holds: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const PAGE = 1000;

const NOTHING = Buffer.alloc(0);

/** The first key after all that begin with `prefix`; null when there is none. UTF-8 has no byte 0xFF, so one step is enough. */
const beyond = (prefix: Buffer): Buffer | null =>
  prefix.length === 0
    ? null
    : Buffer.concat([prefix.subarray(0, -1), Buffer.from([(prefix[prefix.length - 1] ?? 0) + 1])]);

/** The key straight after this one in byte order. */
const after = (key: Buffer): Buffer => Buffer.concat([key, Buffer.from([0])]);

/** Where the next page begins, opaque: its first possible key, behind a check sum so that no other text passes for one. */
const tokenOf = (from: Buffer): string => {
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(from));
  return Buffer.concat([check, from]).toString("base64url");
};
const fromToken = (token: string): Buffer | undefined => {
  const bytes = Buffer.from(token, "base64url");
  const from = bytes.subarray(4);
  return bytes.length >= 4 && tokenOf(from) === token && bytes.readUInt32BE() === crc32(from) ? from : undefined;
};

type Page = { contents: Listed[]; prefixes: string[]; next: Buffer | undefined };

type Wanted = { bucket: string; prefix: Buffer; delimiter: Buffer; from: Buffer; limit: number };

/** One page in the order of UTF-8 bytes. A common prefix is passed over by one seek, however many keys are under it. */
const pageOf = (store: Store, { bucket, prefix, delimiter, from, limit }: Wanted): Page => {
  const page: Page = { contents: [], prefixes: [], next: undefined };
  const end = beyond(prefix);
  let position: Buffer | null = Buffer.compare(from, prefix) > 0 ? from : prefix;
  while (position !== null) {
    const room: number = limit - page.contents.length - page.prefixes.length;
    const found: Listed[] = store.list(bucket, position, end, delimiter.length > 0 ? 1 : room + 1);
    const [first] = found;
    if (first === undefined) return page;
    if (delimiter.length === 0) {
      page.contents = found.slice(0, room);
      page.next = found[room]?.key;
      return page;
    }
    if (room === 0) {
      page.next = first.key;
      return page;
    }
    const cut = first.key.indexOf(delimiter, prefix.length);
    if (cut < 0) {
      page.contents.push(first);
      position = after(first.key);
    } else {
      const common = first.key.subarray(0, cut + delimiter.length);
      page.prefixes.push(common.toString());
      position = beyond(common);
    }
  }
  return page;
};

/** Keys as encoding-type=url has them: as a form field, but for the slash, and with ~ encoded. */
const urlEncoded = (key: string): string =>
  encodeURIComponent(key)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+")
    .replaceAll("%2F", "/");

/** ListObjectsV2: prefix, delimiter, max-keys, continuation-token, encoding-type=url. */
export const list = (store: Store, { bucket, query }: Operation): Answer | Refused => {
  const maximum = query.get("max-keys") ?? String(PAGE);
  if (!/^\d{1,9}$/.test(maximum))
    return invalidArgument("max-keys", maximum, "Provided max-keys not an integer or within integer range");
  const token = query.get("continuation-token");
  const from = token === null ? NOTHING : fromToken(token);
  if (!from) return invalidArgument("continuation-token", token ?? "", "The continuation token provided is incorrect");
  const encoding = query.get("encoding-type") ?? undefined;
  if (encoding !== undefined && encoding !== "url") {
    return invalidArgument("encoding-type", encoding, "Invalid Encoding Method specified in Request");
  }

  const limit = Math.min(Number(maximum), PAGE);
  const [prefix, delimiter] = [query.get("prefix") ?? "", query.get("delimiter") ?? ""];
  const wanted = { bucket, prefix: Buffer.from(prefix), delimiter: Buffer.from(delimiter), from, limit };
  const page: Page = limit === 0 ? { contents: [], prefixes: [], next: undefined } : pageOf(store, wanted);
  const written = encoding === "url" ? urlEncoded : (key: string) => key;

  const contents = page.contents.map(({ key, etag, size, modified }) => {
    const dated = element("LastModified", new Date(modified).toISOString());
    const inner = element("Key", written(key.toString())) + dated + element("ETag", etag) + element("Size", size);
    return `<Contents>${inner}${element("StorageClass", "STANDARD")}</Contents>`;
  });
  const prefixes = page.prefixes.map(
    (common) => `<CommonPrefixes>${element("Prefix", written(common))}</CommonPrefixes>`,
  );
  const head = [
    element("Name", bucket),
    element("Prefix", written(prefix)),
    element("Delimiter", delimiter === "" ? undefined : written(delimiter)),
    element("MaxKeys", limit),
    element("EncodingType", encoding),
    element("KeyCount", contents.length + prefixes.length),
    element("IsTruncated", page.next !== undefined),
    element("ContinuationToken", token ?? undefined),
    element("NextContinuationToken", page.next && tokenOf(page.next)),
  ];
  return xmlAnswer(200, "ListBucketResult", [...head, ...contents, ...prefixes].join(""));
};

/** Every key of a bucket, in the order of UTF-8 bytes. */
export const allKeys = (store: Store, bucket: string): string[] =>
  store.list(bucket, NOTHING, null, -1).map(({ key }) => key.toString());
