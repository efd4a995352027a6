import { afterEach, expect, test } from "vitest";
import type { HouseOptions } from "../../infra/local/house.ts";
import { guardedFetch, type GuardedRequest } from "../../shared/runtime/guarded-fetch.ts";
import type { Services } from "../../shared/store/services.ts";
import { asAdmin, deliveriesOf, edit, move, onlyHere, republish, subscribe } from "../fixtures/desk-of-webhooks.ts";
import { type Receiver, startReceiver, verified } from "../fixtures/receiver.ts";
import { type Answer, type Json, story, testHouse, type TestHouse } from "../house.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});
const openHouse = async (options: Partial<HouseOptions> = {}): Promise<TestHouse> => {
  const house = await testHouse({ allow: onlyHere, ...options });
  // The rounds are the test's own.
  house.rule.held = true;
  endings.push(() => house.close());
  return house;
};
const openReceiver = async (reply?: Receiver["reply"], at?: string): Promise<Receiver> => {
  const receiver = await startReceiver(reply, at);
  endings.push(() => receiver.close());
  return receiver;
};
const publish = async (house: TestHouse, headline = "Chợ phiên"): Promise<Answer> => {
  const made = await house.call("POST", "/articles", { body: story({ headline }) });
  await house.quiet();
  return made;
};
const later = async (house: TestHouse, ms: number): Promise<void> => {
  await house.clock.move(ms);
  await house.sweep();
};
/** Moves on to the next try of the delivery that is first in a webhook's log from the end, and answers how far that was in ms. */
const toNextTry = async (house: TestHouse, hook: Json): Promise<number> => {
  const first = (await deliveriesOf(house, hook)).findLast(({ state }) => state === "pending");
  const wait = Date.parse(first?.nextTryAt) - house.clock.now();
  await later(house, wait + 1);
  return wait;
};
const ids = ({ received }: Receiver): Set<unknown> => new Set(received.map(({ headers }) => headers["webhook-id"]));

test("a receiver that answers 500 five times is told the sixth time, under one id, and of nothing newer before", async () => {
  const house = await openHouse();
  const receiver = await openReceiver((_, nth) => (nth <= 5 ? { status: 500, body: "<h1>Lỗi</h1>" } : 204));
  const hook = await subscribe(house, receiver);
  const made = await publish(house);
  await republish(house, made, "Bản hai");
  await house.quiet();
  expect(receiver.told()).toEqual(["published 1"]);
  for (const minutes of [1, 2, 4, 8, 15]) {
    const [newer, first] = await deliveriesOf(house, hook);
    expect([first.state, newer.state, newer.attempts]).toEqual(["pending", "pending", 0]);
    const wait = await toNextTry(house, hook);
    expect(wait).toBeGreaterThan(minutes * MINUTE * 0.88);
    expect(wait).toBeLessThan(minutes * MINUTE * 1.12);
  }
  expect(receiver.told()).toEqual([...Array<string>(6).fill("published 1"), "updated 3"]);
  expect(ids(receiver).size).toBe(2);
  const [last] = receiver.received.slice(5);
  expect(last && verified(hook.secret, last, house.clock.now())).toEqual(last?.json);
  const [, first] = await deliveriesOf(house, hook);
  expect(first).toMatchObject({ state: "delivered", attempts: 6 });
  expect(first.tries.map(({ status, excerpt }: Json) => `${status} ${excerpt}`)).toEqual([
    ...Array<string>(5).fill("500 <h1>Lỗi</h1>"),
    "204 undefined",
  ]);
  expect((await asAdmin(house, "GET", `/webhooks/${hook.id}`)).body).not.toHaveProperty("failingSince");
});

test("one that hangs keeps nobody else waiting: it is cut off, and from then on told by the rounds alone", async () => {
  const house = await openHouse();
  const [slow, quick] = [await openReceiver(() => "hang"), await openReceiver()];
  const hook = await subscribe(house, slow);
  await subscribe(house, quick);
  await house.call("POST", "/articles", { body: story() });
  await expect.poll(() => [quick.told(), slow.told()], { timeout: 9000 }).toEqual([["published 1"], ["published 1"]]);
  await house.quiet();
  expect((await deliveriesOf(house, hook))[0]).toMatchObject({
    state: "pending",
    attempts: 1,
    tries: [{ reason: "It did not answer within 10000 ms." }],
  });
  slow.reply = () => 200;
  await publish(house, "Tin hai");
  expect([quick.told().length, slow.told().length]).toEqual([2, 1]);
  await later(house, 2 * MINUTE);
  expect(slow.told()).toEqual(["published 1", "published 1", "published 1"]);
  await publish(house, "Tin ba");
  expect(slow.told()).toHaveLength(4);
}, 30_000);

