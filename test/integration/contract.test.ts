import { request } from "node:http";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Json, type Request, story, testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

const etagOf = (answer: Answer): string => answer.headers.get("etag") ?? "";
const pathOf = (answer: Answer): string => new URL(answer.body.url).pathname;
const post = (body: unknown, more: Request = {}): Promise<Answer> => house.call("POST", "/articles", { body, ...more });
const text = (type: string, body: string, query = "", more: Request = {}): Promise<Answer> =>
  house.call("POST", `/articles${query}`, { body, type, ...more });
const get = (id: string, headers: Record<string, string> = {}, key?: string): Promise<Answer> =>
  house.call("GET", `/articles/${id}`, { headers, ...(key ? { key } : {}) });
const patch = (before: Answer, body: unknown, more: Request = {}): Promise<Answer> =>
  house.call("PATCH", `/articles/${before.body.id}`, {
    body,
    ...more,
    headers: { "if-match": etagOf(before), ...more.headers },
  });
const publish = (before: Answer, more: Request = {}): Promise<Answer> =>
  house.call("POST", `/articles/${before.body.id}/publish`, {
    ...more,
    headers: { "if-match": etagOf(before), ...more.headers },
  });
const admin = (method: string, path: string, body?: unknown): Promise<Answer> =>
  house.call(method, path, { key: house.adminKey, ...(body === undefined ? {} : { body }) });
const codes = (answer: Answer): string[] => answer.body.warnings.map((one: Json) => `${one.code} ${one.pointer}`);
const paragraphs = (answer: Answer): string[] =>
  answer.body.body.map((block: Json) => block.children.map((child: Json) => child.text).join(""));

const COPY = readFileSync("test/fixtures/copy/story.txt", "utf8");
const LEAD = "Sáng 5/10, thành phố đưa vào hoạt động tuyến phố đi bộ dài 1,2 km dọc bờ sông.";
const HEADLINE = "Phố đi bộ ven sông mở cửa đón khách từ cuối tuần này";

