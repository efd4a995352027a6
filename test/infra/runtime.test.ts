import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Bundle, buildFunctions } from "../../infra/build/functions.ts";
import { type FunctionName, functions } from "../../infra/topology.ts";
import { iso } from "../../shared/domain/time.ts";
import { loadSource, opened } from "../../shared/store/hooks.ts";
import { loadState } from "../../shared/store/state.ts";
import { updateWork, type Work } from "../../shared/store/work.ts";
import { photo } from "../fixtures/pictures.ts";
import { story, testHouse, type TestHouse } from "../house.ts";
import { deliveriesOf, onlyHere, subscribe } from "../fixtures/desk-of-webhooks.ts";
import { startReceiver } from "../fixtures/receiver.ts";
import { articleOf, eventOf, standardSource, told } from "../hooks.ts";
import { sendPicture, withdraw } from "../pictures.ts";
import { releaseEvent, scheduleStory } from "../schedule.ts";
import { minute, queued, request, streamed } from "../runtime/events.ts";
import { hostFunction } from "../runtime/function.ts";
import type { Invoked, RuntimeHost } from "../runtime/host.ts";

/**
 * The bundles as they are deployed, under AWS's own runtime client, on the services of a house whose own functions are held:
 * what happens here, a deployed function did.
 */
let house: TestHouse;
let outDir = "";
let bundles: Record<string, Bundle> = {};
beforeAll(async () => {
  await mkdir("dist", { recursive: true });
  // Inside the repository: sharp's machine code for this machine is found further up.
  outDir = await mkdtemp(resolve("dist", "runtime-"));
  [house, bundles] = await Promise.all([testHouse({ allow: onlyHere }), buildFunctions({ outDir })]);
  house.pump.held = true;
  house.newsPump.held = true;
  house.sqs.paused = true;
});
afterAll(async () => {
  await house.close();
  await rm(outDir, { recursive: true, force: true });
});

const hosts: RuntimeHost[] = [];
/** Every process that took an event. */
const seen = new Set<number>();
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
  delete house.s3.gate;
});

const hosted = (name: FunctionName, over?: Parameters<typeof hostFunction>[3]): RuntimeHost => {
  const bundle = bundles[name];
  if (!bundle) throw new Error(`there is no bundle ${name}`);
  const host = hostFunction(house, name, bundle, over);
  hosts.push(host);
  return {
    ...host,
    invoke: async (event) => {
      const invoked = await host.invoke(event);
      seen.add(invoked.pid);
      return invoked;
    },
  };
};

