import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Dump, dumpedHouse } from "../dump.ts";
import { type Answer, story, type TestHouse } from "../house.ts";

let house: TestHouse;
let dump: () => Promise<Dump>;
const ids = { owner: "", other: "" };
const tokens = { owner: "", other: "" };
beforeAll(async () => {
  ({ house, dump } = await dumpedHouse());
  for (const who of ["owner", "other"] as const) {
    const made = await house.call("POST", "/keys", {
      key: house.adminKey,
      body: { name: `Phóng viên ${who}`, role: "reporter" },
    });
    [ids[who], tokens[who]] = [made.body.id, made.body.token];
  }
});
afterAll(() => house.close());

const etagOf = (answer: Answer): string => answer.headers.get("etag") ?? "";
// oxlint-disable-next-line typescript/no-explicit-any
type Entry = any;

/** All of a history, by the links of its pages. */
const all = async (path: string, key: string, limit = 100): Promise<Entry[]> => {
  const found: Entry[] = [];
  for (let next: string | undefined = `${path}?limit=${limit}`; next;) {
    const page = await house.call("GET", next, { key });
    expect(page.status, page.text).toBe(200);
    expect(page.body.items.length).toBeLessThanOrEqual(limit);
    found.push(...page.body.items);
    next = /<([^>]+)>; rel="next"/.exec(page.headers.get("link") ?? "")?.[1];
  }
  return found;
};

/** What the house keeps of its past. */
const audits = async (): Promise<string[]> =>
  (await dump()).items.filter((item) => /"sk":\{"S":"AUDIT#|"pk":\{"S":"HISTORY/.test(item));

/** A word of its own in everything that is written. */
const secret = (): string => `KIN-${crypto.randomUUID()}`;
const contentOf = (word: string) => ({
  headline: word,
  kicker: word,
  standfirst: word,
  tags: [word],
  bylines: [{ name: word }],
  sourceLine: word,
  seo: { title: word, description: word },
  body: { format: "text", content: word },
});

const MOVES = [
  "edit",
  "restore",
  "submit",
  "approve",
  "reject",
  "publish",
  "schedule",
  "unschedule",
  "correct",
  "withdraw",
] as const;

/** What every entry of the editor's has. */
const OF_EDITOR = { by: "Local editor", key: expect.any(String) };

describe("an article's history", () => {
  test("is complete and gapless after any commands, tells who they were by, and never changes", async () => {
    const words: string[] = [];
    let kept: string[] = [];
    let entries = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...MOVES), { minLength: 4, maxLength: 14 }), async (moves) => {
        const word = secret();
        words.push(word);
        let last = await house.call("POST", "/articles", {
          key: tokens.owner,
          body: story({ status: "draft", ...contentOf(word) }),
        });
        const { id } = last.body;
        const done = [{ action: "create", seq: 1, by: "Phóng viên owner", key: ids.owner }];
        for (const move of moves) {
          const next = secret();
          words.push(next);
          const at = new Date(house.clock.now() + 3600_000).toISOString();
          const bodies = {
            edit: contentOf(next),
            restore: { revision: 1 },
            submit: {},
            approve: {},
            reject: { note: "Viết lại câu mở đầu." },
            publish: {},
            schedule: { at },
            unschedule: {},
            correct: { note: "Sửa tên phố.", patch: { headline: next } },
            withdraw: { mode: "gone", reason: "Nguồn tin rút lời." },
          };
          const [method, path] =
            move === "edit"
              ? ["PATCH", `/articles/${id}`]
              : ["POST", `/articles/${id}/${move === "schedule" ? "publish" : move}`];
          const answer = await house.call(method, path, { headers: { "if-match": etagOf(last) }, body: bodies[move] });
          if (answer.status === 409) continue;
          expect(answer.status, `${move} ${answer.text}`).toBe(200);
          const { seq } = answer.body;
          if (seq !== last.body.seq) done.push({ ...OF_EDITOR, action: move, seq });
          last = answer;
        }
        entries += done.length;
        const told = await all(`/articles/${id}/history`, house.editorKey);
        expect(told.map(({ seq }) => seq)).toEqual(done.map((_, n) => done.length - n));
        expect(told.reverse()).toMatchObject(done);
        expect(told.at(-1)).toMatchObject({ seq: last.body.seq, revision: last.body.revision, article: id });
        const said: Record<string, unknown> = {
          reject: { note: "Viết lại câu mở đầu." },
          correct: { note: "Sửa tên phố." },
          withdraw: { reason: "Nguồn tin rút lời.", mode: "gone" },
          restore: { from: 1 },
          schedule: { at: expect.any(String) },
        };
        for (const { action, particulars } of told)
          expect([action, particulars]).toEqual([action, said[action] ?? particulars]);
        const now = await audits();
        expect(now).toEqual(expect.arrayContaining(kept));
        kept = now;
      }),
      { numRuns: 8 },
    );
    const text = `${kept.join("\n")}\n${house.log()}`;
    expect(kept.length).toBeGreaterThanOrEqual(entries);
    for (const word of words) expect(text).not.toContain(word);
    for (const token of Object.values(tokens)) expect(text).not.toContain(token.split("_")[2]);
  });

  test("is for its owner and for editors, whom alone the reasons are told; by pages", async () => {
    const made = await house.call("POST", "/articles", { key: tokens.owner, body: story({ status: "draft" }) });
    const { id } = made.body;
    const path = `/articles/${id}/history`;
    expect((await house.call("GET", path, { key: tokens.other })).status).toBe(404);
    const up = await house.call("POST", `/articles/${id}/publish`, { headers: { "if-match": etagOf(made) } });
    expect((await house.call("GET", path, { key: tokens.other })).status).toBe(403);
    const reason = "Lý do chỉ để lưu.";
    const off = await house.call("POST", `/articles/${id}/withdraw`, {
      headers: { "if-match": etagOf(up) },
      body: { mode: "notice", reason, notice: "Bài đã được rút." },
    });
    expect(off.status, off.text).toBe(200);
    expect((await house.call("GET", path, { key: tokens.other })).status).toBe(404);
    const [toEditor, toOwner] = [await all(path, house.editorKey, 1), await all(path, tokens.owner, 2)];
    expect(toEditor.map(({ action }) => action)).toEqual(["withdraw", "publish", "create"]);
    expect(toEditor[0].particulars).toEqual({ reason, mode: "notice" });
    expect(toEditor[1]).toMatchObject({ seq: 2, revision: 1, publishedRevision: 1 });
    expect(toOwner[0].particulars).toEqual({ mode: "notice" });
    expect(JSON.stringify(toOwner)).not.toContain(reason);
  });

  test("tells when a schedule was for, and when that was done", async () => {
    const made = await house.call("POST", "/articles", { body: story({ status: "draft" }) });
    const at = "2099-01-01T00:00:00.000Z";
    const before = house.clock.now();
    await house.call("POST", `/articles/${made.body.id}/publish`, {
      headers: { "if-match": etagOf(made) },
      body: { at },
    });
    const [told] = await all(`/articles/${made.body.id}/history`, house.editorKey);
    expect(told).toMatchObject({ action: "schedule", particulars: { at } });
    expect(Date.parse(told.at)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(told.at)).toBeLessThanOrEqual(house.clock.now());
  });
});

