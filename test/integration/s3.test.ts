import { hash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { localClock, type LocalClock } from "../../infra/local/clock.ts";
import { type LocalS3, type ObjectCreated, startS3 } from "../../infra/local/s3/s3.ts";

const Bucket = "site";
let dir: string;
let clock: LocalClock;
let s3: LocalS3;
let client: S3Client;

const start = async (): Promise<void> => {
  clock = localClock();
  s3 = await startS3({ dir, buckets: [Bucket, "private"], clock });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  client = new S3Client({ endpoint: s3.url, region: "us-east-1", forcePathStyle: true, credentials, maxAttempts: 1 });
};
const stop = async (): Promise<void> => {
  client.destroy();
  await s3.close();
  clock.close();
};

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "s3-"));
  await start();
});
afterEach(async () => {
  await stop();
  rmSync(dir, { recursive: true });
});

const put = (Key: string, Body: PutObjectCommandInput["Body"], rest: Partial<PutObjectCommandInput> = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...rest }));
const get = async (Key: string): Promise<string | undefined> =>
  (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

/** The status and the code of a call that has to fail. */
const failure = async (call: Promise<unknown>): Promise<[number | undefined, string]> => {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof S3ServiceException)) throw new Error("It should have been refused by S3.", { cause: error });
  return [error.$metadata.httpStatusCode, error.name];
};

/** A request as it is written here, without an SDK; the answer's status and its body. */
const raw = (method: string, path: string, headers: Record<string, string>, body = ""): Promise<[number, string]> =>
  new Promise((resolve, reject) => {
    const sent = request(s3.url, { method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve([response.statusCode ?? 0, Buffer.concat(chunks).toString()]));
    });
    sent.on("error", reject);
    sent.end(body);
  });

describe("objects", () => {
  test("come back with their metadata, their ETag and the local time", async () => {
    await clock.move(3_600_000);
    const written = await put("page.html", "<p>Xin chào</p>", {
      ContentType: "text/html; charset=utf-8",
      CacheControl: "max-age=0, s-maxage=300",
      ContentEncoding: "br",
      ContentDisposition: "inline",
      Metadata: { epoch: "7", status: "301", location: "/a/b" },
    });
    const found = await client.send(new GetObjectCommand({ Bucket, Key: "page.html" }));
    expect(await found.Body?.transformToString()).toBe("<p>Xin chào</p>");
    expect(written.ETag).toBe(`"${hash("md5", "<p>Xin chào</p>")}"`);
    expect(found).toMatchObject({
      ETag: written.ETag,
      ContentType: "text/html; charset=utf-8",
      CacheControl: "max-age=0, s-maxage=300",
      ContentEncoding: "br",
      ContentDisposition: "inline",
      ContentLength: 16,
      Metadata: { epoch: "7", status: "301", location: "/a/b" },
    });
    expect(Math.abs((found.LastModified?.getTime() ?? 0) - clock.now())).toBeLessThan(5000);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: "page.html" }));
    expect(head).toMatchObject({ ETag: written.ETag, ContentLength: 16, Metadata: { epoch: "7" } });
  });

  test("may be empty, or too large for a row of the index", async () => {
    const large = "0123456789".repeat(50_000);
    await put("empty", "");
    await put("large", large);
    expect(await get("empty")).toBe("");
    expect(await get("large")).toBe(large);
  });

  test("are deleted, once or twice, and are then missing", async () => {
    await put("gone", "x");
    await client.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
    expect(await failure(get("gone"))).toEqual([404, "NoSuchKey"]);
    expect(await failure(client.send(new HeadObjectCommand({ Bucket, Key: "gone" })))).toEqual([404, "NotFound"]);
    const elsewhere = client.send(new GetObjectCommand({ Bucket: "nowhere", Key: "gone" }));
    expect(await failure(elsewhere)).toEqual([404, "NoSuchBucket"]);
  });

  test("of any key are kept apart, in the order of UTF-8 bytes, and never become paths", async () => {
    const keys = ["a", "a/b", "a/b/", "a//b", "../x", "a/../../y", "%2F", "%", "a b+c", "?x=1&y#z", "Đà Nẵng/ảnh", "\u{1F600}", "\uFFFD", " ", ".", "nul\u0000", "é", "e\u0301", '<&">', "k".repeat(1024)]; // prettier-ignore
    for (const key of keys) await put(key, `body of ${key}`);
    for (const key of keys) expect(await get(key)).toBe(`body of ${key}`);
    expect(s3.keys(Bucket)).toEqual([...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    expect(readdirSync(dir).sort()).toEqual(["index.db", "index.db-wal", "objects", "tmp"]);
    expect(await failure(put("k".repeat(1025), "x"))).toEqual([400, "KeyTooLongError"]);
    expect((await raw("GET", `/${Bucket}/%FF`, {}))[0]).toBe(400);
  });

  test("survive a restart; what a kill left over is swept, nothing else", async () => {
    const large = "large".repeat(40_000);
    await put("small", "small", { Metadata: { epoch: "3" } });
    await put("large", large);
    await put("replaced", large);
    await put("replaced", `${large}!`);
    const stray = hash("sha256", "stray");
    await stop();
    writeFileSync(join(dir, "objects", readdirSync(join(dir, "objects"))[0] ?? "", stray), "stray");
    writeFileSync(join(dir, "tmp", "half"), "half");
    await start();
    expect(await get("large")).toBe(large);
    expect(await get("replaced")).toBe(`${large}!`);
    const found = await client.send(new GetObjectCommand({ Bucket, Key: "small" }));
    expect(found.Metadata).toEqual({ epoch: "3" });
    const left = readdirSync(join(dir, "objects"), { recursive: true, encoding: "utf8" }).map((path) => path.slice(3));
    expect(left.filter(Boolean).sort()).toEqual([hash("sha256", large), hash("sha256", `${large}!`)].sort());
    expect(readdirSync(join(dir, "tmp"))).toEqual([]);
  });

  test("lie in one process alone", async () => {
    await expect(startS3({ dir, buckets: [Bucket], clock })).rejects.toThrow(/locked/);
    await put("still", "here");
    expect(await get("still")).toBe("here");
  });

  test("in files are removed with the last key that has them", async () => {
    const large = "x".repeat(100_000);
    const files = (): number =>
      readdirSync(join(dir, "objects"), { recursive: true, encoding: "utf8" }).filter((path) => path.length > 3).length;
    await put("one", large);
    await put("two", large);
    expect(files()).toBe(1);
    await put("one", "small");
    expect(await get("two")).toBe(large);
    await put("one", `${large}1`);
    await put("one", `${large}2`);
    expect(files()).toBe(2);
    await put("one", "small");
    await client.send(new DeleteObjectCommand({ Bucket, Key: "two" }));
    expect(files()).toBe(0);
  });
});

