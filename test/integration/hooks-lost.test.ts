import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { articleOf, eventsOf, post, standardSource, told } from "../hooks.ts";
import { callApi, testHouse, type TestHouse } from "../house.ts";
import { signerOf } from "../fixtures/webhook-signers.ts";

let house: TestHouse;
/** What the inbox' queue does with the messages that it is sent. */
let queue: "takes" | "loses" | "hangs" = "takes";
beforeAll(async () => {
  house = await testHouse({
    wrap: (services) => ({
      ...services,
      inboxQueue: {
        send: async (messages, delay) => {
          if (queue === "takes") await services.inboxQueue.send(messages, delay);
          if (queue === "hangs") await new Promise<void>(() => {});
        },
      },
    }),
  });
});
afterAll(() => house.close());

const endings: (() => unknown)[] = [];
afterEach(async () => {
  queue = "takes";
  house.sqs.paused = false;
  for (const end of endings.splice(0).reverse()) await end();
});

const V1 = "2026-11-20T01:00:00Z";

test("an event whose message was lost is found by the sweep, a minute later", async () => {
  const { send } = await standardSource(house, "mat");
  queue = "loses";
  const sent = await send(told({ externalId: "mat-1" }, V1));
  expect(sent.status).toBe(202);
  queue = "takes";
  await house.quiet();
  expect(await eventsOf(house, "mat")).toMatchObject([{ id: sent.body.event, state: "received", attempts: 0 }]);
  await house.clock.move(61_000);
  await house.quiet();
  expect(await eventsOf(house, "mat")).toMatchObject([{ state: "done", attempts: 1 }]);
  expect(await articleOf(house, "mat", "mat-1")).toMatchObject({ status: "published" });
});

