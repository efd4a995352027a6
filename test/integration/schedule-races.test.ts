import { afterAll, beforeAll, expect, test } from "vitest";
import { iso } from "../../shared/domain/time.ts";
import { loadState } from "../../shared/store/state.ts";
import { type Answer, testHouse, type TestHouse } from "../house.ts";
import { actionsOf, dueStories, move, releaseEvent, told } from "../schedule.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
  // Releases are fired by hand.
  house.rule.held = true;
});
afterAll(() => house.close());

const ROUNDS = 50;

/** What an article came to: its record, whether a page is up, and what is left of the schedule on it. */
const endOf = async (id: string): Promise<{ actions: string; status: string; page: number; left: boolean }> => {
  const { head, works } = await loadState(house.functions.services.table, id);
  const { url } = (await house.call("GET", `/articles/${id}`)).body;
  const page = url === undefined ? 404 : (await house.read(new URL(url).pathname)).status;
  expect(works.filter(({ phase }) => phase === "put")).toEqual([]);
  return {
    actions: (await actionsOf(house, id)).slice(2).join(" "),
    status: head?.status ?? "",
    page,
    left: head?.scheduled !== undefined || Object.hasOwn(head ?? {}, "duePk"),
  };
};

/** Fires a release and an editor's move together, once for each of fifty stories; how each ended, and what the editor was told. */
const rounds = async (
  editor: (id: string, etag: string) => Promise<Answer>,
): Promise<{ end: Awaited<ReturnType<typeof endOf>>; told: number }[]> => {
  const { ids, at } = await dueStories(house, ROUNDS);
  const answers: Answer[] = [];
  for (const id of ids) {
    const etag = (await house.call("GET", `/articles/${id}`)).headers.get("etag") ?? "";
    // Half the time the editor's request, which goes a longer way, has a head start.
    const early = editor(id, etag);
    if (answers.length % 2) await new Promise((resolve) => setImmediate(resolve));
    const [answer] = await Promise.all([early, house.functions.schedule(releaseEvent(id, iso(at)))]);
    answers.push(answer);
  }
  await house.quiet();
  return Promise.all(ids.map(async (id, n) => ({ end: await endOf(id), told: answers[n]?.status ?? 0 })));
};

/** How many there were of each end; a race that always ends the same is none. */
const tally = (ends: string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(ends, (end) => end)].map(([end, all]) => [end, all.length]));

const up = { status: "published", page: 200, left: false };

test("a release and an unscheduling: either, and who was refused is told so", async () => {
  const ended = await rounds((id, etag) =>
    house.call("POST", `/articles/${id}/unschedule`, { headers: { "if-match": etag } }),
  );
  for (const { end, told: status } of ended) {
    expect([end, status]).toEqual(
      end.actions === "release"
        ? [{ actions: "release", ...up }, 412]
        : [{ actions: "unschedule", status: "draft", page: 404, left: false }, 200],
    );
  }
  expect(Object.keys(tally(ended.map(({ end }) => end.actions))).length).toBe(2);
}, 120_000);

test("a release and a publication by hand: published once, by one of them", async () => {
  const ended = await rounds((id, etag) =>
    house.call("POST", `/articles/${id}/publish`, { headers: { "if-match": etag } }),
  );
  for (const { end, told: status } of ended) {
    expect(end).toEqual({ actions: end.actions === "release" ? "release" : "publish", ...up });
    expect(status).toBe(end.actions === "release" ? 412 : 200);
  }
  expect(Object.keys(tally(ended.map(({ end }) => end.actions))).length).toBe(2);
}, 120_000);

test("a release and a withdrawal: up, or gone again, and never a story that is gone and shown", async () => {
  const ended = await rounds((id) => move(house, id, "withdraw", { mode: "gone", reason: "Sai sự thật." }));
  for (const { end, told: status } of ended) {
    expect(end).toEqual(
      status === 200
        ? { actions: "release withdraw", status: "withdrawn", page: 410, left: false }
        : { actions: "release", ...up },
    );
    expect([200, 409, 412]).toContain(status);
  }
}, 120_000);

test("a release and an edit: the scheduled revision is up, and the edit is kept, private", async () => {
  const ended = await rounds((id, etag) =>
    house.call("PATCH", `/articles/${id}`, { body: { standfirst: "Chưa ai đọc." }, headers: { "if-match": etag } }),
  );
  for (const { end, told: status } of ended) {
    // Whoever was first, the release comes through; an edit that came second is refused as stale.
    expect(end).toEqual({ actions: status === 200 ? "edit release" : "release", ...up });
    expect([200, 412]).toContain(status);
  }
  for (const [key, text] of await house.publicBytes()) expect(text, key).not.toContain("Chưa ai đọc.");
}, 120_000);

test("two sweeps and two messages for each, all at once: each is up once", async () => {
  const { ids, at } = await dueStories(house, ROUNDS);
  const { schedule } = house.functions;
  const twice = [...ids, ...ids].map((id) => schedule(releaseEvent(id, iso(at))));
  await Promise.all([schedule(), schedule(), ...twice]);
  await house.quiet();
  for (const id of ids) expect(await endOf(id)).toEqual({ actions: "release", ...up });
  expect(ids.map((id) => told(house, "article.released", id).length)).toEqual(ids.map(() => 1));
}, 120_000);
