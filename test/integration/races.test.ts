import { afterEach, describe, expect, test } from "vitest";
import type { Services } from "../../shared/store/services.ts";
import { type Answer, story, testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
afterEach(() => house.close());

const pathOf = (answer: Answer): string => new URL(answer.body.url).pathname;

/** Paths of stories that a list links to, in its order. */
const linked = (page: string | undefined, section: string): string[] => {
  const pattern = new RegExp(`(?:href="|<link>[^<]*?//[^/<]+)(/${section}/[a-z0-9-]+)`, "g");
  return [...new Set([...(page ?? "").matchAll(pattern)].map((match) => match[1] ?? ""))];
};
const LISTS = ["/", "/thoi-su", "/feed.xml"];

/** What is wrong with the lists: a story that is missing, doubled, or out of order. */
const wrong = async (expected: string[]): Promise<string[]> => {
  const faults: string[] = [];
  for (const list of LISTS) {
    const shown = linked(await house.origin(list), "thoi-su");
    if (shown.join() !== expected.join()) faults.push(`${list} shows ${shown.length} of ${expected.length}`);
  }
  return faults;
};

const twentyAtOnce = async (): Promise<string[]> => {
  Object.assign(house.pump, { twice: true, shuffled: true });
  const at = (n: number): string => new Date(Date.UTC(2024, 0, 1, 0, n)).toISOString();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      house.call("POST", "/articles", { body: story({ headline: `Tin thứ ${n}`, publishedAt: at(n) }) }),
    ),
  );
  expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 201));
  await house.quiet();
  return answers.map(pathOf).reverse();
};

describe("twenty stories published at the same moment into one section", () => {
  test("end in front, section and feed, each once, in order, though every batch comes twice and shuffled", async () => {
    house = await testHouse();
    const expected = await twentyAtOnce();
    expect(await wrong(expected)).toEqual([]);
  });

  test("do not, when the store ignores If-Match: this is what the condition is for", async () => {
    house = await testHouse();
    house.s3.honourPreconditions = false;
    // The first list that is put waits until all the others are through, and then wins with what it read.
    let stalled = false;
    let letGo = (): void => {};
    const released = new Promise<void>((resolve) => (letGo = resolve));
    house.s3.gate = async ({ name, key }) => {
      if (name !== "PutObject" || key !== "thoi-su" || stalled) return;
      stalled = true;
      await released;
    };
    const first = await house.call("POST", "/articles", { body: story({ headline: "Tin đầu" }) });
    while (!stalled) await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await house.call("POST", "/articles", { body: story({ headline: "Tin sau" }) });
    await renderBeside(second.body.id);
    expect((await house.call("GET", `/articles/${second.body.id}/live`)).body.state).toBe("live");
    letGo();
    await house.quiet();
    expect(await wrong([pathOf(second), pathOf(first)])).not.toEqual([]);
  });
});

/** A store whose lists are not written again when their words are the same: the mistake that the render id guards against. */
const skippingEqual = (services: Services): Services => {
  const words = (body: string | Uint8Array): string => String(body).replace(/<!-- [0-9A-Z]{26} -->\n$/, "");
  const last = new Map<string, string>();
  return {
    ...services,
    site: {
      ...services.site,
      put: async (object, seen) => {
        if (last.get(object.key) === words(object.body)) return true;
        const done = await services.site.put(object, seen);
        if (done) last.set(object.key, words(object.body));
        return done;
      },
    },
  };
};

/** A goLive that forgets to delete the rows of the former receipt. */
const deletingNothing = (services: Services): Services => ({
  ...services,
  table: {
    ...services.table,
    transact: (writes) =>
      services.table.transact(writes.filter((write) => !("delete" in write && write.delete.pk.startsWith("LIST#")))),
  },
});

