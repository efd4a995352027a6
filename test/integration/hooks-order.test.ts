import { afterAll, beforeAll, expect, test } from "vitest";
import { foreignWeb, status } from "../fixtures/foreign-web.ts";
import { signerOf } from "../fixtures/webhook-signers.ts";
import { payload } from "../fixtures/webhooks/send.ts";
import { articleOf, eventsOf, settled, signedSource, standardSource, told } from "../hooks.ts";
import { type Json, testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
let web: Awaited<ReturnType<typeof foreignWeb>>;
/** A transaction that holds this text waits once, until it is let go. */
let held: { text: string; reached(): void; letGo: Promise<void> } | undefined;
beforeAll(async () => {
  web = await foreignWeb();
  house = await testHouse({
    wrap: (services) => ({
      ...services,
      fetch: web.fetch,
      table: {
        ...services.table,
        transact: async (writes) => {
          if (held && JSON.stringify(writes).includes(held.text)) {
            const { reached, letGo } = held;
            held = undefined;
            reached();
            await letGo;
          }
          return services.table.transact(writes);
        },
      },
    }),
  });
});
afterAll(async () => {
  await house.close();
  await web.close();
});

const at = (hour: number): string => `2026-11-20T${String(hour).padStart(2, "0")}:00:00Z`;
const version = (story: string, hour: number) => told({ externalId: story, headline: `Bản ${hour}` }, at(hour));
const removal = (story: string, hour: number) => told({ externalId: story }, at(hour), "article.deleted");
/** What was done by the events, in the order in which they came; undefined of one that is not done yet. */
const done = async (name: string): Promise<(string | undefined)[]> =>
  (await eventsOf(house, name)).toReversed().map(({ outcomes }: Json) => outcomes?.[0].action);
const inTurn = async (name: string, events: readonly unknown[]): Promise<void> => {
  const { send } = await standardSource(house, name);
  for (const event of events) await settled(house, name, send(event));
};

test("in reverse order, the newest stands and the older ones say that they are", async () => {
  await inTurn("nguoc", [version("n", 3), version("n", 2), version("n", 1)]);
  expect(await done("nguoc")).toEqual(["created", "stale", "stale"]);
  const article = await articleOf(house, "nguoc", "n");
  expect(article).toMatchObject({ headline: "Bản 3", status: "published" });
  expect((await house.call("GET", `/articles/${article.id}/revisions`)).body.items).toHaveLength(1);
  const [last] = await eventsOf(house, "nguoc");
  expect(last).toMatchObject({ state: "done", outcomes: [{ reason: "A newer state of the story came before." }] });
});

test("an older one that has faults is no dead letter: it is past", async () => {
  const faulty = told({ externalId: "l", headline: "Bản 1", laLung: 1 }, at(1));
  await inTurn("loi-cu", [version("l", 2), faulty]);
  expect((await eventsOf(house, "loi-cu"))[0]).toMatchObject({ state: "done", outcomes: [{ action: "stale" }] });
});

test("a deletion before what it deletes keeps that from coming up", async () => {
  await inTurn("xoa-truoc", [removal("x", 2), version("x", 1)]);
  expect(await done("xoa-truoc")).toEqual(["nothing", "stale"]);
  expect(await articleOf(house, "xoa-truoc", "x")).toBeUndefined();
  const later = await standardSource(house, "xoa-truoc");
  await settled(house, "xoa-truoc", later.send(version("x", 3)));
  expect(await articleOf(house, "xoa-truoc", "x")).toMatchObject({ headline: "Bản 3", status: "published" });
});

test("an edit that is older than a deletion brings nothing back", async () => {
  await inTurn("xoa-sau", [version("x", 1), removal("x", 3), version("x", 2)]);
  expect(await done("xoa-sau")).toEqual(["created", "withdrawn", "stale"]);
  expect(await articleOf(house, "xoa-sau", "x")).toMatchObject({ headline: "Bản 1", status: "withdrawn" });
});

test("without versions, the order is that in which they came", async () => {
  const mapping = { externalId: "/id", headline: "/headline", body: { pointer: "/body", format: "text" } };
  const signature = { type: "secret", header: "X-Token" };
  const source = { kind: "generic", signature, mapping, publish: "draft" };
  const { send } = await signedSource(house, "khong-so", source, signerOf("generic secret"));
  house.sqs.paused = true;
  for (const n of [1, 2, 3]) await send({ id: "k", headline: `Bản ${n}`, body: "Chữ." });
  house.sqs.paused = false;
  await house.quiet();
  expect(await articleOf(house, "khong-so", "k")).toMatchObject({ headline: "Bản 3" });
});

test("one that read the state before a newer one was kept, and writes after it, is stale", async () => {
  const { send } = await standardSource(house, "chen");
  const reached = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  held = { text: "Bản 11", reached: reached.resolve, letGo: letGo.promise };
  try {
    await send(version("c", 11));
    await reached.promise;
    await send(version("c", 12));
    await expect.poll(() => done("chen")).toEqual([undefined, "created"]);
  } finally {
    letGo.resolve();
  }
  await house.quiet();
  expect(await done("chen")).toEqual(["stale", "created"]);
  expect(await articleOf(house, "chen", "c")).toMatchObject({ headline: "Bản 12" });
});

test("two at once of each of fifty stories, whichever comes first: the newer stands", async () => {
  const { send } = await standardSource(house, "cung-luc", { publish: "draft" });
  house.sqs.paused = true;
  const stories = Array.from({ length: 50 }, (_, n) => `s-${n}`);
  await Promise.all(stories.flatMap((story, n) => (n % 2 ? [2, 1] : [1, 2]).map((hour) => send(version(story, hour)))));
  house.sqs.paused = false;
  await house.quiet();
  const { body } = await house.call("GET", "/articles?status=draft&limit=100");
  const filed = body.items.filter(({ source }: Json) => source === "cung-luc");
  expect(filed.map(({ headline }: Json) => headline)).toEqual(stories.map(() => "Bản 2"));
  expect(new Set(filed.map(({ externalId }: Json) => externalId)).size).toBe(50);
});

test("an older event that is replayed stays stale", async () => {
  const { send } = await standardSource(house, "lai");
  const first = await settled(house, "lai", send(version("l", 1)));
  await settled(house, "lai", send(version("l", 2)));
  const path = `/sources/lai/events/${first.id}`;
  const replayed = await house.call("POST", `${path}/replay`, { key: house.adminKey });
  expect([replayed.status, replayed.body]).toMatchObject([202, { state: "received", replays: 1 }]);
  await house.quiet();
  const again = await house.call("GET", path, { key: house.adminKey });
  expect(again.body).toMatchObject({ state: "done", attempts: 1, replays: 1, outcomes: [{ action: "stale" }] });
  expect(await articleOf(house, "lai", "l")).toMatchObject({ headline: "Bản 2" });
});

test("a newer event comes between the tries of an older one, which is stale from then on", async () => {
  const { send } = await standardSource(house, "giua");
  web.pages.set("https://anh.example.vn/cham.jpg", status(503));
  const picture = { url: "https://anh.example.vn/cham.jpg" };
  const event = await settled(house, "giua", send(told({ externalId: "g", headline: "Bản 1", picture }, at(1))));
  expect(event).toMatchObject({ state: "retrying", outcomes: [{ action: "waiting" }] });
  expect(await articleOf(house, "giua", "g")).toMatchObject({ headline: "Bản 1", status: "published" });
  await settled(house, "giua", send(version("g", 2)));
  await house.clock.move(61_000);
  await house.quiet();
  expect(await done("giua")).toEqual(["stale", "updated"]);
  expect(await articleOf(house, "giua", "g")).toMatchObject({ headline: "Bản 2", status: "published" });
});

test("a message that comes twice does not shorten the wait for the next try", async () => {
  const { send } = await signedSource(house, "som", { kind: "ghost" });
  web.pages.set("https://bao.example.vn/content/images/2024/10/lu-le-thuy.jpg", status(503));
  const event = await settled(house, "som", send(payload("ghost-published")));
  expect(event).toMatchObject({ state: "retrying", attempts: 1 });
  house.sqs.accept("inbox", JSON.stringify({ source: "som", event: event.id }));
  await house.quiet();
  expect(await eventsOf(house, "som")).toMatchObject([{ state: "retrying", attempts: 1, nextTry: event.nextTry }]);
  await house.clock.move(61_000);
  await house.quiet();
  expect(await eventsOf(house, "som")).toMatchObject([{ state: "retrying", attempts: 2 }]);
});