describe("conditions", () => {
  test("a put with If-None-Match: * writes only what is new", async () => {
    const { ETag } = await put("new", "1", { IfNoneMatch: "*" });
    expect(await failure(put("new", "2", { IfNoneMatch: "*" }))).toEqual([412, "PreconditionFailed"]);
    expect(await get("new")).toBe("1");
    expect((await client.send(new HeadObjectCommand({ Bucket, Key: "new" }))).ETag).toBe(ETag);
  });

  test("a put with If-Match replaces that very object, quoted or not", async () => {
    expect(await failure(put("page", "0", { IfMatch: '"x"' }))).toEqual([404, "NoSuchKey"]);
    const first = await put("page", "1");
    const second = await put("page", "2", { IfMatch: first.ETag });
    expect(await failure(put("page", "3", { IfMatch: first.ETag }))).toEqual([412, "PreconditionFailed"]);
    await put("page", "4", { IfMatch: second.ETag?.replaceAll('"', "") });
    expect(await get("page")).toBe("4");
  });

  test("of 20 racing puts exactly one wins in each generation", async () => {
    for (const body of ["small", "large".repeat(20_000)]) {
      let seen = (await put(`raced-${body.length}`, "0")).ETag;
      for (let generation = 1; generation <= 4; generation++) {
        const race = Array.from({ length: 20 }, (_, n) =>
          put(`raced-${body.length}`, `${body} ${generation}/${n}`, { IfMatch: seen }).then(
            (won) => won.ETag,
            (error: unknown) => (error instanceof S3ServiceException ? error.name : error),
          ),
        );
        const outcomes = await Promise.all(race);
        const won = outcomes.filter((outcome) => outcome !== "PreconditionFailed");
        expect(won).toHaveLength(1);
        seen = String(won[0]);
        expect(hash("md5", (await get(`raced-${body.length}`)) ?? "")).toBe(seen.slice(1, -1));
      }
    }
    const created = await Promise.allSettled(Array.from({ length: 20 }, () => put("born", "x", { IfNoneMatch: "*" })));
    expect(created.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(readdirSync(join(dir, "tmp"))).toEqual([]);
  });

  test("a read answers 304 to what is known and 412 to what has changed", async () => {
    const { ETag } = await put("read", "1");
    for (const Command of [GetObjectCommand, HeadObjectCommand]) {
      const send = (conditions: object) => client.send(new Command({ Bucket, Key: "read", ...conditions }));
      expect((await failure(send({ IfNoneMatch: ETag })))[0]).toBe(304);
      expect((await failure(send({ IfNoneMatch: `"x", W/${ETag}` })))[0]).toBe(304);
      expect((await failure(send({ IfMatch: '"x"' })))[0]).toBe(412);
      expect((await send({ IfMatch: ETag, IfNoneMatch: '"x"' })).ContentLength).toBe(1);
    }
  });

  test("can be switched off", async () => {
    await put("blind", "1");
    s3.honourPreconditions = false;
    await put("blind", "2", { IfNoneMatch: "*" });
    await put("blind", "3", { IfMatch: '"x"' });
    expect(await get("blind")).toBe("3");
  });
});

describe("ranges", () => {
  test.each([
    ["bytes=2-4", "234", "bytes 2-4/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-2", "89", "bytes 8-9/10"],
    ["bytes=8-99", "89", "bytes 8-9/10"],
  ])("%s", async (Range, text, ContentRange) => {
    await put("digits", "0123456789");
    const found = await client.send(new GetObjectCommand({ Bucket, Key: "digits", Range }));
    expect(await found.Body?.transformToString()).toBe(text);
    expect(found).toMatchObject({ ContentRange, ContentLength: text.length, $metadata: { httpStatusCode: 206 } });
  });

  test("of a file, beyond the end, and in a form that has no meaning", async () => {
    const large = "0123456789".repeat(20_000);
    const range = (Key: string, Range: string) => client.send(new GetObjectCommand({ Bucket, Key, Range }));
    await put("large", large);
    await put("empty", "");
    expect(await (await range("large", "bytes=100003-100005")).Body?.transformToString()).toBe("345");
    expect(await failure(range("large", "bytes=200000-"))).toEqual([416, "InvalidRange"]);
    expect(await failure(range("empty", "bytes=0-0"))).toEqual([416, "InvalidRange"]);
    expect(await failure(range("large", "bytes=0-1,3-4"))).toEqual([501, "NotImplemented"]);
    expect(await (await range("large", "bytes=9-3")).Body?.transformToString()).toBe(large);
  });
});

describe("digests", () => {
  test("the SDK's own come back and are checked by it", async () => {
    await put("sum", "hello");
    const found = await client.send(new GetObjectCommand({ Bucket, Key: "sum", ChecksumMode: "ENABLED" }));
    expect(found.ChecksumCRC32).toBe("NhCmhg==");
    expect(await found.Body?.transformToString()).toBe("hello");
  });

  // The check values of the CRC catalogue for "123456789", and RFC 3174 and FIPS 180 by node.
  test.each([
    ["crc32", Buffer.from("cbf43926", "hex")],
    ["crc32c", Buffer.from("e3069283", "hex")],
    ["crc64nvme", Buffer.from("ae8b14860a799888", "hex")],
    ["sha1", hash("sha1", "123456789", "buffer")],
    ["sha256", hash("sha256", "123456789", "buffer")],
  ])("%s is verified", async (name, digest) => {
    const header = `x-amz-checksum-${name}`;
    const right = await raw("PUT", `/${Bucket}/n`, { [header]: digest.toString("base64") }, "123456789");
    const wrong = await raw("PUT", `/${Bucket}/n`, { [header]: digest.toString("base64") }, "123456780");
    const malformed = await raw("PUT", `/${Bucket}/n`, { [header]: "AAA=" }, "123456789");
    expect([right[0], wrong[0], malformed[0]]).toEqual([200, 400, 400]);
    expect(wrong[1]).toContain("<Code>BadDigest</Code>");
    expect(malformed[1]).toContain("<Code>InvalidRequest</Code>");
    expect(await get("n")).toBe("123456789");
  });

  test("Content-MD5 and x-amz-content-sha256 are verified", async () => {
    await put("md5", "hello", { ContentMD5: hash("md5", "hello", "base64") });
    const wrong = put("md5", "hello!", { ContentMD5: hash("md5", "hello", "base64") });
    expect(await failure(wrong)).toEqual([400, "BadDigest"]);
    expect(await failure(put("md5", "hello", { ContentMD5: "abc" }))).toEqual([400, "InvalidDigest"]);
    const signed = await raw("PUT", `/${Bucket}/md5`, { "x-amz-content-sha256": hash("sha256", "a") }, "b");
    expect(signed[1]).toContain("XAmzContentSHA256Mismatch");
    expect(await get("md5")).toBe("hello");
  });

  test("a stream comes in frames, with its checksum in the trailer", async () => {
    const chunks = Array.from({ length: 20 }, (_, n) => Buffer.alloc(9_000, String(n % 10)));
    const whole = Buffer.concat(chunks);
    const stream = (): Readable => Readable.from(chunks);
    await put("stream", stream(), {
      ContentLength: whole.length,
      ContentEncoding: "gzip",
      ChecksumAlgorithm: "SHA256",
    });
    const found = await client.send(new GetObjectCommand({ Bucket, Key: "stream" }));
    expect(found.ContentEncoding).toBe("gzip");
    expect(found.ChecksumSHA256).toBe(hash("sha256", whole, "base64"));
    expect(Buffer.compare((await found.Body?.transformToByteArray()) ?? Buffer.alloc(0), whole)).toBe(0);
  });

  const streamed = {
    "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "x-amz-trailer": "x-amz-checksum-crc32",
    "x-amz-decoded-content-length": "9",
    "content-encoding": "aws-chunked",
  };
  test.each([
    "9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n",
    "4;chunk-signature=ab\r\n1234\r\n5\r\n56789\r\n0\r\nx-amz-checksum-crc32: y/Q5Jg==\r\n\r\n",
  ])("frames %# are taken off", async (body) => {
    expect(await raw("PUT", `/${Bucket}/framed`, streamed, body)).toEqual([200, ""]);
    expect(await get("framed")).toBe("123456789");
  });
  test.each([
    ["BadDigest", "9\r\n123456780\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n"],
    ["MalformedTrailerError", "9\r\n123456789\r\n0\r\n\r\n"],
    ["IncompleteBody", "8\r\n12345678\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n"],
    ["IncompleteBody", "8\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n"],
    ["IncompleteBody", "9\r\n123456789\r\n"],
    ["IncompleteBody", "9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\nmore"],
    ["IncompleteBody", "123456789"],
  ])("broken frames: %s (%#)", async (code, body) => {
    const answer = await raw("PUT", `/${Bucket}/framed`, streamed, body);
    expect(answer).toEqual([400, expect.stringContaining(`<Code>${code}<`)]);
    expect(s3.keys(Bucket)).toEqual([]);
  });
});

describe("lists", () => {
  const pages = async (input: object): Promise<string[]> => {
    const seen: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket, ...input, ContinuationToken }));
      const keys = (page.Contents ?? []).map(({ Key }) => Key ?? "");
      const prefixes = (page.CommonPrefixes ?? []).map(({ Prefix }) => `${Prefix}*`);
      expect(page.KeyCount).toBe(keys.length + prefixes.length);
      expect(page.IsTruncated).toBe(page.NextContinuationToken !== undefined);
      seen.push(...keys, ...prefixes);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return seen;
  };

  test("by prefix and delimiter, whole or in pages of any size", async () => {
    const keys = ["a", "a/1", "a/2", "a/b/3", "a0", "b/1", "b/2", "c", "đ/1", "đ/2"];
    for (const key of keys) await s3.put(Bucket, key, key);
    await s3.put("private", "elsewhere", "x");
    for (const MaxKeys of [1, 2, 3, 1000]) {
      expect(await pages({ MaxKeys })).toEqual(keys);
      expect(await pages({ MaxKeys, Prefix: "a/" })).toEqual(["a/1", "a/2", "a/b/3"]);
      expect((await pages({ MaxKeys, Delimiter: "/" })).sort()).toEqual(["a", "a/*", "a0", "b/*", "c", "đ/*"]);
      expect((await pages({ MaxKeys, Prefix: "a/", Delimiter: "/" })).sort()).toEqual(["a/1", "a/2", "a/b/*"]);
      expect(await pages({ MaxKeys, Prefix: "đ", Delimiter: "/" })).toEqual(["đ/*"]);
      expect(await pages({ MaxKeys, Prefix: "zz" })).toEqual([]);
    }
  });

  test("say what S3 says of each object, encoded when asked", async () => {
    const { ETag } = await put("tin mới/(1)~*.html", "12345");
    const plain = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(plain.Contents).toMatchObject([{ Key: "tin mới/(1)~*.html", ETag, Size: 5, StorageClass: "STANDARD" }]);
    expect(plain.Contents?.[0]?.LastModified?.getTime()).toBeLessThanOrEqual(clock.now());
    const encoded = await client.send(new ListObjectsV2Command({ Bucket, EncodingType: "url", Prefix: "tin " }));
    expect(encoded).toMatchObject({ EncodingType: "url", Prefix: "tin+", Contents: [{ Key: "tin+m%E1%BB%9Bi/%281%29%7E*.html" }] }); // prettier-ignore
  });

  test("refuse what they cannot read", async () => {
    const send = (input: object) => failure(client.send(new ListObjectsV2Command({ Bucket, ...input })));
    expect(await send({ ContinuationToken: "made-up" })).toEqual([400, "InvalidArgument"]);
    expect(await send({ MaxKeys: -1 })).toEqual([400, "InvalidArgument"]);
    expect(await send({ StartAfter: "a" })).toEqual([501, "NotImplemented"]);
    expect((await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }))).IsTruncated).toBe(false);
  });
});

