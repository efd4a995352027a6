import { once } from "node:events";
import { get as plainGet, type IncomingMessage, type ServerResponse, setGlobalProxyFromEnv } from "node:http";
import { createServer as createTls } from "node:https";
import { createServer, type Socket } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type HttpServer, readBody, serve } from "../../../infra/local/http.ts";
import { listen, shut } from "../../../infra/local/listen.ts";
import { type Fetched, type GuardedRequest, guardedFetch } from "../../../shared/runtime/guarded-fetch.ts";
import { selfSigned } from "../../fixtures/certificate.ts";

type Seen = { method: string; url: string; headers: IncomingMessage["headers"]; body: string };
const closers: (() => Promise<unknown>)[] = [];
let seen: Seen[] = [];
let origin = "";
let answer = (_: IncomingMessage, response: ServerResponse): void => void response.end("story");

const NAMES: Readonly<Record<string, string>> = { "inside.example": "10.1.2.3", "story.example": "127.0.0.1" };
const lookups: string[] = [];
const allowed = new Set<string>();
const fetchGuarded = guardedFetch({
  allow: (url) => allowed.has(url.origin),
  resolve: async (host) => {
    lookups.push(host);
    const address = NAMES[host];
    // A name whose resolver never answers.
    return address === undefined ? new Promise(() => {}) : [{ address }];
  },
});
const fetchIt = (url: string, rest: Partial<GuardedRequest> = {}): Promise<Fetched> =>
  fetchGuarded({ url, maxBytes: 1000, deadlineMs: 20_000, ...rest });
const redirect = (response: ServerResponse, location: string, status = 302): void =>
  void response.writeHead(status, { location }).end("moved");

