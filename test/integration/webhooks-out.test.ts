import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ANNOUNCEMENTS } from "../../shared/domain/webhook.ts";
import { dumpedHouse } from "../dump.ts";
import { asAdmin, deliveriesOf, edit, move, onlyHere, republish, subscribe } from "../fixtures/desk-of-webhooks.ts";
import { type Receiver, startReceiver, verified } from "../fixtures/receiver.ts";
import { type Json, type Request, story, testHouse, type TestHouse } from "../house.ts";

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const openHouse = async (): Promise<TestHouse> => {
  const house = await testHouse({ allow: onlyHere });
  endings.push(() => house.close());
  return house;
};
const openReceiver = async (reply?: Receiver["reply"]): Promise<Receiver> => {
  const receiver = await startReceiver(reply);
  endings.push(() => receiver.close());
  return receiver;
};
test("a story's life is told in order, signed, each thing once, with the page's words", async () => {
  const house = await openHouse();
  const receiver = await openReceiver();
  const hook = await subscribe(house, receiver);
  const made = await house.call("POST", "/articles", {
    body: story({ kicker: "Hải Phòng:", standfirst: "Họp sớm.", bylines: [{ name: "Lan" }] }),
  });
  await house.quiet();
  const edited = await edit(house, made, { headline: "Chợ phiên đông hơn" });
  await house.quiet();
  const updated = await move(house, edited, "publish");
  await house.quiet();
  const corrected = await move(house, updated, "correct", {
    note: "Sửa số liệu.",
    patch: { standfirst: "Họp rất sớm." },
  });
  await house.quiet();
  const withdrawn = await move(house, corrected, "withdraw", { mode: "gone", reason: "Sai." });
  await house.quiet();
  await move(house, withdrawn, "publish");
  await house.quiet();

  expect(receiver.told()).toEqual(["published 1", "updated 3", "corrected 4", "withdrawn 5", "published 6"]);
  const [first, , third, fourth] = receiver.received;
  expect(first?.json).toEqual({
    type: "article.published",
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    data: {
      id: made.body.id,
      sequence: 1,
      url: made.body.url,
      kicker: "Hải Phòng:",
      headline: "Chợ phiên họp lại bên sông",
      standfirst: "Họp sớm.",
      section: "thoi-su",
      bylines: ["Lan"],
      publishedAt: expect.any(String),
    },
  });
  expect(third?.json.data).toMatchObject({ headline: "Chợ phiên đông hơn", standfirst: "Họp rất sớm." });
  expect(third?.json.data.modifiedAt > third?.json.data.publishedAt).toBe(true);
  expect(fourth?.json.data).toEqual({ id: made.body.id, sequence: 5, url: made.body.url });
  const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
  expect(new Set(ids).size).toBe(5);
  for (const got of receiver.received) {
    expect(got.headers["content-type"]).toBe("application/json");
    expect(verified(hook.secret, got, house.clock.now())).toEqual(got.json);
    const wrong = `${hook.secret.slice(0, 10)}${hook.secret[10] === "A" ? "B" : "A"}${hook.secret.slice(11)}`;
    expect(() => verified(wrong, got, house.clock.now())).toThrow(/signature/);
    expect(() => verified(hook.secret, { ...got, text: `${got.text} ` }, house.clock.now())).toThrow(/signature/);
  }
  const log = await deliveriesOf(house, hook);
  expect(log.map(({ state, attempts, sequence }) => [state, attempts, sequence])).toEqual(
    [6, 5, 4, 3, 1].map((sequence) => ["delivered", 1, sequence]),
  );
  expect(log.map(({ messageId }) => messageId)).toEqual(ids.toReversed());
});