describe("creating", () => {
  test("a draft answers 201, with Location, ETag and the article as GET gives it", async () => {
    const made = await post({ headline: "  Chợ   phiên ", standfirst: "Họp sớm", seo: { title: "Chợ" } });
    expect(made.status).toBe(201);
    expect(made.headers.get("location")).toBe(`/articles/${made.body.id}`);
    expect(made.headers.get("cache-control")).toBe("no-store");
    expect(etagOf(made)).toBe('"s1"');
    expect(made.body).toMatchObject({
      id: expect.stringMatching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/),
      status: "draft",
      revision: 1,
      seq: 1,
      headline: "Chợ phiên",
      locale: "vi",
      bylines: [],
      tags: [],
      body: [],
      corrections: [],
      updatedBy: "Local editor",
      seo: { title: "Chợ" },
    });
    expect(made.body.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    for (const absent of ["url", "publishedAt", "publishedRevision", "section", "live"])
      expect(made.body).not.toHaveProperty(absent);
    expect(codes(made)).toEqual(["no-section /section"]);
    expect((await get(made.body.id)).body).toEqual(made.body);
    expect((await house.call("GET", `/articles/${made.body.id}/live`)).body).toMatchObject({
      state: "not-public",
      reason: expect.any(String),
    });
  });

  test("published at once, the article has its address and is live in a moment", async () => {
    const sent = await post(story({ publishedAt: "2024-10-05T08:30" }), {
      headers: { prefer: "respond-async, wait=5" },
    });
    expect(sent.status).toBe(201);
    expect(sent.headers.get("preference-applied")).toBe("wait=5");
    expect(sent.body).toMatchObject({
      status: "published",
      publishedAt: "2024-10-05T08:30:00+07:00",
      slug: "cho-phien-hop-lai-ben-song",
      publishedRevision: 1,
      live: { state: "live", seq: 1, liveSeq: 1, url: sent.body.url },
    });
    expect(sent.body.live.pages.map((page: Json) => page.path)).toEqual(
      expect.arrayContaining([pathOf(sent), "/", "/thoi-su", "/feed.xml"]),
    );
    expect((await house.read(pathOf(sent))).status).toBe(200);
  });

  test("waiting for what no reader sees is not applied", async () => {
    const sent = await post(story({ status: "draft" }), { headers: { prefer: "wait=5" } });
    expect(sent.headers.get("preference-applied")).toBeNull();
    expect(sent.body).not.toHaveProperty("live");
  });

  test("past the wait the same answer says pending", async () => {
    let letGo = (): void => {};
    const released = new Promise<void>((resolve) => (letGo = resolve));
    house.s3.gate = async ({ name, key }) =>
      name === "PutObject" && key?.startsWith("van-hoa/") ? released : undefined;
    const sent = await post(story({ section: "van-hoa" }), { headers: { prefer: "wait=1" } });
    house.s3.gate = undefined;
    letGo();
    expect(sent.status).toBe(201);
    expect(sent.headers.get("preference-applied")).toBe("wait=1");
    expect(sent.body.live).toMatchObject({ state: "pending", seq: 1 });
    await house.quiet();
    expect((await house.call("GET", `/articles/${sent.body.id}/live`)).body.state).toBe("live");
  });

  test("a reporter's date is kept with a warning, until an editor publishes", async () => {
    const filed = await post(story({ status: "draft", publishedAt: "2024-02-03T04:05:06+01:00" }), {
      key: house.reporterKey,
    });
    expect(filed.body.publishedAt).toBe("2024-02-03T10:05:06+07:00");
    expect(codes(filed)).toEqual(["publishedAt-needs-editor /publishedAt"]);
    expect(codes(await patch(filed, { kicker: "A:" }, { key: house.reporterKey }))).toEqual([
      "publishedAt-needs-editor /publishedAt",
    ]);
    const done = await publish(await get(filed.body.id));
    expect(done.body).toMatchObject({ status: "published", publishedAt: "2024-02-03T10:05:06+07:00", warnings: [] });
  });

  test("the first section of a key's own is taken, by POST alone", async () => {
    const { token } = (
      await admin("POST", "/keys", { name: "Bound", role: "editor", sections: ["the-thao", "van-hoa"] })
    ).body;
    const filed = await post({ headline: "Không nói mục" }, { key: token });
    expect(filed.body.section).toBe("the-thao");
    expect(codes(filed)).toEqual([]);
    expect((await text("text/plain", "Tin ngắn\n\nTrận đấu bắt đầu.\n", "", { key: token })).body.section).toBe(
      "the-thao",
    );
    expect((await post(story({ status: "draft", section: "van-hoa" }), { key: token })).body.section).toBe("van-hoa");
    const bare = await patch(filed, { section: null }, { key: token });
    expect(bare.body).not.toHaveProperty("section");
    expect(codes(bare)).toEqual(["no-section /section"]);
  });

  test("what was taken out is named, wherever it stood", async () => {
    const bad = "Chợ\u202E phiên\u0000";
    const sent = [
      await post(story({ status: "draft", headline: bad })),
      await text("text/markdown", '---\nsection: thoi-su\nheadline: "Chợ\\u202E phiên\\0"\n---\nx\n'),
      await text("text/markdown", "x\n", `?section=thoi-su&headline=${encodeURIComponent(bad)}`),
      await patch(await post(story({ status: "draft" })), { headline: bad }),
    ];
    for (const one of sent) {
      expect(one.body.headline).toBe("Chợ phiên");
      expect(codes(one)).toEqual(["removed-characters /headline"]);
    }
    const decomposed = await post(
      story({ status: "draft", headline: "Chợ".normalize("NFD"), tags: ["lễ".normalize("NFD")] }),
    );
    expect(decomposed.body).toMatchObject({
      headline: "Chợ".normalize("NFC"),
      tags: ["lễ".normalize("NFC")],
      warnings: [],
    });
  });
});

