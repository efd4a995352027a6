import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cdn } from "../../infra/topology.ts";
import { sha256 } from "../../shared/store/digest.ts";
import { type Dump, dumpedHouse } from "../dump.ts";
import { photo } from "../fixtures/pictures.ts";
import { type Answer, story, type TestHouse } from "../house.ts";
import { addressesIn, illustrated, publicPictures, readyPicture } from "../pictures.ts";

let house: TestHouse;
let dump: () => Promise<Dump>;
const tokens = { owner: "", other: "" };
beforeAll(async () => {
  ({ house, dump } = await dumpedHouse());
  for (const who of ["owner", "other"] as const)
    tokens[who] = (
      await house.call("POST", "/keys", { key: house.adminKey, body: { name: who, role: "reporter" } })
    ).body.token;
});
afterAll(() => house.close());

const DAY = 24 * 3600_000;
const etagOf = (answer: Answer): string => answer.headers.get("etag") ?? "";
const draft = async (over: Record<string, unknown> = {}): Promise<Answer> =>
  house.call("POST", "/articles", { key: tokens.owner, body: story({ status: "draft", ...over }) });
const preview = (id: string, body: unknown = {}, key = tokens.owner): Promise<Answer> =>
  house.call("POST", `/articles/${id}/previews`, { key, body });
type Seen = { status: number; headers: Headers; text: string; bytes: Buffer };
/** As a browser asks that has the link and no key. */
const open = async (url: string): Promise<Seen> => {
  const response = await fetch(url);
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, text: bytes.toString(), bytes };
};
const callsDuring = async (run: () => Promise<unknown>): Promise<Record<string, number>> => {
  await house.quiet();
  const before = { ...house.calls };
  await run();
  return Object.fromEntries(
    Object.entries(house.calls).flatMap(([name, count]) =>
      count === before[name] ? [] : [[name, count - (before[name] ?? 0)]],
    ),
  );
};

