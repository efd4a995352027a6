import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytes, foreignWeb } from "../fixtures/foreign-web.ts";
import { payload } from "../fixtures/webhooks/send.ts";
import { articleOf, settled, signedSource, standardSource, told } from "../hooks.ts";
import { type Answer, type Json, story, testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
let web: Awaited<ReturnType<typeof foreignWeb>>;
beforeAll(async () => {
  web = await foreignWeb();
  house = await testHouse(web.options);
});
afterAll(async () => {
  await house.close();
  await web.close();
});

const at = (hour: number): string => `2026-11-20T${String(hour).padStart(2, "0")}:00:00Z`;
const page = async (article: Json) => {
  const { status, text } = await house.read(new URL(article.url).pathname);
  return { status, has: (part: string) => text.includes(part) };
};
/** A move of an editor's; the story is read anew for its ETag. */
const moved = async (article: Json, move: string, body: unknown = {}): Promise<Answer> => {
  const { headers } = await house.call("GET", `/articles/${article.id}`);
  const answer = await house.call("POST", `/articles/${article.id}/${move}`, {
    body,
    headers: { "if-match": headers.get("etag") ?? "" },
  });
  expect(answer.status, answer.text).toBeLessThan(300);
  await house.quiet();
  return answer;
};
const edited = async (article: Json, body: unknown): Promise<void> => {
  const { headers } = await house.call("GET", `/articles/${article.id}`);
  const etag = { "if-match": headers.get("etag") ?? "" };
  const answer = await house.call("PATCH", `/articles/${article.id}`, { body, headers: etag });
  expect(answer.status, answer.text).toBe(200);
  await house.quiet();
};

/** A source and what its events come to, one after another. */
const source = async (name: string, publish: string) => {
  const { send } = await standardSource(house, name, { publish });
  return {
    tell: async (hour: number, type: string, data: Record<string, unknown> = {}) => {
      const event = told({ externalId: "s", headline: `Bản ${hour}`, ...data }, at(hour), `article.${type}`);
      const { state, outcomes, errors } = await settled(house, name, send(event));
      return { state, errors, ...outcomes?.[0] };
    },
    article: () => articleOf(house, name, "s"),
  };
};

describe("what a source may do with its stories", () => {
  test("live: up, changed, and off", async () => {
    const { tell, article } = await source("song", "live");
    expect(await tell(1, "created")).toMatchObject({ action: "created" });
    expect(await article()).toMatchObject({ status: "draft" });
    expect(await tell(2, "published")).toMatchObject({ action: "updated" });
    expect(await article()).toMatchObject({ status: "published", headline: "Bản 2" });
    // What is not said to be public is kept beside what readers see.
    expect(await tell(3, "updated")).toMatchObject({ state: "done", action: "kept", reason: expect.any(String) });
    const shown = await page(await article());
    expect([shown.status, shown.has("Bản 2"), shown.has("Bản 3")]).toEqual([200, true, false]);
    expect(await tell(4, "updated", { status: "published" })).toMatchObject({ action: "updated" });
    expect((await page(await article())).has("Bản 4")).toBe(true);
    expect(await tell(5, "unpublished")).toMatchObject({ action: "withdrawn" });
    expect((await page(await article())).status).toBe(410);
    expect(await tell(6, "deleted")).toMatchObject({ action: "nothing" });
    // What it took off itself it may bring back, and an event from before that may not.
    expect(await tell(4, "published")).toMatchObject({ action: "stale" });
    expect((await page(await article())).status).toBe(410);
    expect(await tell(7, "published")).toMatchObject({ action: "updated" });
    expect((await page(await article())).has("Bản 7")).toBe(true);
  });

  test("review: into review, changed there, and up by an editor alone", async () => {
    const { tell, article } = await source("duyet", "review");
    expect(await tell(1, "published")).toMatchObject({ action: "created" });
    expect(await article()).toMatchObject({ status: "in-review", headline: "Bản 1" });
    expect(await tell(2, "published")).toMatchObject({ action: "updated" });
    const inReview = await article();
    expect(inReview).toMatchObject({ status: "in-review", headline: "Bản 2" });
    expect(await tell(3, "deleted")).toMatchObject({ action: "nothing", reason: "Readers do not see the story." });
    await moved(inReview, "approve");
    await moved(inReview, "publish");
    const up = await article();
    expect((await page(up)).has("Bản 2")).toBe(true);
    expect(await tell(4, "published")).toMatchObject({ state: "done", action: "updated" });
    expect((await page(up)).has("Bản 4")).toBe(false);
    expect(await tell(5, "unpublished")).toMatchObject({ action: "withdrawn" });
    expect((await page(up)).status).toBe(410);
  });

  test("review: a draft there is a draft here", async () => {
    const { tell, article } = await source("duyet-nhap", "review");
    await tell(1, "created");
    expect(await article()).toMatchObject({ status: "draft" });
  });

  test("draft: a draft, whatever the event says", async () => {
    const { tell, article } = await source("nhap", "draft");
    expect(await tell(1, "published", { status: "published" })).toMatchObject({ action: "created" });
    expect(await tell(2, "published", { status: "published" })).toMatchObject({ action: "updated" });
    expect(await article()).toMatchObject({ status: "draft", headline: "Bản 2" });
    expect(await tell(3, "unpublished")).toMatchObject({ action: "nothing" });
    expect(await article()).toMatchObject({ status: "draft" });
  });
});

describe("an editor's hand on the story", () => {
  test("holds back what its source sends later, until an editor publishes it", async () => {
    const { tell, article } = await source("tay", "live");
    await tell(1, "published");
    const first = await article();
    await edited(first, { headline: "Bản của ban biên tập" });
    await moved(first, "publish");
    expect(await tell(2, "published")).toMatchObject({
      state: "done",
      action: "kept",
      warnings: [{ code: "edited-since" }],
    });
    const shown = await page(first);
    expect([shown.has("Bản của ban biên tập"), shown.has("Bản 2")]).toEqual([true, false]);
    await moved(first, "publish");
    expect((await page(first)).has("Bản 2")).toBe(true);
    expect(await tell(3, "published")).toMatchObject({ action: "updated" });
    expect((await page(first)).has("Bản 3")).toBe(true);
  });

  test("that withdrew it: the source cannot bring it back", async () => {
    const { tell, article } = await source("rut", "live");
    await tell(1, "published");
    const first = await article();
    await moved(first, "withdraw", { reason: "Sai tên người.", mode: "gone" });
    expect((await page(first)).status).toBe(410);
    for (const hour of [2, 3])
      expect(await tell(hour, "published")).toMatchObject({ action: "kept", warnings: [{ code: "withdrawn-since" }] });
    expect(await tell(4, "unpublished")).toMatchObject({ action: "nothing" });
    expect(await article()).toMatchObject({ status: "withdrawn" });
    expect((await page(first)).status).toBe(410);
  });
});

test("a story that an editor has scheduled: its source changes nothing of it, and may take it off", async () => {
  const { tell, article } = await source("hen", "live");
  await tell(1, "created");
  const draft = await article();
  await moved(draft, "publish", { at: new Date(house.clock.now() + 7_200_000).toISOString() });
  expect(await tell(2, "published")).toMatchObject({ action: "kept", warnings: [{ code: "scheduled" }] });
  expect(await article()).toMatchObject({ status: "scheduled" });
  expect(await tell(3, "deleted")).toMatchObject({ action: "withdrawn" });
  expect((await article()).status).not.toBe("scheduled");
  await house.clock.move(7_300_000);
  await house.quiet();
  expect((await article()).status).not.toBe("published");
});

describe("what is not to be published yet", () => {
  test("an embargo in the payload is kept to, also by a source that publishes", async () => {
    const { tell, article } = await source("cam", "live");
    const embargoUntil = new Date(house.clock.now() + 3_600_000).toISOString();
    expect(await tell(1, "published", { embargoUntil })).toMatchObject({
      state: "done",
      action: "kept",
      reason: expect.stringMatching(/embargo/i),
    });
    const kept = await article();
    expect([kept.status, Date.parse(kept.embargoUntil)]).toEqual(["draft", Date.parse(embargoUntil)]);
    const broken = await tell(2, "published", { embargoUntil, breakEmbargo: "vì gấp" });
    expect(broken).toMatchObject({ state: "dead", errors: [{ pointer: "/breakEmbargo" }] });
    expect(await article()).toMatchObject({ status: "draft" });
  });

  test.each([
    ["status: published", "done"],
    ["status: published\nbreakEmbargo: vì gấp\nembargoUntil: 2099-01-01T00:00:00Z", "dead"],
  ])("front matter with %j publishes nothing of a source of drafts", async (front, state) => {
    const name = `git-${state}`;
    const { send } = await signedSource(house, name, { kind: "github", publish: "draft" });
    const commits = [{ id: "a", timestamp: "2024-10-05T08:00:00+07:00", added: ["tin.md"], modified: [], removed: [] }];
    const push = payload("github-push", { commits });
    const url = `https://raw.githubusercontent.com/toa-soan/bai-viet/${"2".repeat(40)}/tin.md`;
    web.pages.set(url, bytes(`---\nheadline: Tin\n${front}\n---\n\nChữ.\n`, "text/plain"));
    const event = await settled(house, name, send(push, { headers: { "x-github-event": "push" } }));
    expect(event.state, JSON.stringify(event.errors)).toBe(state);
    const article = await articleOf(house, name, "tin.md");
    expect(article?.status).toBe(state === "done" ? "draft" : undefined);
  });
});

test("a reporter's key cannot take a story of a source, by being faster", async () => {
  const { tell, article } = await source("giu-cho", "live");
  const made = await house.call("POST", "/keys", { key: house.adminKey, body: { name: "PV", role: "reporter" } });
  const body = story({ status: "draft", source: "giu-cho", externalId: "s" });
  const file = (key: string) => house.call("POST", "/articles", { key, body });
  const taken = await file(made.body.token);
  expect([taken.status, taken.body.errors]).toMatchObject([422, [{ pointer: "/source" }]]);
  expect(await tell(1, "published")).toMatchObject({ action: "created" });
  expect(await article()).toMatchObject({ status: "published", headline: "Bản 1" });
  expect((await file(house.editorKey)).status).toBe(200);
});