describe("reading", () => {
  test("If-None-Match answers 304, weakly compared, and whatever is there by a star", async () => {
    const made = await post(story({ status: "draft" }));
    for (const tag of ['"s1"', 'W/"s1"', '"s9", "s1"', "*"]) {
      const answer = await get(made.body.id, { "if-none-match": tag });
      expect([answer.status, etagOf(answer), answer.headers.get("vary"), answer.text], tag).toEqual([
        304,
        '"s1"',
        "Accept",
        "",
      ]);
    }
    expect((await get(made.body.id, { "if-none-match": '"s2"' })).status).toBe(200);
  });

  test("JSON unless text is asked for", async () => {
    const { body } = await post(story({ status: "draft" }));
    const type = async (accept: string): Promise<string | null> =>
      (await get(body.id, { accept })).headers.get("content-type");
    for (const accept of [
      "*/*",
      "application/json, text/plain, */*",
      "text/html",
      "application/json",
      "text/plain;q=0.5, application/json",
      "text/plain;q=0",
    ])
      expect(await type(accept), accept).toBe("application/json");
    for (const accept of ["text/plain", "text/plain, */*;q=0.1", "text/*", "application/json;q=0.2, text/plain;q=0.9"])
      expect(await type(accept), accept).toMatch(/^text\/plain; charset=utf-8$/i);
  });

  test("copy comes back as copy that says the same, and is the same when it is sent again", async () => {
    const first = await text("text/plain; charset=utf-8", COPY, "?section=thoi-su");
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      kicker: "Hải Phòng:",
      headline: HEADLINE,
      publishedAt: "2024-10-05T08:30:00+07:00",
      standfirst: LEAD,
      bylines: [{ name: "Hải An" }],
    });
    expect(first.body.body.map((block: Json) => block._type)).toEqual(["figure", "block", "block", "figure", "block"]);
    expect(codes(first).sort()).toEqual([
      "figure-without-picture /body/0",
      "figure-without-picture /body/3",
      "guessed-byline /bylines",
    ]);
    const copy = await get(first.body.id, { accept: "text/plain" });
    expect([copy.status, etagOf(copy), copy.headers.get("vary")]).toEqual([200, '"s1"', "Accept"]);
    const again = await text("text/plain", copy.text, "?section=thoi-su");
    const said = ({ kicker, headline, publishedAt, standfirst, bylines, body, warnings }: Json) => ({
      kicker,
      headline,
      publishedAt,
      standfirst,
      bylines,
      body,
      warnings,
    });
    expect(said(again.body)).toEqual(said(first.body));
    expect((await get(again.body.id, { accept: "text/plain" })).text).toBe(copy.text);
  });
});

