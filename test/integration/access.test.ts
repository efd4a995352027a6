import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApi } from "../../functions/api/app.ts";
import { sha256 } from "../../shared/store/digest.ts";
import { type Dump, dumpedHouse } from "../dump.ts";
import { type Answer, type Request, story, type TestHouse } from "../house.ts";

/** Who asks: without a key, with what cannot be one, with a false secret; the owner of the articles, another reporter, and the desk. */
const CALLERS = ["none", "malformed", "false", "owner", "other", "editor", "admin"] as const;
type Caller = (typeof CALLERS)[number];

let house: TestHouse;
let dump: () => Promise<Dump>;
const tokens: Record<Caller, string | null> = {
  none: null,
  malformed: "bs_short_secret",
  false: "",
  owner: "",
  other: "",
  editor: "",
  admin: "",
};
const ids = { draft: "", published: "", key: "", image: "", webhook: "", delivery: "" };

const as = (who: Caller, method: string, path: string, more: Request = {}): Promise<Answer> =>
  house.call(method, path, { ...more, key: tokens[who] });
const etagOf = (answer: Answer): string => answer.headers.get("etag") ?? "";

beforeAll(async () => {
  ({ house, dump } = await dumpedHouse());
  tokens.admin = house.adminKey;
  tokens.editor = house.editorKey;
  const key = async (name: string): Promise<{ id: string; token: string }> =>
    (await as("admin", "POST", "/keys", { body: { name, role: "reporter" } })).body;
  tokens.owner = (await key("Người viết")).token;
  tokens.other = (await key("Người khác")).token;
  tokens.false = `${house.adminKey.slice(0, -1)}${house.adminKey.endsWith("0") ? "1" : "0"}`;
  ids.key = (await key("Ai đó")).id;
  await as("admin", "PUT", "/authors/lan", { body: { name: "Lan" } });
  await as("admin", "PUT", "/sources/ban-tin", { body: SOURCE });
  ids.draft = (
    await as("owner", "POST", "/articles", { body: story({ status: "draft", headline: "Bản nháp kín" }) })
  ).body.id;
  ids.image = (
    await as("owner", "POST", "/images", { body: { filename: "a.jpg", contentType: "image/jpeg", bytes: 1 } })
  ).body.id;
  ids.published = (await as("owner", "POST", "/articles", { body: story({ status: "draft" }) })).body.id;
  await as("editor", "POST", `/articles/${ids.published}/publish`, { headers: { "if-match": '"s1"' } });
  // Nothing is sent: what is asked here is who may.
  house.newsPump.held = true;
  ids.webhook = (await as("admin", "POST", "/webhooks", { body: WEBHOOK })).body.id;
  ids.delivery = (await as("admin", "POST", `/webhooks/${ids.webhook}/test`)).body.id;
  await house.quiet();
});
afterAll(() => house.close());

const SOURCE = { kind: "ghost", publish: "draft", secrets: ["mot-bi-mat-du-dai-cho-ghost"] };
const WEBHOOK = { url: "https://tools.example/hook", events: ["article.withdrawn"] };
const DRAFT = { name: "a draft", id: () => ids.draft, etag: '"s1"' };
const PUBLISHED = { name: "a published story", id: () => ids.published, etag: '"s2"' };
type Article = typeof DRAFT;

type Row = {
  route: string;
  what: string;
  path: () => string;
  body?: unknown;
  etag?: string;
  expected: Record<Caller, number>;
};

/** Statuses of the owner, the other reporter, the editor and the admin; the keyless never get in. */
const only = (owner: number, other: number, editor: number, admin: number): Record<Caller, number> => ({
  none: 401,
  malformed: 401,
  false: 401,
  owner,
  other,
  editor,
  admin,
});
const ANYBODY = { none: 200, malformed: 200, false: 200, owner: 200, other: 200, editor: 200, admin: 200 };
/** What is no token of ours is nothing, to anybody. */
const NOBODY = { none: 404, malformed: 404, false: 404, owner: 404, other: 404, editor: 404, admin: 404 };
const STAFF = only(200, 200, 200, 200);
const DESK = only(403, 403, 200, 200);
const ADMIN = only(403, 403, 403, 200);
/** Of what there is none. */
const MISSING = only(403, 403, 403, 404);
const STAFF_OF_DRAFT = only(200, 404, 200, 200);
/** What only the desk does, and to a draft not even the desk. */
const DESK_OF_DRAFT = only(403, 404, 409, 409);