describe("copies", () => {
  const copy = (CopySource: string, Key: string, rest: object = {}) =>
    client.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...rest }));

  test("take bytes and metadata along, or bytes alone", async () => {
    for (const body of ["small", "large".repeat(30_000)]) {
      await s3.put("private", "ảnh 1.webp", body, { "Content-Type": "image/webp", "X-Amz-Meta-Gen": "2" });
      const source = `private/${encodeURIComponent("ảnh 1.webp")}`;
      const copied = await copy(source, "images/1.webp");
      expect(copied.CopyObjectResult?.ETag).toBe(`"${hash("md5", body)}"`);
      const head = await client.send(new HeadObjectCommand({ Bucket, Key: "images/1.webp" }));
      expect(head).toMatchObject({ ContentType: "image/webp", Metadata: { gen: "2" } });
      await copy(`/${source}`, "images/2.webp", {
        MetadataDirective: "REPLACE",
        Metadata: { gen: "3" },
        CacheControl: "x",
      });
      const replaced = await client.send(new HeadObjectCommand({ Bucket, Key: "images/2.webp" }));
      expect(replaced).toMatchObject({
        ContentType: "binary/octet-stream",
        CacheControl: "x",
        Metadata: { gen: "3" },
      });
      s3.remove("private", "ảnh 1.webp");
      expect(await get("images/1.webp")).toBe(body);
      expect(await get("images/2.webp")).toBe(body);
    }
  });

  test("keep to the conditions on both ends", async () => {
    const { ETag } = await put("from", "1");
    await copy(`${Bucket}/from`, "to", { IfNoneMatch: "*", CopySourceIfMatch: ETag });
    expect(await failure(copy(`${Bucket}/from`, "to", { IfNoneMatch: "*" }))).toEqual([412, "PreconditionFailed"]);
    expect(await failure(copy(`${Bucket}/from`, "x", { CopySourceIfMatch: '"x"' }))).toEqual([
      412,
      "PreconditionFailed",
    ]);
    expect(await failure(copy(`${Bucket}/from`, "x", { CopySourceIfNoneMatch: ETag }))).toEqual([412, "PreconditionFailed"]); // prettier-ignore
    expect(await failure(copy(`${Bucket}/none`, "x"))).toEqual([404, "NoSuchKey"]);
    expect(await failure(copy("nowhere/from", "x"))).toEqual([404, "NoSuchBucket"]);
    expect(await failure(copy(`${Bucket}/from`, "from"))).toEqual([400, "InvalidRequest"]);
    expect(await failure(copy(`${Bucket}/from?versionId=1`, "x"))).toEqual([501, "NotImplemented"]);
    expect(await failure(copy(`${Bucket}/fr+om`, "x"))).toEqual([400, "InvalidArgument"]);
    expect(s3.keys(Bucket)).toEqual(["from", "to"]);
  });
});