describe("texts", () => {
  test("query parameters say what the copy does not, and stand over what it does", async () => {
    const query = new URLSearchParams([
      ["section", "kinh-te"],
      ["status", "published"],
      ["tags", "phố đi bộ, sông"],
      ["tags", "lễ"],
      ["bylines", "Lan"],
      ["bylines", "Minh, Thư"],
      ["headline", "Tít khác"],
      ["publishedAt", "2024-10-06"],
      ["slug", "tit-khac"],
      ["canonicalUrl", "https://a.example/b"],
    ]);
    const sent = await text("text/plain", COPY, `?${query.toString()}`);
    expect(sent.status).toBe(201);
    expect(sent.body).toMatchObject({
      status: "published",
      section: "kinh-te",
      tags: ["phố đi bộ", "sông", "lễ"],
      bylines: [{ name: "Lan" }, { name: "Minh" }, { name: "Thư" }],
      headline: "Tít khác",
      kicker: "Hải Phòng:",
      publishedAt: "2024-10-06T00:00:00+07:00",
      slug: "tit-khac",
      canonicalUrl: "https://a.example/b",
    });
    expect(pathOf(sent)).toMatch(/^\/kinh-te\/tit-khac-[0-9a-z]{8}$/);
  });

  test("Markdown with front matter", async () => {
    const sent = await text(
      "text/markdown",
      '---\nkicker: "Chợ:"\nsection: van-hoa\ntags: [chợ, sông]\nbylines:\n  - Lan\n  - name: Minh\nseo:\n  title: Chợ\n---\n# Chợ phiên\n\nSáng nay **chợ** họp.\n\n## Trưa\n\n- tan\n',
      "?section=thoi-su",
    );
    expect(sent.status).toBe(201);
    expect(sent.body).toMatchObject({
      status: "draft",
      kicker: "Chợ:",
      headline: "Chợ phiên",
      section: "thoi-su",
      tags: ["chợ", "sông"],
      bylines: [{ name: "Lan" }, { name: "Minh" }],
      seo: { title: "Chợ" },
      warnings: [],
    });
    expect(paragraphs(sent)).toEqual(["Sáng nay chợ họp.", "Trưa", "tan"]);
    expect(sent.body.body).toMatchObject([
      { children: [{}, { marks: ["strong"] }, {}] },
      { style: "h2" },
      { listItem: "bullet" },
    ]);
  });

  test("HTML, of which no script is left", async () => {
    const sent = await text(
      "text/html; charset=utf-8",
      '<title>Trang</title><meta name="author" content="Lan"><h1>Chợ phiên</h1><p>Sáng nay <a href="https://a.example/">chợ</a> họp.<script>alert(1)</script></p>',
      "?section=thoi-su",
    );
    expect(sent.status).toBe(201);
    expect(sent.body).toMatchObject({
      headline: "Chợ phiên",
      bylines: [{ name: "Lan" }],
      body: [{ markDefs: [{ href: "https://a.example/" }] }],
    });
    expect(paragraphs(sent)).toEqual(["Sáng nay chợ họp."]);
    expect(codes(sent).join()).toMatch(/^dropped-element/);
  });

  test("a draft without a section is kept, and says so", async () => {
    const sent = await text("text/plain", COPY);
    expect(sent.status).toBe(201);
    expect(codes(sent)).toContain("no-section /section");
  });
});