const row = (route: string, expected: Row["expected"], more: { body?: unknown; what?: string } = {}): Row => {
  const filled = (): string =>
    route
      .split(" ")[1]
      ?.replace("/images/:id", `/images/${ids.image}`)
      .replace("/keys/:id", `/keys/${ids.key}`)
      .replace("/sources/:name", "/sources/ban-tin")
      .replace("/webhooks/:id", `/webhooks/${ids.webhook}`)
      .replace("/deliveries/:id", `/deliveries/${ids.delivery}`)
      .replace("/sections/:slug", "/sections/the-thao")
      .replace("/authors/:slug", "/authors/lan") ?? "";
  return {
    route,
    what: more.what ?? "",
    path: () => `${filled()}${route.startsWith("GET") ? "" : "?dryRun=1"}`,
    expected,
    body: more.body,
  };
};
const about = (route: string, article: Article, expected: Row["expected"], body?: unknown): Row => ({
  route,
  what: article.name,
  path: () =>
    `${route.split(" ")[1]?.replace(":id", article.id()).replace(":n", "1")}${route.startsWith("GET") ? "" : "?dryRun=1"}`,
  body,
  etag: article.etag,
  expected,
});

/** Every route of the app; a write is asked as a dry run, which is refused as the real one is. */
const MATRIX: Row[] = [
  row("GET /health", ANYBODY),
  row("GET /openapi.json", ANYBODY),
  row("POST /articles", STAFF, { body: story({ status: "draft" }), what: "a draft" }),
  row("POST /articles", only(403, 403, 200, 200), { body: story(), what: "to be published at once" }),
  row("GET /articles", STAFF),
  about("GET /articles/:id", DRAFT, only(200, 404, 200, 200)),
  about("GET /articles/:id", PUBLISHED, STAFF),
  about("PATCH /articles/:id", DRAFT, only(200, 404, 200, 200), { headline: "Khác" }),
  about("PATCH /articles/:id", PUBLISHED, only(200, 403, 200, 200), { headline: "Khác" }),
  about("POST /articles/:id/publish", DRAFT, only(403, 404, 200, 200)),
  about("POST /articles/:id/publish", PUBLISHED, only(403, 403, 200, 200)),
  about("POST /articles/:id/submit", DRAFT, STAFF_OF_DRAFT),
  about("POST /articles/:id/submit", PUBLISHED, only(409, 403, 409, 409)),
  about("POST /articles/:id/approve", DRAFT, DESK_OF_DRAFT),
  about("POST /articles/:id/reject", DRAFT, DESK_OF_DRAFT, { note: "Thiếu nguồn." }),
  about("POST /articles/:id/unschedule", DRAFT, DESK_OF_DRAFT),
  about("POST /articles/:id/correct", DRAFT, DESK_OF_DRAFT, { note: "Sửa.", patch: {} }),
  about("POST /articles/:id/correct", PUBLISHED, only(403, 403, 200, 200), { note: "Sửa.", patch: {} }),
  about("POST /articles/:id/withdraw", DRAFT, DESK_OF_DRAFT, { mode: "gone", reason: "Sai." }),
  about("POST /articles/:id/withdraw", PUBLISHED, only(403, 403, 200, 200), { mode: "gone", reason: "Sai." }),
  about("POST /articles/:id/handover", DRAFT, only(403, 404, 200, 200), () => ({ to: ids.key })),
  about("POST /articles/:id/handover", PUBLISHED, only(403, 403, 200, 200), () => ({ to: ids.key })),
  about("GET /articles/:id/live", DRAFT, only(200, 404, 200, 200)),
  about("GET /articles/:id/live", PUBLISHED, STAFF),
  about("GET /articles/:id/revisions", DRAFT, only(200, 404, 200, 200)),
  about("GET /articles/:id/revisions", PUBLISHED, STAFF),
  about("GET /articles/:id/revisions/:n", DRAFT, only(200, 404, 200, 200)),
  about("GET /articles/:id/revisions/:n", PUBLISHED, STAFF),
  about("POST /articles/:id/restore", DRAFT, only(200, 404, 200, 200), { revision: 1 }),
  about("POST /articles/:id/restore", PUBLISHED, only(200, 403, 200, 200), { revision: 1 }),
  about("GET /articles/:id/history", DRAFT, only(200, 404, 200, 200)),
  about("GET /articles/:id/history", PUBLISHED, only(200, 403, 200, 200)),
  about("POST /articles/:id/previews", DRAFT, only(200, 404, 200, 200)),
  about("POST /articles/:id/previews", PUBLISHED, only(200, 403, 200, 200)),
  row("GET /previews/:token", NOBODY),
  row("GET /previews/:token/images/:image/:name", NOBODY),
  row("GET /history", ADMIN),
  row("POST /images", STAFF, { body: { filename: "a.jpg", contentType: "image/jpeg", bytes: 1 } }),
  row("GET /images/:id", only(200, 404, 200, 200)),
  row("PATCH /images/:id", only(200, 404, 200, 200), { body: { alt: "Chợ" } }),
  row("GET /site", STAFF),
  row("PUT /site", ADMIN, { body: { title: "Báo" } }),
  row("GET /site/lead", DESK),
  row("PUT /site/lead", DESK, { body: { items: [] } }),
  row("GET /sections/:slug/lead", DESK),
  row("PUT /sections/:slug/lead", DESK, { body: { items: [] } }),
  row("GET /sections", STAFF),
  row("GET /sections/:slug", STAFF),
  row("PUT /sections/:slug", ADMIN, { body: { title: "Thể thao" } }),
  row("DELETE /sections/:slug", ADMIN),
  row("GET /authors", STAFF),
  row("GET /authors/:slug", STAFF),
  row("PUT /authors/:slug", ADMIN, { body: { name: "Lan" } }),
  row("DELETE /authors/:slug", ADMIN),
  row("POST /keys", ADMIN, { body: { name: "Mới", role: "reporter" } }),
  row("GET /keys", ADMIN),
  row("GET /keys/:id", ADMIN),
  row("DELETE /keys/:id", ADMIN),
  row("GET /sources", ADMIN),
  row("GET /sources/:name", ADMIN),
  row("PUT /sources/:name", ADMIN, { body: SOURCE }),
  row("DELETE /sources/:name", ADMIN),
  row("POST /webhooks", ADMIN, { body: WEBHOOK }),
  row("GET /webhooks", ADMIN),
  row("GET /webhooks/:id", ADMIN),
  row("PATCH /webhooks/:id", ADMIN, { body: { events: ["article.updated"] } }),
  row("DELETE /webhooks/:id", ADMIN),
  row("POST /webhooks/:id/rotate", ADMIN),
  row("POST /webhooks/:id/test", ADMIN),
  row("GET /webhooks/:id/deliveries", ADMIN),
  row("POST /deliveries/:id/resend", ADMIN),
  row("GET /sources/:name/events", ADMIN),
  row("GET /sources/:name/events/:event", MISSING),
  row("POST /sources/:name/events/:event/replay", MISSING),
];

