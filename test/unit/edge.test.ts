import { transform } from "esbuild";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type EdgeAnswer, type EdgeEvent, type EdgeFields, runEdge } from "../../infra/local/cdn/edge.ts";
import { edgeSource, objectOf, requestEvent, viewerRequest } from "../fixtures/edge.ts";

const sources = { request: await edgeSource("viewer-request"), response: await edgeSource("viewer-response") };
const viewerResponse = runEdge(sources.response);

const SITE = "https://news.example";

const responseEvent = (headers: EdgeFields, statusCode = 200): EdgeEvent => ({
  ...requestEvent("/thoi-su/bai"),
  context: { ...requestEvent("/").context, eventType: "viewer-response" },
  response: { statusCode, statusDescription: "OK", headers, cookies: {} },
});

const responseOf = (answer: EdgeAnswer): Extract<EdgeAnswer, { kind: "response" }>["response"] => {
  if (answer.kind !== "response") throw new Error(JSON.stringify(answer));
  return answer.response;
};

const values = (headers: Record<string, string>): EdgeFields =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }]));

describe("both functions", () => {
  test.each(Object.entries(sources))("%s fits CloudFront's 10 KB, with room", (_name, source) => {
    expect(Buffer.byteLength(source)).toBeLessThan(5_000);
  });

  test.each(Object.entries(sources))("%s is within the language of runtime 2.0", async (_name, source) => {
    // What the runtime has beyond ES 5; esbuild changes (or refuses) whatever else is newer.
    const supported = { "const-and-let": true, arrow: true, "template-literal": true, "rest-argument": true };
    const lowered = await transform(source, { target: "es5", supported });
    const kept = await transform(source, { target: "esnext" });
    expect(lowered.code).toBe(kept.code);
    expect(source).not.toMatch(/\b(?:require|eval|setTimeout|setInterval|setImmediate|process|fetch)\s*\(/);
  });
});

describe("viewer-request", () => {
  test.each([
    ["/", "/index.html"],
    ["/index.html", "/index.html"],
    ["/thoi-su", "/thoi-su"],
    ["/thoi-su/", "/thoi-su"],
    ["/thoi-su/bai-viet-0123abcd/", "/thoi-su/bai-viet-0123abcd"],
    ["/tin-t%E1%BB%A9c", "/tin-t%E1%BB%A9c"],
    ["/feed.xml", "/feed.xml"],
    ["/a..b/.well-known", "/a..b/.well-known"],
  ])("%s is the object %s", async (uri, object) => {
    expect(await objectOf(uri)).toBe(object);
  });

  test.each([
    "//",
    "//evil.com/",
    "/thoi-su//",
    "/a//b",
    "/\\evil.com",
    "/%5Cevil.com",
    "/a%00b",
    "/a%0d%0ab",
    "/a\tb",
    "/../body/x",
    "/a/..",
    "/a/./b",
    "/%2e%2e/body/x",
    "/a/%2E/b",
    "/a%2f..%2fb",
    "/a%2Fb",
    "/%",
    "/%ff",
    "/%c3%28",
    `/${"a".repeat(1024)}`,
    `/${"a/".repeat(4000)}`,
  ])("%s can be no page: the key that is never written", async (uri) => {
    expect(await objectOf(uri)).toBe("/-");
  });

  test("nothing of a request but method and path goes on, and headers stay as they were", async () => {
    const answer = await viewerRequest(requestEvent("/thoi-su"));
    expect(answer).toEqual({
      kind: "request",
      request: { ...requestEvent("/thoi-su").request, querystring: {}, cookies: {} },
    });
  });

  test.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "PROPFIND"])(
    "%s is answered 405",
    async (method) => {
      expect(await viewerRequest(requestEvent("/thoi-su", method))).toEqual({
        kind: "response",
        response: {
          statusCode: 405,
          statusDescription: "Method Not Allowed",
          headers: { allow: { value: "GET, HEAD" } },
        },
      });
    },
  );

  test("whatever path comes: an absolute path without empty or dot segments, and never an answer of its own", async () => {
    const piece = fc.oneof(
      fc.constantFrom("/", "//", ".", "..", "%2e", "%2f", "%5c", "\\", "%", "%00", "a"),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const uri = await objectOf(`/${pieces.join("")}`);
        expect(decodeURIComponent(uri)).toMatch(/^\/[^/]/);
        expect(decodeURIComponent(uri)).not.toMatch(/\/\/|\\|\/\.{1,2}(?:\/|$)|[\0-\x1f]/);
        expect(await objectOf(uri)).toBe(uri);
      }),
      { numRuns: 300 },
    );
  });
});