describe("links to previews", () => {
  test("stand in their story's history, between its changes, and not in the house's", async () => {
    const made = await house.call("POST", "/articles", { key: tokens.owner, body: story({ status: "draft" }) });
    const { id } = made.body;
    const link = async (key: string, body: unknown): Promise<void> => {
      const answer = await house.call("POST", `/articles/${id}/previews`, { key, body });
      expect(answer.status, answer.text).toBe(201);
    };
    await link(tokens.owner, {});
    await link(tokens.owner, {});
    const edited = await house.call("PATCH", `/articles/${id}`, {
      headers: { "if-match": etagOf(made) },
      body: { headline: "Bản sau" },
    });
    await link(house.editorKey, { revision: 1 });
    const dry = await house.call("POST", `/articles/${id}/previews?dryRun=1`, { key: tokens.owner });
    expect(dry.status).toBe(200);
    const path = `/articles/${id}/history`;
    const told = await all(path, tokens.owner);
    expect(told.map(({ action, revision, by, seq }) => [action, revision, by, seq])).toEqual([
      ["preview.created", 1, "Local editor", undefined],
      ["edit", 2, "Local editor", edited.body.seq],
      ["preview.created", 1, "Phóng viên owner", undefined],
      ["preview.created", 1, "Phóng viên owner", undefined],
      ["create", 1, "Phóng viên owner", 1],
    ]);
    for (const entry of told) expect(entry.article).toBe(id);
    for (const limit of [1, 2, 3, 4, 5]) expect(await all(path, tokens.owner, limit)).toEqual(told);
    const ofHouse = await all("/history", house.adminKey);
    expect(ofHouse.filter(({ article }) => article === id).map(({ action }) => action)).toEqual(["edit", "create"]);
    expect(ofHouse.filter(({ action }) => action === "preview.created")).toEqual([]);
    for (const cursor of ["1:1", "1:00000001#", `1:00000001#${"0".repeat(27)}`, "1:~", "1:HEAD"]) {
      const asked = `${path}?cursor=${Buffer.from(cursor).toString("base64url")}`;
      expect((await house.call("GET", asked, { key: tokens.owner })).status, cursor).toBe(422);
    }
  });
});