describe("patching", () => {
  const FULL = {
    kicker: "Chợ:",
    standfirst: "Họp sớm",
    tags: ["a", "b"],
    bylines: [{ name: "Lan" }, { name: "Minh" }],
    seo: { title: "T", description: "D" },
    sourceLine: "Theo TTXVN",
    status: "draft",
  };

  test("null removes, objects merge, arrays are whole, and the rest stays", async () => {
    const made = await post(story(FULL));
    const one = await patch(made, { kicker: null, tags: ["c"], seo: { title: null }, bylines: [{ name: "Thư" }] });
    expect(one.status).toBe(200);
    expect(etagOf(one)).toBe('"s2"');
    expect(one.body).toMatchObject({
      revision: 2,
      seq: 2,
      tags: ["c"],
      seo: { description: "D" },
      bylines: [{ name: "Thư" }],
      standfirst: "Họp sớm",
      sourceLine: "Theo TTXVN",
      headline: made.body.headline,
      body: made.body.body,
    });
    expect(one.body).not.toHaveProperty("kicker");
    expect(one.body.seo).not.toHaveProperty("title");
    const two = await patch(
      one,
      { seo: null, tags: null, locale: null, section: null },
      { headers: { "content-type": "application/merge-patch+json" } },
    );
    expect(two.body).toMatchObject({ tags: [], locale: "vi", seq: 3 });
    for (const name of ["seo", "section"]) expect(two.body).not.toHaveProperty(name);
    expect((await get(made.body.id)).body).toEqual(two.body);
  });

  test("a body is replaced in whichever form it comes, or taken away", async () => {
    let last = await post(story({ status: "draft" }));
    const block = { _type: "block", children: [{ _type: "span", text: "Khối" }] };
    const forms: [unknown, string[]][] = [
      [
        [block, block],
        ["Khối", "Khối"],
      ],
      [{ format: "markdown", content: "Một *hai*\n\n## Ba" }, ["Một hai", "Ba"]],
      [{ format: "html", content: "<p>Một</p><p>Hai</p>" }, ["Một", "Hai"]],
      [{ format: "text", content: "Một\n\nHai <b>" }, ["Một", "Hai <b>"]],
      [null, []],
    ];
    for (const [n, [body, expected]] of forms.entries()) {
      last = await patch(last, { body });
      expect(paragraphs(last)).toEqual(expected);
      expect(last.body.revision).toBe(n + 2);
      expect((await get(last.body.id)).body.body).toEqual(last.body.body);
    }
    const refused = await publish(last);
    expect([refused.status, refused.body.errors]).toEqual([422, [{ pointer: "/body", detail: expect.any(String) }]]);
  });

  test("what changes nothing keeps revision and seq", async () => {
    const made = await post(story(FULL));
    const same = {
      headline: made.body.headline,
      tags: ["a", "b"],
      seo: { description: "D", title: "T" },
      bylines: FULL.bylines,
      body: made.body.body,
      standfirst: " Họp sớm ",
    };
    for (const body of [{}, same, { slug: null }, { section: "thoi-su" }, undefined]) {
      const answer = await patch(made, body);
      expect([answer.status, etagOf(answer), answer.body.revision]).toEqual([200, '"s1"', 1]);
    }
  });

  test("a patch of a published story is private until it is published again, at the same address", async () => {
    const first = await post(story({ headline: "Tít đầu", publishedAt: "2024-05-05" }), {
      headers: { prefer: "wait=10" },
    });
    const edited = await patch(first, { headline: "Tít sau", publishedAt: null });
    expect(edited.body).toMatchObject({
      status: "published",
      revision: 2,
      seq: 2,
      publishedRevision: 1,
      url: first.body.url,
      headline: "Tít sau",
      slug: "tit-dau",
    });
    expect(edited.body.publishedAt).not.toMatch(/^2024/);
    await house.quiet();
    for (const page of [pathOf(first), "/", "/feed.xml"]) {
      const shown = (await house.origin(page)) ?? "";
      expect(shown, page).toContain("Tít đầu");
      expect(shown, page).not.toContain("Tít sau");
    }
    const again = await publish(edited, { headers: { prefer: "wait=10" } });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({
      revision: 2,
      seq: 3,
      publishedRevision: 2,
      url: first.body.url,
      live: { state: "live", seq: 3, liveSeq: 3 },
    });
    for (const page of [pathOf(first), "/", "/feed.xml"]) expect(await house.origin(page), page).toContain("Tít sau");
    const unchanged = await publish(again, { headers: { prefer: "wait=5" } });
    expect([unchanged.status, etagOf(unchanged), unchanged.headers.get("preference-applied")]).toEqual([
      200,
      '"s3"',
      null,
    ]);
  });

  test("a changed slug moves the page, and the old address leads to it", async () => {
    const first = await post(story({ headline: "Chuyển nhà" }));
    const moved = await publish(await patch(first, { slug: "nha-moi", section: "van-hoa" }));
    expect(pathOf(moved)).toMatch(/^\/van-hoa\/nha-moi-/);
    await house.quiet();
    const old = await house.read(pathOf(first));
    expect([old.status, old.headers.get("location")]).toEqual([301, pathOf(moved)]);
  });
});