describe("viewer-response", () => {
  test("an ordinary object goes out as it is, without S3's own headers", async () => {
    const kept = { "content-type": "text/html", etag: '"a"', "cache-control": "max-age=0", "x-frame-options": "DENY" };
    const answer = await viewerResponse(
      responseEvent(
        values({
          ...kept,
          "x-amz-meta-cache-tag": "a-1,h-01",
          "x-amz-meta-digest": "abc",
          "x-amz-version-id": "null",
          "x-amz-server-side-encryption": "AES256",
          "x-amz-request-id": "1",
          "x-amz-id-2": "2",
          server: "AmazonS3",
        }),
      ),
    );
    expect(responseOf(answer)).toEqual({
      statusCode: 200,
      statusDescription: "OK",
      headers: values(kept),
      cookies: {},
    });
  });

  test.each([200, 206, 304])("status 301 and a path of the site redirect (from %d)", async (statusCode) => {
    const metadata = { "x-amz-meta-status": "301", "x-amz-meta-location": "/the-thao/moi-0123abcd" };
    const validators = {
      etag: '"a"',
      "last-modified": "Mon, 23 Nov 2026 02:05:00 GMT",
      "content-range": "bytes 0-1/9",
    };
    const answer = await viewerResponse(
      responseEvent(values({ ...metadata, ...validators, "cache-control": "max-age=0, s-maxage=300" }), statusCode),
    );
    expect(responseOf(answer)).toMatchObject({
      statusCode: 301,
      statusDescription: "Moved Permanently",
      headers: values({ "cache-control": "max-age=0, s-maxage=300", location: "/the-thao/moi-0123abcd" }),
    });
    expect(Object.keys(responseOf(answer).headers).toSorted()).toEqual(["cache-control", "location"]);
  });

  test.each([200, 206, 304])("status 410 is gone (from %d), without a validator", async (statusCode) => {
    const headers = values({ "x-amz-meta-status": "410", etag: '"a"', "content-type": "text/html" });
    expect(responseOf(await viewerResponse(responseEvent(headers, statusCode)))).toMatchObject({
      statusCode: 410,
      statusDescription: "Gone",
      headers: { "content-type": { value: "text/html" } },
    });
  });

  test.each([
    "",
    "//evil.com",
    "/\\evil.com",
    "\\/evil.com",
    "/\t/evil.com",
    "/a\\b",
    "/a b",
    "/a\r\nset-cookie: x",
    "/t\u00ean",
    " /a",
    "a",
    "./a",
    "https://evil.com/",
    "https:evil.com",
    "javascript:alert(1)",
  ])("status 301 to %j is a bare 404 without Location", async (location) => {
    const headers = values({ "x-amz-meta-status": "301", "x-amz-meta-location": location, "content-encoding": "br" });
    expect(responseOf(await viewerResponse(responseEvent(headers)))).toMatchObject({
      statusCode: 404,
      headers: { "content-type": { value: "text/plain; charset=utf-8" } },
      body: { encoding: "text", data: "404\n" },
    });
  });

  test("status 301 without any location is a 404, and so is it with an origin's own Location", async () => {
    const headers = values({ "x-amz-meta-status": "301", location: "https://evil.com/" });
    const response = responseOf(await viewerResponse(responseEvent(headers)));
    expect(response.statusCode).toBe(404);
    expect(response.headers).not.toHaveProperty("location");
  });

  test.each(["200", "302", "500", "301 ", "0301", "gone"])("status %j means nothing", async (status) => {
    const headers = values({ "x-amz-meta-status": status, "x-amz-meta-location": "/a" });
    expect(responseOf(await viewerResponse(responseEvent(headers)))).toMatchObject({ statusCode: 200, headers: {} });
  });

  test("no x-amz-meta header ever survives, and no redirect leaves the site", async () => {
    const suffix = fc.oneof(fc.constantFrom("status", "location", "cache-tag"), fc.string({ maxLength: 12 }));
    const name = fc.oneof(
      suffix.map((text) => `x-amz-meta-${text}`),
      suffix.map((text) => `X-Amz-Meta-${text}`),
      fc.constantFrom("etag", "__proto__", "constructor"),
    );
    const path = fc.array(fc.constantFrom("/", "\\", "\t", "..", "@", ":", "evil.com", "%2f", "a"), { maxLength: 6 });
    const value = fc.oneof(
      fc.constantFrom("301", "410"),
      fc.string(),
      path.map((parts) => `/${parts.join("")}`),
    );
    const headers = fc.array(fc.tuple(name, value), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        headers,
        fc.oneof(
          value,
          path.map((parts) => `/${parts.join("")}`),
        ),
        async (pairs, location) => {
          const all = [...pairs, ["x-amz-meta-status", "301"] as const, ["x-amz-meta-location", location] as const];
          const event = responseEvent(Object.fromEntries(all.map(([key, text]) => [key, { value: text }])));
          const response = responseOf(await viewerResponse(event));
          expect(Object.keys(response.headers).filter((key) => /^x-amz-/i.test(key))).toEqual([]);
          const target = response.headers["location"]?.value;
          expect(new URL(target ?? "/", SITE).origin).toBe(SITE);
          expect(target === undefined).toBe(response.statusCode === 404);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("nothing throws for odd header values", async () => {
    const odd = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.record({ value: fc.jsonValue({ maxDepth: 1 }) }, { requiredKeys: [] }),
    );
    const names = ["x-amz-meta-status", "x-amz-meta-location", "x-amz-meta-x", "etag", "server"];
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...names), odd), async (headers) => {
        const event: EdgeEvent = JSON.parse(
          JSON.stringify({ ...responseEvent({}), response: { statusCode: 200, headers } }),
        );
        const answer = await viewerResponse(event);
        seen.add(answer.kind === "failed" ? answer.status : 200);
      }),
      { numRuns: 300 },
    );
    // Headers that are not text fail CloudFront's validation (502); a function that throws would be 503.
    expect(seen).toEqual(new Set([200, 502]));
  });
});