describe("what it does not know", () => {
  test("fails loudly and changes nothing", async () => {
    await put("kept", "1");
    const calls: (() => Promise<unknown>)[] = [
      () => client.send(new CreateMultipartUploadCommand({ Bucket, Key: "kept" })),
      () => client.send(new GetObjectTaggingCommand({ Bucket, Key: "kept" })),
      () => client.send(new GetObjectCommand({ Bucket, Key: "kept", ResponseContentType: "text/html" })),
      () => client.send(new DeleteObjectCommand({ Bucket, Key: "kept", IfMatch: '"x"' })),
      () => put("kept", "2", { ACL: "public-read" }),
      () => put("kept", "2", { Tagging: "a=b" }),
      () => put("kept", "2", { IfMatch: "*" }),
      () => put("kept", "2", { IfNoneMatch: '"x"' }),
    ];
    for (const call of calls) expect(await failure(call())).toEqual([501, "NotImplemented"]);
    for (const [method, path] of [
      ["PUT", "/site"],
      ["GET", "/"],
      ["POST", "/site/kept"],
      ["PUT", "/site/kept?tagging"],
      ["PUT", "/site/kept?x-id=UploadPart"],
      ["DELETE", "/site"],
    ] as const)
      // prettier-ignore
      expect(await raw(method, path, {})).toEqual([501, expect.stringContaining("<Code>NotImplemented</Code>")]);
    expect(await get("kept")).toBe("1");
  });

  test("metadata beyond 2 KB, or not ASCII, is refused", async () => {
    expect(await failure(put("m", "x", { Metadata: { a: "b".repeat(2048) } }))).toEqual([400, "MetadataTooLarge"]);
    expect((await raw("PUT", "/site/m", { "x-amz-meta-a": "\u00e9" }))[0]).toBe(400);
    await put("m", "x", { Metadata: { a: "b".repeat(2047) } });
  });
});