/** The table's service is down: nobody listens there. */
const UNREACHABLE = { AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:9" };

const pathOf = (url: string): string => new URL(url).pathname;
const HANDLED = { type: "response", body: { batchItemFailures: [] } };

/** A story that the house's own API took, and that nobody has rendered: its id and its page's path. */
const filed = async (over: Record<string, unknown> = {}): Promise<{ id: string; path: string }> => {
  const { status, body, text } = await house.call("POST", "/articles", { body: story(over) });
  expect(status, text).toBe(201);
  return { id: body.id, path: pathOf(body.url) };
};

const statusOf = async (id: string): Promise<string | undefined> =>
  (await loadState(house.functions.services.table, id)).head?.status;
const worksOf = async (id: string): Promise<Work[]> => (await loadState(house.functions.services.table, id)).works;

const post = (over: Record<string, unknown> = {}): object =>
  request("POST", "/articles", { key: house.editorKey, body: story(over) });

/** The body of an HTTP answer that a function gave. */
const answerOf = (invoked: Invoked): { id: string; url: string } => {
  expect(invoked).toMatchObject({ type: "response", body: { statusCode: 201 } });
  return JSON.parse(invoked.type === "response" ? Reflect.get(Object(invoked.body), "body") : "{}");
};

describe("api", () => {
  test("answers cold, and takes a story warm, in one process", async () => {
    const api = hosted("api");
    const health = await api.invoke(request("GET", "/health"));
    expect(health).toMatchObject({ type: "response", cold: true, body: { statusCode: 200, body: '{"status":"ok"}' } });
    const posted = await api.invoke(post({ headline: "Tin gửi qua Lambda" }));
    expect(posted).toMatchObject({ cold: false, pid: health.pid });
    const { id } = answerOf(posted);
    const { head, works } = await loadState(house.functions.services.table, id);
    expect(head).toMatchObject({ status: "published", seq: 1 });
    expect(works).toHaveLength(1);
    expect((await house.call("GET", `/articles/${id}`)).body.headline).toBe("Tin gửi qua Lambda");
    // A line of ours stands in the log as it is, where CloudWatch finds its metrics.
    const lines = api
      .log()
      .split("\n")
      .filter((line) => line.includes("article.committed"));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ event: "article.committed", article: id }]);
  });

  test("reads the sealing keys for the first secret, cold, and the house opens what it sealed", async () => {
    const api = hosted("api");
    const body = { kind: "ghost", publish: "review", section: "thoi-su", secrets: ["bi-mat-cua-toa-soan"] };
    const put = await api.invoke(request("PUT", "/sources/ghost-thu", { key: house.adminKey, body }));
    expect(put).toMatchObject({ type: "response", cold: true, body: { statusCode: 201 } });
    const { table, sealingKeys } = house.functions.services;
    const source = await loadSource(table, "ghost-thu");
    expect(source && opened(await sealingKeys(), source)).toEqual(["bi-mat-cua-toa-soan"]);
  });

  test("tells of an error, and takes the next event in the same process", async () => {
    const api = hosted("api");
    const failed = await api.invoke({ none: "of ours" });
    expect(failed).toMatchObject({ type: "error", fault: { errorType: "TypeError", trace: expect.any(Array) } });
    const next = await api.invoke(request("GET", "/health"));
    expect(next).toMatchObject({ type: "response", cold: false, pid: failed.pid, body: { statusCode: 200 } });
  });

  test("that takes too long is killed, and a new process takes the next event, and the same story", async () => {
    const api = hosted("api", { timeoutSeconds: 3 });
    const { promise: stalled, resolve: release } = Promise.withResolvers<void>();
    house.s3.gate = ({ name, bucket }) => (name === "PutObject" && bucket === "content" ? stalled : Promise.resolve());
    const late = await api.invoke(post({ headline: "Tin đến trễ" }));
    expect(late).toMatchObject({ type: "timed-out", message: "Task timed out after 3.00 seconds" });
    delete house.s3.gate;
    release();
    const next = await api.invoke(post({ headline: "Tin đến trễ" }));
    expect(next).toMatchObject({ cold: true });
    expect(next.pid).not.toBe(late.pid);
    expect((await loadState(house.functions.services.table, answerOf(next).id)).head?.seq).toBe(1);
  });

  test("that lacks a variable says at its start which, each time anew", async () => {
    const api = hosted("api", { without: "CONTENT_BUCKET" });
    const first = await api.invoke(request("GET", "/health"));
    const fault = { errorMessage: expect.stringContaining("CONTENT_BUCKET") };
    expect(first).toMatchObject({ type: "init-error", fault });
    const again = await api.invoke(request("GET", "/health"));
    expect(again).toMatchObject({ type: "init-error", cold: true, fault });
    expect(again.pid).not.toBe(first.pid);
  });
});

