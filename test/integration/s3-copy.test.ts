import { hash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalClients, localClients } from "../../infra/local/clients.ts";
import { localClock, type LocalClock } from "../../infra/local/clock.ts";
import { type LocalS3, type ObjectCreated, startS3 } from "../../infra/local/s3/s3.ts";

let dir: string;
let clock: LocalClock;
let s3: LocalS3;
let clients: LocalClients;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "s3-copy-"));
  clock = localClock();
  s3 = await startS3({ dir, buckets: ["content", "site"], clock });
  const endpoints = { dynamo: s3.url, s3: s3.url, sqs: s3.url, ssm: s3.url, cloudfront: s3.url };
  clients = localClients(endpoints, { calls: {}, filed: () => undefined });
});
afterEach(async () => {
  Object.values(clients).forEach((client) => client.destroy());
  await s3.close();
  clock.close();
  rmSync(dir, { recursive: true });
});

const small = randomBytes(500);
const large = randomBytes(200_000);
const etagOf = (bytes: Uint8Array): string => `"${hash("md5", bytes)}"`;

/** As a picture goes public: from the private bucket, under new headers, only if it is what was looked at and new there. */
const copy = (rest: Partial<CopyObjectCommandInput> = {}) =>
  clients.s3.send(
    new CopyObjectCommand({
      Bucket: "site",
      Key: "images/01JD/800.webp",
      CopySource: "content/renditions/01JD/800.webp",
      MetadataDirective: "REPLACE",
      ContentType: "image/webp",
      CacheControl: "public, max-age=31536000, immutable",
      Metadata: { "cache-tag": "i-01jd", epoch: "3" },
      IfNoneMatch: "*",
      ...rest,
    }),
  );
const source = (bytes: Uint8Array): Promise<void> =>
  s3.put("content", "renditions/01JD/800.webp", bytes, {
    "content-type": "application/octet-stream",
    "cache-control": "private",
    "x-amz-meta-secret": "1",
  });
const target = async () => {
  const Key = "images/01JD/800.webp";
  const found = await clients.s3.send(new GetObjectCommand({ Bucket: "site", Key, ChecksumMode: "ENABLED" }));
  return { ...found, bytes: Buffer.from((await found.Body?.transformToByteArray()) ?? []) };
};
/** Status and code of a copy that has to fail, and the keys that are in the public bucket after it. */
const refusal = async (call: Promise<unknown>): Promise<unknown[]> => {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof S3ServiceException)) throw new Error("It should have been refused by S3.", { cause: error });
  return [error.$metadata.httpStatusCode, error.name, ...s3.keys("site")];
};

describe.each([
  ["in a row", small],
  ["in a file", large],
])("a copy of bytes %s to another bucket", (_where, bytes) => {
  test("takes the new headers and none of the old, and tells of itself", async () => {
    await source(bytes);
    const events: ObjectCreated[] = [];
    s3.onObjectCreated((event) => events.push(event));
    const copied = await copy({ CopySourceIfMatch: etagOf(bytes) });
    expect(copied.CopyObjectResult?.ETag).toBe(etagOf(bytes));
    const found = await target();
    expect(found.bytes.equals(bytes)).toBe(true);
    expect(found).toMatchObject({
      ContentType: "image/webp",
      CacheControl: "public, max-age=31536000, immutable",
      Metadata: { "cache-tag": "i-01jd", epoch: "3" },
      ContentLength: bytes.length,
      ETag: etagOf(bytes),
    });
    expect(found.Metadata).not.toHaveProperty("secret");
    expect(events).toEqual([
      { bucket: "site", key: "images/01JD/800.webp", etag: hash("md5", bytes), size: bytes.length },
    ]);
    expect(s3.requests["CopyObject"]).toBe(1);
    const original = await clients.s3.send(
      new HeadObjectCommand({ Bucket: "content", Key: "renditions/01JD/800.webp", ChecksumMode: "ENABLED" }),
    );
    expect(found.ChecksumCRC64NVME).toBe(original.ChecksumCRC64NVME);
    expect(found.ChecksumCRC64NVME).toMatch(/^[\w+/]{11}=$/);
    expect(original).toMatchObject({ CacheControl: "private", Metadata: { secret: "1" } });
  });

  test("with If-None-Match: * leaves what is there, headers too", async () => {
    await source(bytes);
    await copy();
    await source(randomBytes(bytes.length));
    const again = copy({ CacheControl: "no-store", Metadata: {} });
    expect(await refusal(again)).toEqual([412, "PreconditionFailed", "images/01JD/800.webp"]);
    const found = await target();
    expect(found.bytes.equals(bytes)).toBe(true);
    expect(found).toMatchObject({ CacheControl: "public, max-age=31536000, immutable", Metadata: { epoch: "3" } });
    await copy({ IfNoneMatch: undefined, CacheControl: "no-store" });
    expect(await target()).toMatchObject({ CacheControl: "no-store" });
  });

  test("of many at once is made once", async () => {
    await source(bytes);
    const race = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => copy({ Metadata: { racer: String(n) } })),
    );
    const winners = race.flatMap(({ status }, n) => (status === "fulfilled" ? [String(n)] : []));
    expect(winners).toHaveLength(1);
    expect((await target()).Metadata).toEqual({ racer: winners[0] });
  });

  test("outlives its source", async () => {
    await source(bytes);
    await copy();
    s3.remove("content", "renditions/01JD/800.webp");
    expect((await target()).bytes.equals(bytes)).toBe(true);
    s3.remove("site", "images/01JD/800.webp");
    expect(readdirSync(join(dir, "objects"), { recursive: true }).filter((name) => String(name).length > 3)).toEqual(
      [],
    );
  });
});