describe("lists", () => {
  let made: string[];
  const follow = async (path: string, key?: string): Promise<{ ids: string[]; sizes: number[] }> => {
    const found = { ids: [] as string[], sizes: [] as number[] };
    for (let next: string | undefined = path; next !== undefined && found.sizes.length < 50;) {
      const page: Answer = await house.call("GET", next, key ? { key } : {});
      expect(page.status, page.text).toBe(200);
      found.sizes.push(page.body.items.length);
      found.ids.push(...page.body.items.map((item: Json) => item.id));
      next = /^<([^>]+)>; rel="next"$/.exec(page.headers.get("link") ?? "")?.[1];
    }
    return found;
  };

  beforeAll(async () => {
    made = [];
    for (let n = 0; n < 45; n++) {
      const fields = {
        section: n % 2 ? "kinh-te" : "the-thao",
        tags: [`t${n % 3}`, "dãy"],
        bylines: [{ name: `Người ${n % 5}` }],
        publishedAt: `2020-01-${String((n % 28) + 1).padStart(2, "0")}T12:00`,
        status: n % 9 ? "draft" : "published",
      };
      made.unshift((await post(story(fields))).body.id);
    }
    await house.quiet();
  });

  test("follow next to the end: each once, newest first, no bodies", async () => {
    const { ids, sizes } = await follow("/articles?tag=d%C3%A3y&limit=10");
    expect(ids).toEqual(made);
    expect(sizes).toEqual([10, 10, 10, 10, 5]);
    const all = await follow("/articles");
    expect(all.sizes[0]).toBe(20);
    expect(new Set(all.ids).size).toBe(all.ids.length);
    expect(all.ids.slice(0, 45)).toEqual(made);
    const exact = await follow("/articles?tag=d%C3%A3y&limit=45");
    expect(exact.ids).toEqual(made);
    const page = await house.call("GET", "/articles?limit=100");
    for (const item of page.body.items) expect(item).not.toHaveProperty("body");
    expect(page.headers.get("link")).toBeNull();
  });

  test("a cursor behind the oldest article ends", async () => {
    const { ids } = await follow("/articles?limit=100");
    const cursor = Buffer.from(`1:${ids.at(-1)}`).toString("base64url");
    const page = await house.call("GET", `/articles?cursor=${cursor}`);
    expect([page.status, page.body.items, page.headers.get("link")]).toEqual([200, [], null]);
  });

  const nth = (fits: (n: number) => boolean): string[] => made.filter((_, index) => fits(44 - index));
  const filters: [string, (n: number) => boolean][] = [
    ["status=published", (n) => n % 9 === 0],
    ["status=draft&section=kinh-te", (n) => n % 9 !== 0 && n % 2 === 1],
    ["section=the-thao", (n) => n % 2 === 0],
    ["tag=t1", (n) => n % 3 === 1],
    [`author=${encodeURIComponent("Người 3")}`, (n) => n % 5 === 3],
    ["from=2020-01-10&to=2020-01-12T13:00", (n) => n % 28 >= 9 && n % 28 <= 11],
    ["from=2020-01-28T12:00:00%2B07:00", (n) => n % 28 === 27],
    ["to=2020-01-01T05:00:00Z", (n) => n % 28 === 0],
    ["tag=t0&section=kinh-te&status=published", (n) => n % 3 === 0 && n % 2 === 1 && n % 9 === 0],
    ["section=khong-co", () => false],
    ["source=ttxvn", () => false],
  ];
  test.each(filters)("by %s", async (query, fits) => {
    expect(
      (await follow(`/articles?tag=d%C3%A3y&${query}&limit=7`.replace(/tag=d%C3%A3y&(?=.*tag=)/, ""))).ids,
    ).toEqual(nth(fits));
  });

  test("an author's slug finds what bears it", async () => {
    await admin("PUT", "/authors/thu-ha", { name: "Thu Hà" });
    const { body } = await post(story({ status: "draft", bylines: [{ name: "Thu Hà", author: "thu-ha" }] }));
    expect((await follow("/articles?author=thu-ha")).ids).toEqual([body.id]);
  });

  test("a rare filter over more than a thousand articles ends, page by page", async () => {
    const { table } = house.functions.services;
    const [rare] = await table.query({ pk: `ARTICLE#${made[0]}`, prefix: "HEAD" });
    const ulid = (n: number): string => `00000000000000000000${String(n).padStart(6, "0")}`;
    const crowd = Array.from({ length: 1100 }, (_, n) => ({
      ...rare,
      pk: `ARTICLE#${ulid(n)}`,
      sk: "HEAD",
      id: ulid(n),
      deskSk: ulid(n),
      owner: { key: "nobody", name: "Nobody" },
      status: "draft",
      published: undefined,
    }));
    for (let from = 0; from < crowd.length; from += 100)
      await table.transact(crowd.slice(from, from + 100).map((put) => ({ put })));
    const found = await follow("/articles?limit=100", house.reporterKey);
    expect(found.ids.filter((id) => id.startsWith("0000"))).toEqual([]);
    expect(found.sizes.length).toBeLessThan(5);
    const writes = crowd.map(({ pk, sk }) => ({ delete: { pk, sk } }));
    for (let from = 0; from < writes.length; from += 100) await table.transact(writes.slice(from, from + 100));
  });
});