/** A server that is not even HTTP, or not quite. */
const raw = async (serveSocket: (socket: Socket) => void): Promise<string> => {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    serveSocket(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(async () => server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A TCP server has a port.");
  const url = `http://127.0.0.1:${address.port}`;
  allowed.add(url);
  return url;
};

let other: HttpServer;
beforeAll(async () => {
  const note = async (request: IncomingMessage): Promise<void> => {
    const { method = "", url = "", headers } = request;
    seen.push({ method, url, headers, body: String(await readBody(request, 10_000)) });
  };
  const server = await serve(async (request, response) => {
    await note(request);
    answer(request, response);
  });
  other = await serve(async (request, response) => {
    await note(request);
    response.end("elsewhere");
  });
  origin = server.url;
  allowed.add(origin).add(other.url);
  closers.push(server.close, other.close);
});
afterEach(() => {
  seen = [];
  lookups.length = 0;
});
afterAll(() => Promise.all(closers.map((close) => close())));

describe("a good answer", () => {
  test("comes with its bytes, type and headers", async () => {
    answer = (_, response) =>
      void response
        .writeHead(200, { "content-type": "Text/Markdown; charset=utf-8", "set-cookie": "a=1", etag: '"1"' })
        .end("Chào");
    const fetched = await fetchIt(`${origin}/a?b=c#d`, { headers: { Accept: "text/markdown" } });
    expect(fetched).toMatchObject({ ok: true, status: 200, contentType: "text/markdown", headers: { etag: '"1"' } });
    expect(fetched).toHaveProperty("body", new TextEncoder().encode("Chào"));
    expect(fetched).not.toHaveProperty("headers.set-cookie");
    expect(seen).toMatchObject([{ method: "GET", url: "/a?b=c", headers: { accept: "text/markdown" } }]);
  });

  test("is asked for without cookies and compression, on a connection of its own, whatever the caller says", async () => {
    answer = (_, response) => void response.end();
    const headers = { Cookie: "a=1", "Accept-Encoding": "gzip", Host: "bank.example", "Transfer-Encoding": "chunked" };
    expect(await fetchIt(origin, { headers })).toMatchObject({ ok: true, contentType: undefined });
    expect(seen[0]?.headers).toEqual({
      "accept-encoding": "identity",
      connection: "close",
      host: new URL(origin).host,
      "user-agent": "Broadsheet",
    });
  });

  test("to a POST", async () => {
    answer = (_, response) => void response.writeHead(204).end();
    const body = new TextEncoder().encode('{"type":"published"}');
    const headers = { "content-type": "application/json", "webhook-id": "1" };
    expect(await fetchIt(origin, { method: "POST", body, headers })).toMatchObject({ ok: true, status: 204 });
    expect(seen).toMatchObject([{ method: "POST", headers, body: '{"type":"published"}' }]);
  });

  test("comes through no proxy of the environment", async () => {
    answer = (_, response) => void response.end();
    const restore = setGlobalProxyFromEnv({ http_proxy: other.url });
    try {
      const [response] = await once(plainGet(origin), "response");
      response.resume();
      expect(seen.map(({ url }) => url)).toEqual([`${origin}/`]);
      expect(await fetchIt(origin)).toMatchObject({ ok: true });
      expect(seen.map(({ url }) => url)).toEqual([`${origin}/`, "/"]);
    } finally {
      restore();
    }
  });
});

describe("a redirect", () => {
  test("is followed three times, relative ones too", async () => {
    const steps: Record<string, string> = { "/a/1": "2", "/a/2": "/3", "/3": `${origin}/4` };
    answer = ({ url = "" }, response) => {
      const step = steps[url];
      if (step) redirect(response, step, 308);
      else response.end("there");
    };
    expect(await fetchIt(`${origin}/a/1`)).toMatchObject({ ok: true, status: 200 });
    expect(seen.map(({ url }) => url)).toEqual(["/a/1", "/a/2", "/3", "/4"]);
  });

  test("in a loop ends after three", async () => {
    answer = ({ url }, response) => redirect(response, url === "/a" ? "/b" : "/a");
    expect(await fetchIt(`${origin}/a`)).toMatchObject({ ok: false, reason: "redirects" });
    expect(seen).toHaveLength(4);
  });

  test.each([
    ["https://169.254.169.254/latest/meta-data/", "address"],
    ["https://0xa9fea9fe/", "address"],
    ["//127.1/", "scheme"],
    ["https://inside.example/", "address"],
    ["http://169.254.169.254/latest/meta-data/", "scheme"],
    ["http://127.0.0.1:1/", "scheme"],
    ["file:///etc/passwd", "scheme"],
    ["https://a:b@story.example/", "url"],
    ["https://", "url"],
  ])("to %s is refused", async (location, reason) => {
    answer = (_, response) => redirect(response, location);
    expect(await fetchIt(origin)).toMatchObject({ ok: false, reason });
    expect(seen).toHaveLength(1);
  });

  test("of a POST is not followed", async () => {
    answer = (_, response) => redirect(response, other.url, 307);
    const sent = await fetchIt(origin, { method: "POST", body: new Uint8Array([1]) });
    expect(sent).toMatchObject({ ok: false, reason: "status", status: 307 });
    expect(seen).toHaveLength(1);
  });

  test("to another origin takes no headers and cookies along, one at home takes the headers", async () => {
    answer = ({ url }, response) => {
      response.setHeader("set-cookie", "session=1");
      redirect(response, url === "/1" ? "/2" : other.url);
    };
    const headers = { authorization: "Bearer secret", "x-token": "secret" };
    expect(await fetchIt(`${origin}/1`, { headers })).toMatchObject({ ok: true });
    expect(seen.map((one) => one.headers["authorization"])).toEqual(["Bearer secret", "Bearer secret", undefined]);
    expect(JSON.stringify(seen[2])).not.toContain("secret");
    expect(seen.filter((one) => "cookie" in one.headers)).toEqual([]);
  });

  test("to nowhere is an answer with its status", async () => {
    answer = (_, response) => void response.writeHead(301).end();
    expect(await fetchIt(origin)).toMatchObject({ ok: false, reason: "status", status: 301 });
  });
});

describe("an answer is refused", () => {
  test.each([404, 410, 429, 500, 304])("with status %i", async (status) => {
    answer = (_, response) => void response.writeHead(status, { "retry-after": "7" }).end();
    const detail = `It answers with status ${status}.`;
    const headers = { "retry-after": "7" };
    expect(await fetchIt(origin)).toMatchObject({ ok: false, reason: "status", status, headers, detail });
  });

  test("that is compressed", async () => {
    answer = (_, response) =>
      void response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(1_000_000)));
    expect(await fetchIt(origin)).toMatchObject({ ok: false, reason: "encoding" });
  });

  test("that is a byte too large, and not a byte before", async () => {
    answer = (_, response) => void response.end(Buffer.alloc(1000));
    expect(await fetchIt(origin)).toMatchObject({ ok: true });
    expect(await fetchIt(origin, { maxBytes: 999 })).toMatchObject({ ok: false, reason: "too-large" });
  });

  test("whose body never ends: it is cut, and the connection with it", async () => {
    let closed: Promise<unknown> | undefined;
    answer = (_, response) => {
      closed = once(response, "close");
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(10_000)));
        response.once("drain", pour);
      };
      pour();
    };
    expect(await fetchIt(origin, { maxBytes: 1_000_000 })).toMatchObject({ ok: false, reason: "too-large" });
    await closed;
  });

  test.each([
    ["whose length is too large", 200, "too-large"],
    ["with another status", 404, "status"],
  ])("%s without waiting for its body: the connection ends", async (_, status, reason) => {
    let closed: Promise<unknown> | undefined;
    answer = (_, response) => {
      closed = once(response, "close");
      response.writeHead(status, { "content-length": 10_000 }).flushHeaders();
    };
    expect(await fetchIt(origin)).toMatchObject({ ok: false, reason });
    await closed;
  });

  test("whose headers never end", async () => {
    const url = await raw((socket) => {
      const pour = (): void => {
        if (!socket.destroyed) socket.write(`x-more: ${"x".repeat(1000)}\r\n`, () => setImmediate(pour));
      };
      socket.write("HTTP/1.1 200 OK\r\n");
      pour();
    });
    expect(await fetchIt(url)).toMatchObject({
      ok: false,
      reason: "too-large",
      detail: "Its headers are larger than 16 KB.",
    });
  });

  test.each([
    ["headers", () => {}],
    ["body", (response: ServerResponse) => void response.writeHead(200).write("a")],
  ])("whose %s do not come in time", async (_, begin) => {
    let closed: Promise<unknown> | undefined;
    answer = (_, response) => {
      closed = once(response, "close");
      begin(response);
    };
    expect(await fetchIt(origin, { deadlineMs: 300 })).toEqual({
      ok: false,
      reason: "too-slow",
      detail: "It did not answer within 300 ms.",
    });
    await closed;
  });

  test("whose body drips: the deadline is for all of it", async () => {
    answer = (_, response) => {
      const drip = setInterval(() => response.write("a"), 20);
      response.on("close", () => clearInterval(drip));
    };
    expect(await fetchIt(origin, { deadlineMs: 300 })).toMatchObject({ ok: false, reason: "too-slow" });
  });

  test("whose name does not resolve in time", async () => {
    expect(await fetchIt("https://silent.example/", { deadlineMs: 100 })).toMatchObject({ reason: "too-slow" });
    expect(lookups).toEqual(["silent.example"]);
  });

  test("that nobody waits for any more", async () => {
    const controller = new AbortController();
    answer = () => controller.abort();
    const { signal } = controller;
    expect(await fetchIt(origin, { signal })).toMatchObject({ ok: false, reason: "cancelled" });
    expect(await fetchIt(origin, { signal })).toMatchObject({ ok: false, reason: "cancelled" });
    expect(seen).toHaveLength(1);
  });

  test.each([
    ["is no HTTP", "SSH-2.0-OpenSSH_9.6\r\n", "It does not answer in HTTP."],
    [
      "upgrades",
      "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n",
      "No connection to it",
    ],
    ["breaks off", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc", "No connection to it"],
    ["says nothing", "", "No connection to it"],
  ])("that %s", async (_, bytes, detail) => {
    const url = await raw((socket) => socket.once("data", () => socket.end(bytes)));
    expect(await fetchIt(url)).toEqual({ ok: false, reason: "unreachable", detail: expect.stringContaining(detail) });
  });

  test("where nobody listens, without a word of where that is", async () => {
    const server = await serve(async () => {});
    await server.close();
    allowed.add(server.url);
    const fetched = await fetchIt(server.url);
    expect(fetched).toMatchObject({ ok: false, reason: "unreachable" });
    expect(JSON.stringify(fetched)).not.toMatch(/127|ECONN|\d{4}/);
  });
});

