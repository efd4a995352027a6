import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { iso } from "../../shared/domain/time.ts";
import { inParallel } from "../../shared/runtime/parallel.ts";
import type { Services } from "../../shared/store/services.ts";
import { loadState } from "../../shared/store/state.ts";
import { newWork, workPut } from "../../shared/store/work.ts";
import { photo } from "../fixtures/pictures.ts";
import { story, testHouse, type TestHouse } from "../house.ts";
import { sendPicture } from "../pictures.ts";

/** What is out of order at the moment. */
const broken = { purge: false, media: false, put: (_key: string): boolean => false };

const breakable = (services: Services): Services => ({
  ...services,
  purge: async (...args) => {
    if (broken.purge) throw new Error("The CDN takes no purges.");
    return services.purge(...args);
  },
  site: {
    ...services.site,
    put: async (object, seen) => {
      if (broken.put(object.key)) throw new Error("The store takes no pages.");
      return services.site.put(object, seen);
    },
  },
  media: {
    ...services.media,
    upload: async (...args) => {
      if (broken.media) throw new Error("The store gives no pictures.");
      return services.media.upload(...args);
    },
  },
});

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse({ wrap: breakable });
});
afterAll(() => house.close());

let seen = 0;
beforeEach(async () => {
  Object.assign(broken, { purge: false, media: false, put: () => false });
  await minutes(3);
  seen = house.log().length;
});

/** Events of one kind since the test began. */
const told = (event: string): Record<string, unknown>[] =>
  house
    .log()
    .slice(seen)
    .split("\n")
    .filter((line) => line.includes(`"${event}"`))
    .map((line) => JSON.parse(line))
    .filter((line) => line.event === event);

const minutes = async (n: number): Promise<void> => {
  for (let minute = 0; minute < n; minute++) {
    await house.clock.move(60_000);
    await house.quiet();
  }
};

const publish = async (): Promise<string> => {
  const { status, body } = await house.call("POST", "/articles", { body: story({ headline: "Tin kín" }) });
  expect(status).toBe(201);
  await house.quiet();
  return body.id;
};

const republish = async (id: string): Promise<void> => {
  const { headers } = await house.call("GET", `/articles/${id}`);
  const edited = await house.call("PATCH", `/articles/${id}`, {
    headers: { "if-match": headers.get("etag") ?? "" },
    body: { standfirst: "Sapo mới" },
  });
  const { status } = await house.call("POST", `/articles/${id}/publish`, {
    headers: { "if-match": edited.headers.get("etag") ?? "" },
  });
  expect(status).toBe(200);
  await house.quiet();
};

const worksOf = async (id: string) => (await loadState(house.functions.services.table, id)).works;

test("a purge that fails is told as one, and not as a failed render; it is asked for again", async () => {
  const id = await publish();
  broken.purge = true;
  await republish(id);
  const [work] = await worksOf(id);
  const failure = { event: "purge.failed", "purge.failed": 1, work: work?.id, article: id, code: "Error" };
  expect(told("purge.failed")).toMatchObject([{ ...failure, attempt: 1, phase: "put" }]);
  await minutes(2);
  expect(told("purge.failed")[1]).toMatchObject({ ...failure, attempt: 2, phase: "purge1" });
  broken.purge = false;
  await minutes(6);
  expect(told("purge.asked").map(({ phase }) => phase)).toEqual(["purge1", "purge2"]);
  expect(await worksOf(id)).toEqual([]);
  expect(told("render.failed")).toEqual([]);
});

test("when a page and the purge fail, both are told", async () => {
  const id = await publish();
  broken.purge = true;
  broken.put = (key) => key === "feed.xml";
  await republish(id);
  const [work] = await worksOf(id);
  for (const event of ["render.failed", "purge.failed"])
    expect(told(event)).toMatchObject([{ work: work?.id, article: id, attempt: 1, code: "Error" }]);
});

test("work that fails for ten minutes is overdue from then on, though it backs off, and no longer once it is done", async () => {
  broken.put = () => true;
  const id = await publish();
  await minutes(9);
  expect(told("render.failed").length).toBeGreaterThan(2);
  expect(told("work.overdue")).toEqual([]);
  await minutes(2);
  const [work] = await worksOf(id);
  // Nothing of it is due: the sweep would not have met it.
  expect(Date.parse(work?.notBefore ?? "")).toBeGreaterThan(house.clock.now());
  const [first] = told("work.overdue");
  expect(first).toMatchObject({ "work.overdue.works": 1, works: 1, work: work?.id });
  expect(first?.["ms"]).toBeGreaterThan(600_000);
  const times = told("work.overdue").length;
  await minutes(3);
  expect(told("work.overdue")).toHaveLength(times + 3);
  broken.put = () => false;
  await minutes(20);
  expect((await house.call("GET", `/articles/${id}/live`)).body.state).toBe("live");
  const before = told("work.overdue").length;
  await minutes(2);
  expect(told("work.overdue")).toHaveLength(before);
});

test("a second purge that waits is not overdue, however old the change is", async () => {
  const id = await publish();
  broken.put = () => true;
  await republish(id);
  await minutes(8);
  broken.put = () => false;
  // The next try is its fifth, fifteen minutes after the change.
  for (let minute = 0; minute < 20 && (await worksOf(id))[0]?.phase !== "purge2"; minute++) await minutes(1);
  const [work] = await worksOf(id);
  expect(work).toMatchObject({ phase: "purge2", attempts: 0 });
  expect(house.clock.now() - Date.parse(work?.createdAt ?? "")).toBeGreaterThan(600_000);
  const before = told("work.overdue").length;
  expect(before).toBeGreaterThan(0);
  await house.sweep();
  expect(told("work.overdue")).toHaveLength(before);
});

test("a flood of new work does not hide one that is overdue and backs off", async () => {
  const flooded = await testHouse();
  try {
    flooded.pump.held = true;
    const { table, clock, ids } = flooded.functions.services;
    const file = (age: number, due: number) => {
      const at = clock.now() - age;
      const id = ids.ulid(at);
      return table.write(workPut(newWork({ id, article: id, seq: 1, createdAt: iso(at) }), iso(clock.now() + due)));
    };
    // One more than a sweep looks at, all due within the minute; the old one in an hour.
    await inParallel(Array.from({ length: 1001 }), 16, () => file(0, 60_000));
    await file(1_800_000, 3_600_000);
    await flooded.functions.schedule();
    const lines = flooded
      .log()
      .split("\n")
      .filter((line) => line.includes('"work.overdue"'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ works: 1 }]);
  } finally {
    await flooded.close();
  }
});

test("a picture that fails is told, try by try, until it is given up", async () => {
  broken.media = true;
  const { body } = await sendPicture(house, await photo({ width: 64, height: 48, seed: 77 }));
  await house.quiet();
  expect(told("image.failed")).toMatchObject([{ "image.failed": 1, image: body.id, code: "Error" }]);
  await minutes(4);
  expect(told("image.failed").length).toBeGreaterThan(1);
});

test("no word of a story is in any event", async () => {
  const words = ["Tin kín", "Sapo mới", "Sáng nay chợ", "takes no purges", "gives no pictures"];
  expect(words.filter((word) => house.log().includes(word))).toEqual([]);
  expect(house.log()).toContain('"Namespace":"Broadsheet/local"');
});
