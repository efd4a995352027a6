import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync } from "node:zlib";
import { CloudFrontClient, CreateInvalidationCommand } from "@aws-sdk/client-cloudfront";
import { afterEach, describe, expect, test } from "vitest";
import { type CdnOptions, type LocalCdn, startCdn } from "../../infra/local/cdn/cdn.ts";
import { listen, shut } from "../../infra/local/listen.ts";
import { localClock } from "../../infra/local/clock.ts";

const edge = {
  viewerRequest: await readFile(new URL("../../functions/edge/viewer-request.js", import.meta.url), "utf8"),
  viewerResponse: await readFile(new URL("../../functions/edge/viewer-response.js", import.meta.url), "utf8"),
};

type Put = { body: string | Buffer; headers?: Record<string, string> };

/** A bucket, as far as a CDN sees one; `hold` keeps answers back until it is released. */
const startOrigin = async () => {
  const objects = new Map<string, Put>();
  const requests: IncomingMessage[] = [];
  const state = { fail: 0, broken: false, silent: false, version: 0 };
  let gate: Promise<void> = Promise.resolve();
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    requests.push(req);
    const found = objects.get(decodeURIComponent((req.url ?? "").replace("/site/", "")));
    const { fail, broken, silent } = state;
    await gate;
    if (silent) return;
    if (broken) return void res.socket?.destroy();
    if (fail > 0) return void res.writeHead(fail).end();
    if (found === undefined) return void res.writeHead(403, { "content-type": "application/xml" }).end("<Error/>");
    const headers = found.headers ?? {};
    const unchanged = headers["etag"] !== undefined && req.headers["if-none-match"] === headers["etag"];
    if (unchanged) return void res.writeHead(304, { etag: headers["etag"] }).end();
    res.writeHead(200, { server: "AmazonS3", "x-amz-request-id": "1", ...headers }).end(found.body);
  };
  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => res.destroy(error instanceof Error ? error : undefined));
  });
  const port = await listen(server, 0);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    state,
    put: (key: string, body: string | Buffer, headers: Record<string, string> = {}) => {
      state.version += 1;
      const defaults = { "content-type": "text/html; charset=utf-8", etag: `"${state.version}"` };
      objects.set(key, { body, headers: { ...defaults, ...headers } });
    },
    remove: (key: string) => objects.delete(key),
    hold: (): (() => void) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    close: () => shut(server),
  };
};

type Reply = { status: number; headers: IncomingMessage["headers"]; body: Buffer; text: string };