test("whoever is told reads the page at that moment, on the CDN, as it is told", async () => {
  const house = await openHouse();
  const seen: Json[] = [];
  const receiver = await openReceiver(async ({ json }) => {
    const page = await house.read(new URL(json.data.url).pathname);
    seen.push([page.status, json.data.headline === undefined || page.text.includes(json.data.headline)]);
    return 200;
  });
  await subscribe(house, receiver);
  // The page is in the caches before each change.
  let last = await house.call("POST", "/articles", { body: story() });
  await house.quiet();
  for (const headline of ["Bản hai", "Bản ba"]) {
    last = await republish(house, last, headline);
    await house.quiet();
  }
  await move(house, last, "withdraw", { mode: "gone", reason: "Sai." });
  await house.quiet();
  expect(receiver.told()).toHaveLength(4);
  expect(seen).toEqual([
    [200, true],
    [200, true],
    [200, true],
    [410, true],
  ]);
});

test("nobody is told while the page waits, nor before the purge of what stood there was asked for", async () => {
  const house = await openHouse();
  const receiver = await openReceiver();
  // The house's own first pages are up as well then.
  await house.call("POST", "/articles", { body: story(), headers: { prefer: "wait=10" } });
  await house.quiet();
  await subscribe(house, receiver);
  let letGo = (): void => {};
  const released = new Promise<void>((resolve) => (letGo = resolve));
  endings.push(async () => letGo());
  house.s3.gate = async ({ name, key }) => (name === "PutObject" && key === "index.html" ? released : undefined);
  const made = await house.call("POST", "/articles", { body: story() });
  // At the origin: the CDN remembers for a second that there was none.
  const isUp = async (): Promise<boolean> => (await house.origin(new URL(made.body.url).pathname)) !== undefined;
  await expect.poll(isUp, { timeout: 10_000 }).toBe(true);
  await house.newsPump.quiet();
  expect(receiver.received).toEqual([]);
  house.s3.gate = undefined;
  letGo();
  await house.quiet();
  expect(receiver.told()).toEqual(["published 1"]);
});

test("a time that a story is given is told with ids and time alone; its release is its publication", async () => {
  const house = await openHouse();
  const receiver = await openReceiver();
  await subscribe(house, receiver);
  const draft = await house.call("POST", "/articles", { body: story({ status: "draft" }) });
  const at = new Date(house.clock.now() + 3_600_000).toISOString();
  await move(house, draft, "publish", { at });
  await house.quiet();
  expect(receiver.received.map(({ json }) => json.data)).toEqual([
    { id: draft.body.id, sequence: 2, scheduledFor: at },
  ]);
  await house.clock.move(3_601_000);
  await house.quiet();
  const told = async (): Promise<string[]> => (await house.quiet(), receiver.told());
  await expect.poll(told, { timeout: 10_000 }).toEqual(["scheduled 2", "published 3"]);
});

test("each webhook is told what it asked for, and a draft's life is told to nobody", async () => {
  const house = await openHouse();
  const [all, few] = [await openReceiver(), await openReceiver()];
  await subscribe(house, all);
  await subscribe(house, few, ["article.withdrawn"]);
  const draft = await house.call("POST", "/articles", { body: story({ status: "draft" }) });
  const submitted = await move(house, draft, "submit");
  const approved = await move(house, submitted, "approve");
  await house.quiet();
  expect(all.received).toEqual([]);
  const published = await move(house, approved, "publish");
  await house.quiet();
  await move(house, published, "withdraw", { mode: "gone", reason: "Sai." });
  await house.quiet();
  expect([all.told(), few.told()]).toEqual([["published 4", "withdrawn 5"], ["withdrawn 5"]]);
  expect(all.received[1]?.headers["webhook-id"]).toBe(few.received[0]?.headers["webhook-id"]);
});