test("one that answers 410 is unsubscribed: it is told nothing more, says so, and can be switched on again", async () => {
  const house = await openHouse();
  const receiver = await openReceiver(({ json }) => (json.data.sequence === 1 ? 500 : 410));
  const hook = await subscribe(house, receiver);
  const first = await publish(house);
  await republish(house, await publish(house, "Tin hai"), "Tin hai, bản hai");
  await house.quiet();
  receiver.reply = () => 410;
  await later(house, 2 * MINUTE);
  const read = async (): Promise<Json> => (await asAdmin(house, "GET", `/webhooks/${hook.id}`)).body;
  expect(await read()).toMatchObject({
    state: "disabled",
    why: expect.stringContaining("410"),
    disabledAt: expect.any(String),
  });
  const told = receiver.received.length;
  await later(house, MINUTE);
  await later(house, MINUTE);
  await republish(house, first, "Bản hai");
  await house.quiet();
  await later(house, DAY);
  expect(receiver.received).toHaveLength(told);
  const states = (await deliveriesOf(house, hook)).map(({ state }) => state);
  expect(states).toHaveLength(3);
  expect(states).not.toContain("pending");
  expect(states).toContain("dropped");
  for (const path of [`/webhooks/${hook.id}/test`, `/deliveries/${(await deliveriesOf(house, hook))[0].id}/resend`])
    expect((await asAdmin(house, "POST", path, {})).status).toBe(409);
  expect((await asAdmin(house, "GET", "/history")).body.items).toContainEqual(
    expect.objectContaining({ action: "webhook.disabled", by: "Broadsheet", subject: `webhook:${hook.id}` }),
  );
  receiver.reply = () => 200;
  await asAdmin(house, "PATCH", `/webhooks/${hook.id}`, { state: "active" });
  expect(await read()).toMatchObject({ state: "active" });
  expect(await read()).not.toHaveProperty("why");
  await publish(house, "Tin ba");
  expect(receiver.received).toHaveLength(told + 1);
});

test("one that is down for an hour gets everything when it is back, in order for each article", async () => {
  const house = await openHouse();
  const before = await startReceiver();
  const hook = await subscribe(house, before);
  await before.close();
  let one = await publish(house, "Một");
  let two = await publish(house, "Hai");
  for (let n = 0; n < 6; n++) {
    await later(house, 10 * MINUTE);
    one = await republish(house, one, `Một ${n}`);
    await house.quiet();
    if (n % 2) two = await republish(house, two, `Hai ${n}`);
    await house.quiet();
  }
  const after = await openReceiver(undefined, before.url);
  for (let n = 0; n < 3; n++) await later(house, 30 * MINUTE);
  const of = (article: Answer): string[] =>
    after.received.filter(({ json }) => json.data.id === article.body.id).map(({ json }) => json.data.sequence);
  expect(of(one)).toEqual([1, 3, 5, 7, 9, 11, 13]);
  expect(of(two)).toEqual([1, 3, 5, 7]);
  expect(ids(after).size).toBe(11);
  expect((await deliveriesOf(house, hook)).every(({ state }) => state === "delivered")).toBe(true);
});

test("after twelve tries in a day a delivery is given up, and the next one's turn comes", async () => {
  const house = await openHouse();
  const receiver = await openReceiver(({ json }) => (json.data.sequence === 1 ? 503 : 200));
  const hook = await subscribe(house, receiver);
  await republish(house, await publish(house), "Bản hai");
  await house.quiet();
  let day = 0;
  for (let n = 1; n < 12; n++) day += await toNextTry(house, hook);
  expect(day).toBeGreaterThan(DAY * 0.9);
  expect(day).toBeLessThan(DAY * 1.1);
  expect(receiver.told()).toEqual([...Array<string>(12).fill("published 1"), "updated 3"]);
  const [second, first] = await deliveriesOf(house, hook);
  expect([first.state, first.attempts, first.tries.length, second.state]).toEqual(["failed", 12, 12, "delivered"]);
  receiver.reply = () => 200;
  await asAdmin(house, "POST", `/deliveries/${first.id}/resend`, {});
  await house.quiet();
  expect((await deliveriesOf(house, hook))[1]).toMatchObject({ state: "delivered", attempts: 1 });
});