test("killed with kill -9 after the answer and before the work, the house does it when it is back", async () => {
  const dir = mkdtempSync(join(tmpdir(), "broadsheet-"));
  endings.push(() => rmSync(dir, { recursive: true, force: true }));
  const running = spawn(process.execPath, ["infra/run.mjs", "test/fixtures/child-house.ts", dir, "asleep"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  endings.push(() => running.kill("SIGKILL"));
  const [line]: string[] = await once(createInterface({ input: running.stdout }), "line");
  const before: { apiUrl: string; editorKey: string; adminKey: string } = JSON.parse(line ?? "{}");
  const secret = signerOf("standard-webhooks").secrets[0];
  const source = { kind: "standard-webhooks", publish: "live", section: "thoi-su", secrets: [secret] };
  const made = await callApi(before, "PUT", "/sources/chet", { key: before.adminKey, body: source });
  expect(made.status, made.text).toBe(201);
  const text = JSON.stringify(told({ externalId: "chet-1" }, V1));
  const sent = await post(
    before,
    "/hooks/chet",
    await signerOf("standard-webhooks").sign(text, secret, Date.now(), "m-1"),
  );
  expect(sent.status, sent.text).toBe(202);
  const gone = once(running, "exit");
  running.kill("SIGKILL");
  await gone;

  const back = await testHouse({ dir });
  endings.push(() => back.close());
  expect(await eventsOf(back, "chet")).toMatchObject([{ id: sent.body.event, state: "received", attempts: 0 }]);
  await back.clock.move(61_000);
  await back.quiet();
  expect(await eventsOf(back, "chet")).toMatchObject([{ state: "done", attempts: 1 }]);
  const article = await articleOf(back, "chet", "chet-1");
  expect((await back.read(new URL(article.url).pathname)).status).toBe(200);
  const again = await post(
    back,
    "/hooks/chet",
    await signerOf("standard-webhooks").sign(text, secret, back.clock.now(), "m-1"),
  );
  expect(again.body).toEqual({ event: sent.body.event, duplicate: true });
});

test("a worker that ends with its event leaves it to the next, once its lease is over", async () => {
  const { send } = await standardSource(house, "do-dang");
  const { table, inbox } = house.functions.services;
  house.sqs.paused = true;
  const sent = await send(told({ externalId: "do-dang-1" }, V1));
  const { leaseEvent, loadEvent } = await import("../../shared/store/received.ts");
  await house.guard.apart(async () => {
    const event = await loadEvent(table, "do-dang", sent.body.event);
    expect(event && (await inbox.get("do-dang", event.id))).toBeDefined();
    expect(event && (await leaseEvent(table, event, { now: house.clock.now(), ms: 150_000 }))?.attempts).toBe(1);
  });
  house.sqs.paused = false;
  await house.quiet();
  expect(await eventsOf(house, "do-dang")).toMatchObject([{ state: "received", attempts: 1 }]);
  await house.clock.move(61_000);
  await house.quiet();
  expect(await eventsOf(house, "do-dang")).toMatchObject([{ state: "received", attempts: 1 }]);
  await house.clock.move(120_000);
  await house.quiet();
  expect(await eventsOf(house, "do-dang")).toMatchObject([{ state: "done", attempts: 2 }]);
});

test("the same event twenty times at once is one event and one article, and each is told so", async () => {
  const { sign } = await standardSource(house, "hai-muoi");
  const delivery = await sign(told({ externalId: "hai-muoi-1" }, V1));
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(house, "/hooks/hai-muoi", delivery)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  expect(new Set(answers.map(({ body }) => body.event)).size).toBe(1);
  expect(answers.filter(({ body }) => !body.duplicate)).toHaveLength(1);
  await house.quiet();
  expect(await eventsOf(house, "hai-muoi")).toMatchObject([
    { state: "done", attempts: 1, outcomes: [{ action: "created" }] },
  ]);
  const { body } = await house.call("GET", "/articles?limit=100");
  expect(body.items.filter(({ source }: { source?: string }) => source === "hai-muoi")).toHaveLength(1);
});

test("every message delivered twice changes nothing", async () => {
  const { send } = await standardSource(house, "doi");
  house.sqs.duplicate = true;
  await Promise.all([1, 2, 3].map((n) => send(told({ externalId: `doi-${n}` }, V1))));
  await house.quiet();
  house.sqs.duplicate = false;
  const events = await eventsOf(house, "doi");
  expect(events.map(({ state, attempts, outcomes }) => [state, attempts, outcomes[0].action])).toEqual(
    Array.from({ length: 3 }, () => ["done", 1, "created"]),
  );
});

test("a sender that hangs up at once has its event kept, and worked on", async () => {
  const { sign } = await standardSource(house, "cup-may");
  const { headers, body } = await sign(told({ externalId: "cup-may-1" }, V1));
  const { port } = new URL(house.apiUrl);
  const socket = connect(Number(port), "localhost");
  await once(socket, "connect");
  const lines = [
    "POST /hooks/cup-may HTTP/1.1",
    "Host: localhost",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${body.length}`,
  ];
  socket.end(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), body]));
  socket.destroySoon();
  await expect.poll(async () => (await eventsOf(house, "cup-may")).length).toBe(1);
  await house.quiet();
  await expect.poll(async () => (await eventsOf(house, "cup-may"))[0].state).toBe("done");
});

test("the answer waits for no worker, and not for a queue that does not answer", async () => {
  const { send } = await standardSource(house, "treo");
  house.sqs.paused = true;
  const signal = AbortSignal.timeout(2000);
  const answered = (sending: ReturnType<typeof send>) =>
    Promise.race([
      sending.then(({ status }) => status),
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("2 s are over")))),
    ]);
  expect(await answered(send(told({ externalId: "treo-1" }, V1)))).toBe(202);
  queue = "hangs";
  expect(await answered(send(told({ externalId: "treo-2" }, V1)))).toBe(202);
  queue = "takes";
  house.sqs.paused = false;
  await house.quiet();
  await house.clock.move(61_000);
  await house.quiet();
  expect(await eventsOf(house, "treo")).toMatchObject([{ state: "done" }, { state: "done" }]);
});