test("without anybody to tell nothing is kept of news; from the first webhook on it is", async () => {
  const { house, dump } = await dumpedHouse({ allow: onlyHere });
  endings.push(() => house.close());
  await house.call("POST", "/articles", { body: story() });
  await house.quiet();
  expect(house.log()).not.toContain("notify.");
  const receiver = await openReceiver();
  const hook = await subscribe(house, receiver);
  await house.call("POST", "/articles", { body: story({ headline: "Tin sau" }) });
  await house.quiet();
  expect(receiver.told()).toEqual(["published 1"]);
  const { items } = await dump();
  // What was told is no more in the outbox, nor its turn; and neither table nor log has the secret or the address' query.
  expect(items.filter((item) => /"(?:NEWS|TURNS)#/.test(item))).toEqual([]);
  expect(items.join("\n")).not.toContain(hook.secret.slice(6));
  expect(house.log()).not.toContain(hook.secret.slice(6));
  expect(house.log()).not.toContain("token=t");
  const history = (await asAdmin(house, "GET", "/history")).text;
  expect(history).toContain("webhook.created");
  expect(history).not.toContain("token=t");
});

describe("a secret", () => {
  test("that is changed signs beside the new one for a day, and one before it no more", async () => {
    const house = await openHouse();
    const receiver = await openReceiver();
    const first = await subscribe(house, receiver);
    const rotate = async (): Promise<Json> => (await asAdmin(house, "POST", `/webhooks/${first.id}/rotate`, {})).body;
    const second = await rotate();
    expect(second.secrets).toMatchObject([{ id: expect.any(String) }, { until: expect.any(String) }]);
    const tell = async (): Promise<Receiver["received"][number]> => {
      await house.call("POST", "/articles", { body: story() });
      await house.quiet();
      const got = receiver.received.at(-1);
      if (!got) throw new Error("nothing was told");
      return got;
    };
    const isFrom = (secret: string, got: Receiver["received"][number]): boolean => {
      try {
        return Boolean(verified(secret, got, house.clock.now()));
      } catch {
        return false;
      }
    };
    const both = await tell();
    expect([first.secret, second.secret].map((secret) => isFrom(secret, both))).toEqual([true, true]);
    const third = await rotate();
    const later = await tell();
    expect([first, second, third].map(({ secret }) => isFrom(secret, later))).toEqual([false, true, true]);
    await house.clock.move(24 * 3_600_000 + 1000);
    const last = await tell();
    expect([first, second, third].map(({ secret }) => isFrom(secret, last))).toEqual([false, false, true]);
    const shown = await asAdmin(house, "GET", `/webhooks/${first.id}`);
    expect(shown.body.secrets).toHaveLength(1);
    expect(shown.text).not.toContain("whsec_");
  });
});

describe("asked for", () => {
  test("a test message comes at once, of no article, and is in the log", async () => {
    const house = await openHouse();
    const receiver = await openReceiver(() => ({ status: 200, body: "đã\u0000 nhận\n" }));
    const hook = await subscribe(house, receiver, ["article.withdrawn"]);
    const fired = await asAdmin(house, "POST", `/webhooks/${hook.id}/test`, {});
    expect(fired.status).toBe(202);
    await house.quiet();
    expect(receiver.received.map(({ json }) => json)).toEqual([
      { type: "webhook.test", timestamp: expect.any(String), data: {} },
    ]);
    expect(verified(hook.secret, receiver.received[0]!, house.clock.now())).toBeDefined();
    expect(await deliveriesOf(house, hook)).toMatchObject([
      { id: fired.body.id, type: "webhook.test", state: "delivered", tries: [{ status: 200, excerpt: "đã nhận" }] },
    ]);
  });

  test("a delivery is sent again under its id, as often as it is asked for", async () => {
    const house = await openHouse();
    const receiver = await openReceiver();
    const hook = await subscribe(house, receiver);
    await house.call("POST", "/articles", { body: story() });
    await house.quiet();
    const [delivery] = await deliveriesOf(house, hook);
    const again = (more: Request = {}) => asAdmin(house, "POST", `/deliveries/${delivery.id}/resend`, {}, more);
    expect((await again()).status).toBe(202);
    await house.quiet();
    const keyed = { headers: { "idempotency-key": "once" } };
    const answers = [await again(keyed), (await house.quiet(), await again(keyed))];
    await house.quiet();
    expect(answers.map(({ status, headers }) => [status, headers.get("idempotency-replayed")])).toEqual([
      [202, null],
      [202, "true"],
    ]);
    expect(receiver.told()).toEqual(["published 1", "published 1", "published 1"]);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect((await deliveriesOf(house, hook))[0]).toMatchObject({
      state: "delivered",
      attempts: 1,
      tries: [{}, {}, {}],
    });
  });
});

describe("what is no webhook", () => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await testHouse({ allow: onlyHere });
  });
  afterAll(() => house.close());

  test.each([
    ["http://tools.example/hook", "/url"],
    ["https://tools.example:8443/hook", "/url"],
    ["https://user:word@tools.example/hook", "/url"],
    ["https://127.0.0.1/hook", "/url"],
    ["https://0x7f.1/hook", "/url"],
    ["https://[::ffff:169.254.169.254]/latest", "/url"],
    ["ftp://tools.example/", "/url"],
    ["tools.example/hook", "/url"],
    [`https://tools.example/${"a".repeat(2000)}`, "/url"],
    [7, "/url"],
  ])("%s is no address for a webhook", async (url, pointer) => {
    const refused = await asAdmin(house, "POST", "/webhooks", { url, events: ["article.published"] });
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map((fault: Json) => fault.pointer)).toEqual([pointer]);
  });

  test("faults are named all at once", async () => {
    const refused = await asAdmin(house, "POST", "/webhooks", { url: "x", events: ["article.read"], secret: "s" });
    expect(refused.body.errors.map((fault: Json) => fault.pointer).sort()).toEqual(["/events/0", "/secret", "/url"]);
    for (const events of [[], ["article.published", "article.published"]])
      expect((await asAdmin(house, "POST", "/webhooks", { url: "https://a.example/", events })).status).toBe(422);
  });
});