test("one that has failed for three days is disabled, and says since when", async () => {
  const house = await openHouse();
  const receiver = await openReceiver(() => 404);
  const hook = await subscribe(house, receiver);
  const since = house.clock.now();
  let last = await publish(house);
  const read = async (): Promise<Json> => (await asAdmin(house, "GET", `/webhooks/${hook.id}`)).body;
  for (let hours = 0; hours < 71; hours += 1) {
    if (hours % 10 === 0) last = await republish(house, last, `Bản ${hours}`);
    await later(house, 60 * MINUTE);
    expect((await read()).state, `after ${hours} hours`).toBe("active");
  }
  const { failingSince } = await read();
  expect(Math.abs(Date.parse(failingSince) - since)).toBeLessThan(MINUTE);
  for (let n = 0; n < 12 && (await read()).state === "active"; n++) await later(house, 60 * MINUTE);
  expect(await read()).toMatchObject({ state: "disabled", why: `Every try since ${failingSince} has failed.` });
  expect(house.log()).toContain('"event":"notify.disabled"');
  await later(house, MINUTE);
  expect((await deliveriesOf(house, hook)).filter(({ state }) => state === "pending")).toEqual([]);
}, 30_000);

test("Retry-After is kept to, within the day", async () => {
  const house = await openHouse();
  const receiver = await openReceiver(() => ({ status: 429, headers: { "retry-after": "7200" } }));
  const hook = await subscribe(house, receiver);
  await publish(house);
  const [delivery] = await deliveriesOf(house, hook);
  expect(Date.parse(delivery.nextTryAt) - house.clock.now()).toBeGreaterThan(119 * MINUTE);
  receiver.reply = () => ({ status: 503, headers: { "retry-after": "999999" } });
  await toNextTry(house, hook);
  const [again] = await deliveriesOf(house, hook);
  const rest = Date.parse(again.since) + DAY - house.clock.now();
  expect(Math.abs(Date.parse(again.nextTryAt) - house.clock.now() - rest)).toBeLessThan(1000);
});

test("a retry tells what is true then: nothing of a story that was withdrawn, or of what is not up yet", async () => {
  const house = await openHouse();
  const receiver = await openReceiver(() => 500);
  const hook = await subscribe(house, receiver);
  const gone = await publish(house, "Tin sắp gỡ");
  const kept = await publish(house, "Tin ở lại");
  await move(house, gone, "withdraw", { mode: "gone", reason: "Sai." });
  await house.quiet();
  // A private edit is nobody's business; and what is published next is not up while the renderer stands still.
  const edited = await edit(house, kept, { headline: "Bản riêng" });
  const last = (article: Answer): Json =>
    receiver.received.findLast(({ json }) => json.data.id === article.body.id)?.json.data;
  await later(house, 2 * MINUTE);
  expect(last(kept)).toMatchObject({ sequence: 1, headline: "Tin ở lại" });
  expect(last(gone)).toEqual({ id: gone.body.id, sequence: 1, url: gone.body.url });
  house.pump.held = true;
  await move(house, edited, "publish");
  await later(house, 3 * MINUTE);
  expect(last(kept)).toEqual({ id: kept.body.id, sequence: 1, url: kept.body.url });
  house.pump.held = false;
  await house.quiet();
  await later(house, 5 * MINUTE);
  expect(last(kept)).toMatchObject({ sequence: 1, headline: "Bản riêng" });
  expect((await deliveriesOf(house, hook)).every(({ state }) => state === "pending")).toBe(true);
});

test("an address that leads to this machine the second time is refused then", async () => {
  const answers = [[], [{ address: "127.0.0.1" }], [{ address: "::ffff:169.254.169.254" }]];
  const asked: string[] = [];
  const resolve = async (host: string) => {
    asked.push(host);
    return answers[Math.min(asked.length, answers.length) - 1] ?? [];
  };
  const house = await openHouse({ wrap: (services) => ({ ...services, fetch: guardedFetch({ resolve }) }) });
  const hook = await subscribe(house, { url: "https://tools.example/hook" });
  await publish(house);
  await toNextTry(house, hook);
  await toNextTry(house, hook);
  expect(asked).toEqual(Array(3).fill("tools.example"));
  const [delivery] = await deliveriesOf(house, hook);
  expect(delivery.tries.map(({ reason }: Json) => reason)).toEqual([
    "Its name is not known.",
    "It leads to an address that is not public.",
    "It leads to an address that is not public.",
  ]);
});

test("an answer that is endless, packed or a redirect is an answer all the same", async () => {
  const house = await openHouse();
  const endless = await openReceiver(() => ({ status: 200, body: "a".repeat(100_000) }));
  const packed = await openReceiver(() => ({ status: 200, headers: { "content-encoding": "gzip" }, body: "no gzip" }));
  const moved = await openReceiver(() => ({ status: 308, headers: { location: endless.url } }));
  const hooks = [];
  for (const one of [endless, packed, moved]) hooks.push(await subscribe(house, one));
  await publish(house);
  const log = await Promise.all(hooks.map(async (hook) => (await deliveriesOf(house, hook))[0]));
  expect(log.map(({ state, tries: [one] }) => [state, one.status, one.excerpt?.length])).toEqual([
    ["delivered", 200, 300],
    ["delivered", 200, undefined],
    ["pending", 308, undefined],
  ]);
  expect(endless.received).toHaveLength(1);
});