describe("render", () => {
  test("puts the page of a story whose WORK the stream brings, cold and warm", async () => {
    const render = hosted("render");
    for (const cold of [true, false]) {
      const { id, path } = await filed({ headline: cold ? "Tin đầu" : "Tin sau" });
      expect(await house.origin(path)).toBeUndefined();
      const event = await streamed(house, [id]);
      expect(event.Records).toHaveLength(1);
      expect(await render.invoke(event)).toMatchObject({ ...HANDLED, cold });
      expect(await house.origin(path)).toContain(cold ? "Tin đầu" : "Tin sau");
      expect(await house.origin("/")).toContain(path);
      expect(await worksOf(id)).toEqual([]);
    }
  });

  test("asks CloudFront to forget a story that was withdrawn", async () => {
    const render = hosted("render");
    const { id, path } = await filed({ headline: "Tin sẽ rút" });
    await render.invoke(await streamed(house, [id]));
    expect((await house.read(path)).status).toBe(200);
    await withdraw(house, id);
    expect(await render.invoke(await streamed(house, [id]))).toMatchObject(HANDLED);
    expect((await house.read(path)).status).toBe(410);
    expect(render.log()).toContain('"event":"purge.asked"');
  });

  test("does the good records of a batch, whatever is wrong with others", async () => {
    const render = hosted("render");
    const [one, ill, two] = [await filed(), await filed(), await filed()];
    const body = house.s3.keys("content").find((key) => key.includes(ill.id));
    house.s3.remove("content", body ?? "");
    const { Records } = await streamed(house, [one.id, ill.id, two.id]);
    expect(Records).toHaveLength(3);
    const poison = [
      { eventName: "INSERT", eventSource: "aws:dynamodb", dynamodb: {} },
      { eventName: "INSERT", eventSource: "aws:dynamodb", dynamodb: { Keys: { pk: { N: "1" }, sk: { S: "WORK#" } } } },
      {
        eventName: "INSERT",
        eventSource: "aws:dynamodb",
        dynamodb: { Keys: { pk: { S: "ARTICLE#\u0000" }, sk: { S: "WORK#x" } }, NewImage: { path: { S: "/../../x" } } },
      },
    ];
    expect(await render.invoke({ Records: [...poison, ...Records] })).toMatchObject(HANDLED);
    for (const { id, path } of [one, two]) {
      expect(await house.origin(path)).toBeDefined();
      expect(await worksOf(id)).toEqual([]);
    }
    expect(await house.origin(ill.path)).toBeUndefined();
    // Kept, and due again by the sweep.
    expect(await worksOf(ill.id)).toMatchObject([{ attempts: 1, error: expect.any(String) }]);
  });

  test("tells of an error when it cannot tell what it is to do", async () => {
    const render = hosted("render");
    expect(await render.invoke({})).toMatchObject({ type: "error", fault: { errorType: "TypeError" } });
    expect(await render.invoke({ Records: [] })).toMatchObject({ ...HANDLED, cold: false });
  });
});

describe("schedule", () => {
  test("names WORK that is due to the queue, by which the renderer does it", async () => {
    const { table } = house.functions.services;
    const { id, path } = await filed({ headline: "Tin bị bỏ quên" });
    const [work] = await worksOf(id);
    if (!work) throw new Error("nothing was filed");
    const past = new Date(Date.now() - 60_000).toISOString();
    expect(await updateWork(table, work, { ...work, notBefore: past }, past)).toBe(true);
    const schedule = hosted("schedule");
    expect(await schedule.invoke(minute())).toMatchObject({ type: "response", cold: true });
    const { Records } = await queued(house, "render");
    const mine = Records.filter(({ body }) => body.includes(id));
    expect(mine).toHaveLength(1);
    expect(await hosted("render").invoke({ Records: mine })).toMatchObject(HANDLED);
    expect(await house.origin(path)).toContain("Tin bị bỏ quên");
    expect(await schedule.invoke(minute())).toMatchObject({ type: "response", cold: false });
    expect((await queued(house, "render")).Records.filter(({ body }) => body.includes(id))).toEqual([]);
  });
});

test("schedule takes what the delayed queue brings: it waits for the last second, and publishes at the time", async () => {
  const at = house.clock.now() + 1500;
  const id = await scheduleStory(house, at, { headline: "Tin đúng giờ" });
  const schedule = hosted("schedule");
  expect(await schedule.invoke(releaseEvent(id, iso(at)))).toMatchObject(HANDLED);
  // Too far away still, it has sent itself the rest of the way, or was up to the last second already: the next brings it home.
  expect(await schedule.invoke(releaseEvent(id, iso(at)))).toMatchObject({ ...HANDLED, cold: false });
  await expect
    .poll(async () => (await schedule.invoke(releaseEvent(id, iso(at)))) && statusOf(id), { timeout: 30_000 })
    .toBe("published");
  const { head, works } = await loadState(house.functions.services.table, id);
  expect(head?.published?.firstAt).toBe(iso(at));
  expect(works).toHaveLength(1);
  expect(schedule.log()).toContain('"event":"article.released"');
});

