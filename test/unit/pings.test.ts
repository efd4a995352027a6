import { describe, expect, test } from "vitest";
import { siteInput } from "../../shared/domain/site.ts";
import { changedBy, pingFate, pingsFor } from "../../shared/notify/pings.ts";
import { published } from "../fixtures/heads.ts";
import { ulidOf } from "../fixtures/stories.ts";

const KEY = "6f1d8c2b9a4e47d0b35c7e18f2a90d64";
const HUB = "https://hub.example/push";
const ENDPOINT = "https://api.indexnow.org/indexnow";
const BASE = "https://bao.example";
const FEED = `${BASE}/feed.xml?a=1&b=đ`;
const BOTH = { baseUrl: BASE, webSub: { hub: HUB }, indexNow: { key: KEY, endpoint: ENDPOINT } };
const changed = (over: Partial<Parameters<typeof pingsFor>[0]> = {}) => ({
  type: "article.published",
  urls: [`${BASE}/thoi-su/bai-8x2tb4rn`],
  feeds: [FEED],
  ...over,
});

describe("pings", () => {
  test("tell the hub of each feed, as a form that names it both ways", () => {
    const pings = pingsFor(changed({ feeds: [FEED, `${BASE}/other.xml`, FEED] }), { ...BOTH, indexNow: undefined });
    for (const { target, request } of pings)
      expect([target, request.url, request.method, request.headers]).toEqual([
        "websub",
        HUB,
        "POST",
        { "content-type": "application/x-www-form-urlencoded" },
      ]);
    expect(pings.map(({ request }) => [...new URLSearchParams(request.body)])).toEqual(
      [FEED, `${BASE}/other.xml`].map((feed) => [
        ["hub.mode", "publish"],
        ["hub.topic", feed],
        ["hub.url", feed],
      ]),
    );
  });

  test("tell the engines of all pages at once, with the key and where it is", () => {
    const urls = [`${BASE}/a`, `${BASE}/b`, `${BASE}/a`, "https://khac.example/a", "no address"];
    const [ping, ...more] = pingsFor(changed({ urls }), { ...BOTH, webSub: undefined });
    expect(more).toEqual([]);
    expect([ping?.target, ping?.request.url]).toEqual(["indexnow", ENDPOINT]);
    expect(ping?.request.headers).toEqual({ "content-type": "application/json; charset=utf-8" });
    expect(JSON.parse(ping?.request.body ?? "")).toEqual({
      host: "bao.example",
      key: KEY,
      keyLocation: `${BASE}/${KEY}.txt`,
      urlList: [`${BASE}/a`, `${BASE}/b`],
    });
  });

  test("are for what readers see, and for what is switched on", () => {
    for (const type of ["article.published", "article.updated", "article.corrected", "article.withdrawn"])
      expect(pingsFor(changed({ type }), BOTH).map(({ target }) => target)).toEqual(["websub", "indexnow"]);
    for (const type of ["article.scheduled", "webhook.test", "article.deleted", ""])
      expect(pingsFor(changed({ type }), BOTH)).toEqual([]);
    expect(pingsFor(changed(), { baseUrl: BASE })).toEqual([]);
    expect(pingsFor(changed({ urls: [], feeds: [] }), BOTH)).toEqual([]);
    expect(pingsFor(changed({ urls: ["https://khac.example/a"], feeds: [] }), BOTH)).toEqual([]);
  });

  test.each([
    ["websub", undefined, "again"],
    ["websub", 200, "done"],
    ["websub", 204, "done"],
    ["websub", 400, "again"],
    ["websub", 503, "again"],
    ["indexnow", undefined, "again"],
    ["indexnow", 200, "done"],
    ["indexnow", 202, "done"],
    ["indexnow", 302, "again"],
    ["indexnow", 400, "refused"],
    ["indexnow", 403, "refused"],
    ["indexnow", 422, "refused"],
    ["indexnow", 429, "again"],
    ["indexnow", 500, "again"],
  ] as const)("of %s that are answered %s are %s", (target, status, fate) => {
    expect(pingFate(target, status)).toBe(fate);
  });
});