describe("conditions", () => {
  test("on the source: 412 when it is another, 404 when there is none, and nothing is written", async () => {
    expect(await refusal(copy({ CopySourceIfMatch: etagOf(small) }))).toEqual([404, "NoSuchKey"]);
    await source(small);
    const other = [412, "PreconditionFailed"];
    expect(await refusal(copy({ CopySourceIfMatch: etagOf(large) }))).toEqual(other);
    expect(await refusal(copy({ CopySourceIfNoneMatch: etagOf(small) }))).toEqual(other);
    await copy({ CopySourceIfMatch: etagOf(small).replaceAll('"', "") });
    expect((await target()).bytes.equals(small)).toBe(true);
  });

  test("If-Match replaces that very object: 412 another, 404 none", async () => {
    await source(large);
    const onto = (IfMatch: string) => copy({ IfNoneMatch: undefined, IfMatch });
    expect(await refusal(onto(etagOf(small)))).toEqual([404, "NoSuchKey"]);
    await s3.put("site", "images/01JD/800.webp", small);
    expect(await refusal(onto(etagOf(large)))).toEqual([412, "PreconditionFailed", "images/01JD/800.webp"]);
    await onto(etagOf(small));
    expect((await target()).bytes.equals(large)).toBe(true);
  });

  test("an object may take new headers in its place, and its conditions hold there, too", async () => {
    await s3.put("site", "images/01JD/800.webp", small, { "cache-control": "old" });
    const CopySource = "site/images/01JD/800.webp";
    expect(await refusal(copy({ CopySource }))).toEqual([412, "PreconditionFailed", "images/01JD/800.webp"]);
    await copy({ CopySource, IfNoneMatch: undefined, CopySourceIfMatch: etagOf(small), CacheControl: "new" });
    const found = await target();
    expect(found.CacheControl).toBe("new");
    expect(found.bytes.equals(small)).toBe(true);
  });

  test("can be switched off on the target", async () => {
    await source(large);
    await s3.put("site", "images/01JD/800.webp", small);
    s3.honourPreconditions = false;
    await copy();
    expect((await target()).bytes.equals(large)).toBe(true);
  });

  test("are asked when the gate lets go", async () => {
    await source(large);
    s3.gate = () => s3.put("site", "images/01JD/800.webp", small);
    expect(await refusal(copy())).toEqual([412, "PreconditionFailed", "images/01JD/800.webp"]);
    expect((await target()).bytes.equals(small)).toBe(true);
  });
});

test("headers that are not replaced by a copy are not taken for replaced: without REPLACE S3 ignores them", async () => {
  await source(small);
  await copy({ MetadataDirective: undefined });
  const found = await target();
  expect(found).toMatchObject({ CacheControl: "private", Metadata: { secret: "1" } });
});

test("what a copy does not know here fails loudly", async () => {
  await source(small);
  for (const rest of [
    { TaggingDirective: "REPLACE" as const, Tagging: "a=b" },
    { ACL: "public-read" as const },
    { CopySourceIfUnmodifiedSince: new Date(0) },
    { ExpectedSourceBucketOwner: "1" },
    { ChecksumAlgorithm: "SHA256" as const },
    { IfNoneMatch: '"x"' },
  ]) {
    expect(await refusal(copy(rest))).toEqual([501, "NotImplemented"]);
  }
});