const ask = (who: Caller, { route, path, body, etag }: Row): Promise<Answer> =>
  as(who, route.split(" ")[0] ?? "", path(), {
    ...(body === undefined ? {} : { body: typeof body === "function" ? body() : body }),
    ...(etag === undefined ? {} : { headers: { "if-match": etag } }),
  });

/** SDK calls made while `run` runs, by name. */
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

test("the matrix has every route of the app, and no other", () => {
  const routes = createApi(house.functions.services)
    .routes.filter((route) => route.method !== "ALL")
    .map(({ method, path }) => `${method} ${path}`);
  expect([...new Set(MATRIX.map((one) => one.route))].sort()).toEqual([...new Set(routes)].sort());
});

describe.each(MATRIX)("$route $what", (asked) => {
  test.each(CALLERS)("by %s", async (who) => {
    const answer = await ask(who, asked);
    expect(answer.status, answer.text).toBe(asked.expected[who]);
    const shown = answer.status < 300 || !answer.text.includes("Bản nháp kín");
    expect(shown).toBe(true);
  });

  test("costs no SDK call without a well-formed key, and at most one with a false one", async () => {
    expect(await callsDuring(async () => [await ask("none", asked), await ask("malformed", asked)])).toEqual({});
    expect(await callsDuring(() => ask("false", asked))).toEqual(asked.expected.false === 401 ? { GetItem: 1 } : {});
  });
});

test("nothing of all this was kept, and no usable secret ever was", async () => {
  const { items } = await dump();
  const kept = items.join("\n");
  expect(items.filter((item) => item.includes('"HEAD"'))).toHaveLength(2);
  for (const token of [tokens.owner, tokens.other, tokens.editor, tokens.admin]) {
    const [, id = "", secret = ""] = (token ?? "").split("_");
    expect(kept).toContain(id);
    expect(kept).not.toContain(secret);
    expect(house.log()).not.toContain(secret);
    // What is kept instead opens nothing.
    const hash = sha256(secret);
    expect(kept).toContain(hash);
    for (const guess of [hash, hash.slice(0, 43)])
      expect((await house.call("GET", "/site", { key: `bs_${id}_${guess}` })).status).toBe(401);
  }
});