describe("what an event changes", () => {
  const id = ulidOf(7);
  const end = id.slice(-8).toLowerCase();
  const moved = published({
    address: { section: "thoi-su", slug: "ba" },
    former: [
      { section: "thoi-su", slug: "mot" },
      { section: "kinh-te", slug: "hai" },
    ],
    aliases: ["/2019/cu.html"],
  });
  const page = `${BASE}/thoi-su/ba-${end}`;
  const [first, last] = [`${BASE}/thoi-su/mot-${end}`, `${BASE}/kinh-te/hai-${end}`];

  test.each(["article.published", "article.withdrawn"])("%s turns the page and every old path of it", (type) => {
    expect(changedBy(type, { id, published: moved }, BASE)).toEqual({
      type,
      urls: [page, first, last, `${BASE}/2019/cu.html`],
      feeds: [`${BASE}/feed.xml`],
    });
  });

  test.each(["article.updated", "article.corrected"])("%s changes the page, and where it may have been", (type) => {
    expect(changedBy(type, { id, published: moved }, BASE).urls).toEqual([page, last]);
    expect(changedBy(type, { id, published: { ...moved, former: [] } }, BASE).urls).toEqual([page]);
  });
});

describe("the settings", () => {
  const parsed = (over: object) => siteInput.safeParse({ title: "Báo", ...over });
  const faults = (over: object) => parsed(over).error?.issues.map(({ path, message }) => [path.join("."), message]);

  test("are off unless said, and know where IndexNow is", () => {
    expect(parsed({}).data).not.toHaveProperty("webSub");
    expect(parsed({}).data).not.toHaveProperty("indexNow");
    expect(parsed({ indexNow: { key: KEY } }).data?.indexNow).toEqual({ key: KEY, endpoint: ENDPOINT });
    expect(parsed({ webSub: { hub: HUB } }).data?.webSub).toEqual({ hub: HUB });
  });

  test.each(["aaaaaaaa", "a".repeat(128), "A-0-z-9-", "--------", "feed1234", "robots-1"])(
    "take %s as a key",
    (key) => {
      expect(parsed({ indexNow: { key } }).success).toBe(true);
    },
  );

  const CHARACTERS = "must be 8 to 128 letters (without accents), digits and hyphens";
  const FILE = "is the name of a file that the site keeps for itself";
  test.each([
    ["aaaaaaa", [CHARACTERS]],
    ["a".repeat(129), [CHARACTERS]],
    ["khóa-bí-mật", [CHARACTERS]],
    ["../../robots", [CHARACTERS]],
    ["aaaa/aaaa", [CHARACTERS]],
    ["aaaaaaaa.txt", [CHARACTERS]],
    ["aaaaaaaa\n", [CHARACTERS]],
    ["robots", [CHARACTERS, FILE]],
    ["404", [CHARACTERS, FILE]],
    ["Security", [FILE]],
    ["llms-full", [FILE]],
  ])("refuse %j as a key, and say each reason", (key, messages) => {
    expect(faults({ indexNow: { key } })).toEqual(messages.map((message) => ["indexNow.key", message]));
  });

  const SECURE = "must be https, on port 443";
  const WEB = "must be an absolute http or https URL";
  test.each([
    ["http://hub.example/", SECURE],
    ["https://hub.example:8443/", SECURE],
    ["https://user:secret@hub.example/", WEB],
    ["ftp://hub.example/", WEB],
    ["hub.example", WEB],
    ["", WEB],
  ])("call no other address than an open one: %j", (url, message) => {
    expect(faults({ webSub: { hub: url }, indexNow: { key: KEY, endpoint: url } })).toEqual([
      ["webSub.hub", message],
      ["indexNow.endpoint", message],
    ]);
  });

  test("have no members but these", () => {
    expect(faults({ webSub: {}, indexNow: {} })?.map(([path]) => path)).toEqual(["webSub.hub", "indexNow.key"]);
    expect(parsed({ webSub: { hub: HUB, x: 1 } }).success).toBe(false);
    expect(parsed({ indexNow: { key: KEY, x: 1 } }).success).toBe(false);
  });
});
