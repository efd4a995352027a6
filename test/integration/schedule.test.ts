import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { release } from "../../functions/schedule/release.ts";
import { sweep } from "../../functions/schedule/sweep.ts";
import { loadHead } from "../../shared/store/articles.ts";
import { story, testHouse, type TestHouse } from "../house.ts";
import { actionsOf, move, p95, scheduleStory, seconds, told } from "../schedule.ts";

let house: TestHouse;
beforeEach(async () => {
  house = await testHouse();
});
afterEach(() => house.close());

const MINUTE = 60_000;
const get = async (id: string) => (await house.call("GET", `/articles/${id}`)).body;
const receipt = async (id: string) => (await house.call("GET", `/articles/${id}/live`)).body;
const due = async (): Promise<string[]> => {
  const page = await house.functions.services.table.index({ name: "due", pk: "PUBLISH", limit: 100 });
  return page.items.map(({ id }) => String(id));
};

describe("fifty stories that are due over one minute", () => {
  /** Moves to just after a sweep, so that the next one is a minute away. */
  const afterSweep = async (): Promise<void> => {
    if (house.rule.held) return;
    const before = house.functions.invocations.schedule;
    for (let n = 0; n < 70 && house.functions.invocations.schedule === before; n++) await seconds(house, 1);
  };

  /** Schedules them a second apart, and lets time go by until a sweep has come after the last; how late each was, in ms. */
  const latenesses = async (prepare: (first: number) => void = () => {}): Promise<number[]> => {
    await afterSweep();
    const first = house.clock.now() + 10 * MINUTE;
    prepare(first);
    const at = new Map<string, number>();
    for (let n = 0; n < 50; n++) {
      const time = first + n * 1100;
      at.set(await scheduleStory(house, time, { headline: `Tin hẹn giờ ${n}` }), time);
    }
    // What is far away is told in one leap; then second by second.
    while (house.clock.now() < first - 4 * MINUTE) await house.clock.move(MINUTE);
    await house.quiet();
    await afterSweep();
    while (house.clock.now() < first - 4000) await seconds(house, 1);
    expect(told(house, "article.released")).toEqual([]);
    await seconds(house, 130);

    const released = told(house, "article.released");
    expect(released.map(({ article = "" }) => article).sort()).toEqual([...at.keys()].sort());
    const late: number[] = [];
    for (const { article = "", ms = -1, time } of released) {
      // By the house's own clock, and the metric says the same.
      const lateness = Date.parse(time) - (at.get(article) ?? Infinity);
      expect(lateness).toBeGreaterThanOrEqual(0);
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(Math.abs(ms - lateness)).toBeLessThan(1000);
      late.push(lateness);
      expect(await actionsOf(house, article)).toEqual(["create", "schedule", "release"]);
    }
    for (const [id, time] of at) {
      const { state, liveAt } = await receipt(id);
      expect(state).toBe("live");
      expect(Date.parse(liveAt)).toBeGreaterThanOrEqual(time);
    }
    expect(await due()).toEqual([]);
    return late;
  };

  test("go up within five seconds", async () => {
    expect(p95(await latenesses())).toBeLessThanOrEqual(5000);
  }, 300_000);

  test("go up within a minute though the queue is down", async () => {
    house.sqs.paused = true;
    // A sweep each minute, one of them when the last has just become due: the clock runs with this machine's, whose own seconds
    // count in, and by now the first has waited for nearly as long as any can.
    house.rule.held = true;
    const sweeps = (first: number): void => {
      for (let minute = -9; minute < 3; minute++)
        house.clock.at(first + 55_000 + minute * MINUTE, () => void house.sweep());
    };
    expect(p95(await latenesses(sweeps))).toBeLessThanOrEqual(MINUTE);
    // What comes after all finds nothing to do.
    house.sqs.paused = false;
    await house.quiet();
    expect(told(house, "article.released")).toHaveLength(50);
  }, 300_000);

  test("go up within five seconds though the sweep is down", async () => {
    // Ten minutes on, no sweep has come: where it would, nobody waits for it.
    house.rule.held = true;
    expect(p95(await latenesses())).toBeLessThanOrEqual(5000);
  }, 300_000);

  test("go up once each though every message comes twice, and every sweep", async () => {
    house.sqs.duplicate = true;
    const { schedule } = house.functions;
    const twin = house.clock.now();
    const sweeping = async (): Promise<void> => {
      await Promise.all([schedule(), schedule()]);
    };
    for (let minute = 1; minute < 16; minute++) house.clock.at(twin + minute * 55_000, () => void sweeping());
    expect(p95(await latenesses())).toBeLessThanOrEqual(5000);
  }, 300_000);
});

