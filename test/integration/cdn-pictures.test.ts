import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { request, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { CloudFrontClient, CreateInvalidationCommand } from "@aws-sdk/client-cloudfront";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalCdn, startCdn } from "../../infra/local/cdn/cdn.ts";
import { localClock, type LocalClock } from "../../infra/local/clock.ts";
import { type LocalS3, startS3 } from "../../infra/local/s3/s3.ts";

const source = (name: string): Promise<string> =>
  readFile(new URL(`../../functions/edge/${name}`, import.meta.url), "utf8");
const edge = {
  viewerRequest: await source("viewer-request.js"),
  viewerResponse: await source("viewer-response.js"),
};

let dir: string;
let clock: LocalClock;
let s3: LocalS3;
let cdn: LocalCdn;
let cloudfront: CloudFrontClient;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "cdn-pictures-"));
  clock = localClock();
  s3 = await startS3({ dir, buckets: ["site"], clock });
  cdn = await startCdn({
    origin: { url: s3.url, bucket: "site" },
    clock,
    port: 0,
    edge,
    responseHeaders: { "X-Content-Type-Options": "nosniff" },
    errorPage: { key: "404", ttlSeconds: 1 },
    distributionId: "E2LOCAL",
  });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  cloudfront = new CloudFrontClient({ endpoint: cdn.controlUrl, region: "local", credentials, maxAttempts: 1 });
});
afterEach(async () => {
  cloudfront.destroy();
  await cdn.close();
  await s3.close();
  clock.close();
  rmSync(dir, { recursive: true });
});

type Reply = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/** One request on a connection of its own, its answer's bytes as they came: nothing decodes them. */
const ask = (path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port: cdn.port, path, method, headers, agent: false }, (response) => {
      buffer(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      );
    });
    sent.on("error", reject);
    sent.end();
  });

const PATH = "/images/01JD/1200.webp";
const IMMUTABLE = "public, max-age=31536000, immutable";
const put = (bytes: Uint8Array, headers: Record<string, string> = {}, path = PATH): Promise<void> =>
  s3.put("site", path.slice(1), bytes, {
    "content-type": "image/webp",
    "cache-control": IMMUTABLE,
    "x-amz-meta-cache-tag": "i-01jd,a-07",
    ...headers,
  });
const purge = (tag: string, callerReference: string) =>
  cloudfront.send(
    new CreateInvalidationCommand({
      DistributionId: "E2LOCAL",
      InvalidationBatch: { CallerReference: callerReference, Paths: { Quantity: 1, Items: [tag] } },
    }),
  );

/** Every byte there is, those included that text would not survive. */
const bytes = Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, n) => n)), randomBytes(150_000)]);

describe("a picture", () => {
  test("is its bytes, with its type and lifetime, from the origin and from the cache", async () => {
    await put(bytes);
    for (const cache of ["Miss from cloudfront", "Hit from cloudfront"]) {
      const { status, headers, body } = await ask(PATH);
      expect(status).toBe(200);
      expect(body.equals(bytes)).toBe(true);
      expect(headers).toMatchObject({
        "content-type": "image/webp",
        "content-length": String(bytes.length),
        "cache-control": IMMUTABLE,
        "x-content-type-options": "nosniff",
        "x-cache": cache,
      });
      expect(Object.keys(headers).filter((name) => name.startsWith("x-amz-"))).toEqual([]);
    }
    expect(s3.requests["GetObject"]).toBe(1);
  });

  test("of 12 MB is its bytes, too, and is kept", async () => {
    const large = randomBytes(12_000_000);
    await put(large);
    expect((await ask(PATH)).body.equals(large)).toBe(true);
    const again = await ask(PATH);
    expect(again.headers["x-cache"]).toBe("Hit from cloudfront");
    expect(again.body.equals(large)).toBe(true);
  });

  // "File types that CloudFront compresses": https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html
  test.each(["image/jpeg", "image/png", "image/webp", "image/avif"])("%s is never compressed", async (type) => {
    const flat = Buffer.alloc(50_000, "a");
    await put(flat, { "content-type": type });
    for (const encoding of ["br, gzip", "gzip", "*", "identity;q=0, br"]) {
      const { headers, body } = await ask(PATH, { "accept-encoding": encoding });
      expect(body.equals(flat)).toBe(true);
      expect(headers["etag"]).toMatch(/^"[0-9a-f]{32}"$/);
      for (const name of ["content-encoding", "vary", "transfer-encoding"]) expect(headers).not.toHaveProperty(name);
    }
    expect(s3.requests["GetObject"]).toBe(1);
  });

  test("is the same to HEAD, without its bytes", async () => {
    await put(bytes);
    const head = await ask(PATH, {}, "HEAD");
    const get = await ask(PATH);
    expect(head.status).toBe(200);
    expect(head.body).toHaveLength(0);
    const ofCopy = ({ headers }: Reply) => ({ ...headers, "x-cache": "", age: "", date: "" });
    expect(ofCopy(head)).toEqual(ofCopy(get));
    expect(head.headers["content-length"]).toBe(String(bytes.length));
    expect(get.headers["x-cache"]).toBe("Hit from cloudfront");
  });

  test.each(["bytes=0-9", "bytes=100-", "bytes=-5", "bytes=0-1,5-6", "bytes=9999999-"])(
    "asked for by Range: %s comes whole, and says nowhere that it could come in parts",
    async (range) => {
      await put(bytes);
      const asked: Record<string, string>[] = [{ range }, { range, "if-range": '"x"' }];
      for (const headers of asked) {
        const reply = await ask(PATH, headers);
        expect(reply.status).toBe(200);
        expect(reply.body.equals(bytes)).toBe(true);
        expect(reply.headers).not.toHaveProperty("content-range");
        expect(reply.headers).not.toHaveProperty("accept-ranges");
      }
      expect((await ask(PATH, { range }, "HEAD")).status).toBe(200);
    },
  );

  test("that a reader has is 304, with its lifetime and without its type", async () => {
    await put(bytes);
    const { etag = "", "last-modified": modified = "" } = (await ask(PATH)).headers;
    const asked: Record<string, string>[] = [
      { "if-none-match": etag },
      { "if-none-match": `W/${etag}` },
      { "if-modified-since": modified },
    ];
    for (const headers of asked) {
      for (const method of ["GET", "HEAD"]) {
        const reply = await ask(PATH, { ...headers, range: "bytes=0-9" }, method);
        expect(reply.status).toBe(304);
        expect(reply.body).toHaveLength(0);
        expect(reply.headers).toMatchObject({ etag, "cache-control": IMMUTABLE });
        expect(reply.headers).not.toHaveProperty("content-type");
        expect(reply.headers).not.toHaveProperty("content-length");
      }
    }
    expect((await ask(PATH, { "if-none-match": '"other"' })).body.equals(bytes)).toBe(true);
    expect(s3.requests["GetObject"]).toBe(1);
  });

  test("stays for its year, and is asked after when that is over", async () => {
    await put(bytes);
    await ask(PATH);
    await clock.move(364 * 86_400_000);
    expect((await ask(PATH)).headers["x-cache"]).toBe("Hit from cloudfront");
    await clock.move(2 * 86_400_000);
    const renewed = await ask(PATH);
    expect(renewed.headers["x-cache"]).toBe("RefreshHit from cloudfront");
    expect(renewed.body.equals(bytes)).toBe(true);
  });
});