describe("keys", () => {
  test("are made, listed, read and revoked at once; the token is shown this once", async () => {
    const made = await admin("POST", "/keys", {
      name: "Lan",
      role: "reporter",
      sections: ["thoi-su"],
      expiresAt: "2999-01-01",
    });
    expect(made.status).toBe(201);
    const { token, ...key } = made.body;
    expect(token).toMatch(/^bs_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}$/);
    expect(key).toEqual({
      id: token.split("_")[1],
      name: "Lan",
      role: "reporter",
      sections: ["thoi-su"],
      createdAt: expect.any(String),
      expiresAt: "2998-12-31T17:00:00.000Z",
    });
    expect(made.headers.get("location")).toBe(`/keys/${key.id}`);
    expect((await admin("GET", `/keys/${key.id}`)).body).toEqual(key);
    const { items } = (await admin("GET", "/keys")).body;
    expect(items).toContainEqual(key);
    expect(JSON.stringify(items)).not.toMatch(/token|hash|bs_/);
    expect((await house.call("GET", "/site", { key: token })).status).toBe(200);
    expect((await admin("DELETE", `/keys/${key.id}`)).status).toBe(204);
    expect((await house.call("GET", "/site", { key: token })).status).toBe(401);
    expect((await admin("GET", `/keys/${key.id}`)).status).toBe(404);
    expect((await admin("DELETE", `/keys/${key.id}`)).status).toBe(404);
  });
});