describe("the house's history", () => {
  test("has keys, settings and articles, newest first, down to its founding", async () => {
    const key = house.adminKey;
    const done = async (method: string, path: string, body?: unknown): Promise<Answer> => {
      const answer = await house.call(method, path, { key, ...(body === undefined ? {} : { body }) });
      expect(answer.status, answer.text).toBeLessThan(300);
      return answer;
    };
    const made = await done("POST", "/keys", { name: "Người tạm", role: "editor" });
    await done("DELETE", `/keys/${made.body.id}`);
    await done("PUT", "/site", { title: "Báo Sáng" });
    await done("PUT", "/sections/khoa-hoc", { title: "Khoa học" });
    await done("DELETE", "/sections/khoa-hoc");
    await done("PUT", "/authors/lan", { name: "Lan" });
    await done("DELETE", "/authors/lan");
    const { id } = (await done("POST", "/articles", story({ status: "draft" }))).body;
    const preview = await done("POST", `/articles/${id}/previews`);
    const told = await all("/history", key);
    expect(told.slice(0, 8).map(({ action, subject, article }) => [action, subject ?? article])).toEqual([
      ["create", id],
      ["site.changed", "author:lan"],
      ["site.changed", "author:lan"],
      ["site.changed", "section:khoa-hoc"],
      ["site.changed", "section:khoa-hoc"],
      ["site.changed", "site"],
      ["key.revoked", made.body.id],
      ["key.created", made.body.id],
    ]);
    expect(told.at(-1)).toMatchObject({ action: "site.founded", by: "Broadsheet" });
    for (const entry of told.slice(0, 8)) expect(entry).toMatchObject({ by: "Local admin", key: expect.any(String) });
    const times = told.map(({ at }) => String(at));
    expect(times).toEqual(times.toSorted().reverse());
    const text = JSON.stringify(told) + (await audits()).join("");
    expect(text).not.toContain(made.body.token.split("_")[2]);
    expect(text).not.toContain(preview.body.url.split("/").at(-1));
    const previews = (await audits()).filter((item) => item.includes("preview.created"));
    expect(await audits()).toHaveLength(told.length + previews.length);
  });

  test("is the same by pages of any size, over months in which nothing was done", async () => {
    await house.clock.move(100 * 24 * 3600_000);
    // What was scheduled goes up first.
    await house.sweep();
    await house.call("PUT", "/authors/mai", { key: house.adminKey, body: { name: "Mai" } });
    const whole = await all("/history", house.adminKey);
    expect(whole[0]).toMatchObject({ subject: "author:mai" });
    expect(whole.at(-1)).toMatchObject({ action: "site.founded" });
    expect(await all("/history", house.adminKey, 7)).toEqual(whole);
    expect(await all("/history", house.adminKey, 1)).toEqual(whole);
    const first = await house.call("GET", `/history?limit=${whole.length > 100 ? 100 : whole.length}`, {
      key: house.adminKey,
    });
    expect(first.headers.has("link")).toBe(whole.length > 100);
  });

  test("is for admins alone, and keeps nothing of what was not done", async () => {
    for (const key of [house.editorKey, tokens.owner])
      expect((await house.call("GET", "/history", { key })).status).toBe(403);
    const before = await audits();
    await house.call("PUT", "/site?dryRun=1", { key: house.adminKey, body: { title: "Thử" } });
    await house.call("POST", "/keys?dryRun=1", { key: house.adminKey, body: { name: "Thử", role: "editor" } });
    await house.call("DELETE", "/keys/nobody000000", { key: house.adminKey });
    await house.call("DELETE", "/authors/nobody", { key: house.adminKey });
    await house.call("POST", "/articles?dryRun=1", { body: story() });
    expect(await audits()).toEqual(before);
    for (const query of [
      "cursor=x",
      "limit=0",
      "from=2026",
      `cursor=${Buffer.from("1:2026-13").toString("base64url")}`,
    ])
      expect((await house.call("GET", `/history?${query}`, { key: house.adminKey })).status).toBe(422);
  });
});