describe("a picture that is withdrawn", () => {
  const tombstone = { "content-type": "text/plain; charset=utf-8", "cache-control": "max-age=0, s-maxage=60" };
  const withdraw = (body = ""): Promise<void> =>
    put(Buffer.from(body), { ...tombstone, "x-amz-meta-status": "410", "x-amz-meta-cache-tag": "i-01jd" });

  test("is served until its tag is purged, and is 410 from then on", async () => {
    await put(bytes);
    await ask(PATH);
    await withdraw("Gone");
    expect((await ask(PATH)).status).toBe(200);
    await purge("#a-07-other", "1");
    expect((await ask(PATH)).status).toBe(200);
    await purge("#i-01jd", "2");
    for (const cache of ["Miss from cloudfront", "Hit from cloudfront"]) {
      const { status, headers, body } = await ask(PATH);
      expect([status, body.toString()]).toEqual([410, "Gone"]);
      expect(headers).toMatchObject({ ...tombstone, "content-length": "4", "x-cache": cache });
      expect(headers).not.toHaveProperty("etag");
      expect(headers).not.toHaveProperty("last-modified");
    }
  });

  test("is 410 to whoever had it, to HEAD, to Range and to every encoding; nothing of it is in the answer", async () => {
    await put(Buffer.from("RIFF"));
    const { etag = "", "last-modified": modified = "" } = (await ask(PATH)).headers;
    await withdraw("x".repeat(2000));
    await purge("#I-01JD", "1");
    const asked: [Record<string, string>, string][] = [
      [{ "if-none-match": etag }, "GET"],
      [{ "if-none-match": "*" }, "GET"],
      [{ "if-modified-since": modified }, "GET"],
      [{ range: "bytes=0-9" }, "GET"],
      [{ "accept-encoding": "br" }, "GET"],
      [{}, "HEAD"],
    ];
    for (const [headers, method] of asked) {
      const reply = await ask(PATH, headers, method);
      expect([headers, method, reply.status]).toEqual([headers, method, 410]);
      expect(reply.headers["content-type"]).toBe("text/plain; charset=utf-8");
      expect(reply.headers["cache-control"]).not.toContain("immutable");
      expect(reply.body.includes("RIFF")).toBe(false);
    }
  });

  test("has no body for whoever has its tombstone already", async () => {
    await withdraw("Gone");
    const reply = await ask(PATH, { "if-none-match": "*" });
    expect([reply.status, reply.body.length, reply.headers["content-length"]]).toEqual([410, 0, "0"]);
  });

  test("may have an empty tombstone", async () => {
    await withdraw();
    const reply = await ask(PATH);
    expect([reply.status, reply.body.length, reply.headers["content-length"]]).toEqual([410, 0, "0"]);
  });

  test("and comes back is its bytes again after another purge", async () => {
    await withdraw();
    await ask(PATH);
    await put(bytes);
    await purge("#i-01jd", "1");
    const reply = await ask(PATH);
    expect(reply.status).toBe(200);
    expect(reply.body.equals(bytes)).toBe(true);
    expect(reply.headers["cache-control"]).toBe(IMMUTABLE);
  });

  test("or was never there is the 404 page, and not for a year", async () => {
    await s3.put("site", "404", "Không tìm thấy trang", { "content-type": "text/html; charset=utf-8" });
    const missing = await ask(PATH, { accept: "image/avif,image/webp" });
    expect(missing).toMatchObject({ status: 404, headers: { "content-type": "text/html; charset=utf-8" } });
    expect(missing.headers["cache-control"] ?? "").not.toContain("immutable");
    await put(bytes);
    await clock.move(1_000);
    expect((await ask(PATH)).body.equals(bytes)).toBe(true);
  });
});