describe("the site", () => {
  test("a section is made, changed and removed, with its page", async () => {
    const made = await admin("PUT", "/sections/doi-song", { title: "Đời sống", description: "Nhà và phố." });
    expect([made.status, made.body]).toEqual([
      201,
      { slug: "doi-song", title: "Đời sống", description: "Nhà và phố." },
    ]);
    await house.quiet();
    const page = await house.read("/doi-song");
    expect([page.status, page.text.includes("Đời sống")]).toEqual([200, true]);
    const changed = await admin("PUT", "/sections/doi-song", { title: "Đời" });
    expect([changed.status, changed.body]).toEqual([200, { slug: "doi-song", title: "Đời" }]);
    expect((await admin("GET", "/sections/doi-song")).body).toEqual({ slug: "doi-song", title: "Đời" });
    expect((await admin("GET", "/sections")).body.items.map((one: Json) => one.slug)).toEqual([
      "thoi-su",
      "chinh-tri",
      "kinh-te",
      "van-hoa",
      "the-thao",
      "doi-song",
    ]);
    const removed = await admin("DELETE", "/sections/doi-song");
    expect([removed.status, removed.text]).toEqual([204, ""]);
    expect((await admin("GET", "/sections/doi-song")).status).toBe(404);
    await house.quiet();
    expect(await house.origin("/")).not.toContain("/doi-song");
  });

  test("a section's stories have to go before it does, drafts and all", async () => {
    await admin("PUT", "/sections/tam-thoi", { title: "Tạm" });
    const draft = await post(story({ status: "draft", section: "tam-thoi" }));
    const refused = await admin("DELETE", "/sections/tam-thoi");
    expect([refused.status, refused.body.moves.length]).toEqual([409, 1]);
    await patch(draft, { section: "thoi-su" });
    expect((await admin("DELETE", "/sections/tam-thoi")).status).toBe(204);
  });

  test("an author is made, changed, read and removed", async () => {
    const made = await admin("PUT", "/authors/hai-an", { name: "Hải An", bio: "Phóng viên." });
    expect([made.status, made.body]).toEqual([201, { slug: "hai-an", name: "Hải An", bio: "Phóng viên." }]);
    expect((await admin("PUT", "/authors/hai-an", { name: "Hải An" })).status).toBe(200);
    expect((await admin("GET", "/authors/hai-an")).body).toEqual({ slug: "hai-an", name: "Hải An" });
    expect((await admin("GET", "/authors")).body.items).toContainEqual({ slug: "hai-an", name: "Hải An" });
    expect((await admin("DELETE", "/authors/hai-an")).status).toBe(204);
    expect((await admin("GET", "/authors/hai-an")).status).toBe(404);
  });

  test("settings are replaced whole, and show on the front", async () => {
    const full = {
      title: "Báo Hòa Giang",
      description: "Tin trong tỉnh.",
      imprint: ["Tổng biên tập: Bình"],
      nav: [{ title: "Riêng", path: "/van-hoa" }],
    };
    const put = await admin("PUT", "/site", full);
    expect(put.status).toBe(200);
    expect(put.body).toMatchObject({ ...full, timeZone: "Asia/Ho_Chi_Minh", locale: "vi", baseUrl: house.siteUrl });
    expect((await admin("GET", "/site")).body).toEqual(put.body);
    await house.quiet();
    const front = (await house.origin("/")) ?? "";
    for (const shown of ["Báo Hòa Giang", "Tổng biên tập: Bình", "Riêng"]) expect(front).toContain(shown);
    const bare = await admin("PUT", "/site", { title: "Báo Hòa Giang" });
    for (const name of ["description", "imprint", "nav"]) expect(bare.body).not.toHaveProperty(name);
    expect((await admin("GET", "/site")).body).toEqual(bare.body);
  });

  test("the house says that it is well, and how it is spoken to", async () => {
    const health = await house.call("GET", "/health", { key: null });
    expect([health.status, health.body]).toEqual([200, { status: "ok" }]);
    const described = await house.call("GET", "/openapi.json", { key: null });
    expect(described.status).toBe(200);
    expect(described.headers.get("content-type")).toBe("application/json");
    expect(described.body).toMatchObject({
      openapi: expect.stringMatching(/^3\./),
      paths: { "/articles": expect.any(Object) },
    });
  });
});

test("forty writers at once with If-Match: * all get through, or are told to come again", async () => {
  const { body } = await house.call("POST", "/articles", { body: story({ status: "draft" }) });
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      house.call("PATCH", `/articles/${body.id}`, { headers: { "if-match": "*" }, body: { headline: `Bản ${n}` } }),
    ),
  );
  const done = answers.filter((answer) => answer.status === 200);
  expect(answers.filter((answer) => answer.status !== 200 && answer.status !== 503)).toEqual([]);
  expect(answers.filter((answer) => answer.status === 503 && answer.headers.get("retry-after") === null)).toEqual([]);
  expect(done.length).toBeGreaterThan(10);
  expect((await house.call("GET", `/articles/${body.id}`)).body.seq).toBe(1 + done.length);
});

test("a GET with a body, and a method that is none of ours, are answered as problems or as ever", async () => {
  const send = (method: string, body: string) =>
    new Promise<{ status: number; type: string }>((resolve, reject) => {
      const asked = request(
        `${house.apiUrl}/health`,
        { method, headers: { "content-length": body.length } },
        (response) => {
          response.resume();
          resolve({ status: response.statusCode ?? 0, type: response.headers["content-type"] ?? "" });
        },
      );
      asked.on("error", reject).end(body);
    });
  expect(await send("GET", "hi")).toMatchObject({ status: 200, type: "application/json" });
  expect(await send("TRACE", "")).toMatchObject({ status: 404, type: "application/problem+json" });
});