test("schedule tells of an error when the table cannot be reached, and tries again in the next minute", async () => {
  const schedule = hosted("schedule", { environment: UNREACHABLE });
  const failed = await schedule.invoke(minute());
  expect(failed).toMatchObject({ type: "error", fault: { errorMessage: expect.stringContaining("ECONNREFUSED") } });
  expect(await schedule.invoke(minute())).toMatchObject({ type: "error", cold: false, pid: failed.pid });
});

describe("images", () => {
  const renditionsOf = (id: string): string[] =>
    house.s3.keys("media").filter((key) => key.startsWith("rendition/") && key.includes(id));

  test("makes renditions of an upload, and the rest from the queue of what can wait, with the sharp beside it", async () => {
    const sent = await sendPicture(house, await photo({ width: 900, height: 600, seed: 4711 }));
    expect(sent.status, sent.text).toBe(201);
    const event = await queued(house, "images");
    expect(event.Records.map(({ body }) => JSON.parse(body))).toMatchObject([
      { "detail-type": "Object Created", source: "aws.s3", detail: { object: { key: `upload/${sent.body.id}` } } },
    ]);
    const images = hosted("images");
    expect(await images.invoke(event)).toMatchObject({ ...HANDLED, cold: true });
    const first = renditionsOf(sent.body.id);
    expect(new Set(first.map((key) => key.split(".").at(-1)))).toEqual(new Set(["jpg", "webp"]));
    expect((await house.call("GET", `/images/${sent.body.id}`)).body).toMatchObject({ state: "ready" });
    const later = await queued(house, "images-later");
    expect(later.Records).toHaveLength(1);
    expect(await images.invoke(later)).toMatchObject({ ...HANDLED, cold: false });
    expect(renditionsOf(sent.body.id).filter((key) => key.endsWith(".avif")).length).toBeGreaterThan(0);
  });

  test("leaves to the queue what it could not begin, and takes the next message", async () => {
    const images = hosted("images", { environment: UNREACHABLE });
    const message = (body: object) => ({ messageId: "first-of-all", body: JSON.stringify(body) });
    const failed = await images.invoke({ Records: [message({ image: "01ARZ3NDEKTSV4RRFFQ69G5FAV" })] });
    const batchItemFailures = [{ itemIdentifier: "first-of-all" }];
    expect(failed).toMatchObject({ type: "response", body: { batchItemFailures } });
    expect(await images.invoke({ Records: [message({ none: "of ours" })] })).toMatchObject({ ...HANDLED, cold: false });
  });
});