test("a header that is none is a fault of ours", async () => {
  await expect(fetchIt(origin, { headers: { "x-a": "b\r\nc: d" } })).rejects.toThrow(TypeError);
});

describe("over TLS", () => {
  const host = "story.example";
  const { key, cert } = selfSigned(host);
  const server = createTls({ key, cert }, (_, response) => void response.end("secure"));
  const before = getCACertificates();
  let port = 0;
  beforeAll(async () => {
    port = await listen(server, 0);
    allowed.add(`https://${host}:${port}`).add(`https://127.0.0.1:${port}`);
    closers.push(() => shut(server));
  });
  afterEach(() => setDefaultCACertificates(before));

  test("the certificate is held against the name, and the connection goes where the one look-up said", async () => {
    setDefaultCACertificates([...before, cert]);
    expect(await fetchIt(`https://${host}:${port}/`)).toMatchObject({ ok: true, status: 200 });
    expect(lookups).toEqual([host]);
  });

  test.each([
    ["that nobody trusts", `https://${host}`, false],
    ["for another name", "https://127.0.0.1", true],
  ])("a certificate %s is refused, whatever the environment says", async (_, named, trusted) => {
    if (trusted) setDefaultCACertificates([...before, cert]);
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      expect(await fetchIt(`${named}:${port}/`)).toEqual({
        ok: false,
        reason: "unreachable",
        detail: "Its certificate is not valid.",
      });
    } finally {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    }
  });
});