test("a story a day away is handed on by messages, each as far as one goes", async () => {
  const at = house.clock.now() + 24 * 60 * MINUTE;
  const id = await scheduleStory(house, at);
  expect(house.sqs.depth("schedule")).toMatchObject({ delayed: 1 });
  for (let quarter = 0; quarter < 95; quarter++) {
    await house.clock.move(15 * MINUTE);
    await house.quiet();
  }
  expect((await get(id)).status).toBe("scheduled");
  expect(house.sqs.depth("schedule")).toMatchObject({ delayed: 1 });
  expect(house.calls["SendMessageBatch"]).toBeGreaterThanOrEqual(95);
  while (house.clock.now() < at + 2000) await seconds(house, 30);
  expect((await get(id)).status).toBe("published");
  expect(house.sqs.depth("schedule")).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  // The page says the time that the editor said.
  expect(Date.parse((await get(id)).publishedAt)).toBe(at);
}, 120_000);

test("the due entry is the head while it is scheduled, and goes when it is not", async () => {
  const at = house.clock.now() + MINUTE;
  const [one, two, three] = [
    await scheduleStory(house, at),
    await scheduleStory(house, at),
    await scheduleStory(house, at),
  ];
  expect((await due()).toSorted()).toEqual([one, two, three].toSorted());
  expect((await move(house, one, "unschedule")).status).toBe(200);
  expect((await move(house, two, "publish")).status).toBe(200);
  expect(await due()).toEqual([three]);
  await house.clock.move(62_000);
  await house.quiet();
  expect(await due()).toEqual([]);
  expect(await Promise.all([one, two, three].map(async (id) => (await get(id)).status))).toEqual([
    "draft",
    "published",
    "published",
  ]);
  expect(await actionsOf(house, two)).toEqual(["create", "schedule", "publish"]);
});

test("scheduled anew, a story goes up at the new time, and the old message ends", async () => {
  const first = house.clock.now() + MINUTE;
  const id = await scheduleStory(house, first);
  expect((await move(house, id, "unschedule")).status).toBe(200);
  const later = { at: new Date(first + 10 * MINUTE).toISOString() };
  expect((await move(house, id, "publish", later)).status).toBe(200);
  expect(house.sqs.depth("schedule").delayed).toBe(2);
  await house.clock.move(62_000);
  await house.quiet();
  expect((await get(id)).status).toBe("scheduled");
  expect(house.sqs.depth("schedule").delayed).toBe(1);
  await house.clock.move(10 * MINUTE);
  await house.quiet();
  expect((await get(id)).status).toBe("published");
  expect(told(house, "article.released", id)).toHaveLength(1);
});

test("what is edited after a story was scheduled stays private when it goes up", async () => {
  const id = await scheduleStory(house, house.clock.now() + MINUTE, { headline: "Bản đã duyệt" });
  const before = await house.call("GET", `/articles/${id}`);
  const edited = await house.call("PATCH", `/articles/${id}`, {
    body: { headline: "Bản viết sau" },
    headers: { "if-match": before.headers.get("etag") ?? "" },
  });
  expect(edited.body).toMatchObject({ status: "scheduled", scheduledRevision: 1, revision: 2 });
  await house.clock.move(62_000);
  await house.quiet();
  const { url, ...now } = await get(id);
  expect(now).toMatchObject({ status: "published", publishedRevision: 1, revision: 2, headline: "Bản viết sau" });
  expect((await house.read(new URL(url).pathname)).text).toContain("Bản đã duyệt");
  for (const [key, text] of await house.publicBytes()) expect(text, key).not.toContain("Bản viết sau");
});

test("who schedules a story is who published it; the record says that the schedule did it at its time", async () => {
  const id = await scheduleStory(house, house.clock.now() + MINUTE);
  await house.clock.move(62_000);
  await house.quiet();
  const head = await loadHead(house.functions.services.table, id);
  expect(head).toMatchObject({ updatedBy: { key: "schedule", name: "Schedule" } });
  expect(head?.published?.by?.key).not.toBe("schedule");
  expect(told(house, "article.committed", id).at(-1)).toMatchObject({ action: "release", key: "schedule" });
});