describe("a preview", () => {
  test("is the page as readers would see it, under a notice, and nothing that machines take for a publication", async () => {
    const { body } = await draft({
      kicker: "Hải Phòng:",
      headline: 'Phố đi bộ "mở" <cửa>',
      seo: { description: "Mô tả riêng." },
      canonicalUrl: "https://elsewhere.example/story",
    });
    const made = await preview(body.id);
    expect(made.status, made.text).toBe(201);
    expect(Object.keys(made.body).sort()).toEqual(["expiresAt", "revision", "url"]);
    expect(made.body.url).toMatch(new RegExp(`^${house.apiUrl}/previews/[0-9A-Za-z]{43}$`));
    expect(Date.parse(made.body.expiresAt) - house.clock.now()).toBeGreaterThan(7 * DAY - 60_000);
    expect(Date.parse(made.body.expiresAt) - house.clock.now()).toBeLessThanOrEqual(7 * DAY);

    const page = await open(made.body.url);
    expect(page.status, page.text).toBe(200);
    expect(page.text).toContain("Bản xem trước");
    expect(page.text).toContain("Phố đi bộ &quot;mở&quot; &lt;cửa&gt;");
    expect(page.text).toContain("Sáng nay chợ họp lại.");
    expect(page.text).not.toMatch(
      /og:|twitter:|canonical|ld\+json|<script|class="share"|facebook|mailto:|elsewhere\.example|rel="(?:alternate|preload|icon)"/,
    );
    const token = made.body.url.split("/").at(-1);
    // Its links lead to the site, or within the page; none of them, nor its text, names the link itself.
    const links = [...page.text.matchAll(/ href="([^"]*)"/g)].map(([, href = ""]) => href);
    expect(links.length).toBeGreaterThan(8);
    for (const href of links)
      expect(href).toMatch(new RegExp(`^(?:${house.siteUrl}/|#|https://www\\.facebook\\.com/|mailto:)`));
    expect(page.text).not.toContain(token);
    expect(page.text).not.toContain("/assets/");
    expect((await fetch(made.body.url, { method: "HEAD" })).status).toBe(200);
  });

  test("has exactly the headers that keep it from caches, search engines and other sites", async () => {
    const made = await preview((await draft()).body.id);
    const { headers } = await open(made.body.url);
    const ofSite = cdn.responseHeaders["content-security-policy"];
    const {
      date: _date,
      connection: _connection,
      "keep-alive": _alive,
      "content-length": _length,
      "transfer-encoding": _coding,
      ...told
    } = Object.fromEntries(headers);
    expect(told).toEqual({
      "cache-control": "no-store",
      "content-security-policy": ofSite.replace("font-src 'self'", "font-src data:"),
      "content-type": "text/html; charset=UTF-8",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "x-robots-tag": "noindex, nofollow",
    });
  });

  test("stays the revision that it was made of, while the story is edited and published", async () => {
    const made = await draft({ headline: "Bản thứ nhất" });
    const { id } = made.body;
    const first = (await preview(id)).body;
    const edited = await house.call("PATCH", `/articles/${id}`, {
      headers: { "if-match": etagOf(made) },
      body: { headline: "Bản thứ hai" },
    });
    const second = (await preview(id, { ttl: 60 })).body;
    const old = (await preview(id, { revision: 1 }, house.editorKey)).body;
    expect([first.revision, second.revision, old.revision]).toEqual([1, 2, 1]);
    const before = (await open(first.url)).text;
    await house.call("POST", `/articles/${id}/publish`, { headers: { "if-match": etagOf(edited) } });
    await house.quiet();
    expect((await open(first.url)).text).toContain("Bản thứ nhất");
    expect((await open(first.url)).text).not.toContain("Bản thứ hai");
    expect((await open(old.url)).text).toContain("Bản thứ nhất");
    expect((await open(second.url)).text).toContain("Bản thứ hai");
    expect(before).toContain("Bản thứ nhất");
    // Nothing of it is on the site.
    for (const bytes of (await house.publicBytes()).values()) {
      expect(bytes).not.toContain("Bản thứ nhất");
      expect(bytes).not.toContain("Bản xem trước");
      expect(bytes).not.toContain("/previews/");
    }
  });

  test("of a draft that lacks headline, section and text is there as well", async () => {
    const { body } = await house.call("POST", "/articles", {
      key: tokens.owner,
      body: { standfirst: "Chỉ có câu này." },
    });
    const page = await open((await preview(body.id)).body.url);
    expect(page.status, page.text).toBe(200);
    expect(page.text).toContain("Chỉ có câu này.");
  });

  test("shows its pictures before they are public, and no others", async () => {
    const [image, hidden] = [
      await readyPicture(house, await photo({ width: 900, height: 600, seed: 91 })),
      await readyPicture(house, await photo({ width: 640, height: 480, seed: 92 })),
    ];
    const { body } = await house.call("POST", "/articles", {
      body: story({ status: "draft", body: illustrated(image) }),
    });
    await house.call("POST", "/articles", { body: story({ status: "draft", body: illustrated(hidden) }) });
    const { url } = (await preview(body.id, {}, house.editorKey)).body;
    const page = await open(url);
    expect(await callsDuring(() => open(url))).toEqual({ GetItem: 3, Query: 1, BatchGetItem: 1 });
    const addresses = [
      ...new Set([...page.text.matchAll(/\/previews\/[^\s",]+\.(?:avif|webp|jpg)/g)].map(([address]) => address)),
    ];
    expect(addresses.length).toBeGreaterThan(6);
    expect(addressesIn(page.text).filter((address) => !addresses.some((one) => one.endsWith(address)))).toEqual([]);
    for (const address of addresses) {
      const picture = await open(`${house.apiUrl}${address}`);
      expect(picture.status, address).toBe(200);
      expect(picture.headers.get("content-type")).toBe(
        { avif: "image/avif", webp: "image/webp", jpg: "image/jpeg" }[address.split(".").at(-1) ?? ""],
      );
      expect(picture.headers.get("cache-control")).toBe("no-store");
      expect(picture.headers.get("x-robots-tag")).toBe("noindex, nofollow");
      const magic = picture.bytes.subarray(0, 12).toString("latin1");
      expect([address, /^(?:\xff\xd8\xff|RIFF....WEBP|....ftyp)/s.test(magic)]).toEqual([address, true]);
    }
    expect(publicPictures(house)).toEqual([]);
    const [first = ""] = addresses;
    const calls = await callsDuring(() => open(`${house.apiUrl}${first}`));
    expect(calls).toEqual({ GetItem: 3, BatchGetItem: 1, GetObject: 1 });
    const others = house.s3.keys("media").flatMap((key) => key.split(`rendition/${hidden}/`)[1] ?? []);
    expect(others.length).toBeGreaterThan(6);
    for (const wrong of [
      ...others.map((name) => first.replace(/images\/.*/, `images/${hidden}/${name}`)),
      first.replace(image, "nobody"),
      first.replace(/-\d+\./, "-33."),
      first.replace(/[0-9a-f]{16}/, "0".repeat(16)),
      first.replace(/\/[^/]+$/, "/..%2F..%2Foriginal%2Fx"),
      first.replace(/previews\/.{43}/, `previews/${"0".repeat(43)}`),
    ])
      expect((await open(`${house.apiUrl}${wrong}`)).status, wrong).toBe(404);
  });
});

describe("a link to a preview", () => {
  test("is made by the story's owner and by editors", async () => {
    const { body } = await draft();
    expect((await preview(body.id, {}, tokens.other)).status).toBe(404);
    expect((await preview(body.id, {}, house.editorKey)).status).toBe(201);
    await house.call("POST", `/articles/${body.id}/publish`, { headers: { "if-match": "*" } });
    expect((await preview(body.id, {}, tokens.other)).status).toBe(403);
    expect((await preview(body.id)).status).toBe(201);
    const dry = await house.call("POST", `/articles/${body.id}/previews?dryRun=1`, { key: tokens.owner });
    expect(dry.status).toBe(200);
    expect(dry.body).toEqual({ revision: 1, expiresAt: expect.any(String) });
  });

  test.each([
    { ttl: 0 },
    { ttl: 2_592_001 },
    { ttl: 1.5 },
    { ttl: "60" },
    { revision: 2 },
    { revision: 0 },
    { until: 1 },
  ])("is not made of %j", async (body) => {
    const refused = await preview((await draft()).body.id, body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0].pointer).toBe(`/${Object.keys(body)[0]}`);
  });

  test("ends when its time is over", async () => {
    const { id } = (await draft()).body;
    const [short, long] = [
      (await preview(id, { ttl: 60 })).body.url,
      (await preview(id, { ttl: 30 * 24 * 3600 })).body.url,
    ];
    expect((await open(short)).status).toBe(200);
    await house.clock.move(61_000);
    expect((await open(short)).status).toBe(404);
    expect((await open(long)).status).toBe(200);
    await house.clock.move(30 * DAY);
    expect((await open(long)).status).toBe(404);
  });

  test("ends with a withdrawal, and does not come back when the story does", async () => {
    const image = await readyPicture(house, await photo({ width: 640, height: 480, seed: 93 }));
    const made = await house.call("POST", "/articles", { body: story({ body: illustrated(image) }) });
    const { id } = made.body;
    const { url } = (await preview(id, {}, house.editorKey)).body;
    const [picture = ""] = /\/previews\/[^\s",]+\.jpg/.exec((await open(url)).text) ?? [];
    expect((await open(`${house.apiUrl}${picture}`)).status).toBe(200);
    const off = await house.call("POST", `/articles/${id}/withdraw`, {
      headers: { "if-match": etagOf(made) },
      body: { mode: "gone", reason: "Nhầm người." },
    });
    expect(off.status, off.text).toBe(200);
    for (const address of [url, `${house.apiUrl}${picture}`]) expect((await open(address)).status).toBe(404);
    const refused = await preview(id, {}, house.editorKey);
    expect(refused.status).toBe(409);
    expect(refused.body.moves).toContain("publish");
    const back = await house.call("POST", `/articles/${id}/publish`, { headers: { "if-match": etagOf(off) } });
    expect(back.status, back.text).toBe(200);
    for (const address of [url, `${house.apiUrl}${picture}`]) expect((await open(address)).status).toBe(404);
    expect((await open((await preview(id, {}, house.editorKey)).body.url)).status).toBe(200);
  });

  test("is made once under an Idempotency-Key, and shown once", async () => {
    const { id } = (await draft()).body;
    const ask = (body: unknown) =>
      house.call("POST", `/articles/${id}/previews`, { headers: { "idempotency-key": "a link" }, body });
    const first = await ask({ ttl: 600 });
    expect(first.body.url).toBeDefined();
    const again = await ask({ ttl: 600 });
    expect(again.status).toBe(201);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.body).toEqual({ revision: 1, expiresAt: first.body.expiresAt });
    expect((await ask({ ttl: 601 })).status).toBe(422);
  });

  test("that was guessed costs one look-up, and none when it cannot be a token; both are answered as an expired one is", async () => {
    const wrong = "0".repeat(43);
    const paths = (token: string) => [`/previews/${token}`, `/previews/${token}/images/${"0".repeat(26)}/a.jpg`];
    const made = (await preview((await draft()).body.id, { ttl: 1 })).body.url.split("/").at(-1);
    await house.clock.move(2000);
    const problemOf = async (token: string): Promise<unknown> => {
      const { body, status } = await house.call("GET", `/previews/${token}`, { key: null });
      expect(status).toBe(404);
      return { ...body, instance: "" };
    };
    expect(await problemOf(wrong)).toEqual(await problemOf(made));
    expect(await problemOf("x")).toEqual(await problemOf(made));
    for (const path of paths(wrong)) expect(await callsDuring(() => open(house.apiUrl + path))).toEqual({ GetItem: 1 });
    for (const token of ["x", "0".repeat(42), "0".repeat(44), `${"0".repeat(42)}-`, "%2e%2e", sha256("x")])
      for (const path of paths(token))
        expect(await callsDuring(async () => expect((await open(house.apiUrl + path)).status).toBe(404))).toEqual({});
  });

  test("is kept as a digest: a dump of the table, and the log, have nothing that opens one", async () => {
    const word = `KIN-${crypto.randomUUID()}`;
    const { id } = (await draft({ headline: word })).body;
    const { url } = (await preview(id)).body;
    const token = url.split("/").at(-1);
    await open(url);
    const { items } = await dump();
    const kept = items.filter((item) => item.includes("PREVIEW#"));
    expect(kept.join("\n")).toContain(sha256(token));
    expect(items.join("\n")).not.toContain(token);
    expect(house.log()).not.toContain(token);
    expect(house.log()).toContain("preview.created");
    expect(house.log()).not.toContain(word);
    // Its digest is no token.
    expect((await open(`${house.apiUrl}/previews/${sha256(token).slice(0, 43)}`)).status).toBe(404);
    // Another story's preview has nothing of this one.
    const other = await open((await preview((await draft()).body.id)).body.url);
    expect(other.text).not.toContain(word);
  });
});