describe("runEdge", () => {
  const run = (body: string, event = requestEvent("/a")): Promise<EdgeAnswer> =>
    runEdge(`async function handler(event) { ${body} }`)(event);

  test("refuses a source that CloudFront would refuse", () => {
    expect(() => runEdge(`function handler() {} // ${"x".repeat(10_240)}`)).toThrow("10240 bytes");
    expect(() => runEdge("function other() {}")).toThrow("handler");
    expect(() => runEdge("function handler( {")).toThrow("Unexpected end of input");
  });

  test.each([
    "require('fs')",
    "setTimeout(function () {})",
    "process.exit()",
    "fetch('/')",
    "eval('1')",
    "Function('1')()",
  ])("%s is not there: 503", async (code) => {
    expect(await run(`${code}; return event.request;`)).toMatchObject({ kind: "failed", status: 503 });
  });

  test.each([
    "event.request.headers.host = { value: 'evil.com' }; return event.request;",
    "delete event.request.headers.via; return event.request;",
    "event.request.headers['x-amz-cf-id'] = { value: '1' }; return event.request;",
    "event.request.headers = {}; return event.request;",
    "event.request.uri = 'relative'; return event.request;",
    "return { statusCode: 42 };",
    "return undefined;",
  ])("breaking the rules is 502: %s", async (body) => {
    expect(await run(body)).toMatchObject({ kind: "failed", status: 502 });
  });

  test("a function cannot touch the event it was given, nor the world outside", async () => {
    const event = requestEvent("/a");
    const before = structuredClone(event);
    await run(
      "event.request.uri = '/b'; event.constructor.constructor.prototype.hacked = 1; return event.request;",
      event,
    );
    expect(event).toEqual(before);
    expect("hacked" in Function.prototype).toBe(false);
  });
});