describe("for tests", () => {
  test("requests are counted and writes told of, those past the API neither", async () => {
    const events: ObjectCreated[] = [];
    const off = s3.onObjectCreated((event) => events.push(event));
    await put("a", "12");
    await client.send(new CopyObjectCommand({ Bucket, Key: "b", CopySource: `${Bucket}/a` }));
    await failure(put("a", "x", { IfNoneMatch: "*" }));
    await s3.put(Bucket, "c", "straight");
    const etag = hash("md5", "12");
    expect(events).toEqual([
      { bucket: Bucket, key: "a", etag, size: 2 },
      { bucket: Bucket, key: "b", etag, size: 2 },
    ]);
    expect(s3.requests).toEqual({ PutObject: 2, CopyObject: 1 });
    off();
    await put("a", "3");
    expect(events).toHaveLength(2);
  });

  test("an object can be taken away and put back", async () => {
    await put("body", "{}", { ContentType: "application/json" });
    s3.remove(Bucket, "body");
    expect(await failure(get("body"))).toEqual([404, "NoSuchKey"]);
    await s3.put(Bucket, "body", "{}", { "content-type": "application/json" });
    const found = await client.send(new GetObjectCommand({ Bucket, Key: "body" }));
    expect(found).toMatchObject({ ContentType: "application/json", ETag: `"${hash("md5", "{}")}"` });
    await expect(s3.put("nowhere", "x", "y")).rejects.toThrow(/no bucket nowhere/);
  });

  test("the gate stalls a put, which checks its condition when it is let go", async () => {
    const { ETag } = await put("page", "1");
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<unknown>();
    s3.gate = async (op) => {
      arrive(op);
      await held;
    };
    const stalled = failure(put("page", "late", { IfMatch: ETag }));
    expect(await arrived).toEqual({ name: "PutObject", bucket: Bucket, key: "page" });
    delete s3.gate;
    await put("page", "2", { IfMatch: ETag });
    letGo();
    expect(await stalled).toEqual([412, "PreconditionFailed"]);
    expect(await get("page")).toBe("2");
  });

  test("the gate fails an operation before it takes effect", async () => {
    s3.gate = async ({ name }) => (name === "PutObject" ? { status: 503, code: "SlowDown" } : undefined);
    expect(await failure(put("page", "1"))).toEqual([503, "SlowDown"]);
    expect(s3.keys(Bucket)).toEqual([]);
  });

  test("closing ends kept-alive connections, and what is held at the gate does not happen", async () => {
    await put("page", "1");
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    s3.gate = () => (arrive(), held);
    const stalled = put("page", "2").then(
      () => "written",
      () => "cut off",
    );
    await arrived;
    const stopped = stop();
    letGo();
    await stopped;
    expect(await stalled).toBe("cut off");
    await start();
    expect(await get("page")).toBe("1");
  });
});