/** A story moves to another section and back while the put of that section's list, for the way there, is stalled. */
const thereAndBack = async (wrap?: (services: Services) => Services): Promise<string[]> => {
  house = await testHouse(wrap ? { wrap } : {});
  const { body } = await house.call("POST", "/articles", { body: story() });
  await house.quiet();
  let stalls = 0;
  let letGo = (): void => {};
  const released = new Promise<void>((resolve) => (letGo = resolve));
  house.s3.gate = async ({ name, key }) => {
    if (name !== "PutObject" || key !== "van-hoa" || stalls++ > 0) return;
    await released;
  };
  const move = async (section: string): Promise<void> => {
    const { headers } = await house.call("GET", `/articles/${body.id}`);
    const patched = await house.call("PATCH", `/articles/${body.id}`, {
      headers: { "if-match": headers.get("etag") ?? "" },
      body: { section },
    });
    const done = await house.call("POST", `/articles/${body.id}/publish`, {
      headers: { "if-match": patched.headers.get("etag") ?? "" },
    });
    expect(done.status).toBe(200);
  };
  await move("van-hoa");
  while (stalls === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await move("thoi-su");
  await renderBeside(body.id);
  letGo();
  await house.quiet();
  const lists = await Promise.all(
    ["/thoi-su", "/van-hoa", "/"].map(async (list) => [
      list,
      /\/(?:thoi-su|van-hoa)\/cho-phien[a-z0-9-]*/.exec((await house.origin(list)) ?? "")?.[0],
    ]),
  );
  const path = new URL((await house.call("GET", `/articles/${body.id}`)).body.url).pathname;
  return lists.flatMap(([list, shown]) =>
    shown === (list === "/van-hoa" ? undefined : path) ? [] : [`${list} shows ${shown}`],
  );
};

/** Renders all work of a story in one more invocation, as the sweep's queue would, past a stalled one. */
const renderBeside = async (id: string): Promise<unknown> => {
  const works = await house.functions.services.table.query({ pk: `ARTICLE#${id}`, prefix: "WORK#" });
  return house.functions.render({ Records: works.map(({ pk, sk }) => message({ pk, sk })) });
};

const message = (ref: { pk: string; sk: string }) => ({
  messageId: ref.sk,
  receiptHandle: ref.sk,
  body: JSON.stringify(ref),
  attributes: { ApproximateReceiveCount: "1", SentTimestamp: "0", SenderId: "", ApproximateFirstReceiveTimestamp: "0" },
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: "",
  awsRegion: "local",
});

describe("a move to another section and back, with the middle put of that section's list stalled", () => {
  test("ends right", async () => {
    expect(await thereAndBack()).toEqual([]);
  });
  test("does not, when equal bytes are skipped: this is what the unconditional put is for", async () => {
    expect(await thereAndBack(skippingEqual)).not.toEqual([]);
  });
});

const quickChanges = async (wrap?: (services: Services) => Services): Promise<string[]> => {
  house = await testHouse(wrap ? { wrap } : {});
  const first = await house.call("POST", "/articles", { body: story({ publishedAt: "2024-03-01T08:00" }) });
  let etag = first.headers.get("etag") ?? "";
  const id = first.body.id;
  for (const change of [
    { publishedAt: "2024-03-02T08:00", section: "kinh-te" },
    { publishedAt: "2024-03-03T08:00", section: "the-thao" },
  ]) {
    const patched = await house.call("PATCH", `/articles/${id}`, { headers: { "if-match": etag }, body: change });
    const published = await house.call("POST", `/articles/${id}/publish`, {
      headers: { "if-match": patched.headers.get("etag") ?? "" },
    });
    expect(published.status).toBe(200);
    etag = published.headers.get("etag") ?? "";
    await house.quiet();
  }
  const { table } = house.functions.services;
  const stale: string[] = [];
  for (const [list, rows] of [
    ["front", 1],
    ["section:thoi-su", 0],
    ["section:kinh-te", 0],
    ["section:the-thao", 1],
  ] as const) {
    const found = await table.query({ pk: `LIST#${list}` });
    if (found.length !== rows) stale.push(`${list} has ${found.length} rows`);
  }
  const front = (await house.origin("/")) ?? "";
  if (
    front.split("<h2").length + front.split("<h1").length < 2 ||
    linked(front, "kinh-te").length ||
    linked(front, "thoi-su").length
  )
    stale.push("the front links to former paths");
  return stale;
};

describe("a change of date and section between two quick publishes", () => {
  test("leaves no stale row in any list", async () => {
    expect(await quickChanges()).toEqual([]);
  });
  test("does, when goLive deletes nothing: this is what the receipt's rows are for", async () => {
    expect(await quickChanges(deletingNothing)).not.toEqual([]);
  });
});