describe("webhooks", () => {
  const [route] = functions.webhooks.triggers[0].routes;
  type Sender = Awaited<ReturnType<typeof standardSource>>;
  const posted = async ({ sign }: Sender, name: string, externalId: string): Promise<object> => {
    const payload = told({ externalId, headline: `Tin ${externalId} của công cụ` }, new Date().toISOString());
    const { headers, body } = await sign(payload, { id: `msg-${externalId}`, at: Date.now() });
    return request("POST", `/hooks/${name}`, { headers, body: Buffer.from(body).toString() }, route);
  };
  const bodyOf = (invoked: Invoked): { event: string; duplicate: boolean } => {
    expect(invoked).toMatchObject({ type: "response", body: { statusCode: 202 } });
    return JSON.parse(invoked.type === "response" ? Reflect.get(Object(invoked.body), "body") : "{}");
  };

  test("keeps a signed event, once, and files its story when the queue brings it, in one process", async () => {
    const sender = await standardSource(house, "lambda");
    const webhooks = hosted("webhooks");
    const event = await posted(sender, "lambda", "l-1");
    const first = await webhooks.invoke(event);
    expect(first).toMatchObject({ cold: true });
    const kept = bodyOf(first);
    const again = bodyOf(await webhooks.invoke(event));
    expect(again).toEqual({ event: kept.event, duplicate: true });
    const inbox = await queued(house, "inbox");
    expect(inbox.Records.map(({ body }) => JSON.parse(body))).toEqual([{ source: "lambda", event: kept.event }]);
    expect(await webhooks.invoke(inbox)).toMatchObject({ ...HANDLED, cold: false });
    expect(await eventOf(house, "lambda", kept.event)).toMatchObject({ state: "done", attempts: 1 });
    expect(await articleOf(house, "lambda", "l-1")).toMatchObject({ status: "published", source: "lambda" });
    expect(webhooks.log()).toContain('"event":"hook.done"');
  });

  test("takes no event whose signature is another's, and reads no queue's message that is none of ours", async () => {
    const sender = await standardSource(house, "lambda-2");
    const webhooks = hosted("webhooks");
    const event = await posted(sender, "lambda-2", "l-2");
    const forged = { ...event, body: String(Reflect.get(event, "body")).replace("l-2", "l-3") };
    expect(await webhooks.invoke(forged)).toMatchObject({ type: "response", body: { statusCode: 401 } });
    const strange = { Records: [{ messageId: "1", body: "none of ours" }] };
    expect(await webhooks.invoke(strange)).toMatchObject({ ...HANDLED, cold: false });
    expect((await queued(house, "inbox")).Records).toEqual([]);
  });

  test("that cannot reach the table answers with a fault, and a message is given back to the queue", async () => {
    const webhooks = hosted("webhooks", { environment: UNREACHABLE });
    const sender = await standardSource(house, "lambda-4");
    expect(await webhooks.invoke(await posted(sender, "lambda-4", "l-4"))).toMatchObject({
      type: "response",
      body: { statusCode: 500 },
    });
    const body = JSON.stringify({ source: "lambda-4", event: "01ARZ3NDEKTSV4RRFFQ69G5FAV" });
    const taken = await webhooks.invoke({ Records: [{ messageId: "1", body }] });
    expect(taken).toMatchObject({ type: "error", fault: { errorMessage: expect.stringContaining("ECONNREFUSED") } });
  });
});

describe("notify", () => {
  test("makes a delivery of news, goes to no address of this machine, and comes to it again by the minute's round", async () => {
    const receiver = await startReceiver();
    const hook = await subscribe(house, receiver);
    const { id } = await filed({ headline: "Tin để báo" });
    await hosted("render").invoke(await streamed(house, [id]));
    const news = await streamed(house, [id], "notify");
    expect(news.Records).toHaveLength(1);
    const notify = hosted("notify");
    expect(await notify.invoke(news)).toMatchObject({ type: "response", cold: true });
    const [delivery] = await deliveriesOf(house, hook);
    expect(delivery).toMatchObject({ article: id, type: "article.published", state: "pending", attempts: 1 });
    expect(delivery.tries).toEqual([{ at: expect.any(String), ms: expect.any(Number), reason: expect.any(String) }]);
    // A twin of the record finds nothing to do, and so does a round before the next try is due.
    expect(await notify.invoke(news)).toMatchObject({ type: "response", cold: false });
    expect(await notify.invoke(minute())).toMatchObject({ type: "response", cold: false });
    expect((await deliveriesOf(house, hook)).map(({ attempts }) => attempts)).toEqual([1]);
    expect(notify.log()).toContain('"event":"notify.tried"');
    expect(receiver.received).toEqual([]);
    await receiver.close();
  });

  test("tells of an error when the table cannot be reached", async () => {
    const notify = hosted("notify", { environment: UNREACHABLE });
    const failed = await notify.invoke(minute());
    expect(failed).toMatchObject({ type: "error", fault: { errorMessage: expect.stringContaining("ECONNREFUSED") } });
  });
});

test("nothing of this is left running", () => {
  for (const pid of seen) expect(() => process.kill(pid, 0), String(pid)).toThrow("ESRCH");
});