test("what the stream brings twice, at once, is told once", async () => {
  const house = await openHouse();
  house.newsPump.twice = true;
  const receiver = await openReceiver();
  await subscribe(house, receiver);
  let last = await publish(house);
  for (let n = 0; n < 5; n++) last = await republish(house, last, `Bản ${n}`);
  await house.quiet();
  expect(receiver.told()).toEqual(["published 1", ...[3, 5, 7, 9, 11].map((seq) => `updated ${seq}`)]);
});

test("a webhook that is taken off is told nothing more, retries included; one that moved is told elsewhere", async () => {
  const house = await openHouse();
  const [off, old, now] = [await openReceiver(() => 500), await openReceiver(() => 500), await openReceiver()];
  const gone = await subscribe(house, off);
  const moved = await subscribe(house, old);
  await publish(house);
  await asAdmin(house, "DELETE", `/webhooks/${gone.id}`);
  await asAdmin(house, "PATCH", `/webhooks/${moved.id}`, { url: now.url });
  await later(house, 2 * MINUTE);
  await later(house, DAY);
  expect([off, old, now].map(({ received }) => received.length)).toEqual([1, 1, 1]);
});

test("what is done out of order is told in order: the newer waits while the purge of the older one fails", async () => {
  // Of the first purge that is asked for, and of that work until it is let go.
  const stuck = { work: "", isLetGo: false };
  const purge =
    (services: Services): Services["purge"] =>
    async (tags, reference) => {
      const work = reference.split("-")[1] ?? "";
      stuck.work ||= work;
      if (work === stuck.work && !stuck.isLetGo) throw new Error("no purge");
      return services.purge(tags, reference);
    };
  const house = await openHouse({ wrap: (services) => ({ ...services, purge: purge(services) }) });
  const receiver = await openReceiver();
  await subscribe(house, receiver);
  const made = await publish(house);
  house.pump.held = true;
  const second = await republish(house, made, "Bản hai");
  await republish(house, second, "Bản ba");
  house.pump.held = false;
  await house.quiet();
  expect(house.log()).toContain("purge.failed");
  await house.sweep();
  expect(receiver.told()).toEqual(["published 1"]);
  stuck.isLetGo = true;
  await later(house, 2 * MINUTE);
  expect(receiver.told()).toEqual(["published 1", "updated 3", "updated 5"]);
});

test("hubs and search engines are pinged by the same outbox, and what they refuse waits a day", async () => {
  const elsewhere = new Map<string, string>();
  const sent: string[] = [];
  const wrap = (services: Services): Services => {
    const fetch = Object.assign(
      (request: GuardedRequest) => {
        sent.push(request.url);
        return services.fetch({ ...request, url: elsewhere.get(request.url) ?? request.url });
      },
      { judge: services.fetch.judge },
    );
    return { ...services, fetch };
  };
  const house = await openHouse({ wrap });
  const [hub, engine] = [await openReceiver(() => 204), await openReceiver(() => 422)];
  elsewhere.set("https://hub.example/", hub.url).set("https://engine.example/indexnow", engine.url);
  const site = await asAdmin(house, "PUT", "/site", {
    title: "Báo",
    baseUrl: "https://bao.example",
    webSub: { hub: "https://hub.example/" },
    indexNow: { key: "khoa-cua-bao-1", endpoint: "https://engine.example/indexnow" },
  });
  expect(site.status, site.text).toBe(200);
  const made = await publish(house);
  expect([hub, engine].map(({ received }) => received.length)).toEqual([1, 1]);
  expect(new URLSearchParams(hub.received[0]?.text).get("hub.mode")).toBe("publish");
  expect(engine.received[0]?.json).toMatchObject({ host: "bao.example", urlList: [made.body.url] });
  const log = await deliveriesOf(house, { id: "indexnow" });
  expect(log).toMatchObject([{ state: "pending", attempts: 1, type: "article.published" }]);
  expect(Date.parse(log[0].nextTryAt) - house.clock.now()).toBeGreaterThan(DAY - MINUTE);
  expect(await deliveriesOf(house, { id: "websub" })).toMatchObject([{ state: "delivered" }]);
  engine.reply = () => 202;
  await later(house, DAY + MINUTE);
  expect(await deliveriesOf(house, { id: "indexnow" })).toMatchObject([{ state: "delivered", attempts: 2 }]);
  await asAdmin(house, "PUT", "/site", { title: "Báo", baseUrl: "https://bao.example" });
  await republish(house, made, "Bản hai");
  await house.quiet();
  await later(house, DAY);
  expect(sent).toHaveLength(3);
});