describe("over the API", () => {
  test("a webhook is made, read, changed and taken off; its secret is shown once", async () => {
    const house = await openHouse();
    const receiver = await openReceiver();
    const keyed = { headers: { "idempotency-key": "a" } };
    const body = { url: receiver.url, events: ["article.published"] };
    const made = await asAdmin(house, "POST", "/webhooks", body, keyed);
    expect(made.body).toMatchObject({
      ...body,
      state: "active",
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/),
    });
    expect(made.headers.get("location")).toBe(`/webhooks/${made.body.id}`);
    const twice = await asAdmin(house, "POST", "/webhooks", body, keyed);
    const { secret: _, ...shown } = made.body;
    expect([twice.status, twice.body]).toEqual([201, shown]);
    expect((await asAdmin(house, "POST", "/webhooks", { ...body, events: ANNOUNCEMENTS }, keyed)).status).toBe(422);
    expect((await asAdmin(house, "GET", "/webhooks")).body.items).toEqual([shown]);
    const changed = await asAdmin(house, "PATCH", `/webhooks/${made.body.id}`, { events: ["article.withdrawn"] });
    expect(changed.body).toMatchObject({ events: ["article.withdrawn"], url: receiver.url });
    expect((await asAdmin(house, "DELETE", `/webhooks/${made.body.id}?dryRun=1`)).body).toEqual({ items: [] });
    expect((await asAdmin(house, "DELETE", `/webhooks/${made.body.id}`)).status).toBe(204);
    for (const [method, path] of [
      ["GET", ""],
      ["PATCH", ""],
      ["DELETE", ""],
      ["POST", "/test"],
      ["POST", "/rotate"],
      ["GET", "/deliveries"],
    ] as const)
      expect(
        (await asAdmin(house, method, `/webhooks/${made.body.id}${path}`, method === "GET" ? undefined : {})).status,
      ).toBe(404);
    const { items } = (await asAdmin(house, "GET", "/history")).body;
    expect(items.map(({ action }: Json) => action)).toEqual(
      expect.arrayContaining(["webhook.removed", "webhook.changed", "webhook.created"]),
    );
  });

  test("there are twenty at most, however many are made at once", async () => {
    const house = await openHouse();
    const body = { url: "https://tools.example/", events: ["article.published"] };
    for (let n = 0; n < 17; n++) await asAdmin(house, "POST", "/webhooks", body);
    const many = await Promise.all(Array.from({ length: 6 }, () => asAdmin(house, "POST", "/webhooks", body)));
    expect(many.map(({ status }) => String(status)).sort()).toEqual(["201", "201", "201", "409", "409", "409"]);
  });
});