const send = (
  url: string,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(url);
    const { method = "GET", headers = {} } = options;
    const req = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (res) => {
      const reply = async (): Promise<Reply> => {
        const body = await buffer(res);
        return { status: res.statusCode ?? 0, headers: res.headers, body, text: body.toString("utf8") };
      };
      reply().then(resolve, reject);
    });
    req.on("error", reject);
    req.end(options.body);
  });

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const house = async (options: Partial<CdnOptions> = {}) => {
  const origin = await startOrigin();
  const clock = localClock();
  const cdn: LocalCdn = await startCdn({
    origin: { url: origin.url, bucket: "site" },
    clock,
    port: 0,
    edge,
    responseHeaders: { "X-Content-Type-Options": "nosniff", server: "CloudFront" },
    errorPage: { key: "404", ttlSeconds: 1 },
    distributionId: "E2LOCAL",
    ...options,
  });
  open.push(
    () => origin.close(),
    () => clock.close(),
    () => cdn.close(),
  );
  const client = new CloudFrontClient({
    endpoint: cdn.controlUrl,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  open.push(() => client.destroy());
  const purge = (items: string[], callerReference: string, distribution = "E2LOCAL") =>
    client.send(
      new CreateInvalidationCommand({
        DistributionId: distribution,
        InvalidationBatch: { CallerReference: callerReference, Paths: { Quantity: items.length, Items: items } },
      }),
    );
  const get = (path: string, headers: Record<string, string> = {}) => send(cdn.url, path, { headers });
  return { origin, clock, cdn, get, purge };
};

const LONG = "Người dân dạo bước trên tuyến phố. ".repeat(60);

describe("cache key", () => {
  test("a path is fetched once; host, query, cookies and a thousand header names change nothing", async () => {
    const { origin, get, cdn } = await house();
    origin.put("thoi-su/bai", LONG, { "cache-control": "max-age=0, s-maxage=300" });
    const first = await get("/thoi-su/bai");
    expect(first).toMatchObject({ status: 200, text: LONG });
    for (let start = 0; start < 1000; start += 50) {
      const names = Array.from({ length: 50 }, (_, index) => `x-odd-${start + index}`);
      const odd = Object.fromEntries(names.map((name) => [name, `evil${start}`]));
      const standing = {
        host: "evil.example",
        cookie: `a=${start}`,
        "x-forwarded-host": "evil.example",
        "x-original-url": "/other",
        "x-http-method-override": "POST",
        range: "bytes=0-9",
      };
      const again = await get(`/thoi-su/bai?utm=${start}&x-amz-meta-status=410`, { ...odd, ...standing });
      expect(again).toMatchObject({ status: 200, text: LONG, headers: { "x-cache": "Hit from cloudfront" } });
    }
    expect(origin.requests).toHaveLength(1);
    expect(cdn).toMatchObject({ hits: 20, misses: 1 });
  });

  test("nothing of a request reaches the origin but the path", async () => {
    const { origin, get } = await house();
    origin.put("a", "a");
    await get("/a?x=1", { cookie: "a=1", authorization: "Bearer x", "if-none-match": '"x"', range: "bytes=0-1" });
    expect(origin.requests[0]?.url).toBe("/site/a");
    const names = Object.keys(origin.requests[0]?.headers ?? {}).filter((name) => name !== "host");
    expect(names).toEqual(["connection"]);
  });

  test("/ is index.html, a trailing slash the same page, and a key of other letters is encoded", async () => {
    const { origin, get } = await house();
    origin.put("index.html", "front");
    origin.put("thoi-su", "section");
    origin.put("tin-tức/a+b", "alias");
    expect((await get("/")).text).toBe("front");
    expect((await get("/index.html")).headers["x-cache"]).toBe("Hit from cloudfront");
    expect((await get("/thoi-su/")).text).toBe("section");
    expect((await get("/thoi-su")).headers["x-cache"]).toBe("Hit from cloudfront");
    expect((await get("/tin-t%E1%BB%A9c/a%2Bb")).text).toBe("alias");
    expect(origin.requests).toHaveLength(3);
  });

  test("no request leaves the bucket, whatever viewer-request lets through", async () => {
    const open = { ...edge, viewerRequest: "function handler(event) { return event.request; }" };
    const { origin, get } = await house({ edge: open });
    for (const path of ["/../secret/a", "/a/%2e%2e/%2E%2e/secret", "/a%2f..%2f..%2fsecret", "/%", "/"]) {
      expect((await get(path)).status).toBe(404);
    }
    expect(origin.requests.map(({ url }) => url)).toEqual(["/site/404"]);
  });

  test("hostile paths are the 404 page, and never a redirect", async () => {
    const { origin, get } = await house();
    origin.put("404", "Không tìm thấy trang");
    for (const path of ["//evil.com/", "/\\evil.com", "/a//b", "/a%00b", "/../x", `/${"a".repeat(5000)}`]) {
      const reply = await get(path);
      expect(reply).toMatchObject({ status: 404, text: "Không tìm thấy trang" });
      expect(reply.headers).not.toHaveProperty("location");
    }
    expect(origin.requests.map(({ url }) => url)).toEqual(["/site/-", "/site/404"]);
  });
});

describe("methods and limits", () => {
  test("405 from the edge, without the origin; a body is read to nowhere", async () => {
    const { origin, cdn } = await house();
    origin.put("a", "a");
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      const reply = await send(cdn.url, "/a", {
        method,
        body: Buffer.alloc(8_000_000),
        headers: { "content-length": "8000000" },
      });
      expect(reply).toMatchObject({
        status: 405,
        headers: { allow: "GET, HEAD", "x-cache": "FunctionGeneratedResponse from cloudfront" },
      });
    }
    expect(origin.requests).toHaveLength(0);
    const body = { method: "GET", body: "x".repeat(1000), headers: { "content-length": "1000" } };
    expect(await send(cdn.url, "/a", body)).toMatchObject({ status: 200, text: "a" });
  });

  test("headers and URLs over 20 KB are refused", async () => {
    const { get } = await house();
    expect((await get("/a", { "x-long": "x".repeat(21_000) })).status).toBe(431);
    expect((await get(`/${"a".repeat(21_000)}`)).status).toBe(431);
  });

  test("an absolute-form target is its path, and nothing asks another host", async () => {
    const { origin, get } = await house();
    origin.put("a", "a");
    expect((await get("http://evil.example/a")).text).toBe("a");
    expect(origin.requests.map(({ url }) => url)).toEqual(["/site/a"]);
  });

  test("HEAD is the GET's entry, with the same headers and no body", async () => {
    const { origin, cdn, get } = await house();
    origin.put("a", LONG);
    const head = await send(cdn.url, "/a", { method: "HEAD" });
    const full = await get("/a");
    expect(head.body).toHaveLength(0);
    expect(head.headers["content-length"]).toBe(String(Buffer.byteLength(LONG)));
    expect(full.headers["x-cache"]).toBe("Hit from cloudfront");
    expect(origin.requests.map(({ method }) => method)).toEqual(["GET"]);
  });
});

describe("lifetime", () => {
  test("s-maxage before max-age; Cache-Control goes out unchanged; Age counts", async () => {
    const { origin, clock, get } = await house();
    const cacheControl = "public, max-age=0, s-maxage=10";
    origin.put("a", "one", { "cache-control": cacheControl });
    expect((await get("/a")).headers).toMatchObject({
      "cache-control": cacheControl,
      "x-cache": "Miss from cloudfront",
    });
    origin.put("a", "two", { "cache-control": cacheControl });
    await clock.move(8_000);
    const hit = await get("/a");
    expect(hit).toMatchObject({ text: "one", headers: { age: "8", "cache-control": cacheControl } });
    await clock.move(2_000);
    expect(await get("/a")).toMatchObject({ text: "two", headers: { "x-cache": "Miss from cloudfront" } });
  });

  test("without a lifetime a day; no-store is not kept; max-age=0 is revalidated each time", async () => {
    const { origin, clock, get } = await house();
    origin.put("plain", "x");
    origin.put("secret", "x", { "cache-control": "no-store" });
    origin.put("zero", "x", { "cache-control": "max-age=0" });
    const seen = async (path: string): Promise<unknown> => (await get(path)).headers["x-cache"];
    expect([await seen("/plain"), await seen("/secret"), await seen("/zero")]).toEqual(
      Array(3).fill("Miss from cloudfront"),
    );
    await clock.move(86_000_000);
    expect(await seen("/plain")).toBe("Hit from cloudfront");
    expect(await seen("/secret")).toBe("Miss from cloudfront");
    expect(await seen("/zero")).toBe("RefreshHit from cloudfront");
    await clock.move(500_000);
    expect(await seen("/plain")).toBe("RefreshHit from cloudfront");
  });

  test("stale-while-revalidate: stale at once, fresh behind it, and no longer than it says", async () => {
    const { origin, clock, cdn, get } = await house();
    const headers = { "cache-control": "s-maxage=10, stale-while-revalidate=30" };
    origin.put("a", "one", headers);
    await get("/a");
    origin.put("a", "two", headers);
    await clock.move(35_000);
    const release = origin.hold();
    expect((await get("/a")).text).toBe("one");
    expect((await get("/a")).text).toBe("one");
    release();
    await cdn.settled();
    expect((await get("/a")).text).toBe("two");
    expect(origin.requests).toHaveLength(2);
    origin.put("a", "three", headers);
    await clock.move(41_000);
    expect((await get("/a")).text).toBe("three");
  });

  test("many readers of a cold path are one request to the origin", async () => {
    const { origin, get } = await house();
    origin.put("a", "one");
    const release = origin.hold();
    const readers = Promise.all(Array.from({ length: 50 }, () => get("/a")));
    await expect.poll(() => origin.requests.length).toBe(1);
    release();
    expect(new Set((await readers).map(({ text }) => text))).toEqual(new Set(["one"]));
    expect(origin.requests).toHaveLength(1);
  });

  test("revalidation by If-None-Match: 304 renews the entry", async () => {
    const { origin, clock, get } = await house();
    origin.put("a", "one", { "cache-control": "s-maxage=10", etag: '"same"', "x-amz-meta-cache-tag": "t" });
    await get("/a");
    await clock.move(10_000);
    const refreshed = await get("/a");
    expect(refreshed).toMatchObject({ text: "one", headers: { "x-cache": "RefreshHit from cloudfront" } });
    expect(origin.requests[1]?.headers["if-none-match"]).toBe('"same"');
    await clock.move(9_000);
    expect((await get("/a")).headers["x-cache"]).toBe("Hit from cloudfront");
    expect(origin.requests).toHaveLength(2);
  });

  test("what was used longest ago goes when the cache is full, and an object larger than it is served uncached", async () => {
    const { origin, cdn, get } = await house({ maxBytes: 100_000 });
    for (const key of ["a", "b", "c", "d"]) origin.put(key, key.repeat(30_000), { "content-type": "image/webp" });
    origin.put("huge", Buffer.alloc(200_000), { "content-type": "image/webp" });
    for (const path of ["/a", "/b", "/c", "/a", "/d", "/huge", "/huge"]) await get(path);
    expect(cdn.bytes).toBeLessThanOrEqual(100_000);
    const cached = async (path: string): Promise<unknown> => (await get(path)).headers["x-cache"];
    expect(await cached("/a")).toBe("Hit from cloudfront");
    expect(await cached("/d")).toBe("Hit from cloudfront");
    expect(await cached("/b")).toBe("Miss from cloudfront");
    expect(await cached("/huge")).toBe("Miss from cloudfront");
    cdn.flush();
    expect(cdn.bytes).toBe(0);
  });

  test("compressed copies count in the bound", async () => {
    const { origin, cdn, get } = await house();
    origin.put("a", LONG);
    await get("/a");
    const before = cdn.bytes;
    const { body } = await get("/a", { "accept-encoding": "br" });
    expect(cdn.bytes).toBe(before + body.length);
    await get("/a", { "accept-encoding": "br, gzip" });
    expect(cdn.bytes).toBe(before + body.length);
  });
});

describe("representation", () => {
  test.each([
    ["br, gzip", "br"],
    ["gzip, deflate, br, zstd", "br"],
    ["gzip", "gzip"],
    ["GZIP;q=0.1, br;q=0", "gzip"],
    ["br;q=0.0", undefined],
    ["deflate, *", undefined],
    ["", undefined],
  ])("Accept-Encoding %j is answered in %s, from one fetch", async (header, encoding) => {
    const { origin, get } = await house();
    origin.put("a", LONG);
    const { headers, body } = await get("/a", { "accept-encoding": header });
    const plain = { br: brotliDecompressSync, gzip: gunzipSync, identity: (bytes: Buffer) => bytes };
    expect(plain[encoding === "br" || encoding === "gzip" ? encoding : "identity"](body).toString()).toBe(LONG);
    expect(headers["content-encoding"]).toBe(encoding);
    expect(headers["content-length"]).toBe(String(body.length));
    expect(headers["vary"]).toBe("Accept-Encoding");
    expect(headers["etag"]).toBe(encoding === undefined ? '"1"' : 'W/"1"');
    await get("/a");
    expect(origin.requests).toHaveLength(1);
  });

  test("brotli is of quality 5, as CloudFront's", async () => {
    const { origin, get } = await house();
    origin.put("a", LONG);
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 5,
      [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(LONG),
    };
    expect((await get("/a", { "accept-encoding": "br" })).body).toEqual(brotliCompressSync(LONG, { params }));
  });

  test.each([
    ["999 bytes", Buffer.alloc(999, "a"), {}],
    ["10,000,001 bytes", Buffer.alloc(10_000_001, "a"), {}],
    ["a picture", Buffer.alloc(5000), { "content-type": "image/avif" }],
    ["an Atom feed", Buffer.alloc(5000), { "content-type": "application/atom+xml" }],
    ["what is encoded already", Buffer.alloc(5000), { "content-encoding": "gzip" }],
  ])("%s: not compressed", async (_what, body, headers) => {
    const { origin, get } = await house();
    origin.put("a", body, headers);
    const reply = await get("/a", { "accept-encoding": "br" });
    expect(reply.body.equals(body)).toBe(true);
    expect(reply.headers["etag"]).toBe('"1"');
    expect(reply.headers).not.toHaveProperty("vary");
  });

  test.each(["text/css", "application/json; charset=utf-8", "image/svg+xml", "application/rss+xml", "text/plain"])(
    "%s of 1,000 bytes is compressed",
    async (type) => {
      const { origin, get } = await house();
      origin.put("a", Buffer.alloc(1000, "a"), { "content-type": type });
      expect((await get("/a", { "accept-encoding": "gzip" })).headers["content-encoding"]).toBe("gzip");
    },
  );

  test.each([
    [{ "if-none-match": '"v,1"' }, 304],
    [{ "if-none-match": 'W/"v,1"' }, 304],
    [{ "if-none-match": '"x", W/"v,1" , "y"' }, 304],
    [{ "if-none-match": "*" }, 304],
    [{ "if-none-match": '"v"' }, 200],
    [{ "if-none-match": "v,1" }, 200],
    [{ "if-modified-since": "Mon, 23 Nov 2026 02:05:00 GMT" }, 304],
    [{ "if-modified-since": "Mon, 23 Nov 2026 02:04:59 GMT" }, 200],
    [{ "if-modified-since": "yesterday" }, 200],
    [{ "if-none-match": '"x"', "if-modified-since": "Mon, 23 Nov 2026 02:05:00 GMT" }, 200],
  ])("%j is answered %d", async (headers, status) => {
    const { origin, get } = await house();
    origin.put("a", LONG, {
      etag: '"v,1"',
      "last-modified": "Mon, 23 Nov 2026 02:05:00 GMT",
      "cache-control": "max-age=9",
    });
    const reply = await get("/a", { ...headers, "accept-encoding": "br" });
    expect(reply.status).toBe(status);
    expect(reply.body.length > 0).toBe(status === 200);
    expect(reply.headers).toMatchObject({
      etag: 'W/"v,1"',
      vary: "Accept-Encoding",
      "cache-control": "max-age=9",
      "x-content-type-options": "nosniff",
    });
    expect("content-type" in reply.headers).toBe(status === 200);
  });

  test("S3's headers and the metadata stay behind; the policy's are on every answer", async () => {
    const { origin, get, cdn } = await house();
    origin.put("a", "a", {
      "x-amz-meta-cache-tag": "t",
      "x-amz-meta-digest": "d",
      "set-cookie": "x=1",
      "accept-ranges": "bytes",
    });
    origin.put("404", "404 page", { "x-amz-meta-epoch": "7", "x-amz-meta-cache-tag": "t" });
    const replies = [await get("/a"), await get("/a", { "if-none-match": "*" }), await get("/nowhere")];
    replies.push(await send(cdn.url, "/a", { method: "POST" }));
    for (const { headers } of replies) {
      expect(Object.keys(headers).filter((name) => name.startsWith("x-amz-"))).toEqual([]);
      expect(headers).not.toHaveProperty("set-cookie");
      expect(headers).not.toHaveProperty("accept-ranges");
      expect(headers).toMatchObject({ "x-content-type-options": "nosniff", via: "1.1 localhost (CloudFront)" });
    }
    expect(replies.map(({ status }) => status)).toEqual([200, 304, 404, 405]);
  });

  test("a removal list is exact, and runs before viewer-response, as on CloudFront", async () => {
    const { origin, get } = await house({ removeHeaders: ["X-Amz-Meta-Epoch", "x-amz-meta-status"] });
    origin.put("404", "404 page", { "x-amz-meta-epoch": "7", "x-amz-meta-digest": "d" });
    origin.put("gone", "gone", { "x-amz-meta-status": "410" });
    expect((await get("/nowhere")).headers).toMatchObject({ "x-amz-meta-digest": "d" });
    expect((await get("/nowhere")).headers).not.toHaveProperty("x-amz-meta-epoch");
    expect((await get("/gone")).status).toBe(200);
  });

  test("metadata becomes a redirect or 410, from the cache too and for conditional readers", async () => {
    const { origin, get } = await house();
    origin.put("old", "Đã chuyển", {
      "x-amz-meta-status": "301",
      "x-amz-meta-location": "/moi-1",
      "cache-control": "max-age=0, s-maxage=60",
    });
    origin.put("gone", LONG, { "x-amz-meta-status": "410" });
    origin.put("evil", "x", { "x-amz-meta-status": "301", "x-amz-meta-location": "//evil.com" });
    for (const cache of ["Miss from cloudfront", "Hit from cloudfront"]) {
      expect(await get("/old")).toMatchObject({
        status: 301,
        headers: { location: "/moi-1", "cache-control": "max-age=0, s-maxage=60", "x-cache": cache },
      });
    }
    const gone = await get("/gone", { "accept-encoding": "br" });
    expect(gone.status).toBe(410);
    expect(brotliDecompressSync(gone.body).toString()).toBe(LONG);
    expect(gone.headers).not.toHaveProperty("etag");
    expect(await get("/gone", { "if-none-match": "*" })).toMatchObject({ status: 410, text: "" });
    expect(await get("/evil")).toMatchObject({ status: 404, text: "404\n" });
  });

  test.each([
    ["function handler() { throw new Error('x'); }", 503],
    ["function handler(event) { event.response.headers.via = { value: 'x' }; return event.response; }", 502],
  ])("a viewer-response function that fails: %s", async (viewerResponse, status) => {
    const { origin, get } = await house({ edge: { ...edge, viewerResponse } });
    origin.put("a", "secret");
    const reply = await get("/a");
    expect(reply.status).toBe(status);
    expect(reply.text).not.toContain("secret");
  });
});

describe("absence and failure", () => {
  test("403 and 404 are the 404 page, for one second", async () => {
    const { origin, clock, get } = await house();
    origin.put("404", LONG, { "cache-control": "max-age=60", "last-modified": "Mon, 23 Nov 2026 02:05:00 GMT" });
    const missing = await get("/thoi-su/chua-co", { "if-none-match": "*", "accept-encoding": "gzip" });
    expect(missing.status).toBe(404);
    expect(gunzipSync(missing.body).toString()).toBe(LONG);
    expect(missing.headers["x-cache"]).toBe("Error from cloudfront");
    expect(missing.headers).not.toHaveProperty("etag");
    expect(missing.headers).not.toHaveProperty("last-modified");
    origin.put("thoi-su/chua-co", "đã có");
    expect((await get("/thoi-su/chua-co")).status).toBe(404);
    await clock.move(1_000);
    expect(await get("/thoi-su/chua-co")).toMatchObject({ status: 200, text: "đã có" });
    origin.state.fail = 404;
    expect((await get("/other")).status).toBe(404);
  });

  test("without an error page: 404 in plain text", async () => {
    const { get } = await house();
    expect(await get("/x")).toMatchObject({
      status: 404,
      text: "404 Not Found\n",
      headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
    });
  });

  test("an object that went from the origin goes from the cache when it expires", async () => {
    const { origin, clock, get } = await house();
    origin.put("a", "a", { "cache-control": "s-maxage=5" });
    await get("/a");
    origin.remove("a");
    await clock.move(5_000);
    expect((await get("/a")).status).toBe(404);
    expect((await get("/a")).status).toBe(404);
  });

  test.each([
    [500, 502],
    [502, 502],
    [503, 503],
    [504, 504],
  ])("an origin's %d without a copy is %d, for at most a second", async (fail, status) => {
    const { origin, clock, get } = await house();
    origin.put("a", "a");
    origin.state.fail = fail;
    expect(await get("/a")).toMatchObject({ status, headers: { "x-cache": "Error from cloudfront" } });
    origin.state.fail = 0;
    expect((await get("/a")).status).toBe(status);
    expect(origin.requests).toHaveLength(1);
    await clock.move(1_000);
    expect((await get("/a")).text).toBe("a");
  });

  test("a failing origin leaves an expired copy in service, and is asked once a second", async () => {
    const { origin, clock, get } = await house();
    origin.put("a", "one", { "cache-control": "s-maxage=5" });
    await get("/a");
    for (const failure of [{ fail: 503 }, { broken: true }]) {
      Object.assign(origin.state, failure);
      await clock.move(60_000);
      const before = origin.requests.length;
      for (let reader = 0; reader < 3; reader += 1) expect(await get("/a")).toMatchObject({ status: 200, text: "one" });
      expect(origin.requests.length - before).toBe(1);
    }
    Object.assign(origin.state, { fail: 0, broken: false });
    origin.put("a", "two");
    await clock.move(1_000);
    expect((await get("/a")).text).toBe("two");
  });

  test("a failing origin does not bring back what was purged", async () => {
    const { origin, clock, get, purge } = await house();
    origin.put("a", "withdrawn", { "cache-control": "s-maxage=5", "x-amz-meta-cache-tag": "a-1" });
    await get("/a");
    await clock.move(60_000);
    origin.state.fail = 503;
    const release = origin.hold();
    const crossing = get("/a");
    await expect.poll(() => origin.requests.length).toBe(2);
    await purge(["#a-1"], "1");
    release();
    expect((await crossing).status).toBe(503);
    expect((await get("/a")).status).toBe(503);
  });

  test("an unreachable or silent origin is 502, 504", async () => {
    const { origin, get } = await house({ originTimeoutMs: 30 });
    origin.state.silent = true;
    expect((await get("/a")).status).toBe(504);
    await origin.close();
    expect((await get("/b")).status).toBe(502);
  });
});

describe("invalidation, by the real SDK", () => {
  const tagged = { "cache-control": "s-maxage=300" };

  test("by tag, without regard to case, and only what carries it", async () => {
    const { origin, cdn, clock, get, purge } = await house();
    origin.put("a", "a1", { ...tagged, "x-amz-meta-cache-tag": "A-01JD, h-07" });
    origin.put("list", "l1", { ...tagged, "x-amz-meta-cache-tag": "h-07" });
    origin.put("b", "b1", { ...tagged, "x-amz-meta-cache-tag": "a-01jd2" });
    for (const path of ["/a", "/list", "/b"]) await get(path);
    for (const key of ["a", "list", "b"]) origin.put(key, `${key}2`, tagged);
    const answer = await purge(["#a-01jd"], "work1-purge1-1");
    expect(answer.$metadata.httpStatusCode).toBe(201);
    expect(answer.Invalidation).toMatchObject({
      Status: "Completed",
      InvalidationBatch: { CallerReference: "work1-purge1-1", Paths: { Quantity: 1, Items: ["#a-01jd"] } },
    });
    expect(answer.Invalidation?.Id).toMatch(/^I[0-9A-F]{13}$/);
    expect(Math.abs((answer.Invalidation?.CreateTime?.getTime() ?? 0) - clock.now())).toBeLessThan(5_000);
    expect([(await get("/a")).text, (await get("/list")).text, (await get("/b")).text]).toEqual(["a2", "l1", "b1"]);
    await purge(["#H-07"], "work1-purge1-2");
    expect((await get("/list")).text).toBe("list2");
    expect(cdn.invalidations).toMatchObject([
      { callerReference: "work1-purge1-1", paths: ["#a-01jd"] },
      { callerReference: "work1-purge1-2", paths: ["#H-07"] },
    ]);
  });

  test("the first 50 tags count", async () => {
    const { origin, get, purge } = await house();
    const tags = Array.from({ length: 51 }, (_, index) => `t-${index}`).join(",");
    origin.put("a", "a", { ...tagged, "x-amz-meta-cache-tag": tags });
    await get("/a");
    await purge(["#t-50"], "1");
    expect((await get("/a")).headers["x-cache"]).toBe("Hit from cloudfront");
    await purge(["#t-49"], "2");
    expect((await get("/a")).headers["x-cache"]).toBe("Miss from cloudfront");
  });

  test("tags survive a 304, and those of new content replace the old", async () => {
    const { origin, clock, get, purge } = await house();
    origin.put("a", "a", { "cache-control": "s-maxage=5", etag: '"1"', "x-amz-meta-cache-tag": "old" });
    await get("/a");
    await clock.move(5_000);
    await get("/a");
    await purge(["#old"], "1");
    expect((await get("/a")).headers["x-cache"]).toBe("Miss from cloudfront");
    origin.put("a", "b", { ...tagged, "x-amz-meta-cache-tag": "new" });
    await clock.move(5_000);
    await get("/a");
    await purge(["#old"], "2");
    expect((await get("/a")).headers["x-cache"]).toBe("Hit from cloudfront");
  });

  test("by path, by prefix, and mixed; an absence can be purged by its path", async () => {
    const { origin, get, purge } = await house();
    for (const key of ["a", "ab", "b/c", "b/d"]) origin.put(key, key, tagged);
    const paths = ["/a", "/ab", "/b/c", "/b/d", "/new"];
    const cached = async (): Promise<string[]> => {
      const found = await Promise.all(paths.map(async (path) => [path, await get(path)] as const));
      return found.flatMap(([path, { headers }]) => (headers["x-cache"] === "Hit from cloudfront" ? [path] : []));
    };
    await cached();
    await purge(["/a"], "1");
    expect(await cached()).toEqual(["/ab", "/b/c", "/b/d"]);
    await purge(["/b/*", "#none", "/new"], "2");
    origin.put("new", "new", tagged);
    expect(await cached()).toEqual(["/a", "/ab"]);
    expect((await get("/new")).text).toBe("new");
    await purge(["/*"], "3");
    expect(await cached()).toEqual([]);
  });

  test("a used CallerReference is answered without purging, and refused with other paths", async () => {
    const { origin, cdn, get, purge } = await house();
    origin.put("a", "a", tagged);
    const first = await purge(["/a", "#x"], "one");
    await get("/a");
    const again = await purge(["#x", "/a"], "one");
    expect(again.Invalidation).toEqual(first.Invalidation);
    expect((await get("/a")).headers["x-cache"]).toBe("Hit from cloudfront");
    await expect(purge(["/b"], "one")).rejects.toMatchObject({
      name: "InvalidationBatchAlreadyExists",
      $metadata: { httpStatusCode: 400 },
    });
    expect(cdn.invalidations).toHaveLength(1);
  });

  test("another distribution is not there", async () => {
    const { purge } = await house();
    await expect(purge(["/a"], "1", "EOTHER")).rejects.toMatchObject({
      name: "NoSuchDistribution",
      $metadata: { httpStatusCode: 404 },
    });
  });

  test.each([["a"], ["/a*b"], ["/a b"], ["#"], ["#a,b"], ["#a b"], ["#bài"], ["/tin-tức"], [`#${"x".repeat(257)}`]])(
    "%j is no path and no tag",
    async (item) => {
      const { purge, cdn } = await house();
      await expect(purge(["/ok", item], "1")).rejects.toMatchObject({ name: "InvalidArgument" });
      expect(cdn.invalidations).toEqual([]);
    },
  );

  test("text that is XML's is sent and answered as it is", async () => {
    const { purge } = await house();
    const items = ["/a&b", "#x<y>\"'&", "/%C3%A9*"];
    const { Invalidation: made } = await purge(items, "<ref> & 'more'");
    expect(made?.InvalidationBatch).toEqual({
      CallerReference: "<ref> & 'more'",
      Paths: { Quantity: 3, Items: items },
    });
  });

  const batch = (inner: string): string =>
    `<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">${inner}</InvalidationBatch>`;
  const paths = (quantity: string, ...items: string[]): string =>
    `<Paths><Quantity>${quantity}</Quantity><Items>${items.map((item) => `<Path>${item}</Path>`).join("")}</Items></Paths>`;
  const reference = "<CallerReference>r</CallerReference>";

  test.each<[body: string, code: string, status: number]>([
    ["", "MalformedXML", 400],
    ["<InvalidationBatch>", "MalformedXML", 400],
    ["{}", "MalformedXML", 400],
    [batch(paths("1", "/a")), "MalformedXML", 400],
    [batch(reference), "MalformedXML", 400],
    [batch(paths("1", "/a") + reference + reference), "MalformedXML", 400],
    [batch(`${paths("1", "/a")}${reference}<Extra/>`), "MalformedXML", 400],
    [`<!DOCTYPE x [<!ENTITY e "/a">]>${batch(paths("1", "&e;") + reference)}`, "MalformedXML", 400],
    [batch("<a>".repeat(50_000)), "MalformedXML", 400],
    [batch(paths("2", "/a") + reference), "InconsistentQuantities", 400],
    [batch(paths("x", "/a") + reference), "InconsistentQuantities", 400],
    [batch(paths("0") + reference), "InvalidArgument", 400],
    [batch(paths("3001", ...Array(3001).fill("/a")) + reference), "TooManyInvalidationsInProgress", 400],
    [batch(paths("1", "/a".repeat(600_000)) + reference), "BatchTooLarge", 413],
  ])("a body that is no batch is refused, case %#", async (body, code, status) => {
    const { cdn } = await house();
    const reply = await send(cdn.controlUrl, "/2020-05-31/distribution/E2LOCAL/invalidation", { method: "POST", body });
    expect(reply.status).toBe(status);
    expect(reply.text).toContain(`<Code>${code}</Code>`);
    expect(cdn.invalidations).toEqual([]);
  });

  test("nothing else is served there", async () => {
    const { cdn } = await house();
    expect((await send(cdn.controlUrl, "/2020-05-31/distribution/E2LOCAL/invalidation")).status).toBe(404);
    expect((await send(cdn.controlUrl, "/2020-05-31/distribution", { method: "POST" })).status).toBe(404);
    expect((await send(cdn.controlUrl, "/2020-05-31/distribution/%/invalidation", { method: "POST" })).status).toBe(
      400,
    );
  });

  test("dropPurges: acknowledged, logged and lost", async () => {
    const { origin, cdn, get, purge } = await house();
    origin.put("a", "a", tagged);
    await get("/a");
    cdn.dropPurges = true;
    expect((await purge(["/*"], "1")).Invalidation?.Status).toBe("Completed");
    expect((await get("/a")).headers["x-cache"]).toBe("Hit from cloudfront");
    expect(cdn.invalidations).toHaveLength(1);
    cdn.dropPurges = false;
    await purge(["/*"], "2");
    expect((await get("/a")).headers["x-cache"]).toBe("Miss from cloudfront");
  });

  test("a fill that a purge crosses stores the old page, as on CloudFront; the second purge heals it", async () => {
    const { origin, get, purge } = await house();
    origin.put("a", "old", { ...tagged, "x-amz-meta-cache-tag": "a-1" });
    const release = origin.hold();
    const reader = get("/a");
    await expect.poll(() => origin.requests.length).toBe(1);
    origin.put("a", "new", { ...tagged, "x-amz-meta-cache-tag": "a-1" });
    await purge(["#a-1"], "1");
    release();
    expect((await reader).text).toBe("old");
    expect((await get("/a")).text).toBe("old");
    await purge(["#a-1"], "2");
    expect((await get("/a")).text).toBe("new");
  });
});

describe("start and end", () => {
  test("close ends open connections and requests to the origin; the ports are free again", async () => {
    const { origin, cdn, get } = await house();
    origin.hold();
    const waiting = get("/a").then(
      () => "answered",
      () => "ended",
    );
    const idle = connect(cdn.port, "127.0.0.1");
    const ended = new Promise((resolve) => idle.once("close", resolve));
    idle.on("error", () => undefined);
    await expect.poll(() => origin.requests.length).toBe(1);
    await cdn.close();
    expect(await waiting).toBe("ended");
    await ended;
    await expect(get("/a")).rejects.toThrow("ECONNREFUSED");
  });

  test("a taken port and an edge function that does not compile are errors at once", async () => {
    const { cdn } = await house();
    await expect(house({ port: cdn.port })).rejects.toThrow("is in use");
    await expect(house({ controlPort: cdn.port })).rejects.toThrow("is in use");
    await expect(house({ edge: { ...edge, viewerRequest: "nonsense(" } })).rejects.toThrow("Unexpected end of input");
  });
});