describe("a published story with private edits", () => {
  const SECRET = "Chuyện chưa ai được biết";
  let before: Answer;
  beforeAll(async () => {
    before = await as("other", "GET", `/articles/${ids.published}`);
    const edit = {
      headline: SECRET,
      section: "kinh-te",
      tags: ["kín"],
      publishedAt: "2020-01-01T00:00:00Z",
      kicker: "Kín:",
      body: { format: "text", content: SECRET },
    };
    // By somebody else than who published it: that, too, is nobody's business.
    await as("admin", "PATCH", `/articles/${ids.published}`, { headers: { "if-match": '"s2"' }, body: edit });
  });

  test("is to its owner, to the desk and in the list what it has become", async () => {
    for (const who of ["owner", "editor", "admin"] as const) {
      const answer = await as(who, "GET", `/articles/${ids.published}`);
      expect(answer.body).toMatchObject({
        headline: SECRET,
        revision: 2,
        seq: 3,
        status: "published",
        publishedRevision: 1,
      });
      expect(etagOf(answer)).toBe('"s3"');
      const listed = (await as(who, "GET", "/articles?section=kinh-te")).body.items;
      expect(listed).toMatchObject([{ id: ids.published, headline: SECRET, seq: 3 }]);
    }
  });

  test("is to another reporter what readers see, and nothing has changed", async () => {
    const now = await as("other", "GET", `/articles/${ids.published}`);
    expect(now.body).toEqual(before.body);
    expect(etagOf(now)).toBe(etagOf(before));
    expect(now.body).toMatchObject({ revision: 1, seq: 2, publishedRevision: 1, updatedBy: "Local editor" });
    expect(
      (await as("other", "GET", `/articles/${ids.published}`, { headers: { "if-none-match": etagOf(before) } })).status,
    ).toBe(304);
    const copy = await as("other", "GET", `/articles/${ids.published}`, { headers: { accept: "text/plain" } });
    expect(copy.text).toContain("Sáng nay chợ họp lại.");
    expect(copy.text).not.toContain(SECRET);
    expect((await as("other", "GET", `/articles/${ids.published}/live`)).body).toMatchObject({ state: "live", seq: 2 });
  });

  test("shows nothing of them through a list, a filter or a refusal", async () => {
    const all = await as("other", "GET", "/articles");
    const { body: _, ...listed } = before.body;
    expect(all.body.items).toEqual([listed]);
    for (const filter of ["section=kinh-te", "tag=k%C3%ADn", "to=2021-01-01"])
      expect((await as("other", "GET", `/articles?${filter}`)).body.items, filter).toEqual([]);
    for (const filter of ["section=thoi-su", "from=2024-01-01"])
      expect((await as("other", "GET", `/articles?${filter}`)).body.items, filter).toHaveLength(1);
    for (const etag of ['"s1"', '"s2"', '"s3"', "*"]) {
      const refused = await as("other", "PATCH", `/articles/${ids.published}`, {
        headers: { "if-match": etag },
        body: { headline: "x" },
      });
      expect(refused.status).toBe(403);
      expect(refused.text).not.toContain(SECRET);
    }
  });

  test("shows its owner the newest in a 412", async () => {
    const stale = await as("owner", "PATCH", `/articles/${ids.published}`, {
      headers: { "if-match": '"s2"' },
      body: { kicker: "x" },
    });
    expect(stale.status).toBe(412);
    expect(stale.body.current).toEqual((await as("owner", "GET", `/articles/${ids.published}`)).body);
  });
});

test("a reporter's list has own drafts and no other's, whatever is asked", async () => {
  const listed = async (who: Caller, query = ""): Promise<string[]> =>
    (await as(who, "GET", `/articles${query}`)).body.items.map((item: { id: string }) => item.id);
  expect(await listed("owner")).toEqual([ids.published, ids.draft]);
  expect(await listed("editor")).toEqual([ids.published, ids.draft]);
  expect(await listed("other")).toEqual([ids.published]);
  expect(await listed("owner", "?status=draft")).toEqual([ids.draft]);
  expect(await listed("other", "?status=draft")).toEqual([]);
  expect(await listed("other", "?limit=1")).toEqual([ids.published]);
});