describe("a story that cannot go up when its time comes", () => {
  /** The section is taken away under it, as when it is removed in the moment in which the story was filed. */
  const withoutSection = async (id: string): Promise<void> => {
    await house.functions.services.table.write({ delete: { pk: "SITE", sk: "SECTION#van-hoa" } });
    await house.clock.move(62_000);
    await house.quiet();
    expect((await get(id)).status).toBe("scheduled");
  };
  const putBack = () => house.call("PUT", "/sections/van-hoa", { key: house.adminKey, body: { title: "Văn hóa" } });

  test("is kept, says why, is tried again ever more seldom, and goes up when it can", async () => {
    const id = await scheduleStory(house, house.clock.now() + MINUTE, { section: "van-hoa" });
    const { headers } = await house.call("GET", `/articles/${id}`);
    await withoutSection(id);
    expect(await receipt(id)).toMatchObject({
      state: "failed",
      reason: expect.stringMatching(
        /^The story was due at .*\/section is no section of this site.*tried again by itself/,
      ),
    });
    // Nobody's ETag goes stale by it.
    expect((await house.call("GET", `/articles/${id}`)).headers.get("etag")).toBe(headers.get("etag"));
    const tries = () => told(house, "release.failed", id);
    expect(tries()).toMatchObject([{ code: "/section", attempt: 1, "release.late.ms": expect.any(Number) }]);
    for (let minute = 0; minute < 20; minute++) {
      await house.clock.move(MINUTE);
      await house.quiet();
    }
    // After 1, 2, 4, then every 5 minutes, each at the sweep that follows.
    expect(tries().length).toBeGreaterThanOrEqual(5);
    expect(tries().length).toBeLessThanOrEqual(8);
    expect(tries().at(-1)?.ms).toBeGreaterThan(10 * MINUTE);
    expect((await putBack()).status).toBeLessThan(300);
    for (let minute = 0; minute < 6; minute++) await house.clock.move(MINUTE);
    await house.quiet();
    expect(await receipt(id)).toMatchObject({ state: "live" });
    expect(told(house, "article.released", id)).toMatchObject([{ ms: expect.any(Number) }]);
  });

  test("stops no other, and can be unscheduled", async () => {
    const at = house.clock.now() + MINUTE;
    const [ill, well] = [await scheduleStory(house, at, { section: "van-hoa" }), await scheduleStory(house, at)];
    await withoutSection(ill);
    expect((await get(well)).status).toBe("published");
    expect((await move(house, ill, "unschedule")).status).toBe(200);
    expect(await due()).toEqual([]);
    expect(await receipt(ill)).toMatchObject({ state: "not-public" });
    await putBack();
    await house.clock.move(10 * MINUTE);
    await house.quiet();
    expect((await get(ill)).status).toBe("draft");
  });

  test("keeps its section from being removed, though it was edited into another since", async () => {
    const id = await scheduleStory(house, house.clock.now() + MINUTE, { section: "van-hoa" });
    const { headers } = await house.call("GET", `/articles/${id}`);
    const body = { section: "kinh-te" };
    await house.call("PATCH", `/articles/${id}`, { body, headers: { "if-match": headers.get("etag") ?? "" } });
    expect((await house.call("DELETE", "/sections/van-hoa", { key: house.adminKey })).status).toBe(409);
    await house.clock.move(62_000);
    await house.quiet();
    expect(new URL((await get(id)).url).pathname).toMatch(/^\/van-hoa\//);
  });
});

test("the first message that cannot be sent fails no answer, and the sweep publishes the story", async () => {
  const { scheduleQueue } = house.functions.services;
  scheduleQueue.send = () => Promise.reject(new Error("The queue is down."));
  const id = await scheduleStory(house, house.clock.now() + 30_000);
  expect(told(house, "release.unsent", id)).toMatchObject([{ code: "Error" }]);
  await house.clock.move(100_000);
  await house.quiet();
  expect((await get(id)).status).toBe("published");
});

test("a time that has passed publishes at once, and nothing is sent", async () => {
  const sent = await house.call("POST", "/articles", { body: story({ status: "draft" }) });
  const past = { at: new Date(house.clock.now() - 1000).toISOString() };
  expect((await move(house, sent.body.id, "publish", past)).body).toMatchObject({ status: "published" });
  expect(house.sqs.depth("schedule")).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test("goes up by its clock a tenth of a second after its time at the earliest, so that one that is ahead by that breaks no embargo", async () => {
  const at = house.clock.now() + 10 * MINUTE;
  const id = await scheduleStory(house, at);
  const { services } = house.functions;
  const byClock = (now: number) => ({ ...services, clock: { ...services.clock, now: () => now } });
  const released = (now: number) => house.guard.apart(() => release(byClock(now), id));
  expect(await released(at - 1)).toMatchObject({ kind: "early", ms: 101 });
  expect(await released(at + 99)).toMatchObject({ kind: "early", ms: 1 });
  await house.guard.apart(() => sweep(byClock(at + 99)));
  expect((await get(id)).status).toBe("scheduled");
  expect(await released(at + 100)).toEqual({ kind: "released" });
});
