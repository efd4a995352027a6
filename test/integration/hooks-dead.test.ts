import { createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { foreignWeb } from "../fixtures/foreign-web.ts";
import { signerOf } from "../fixtures/webhook-signers.ts";
import { payload } from "../fixtures/webhooks/send.ts";
import {
  articleOf,
  eventOf,
  eventsOf,
  makeSource,
  post,
  settled,
  signedSource,
  standardSource,
  told,
} from "../hooks.ts";
import { type Answer, type Json, testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
let web: Awaited<ReturnType<typeof foreignWeb>>;
/** The store's own fault, while it lasts. */
let broken = false;
beforeAll(async () => {
  web = await foreignWeb();
  house = await testHouse({
    wrap: (services) => ({
      ...services,
      fetch: web.fetch,
      bodies: {
        ...services.bodies,
        put: async (...body) => {
          if (broken) throw Object.assign(new Error("kín: 10.0.0.7"), { name: "SlowDown" });
          return services.bodies.put(...body);
        },
      },
    }),
  });
});
afterAll(async () => {
  await house.close();
  await web.close();
});

const V = (hour: number): string => `2026-11-20T0${hour}:00:00Z`;
/** What Ghost would sign if it sent bytes that are no text. */
const sealed = async (raw: number[]) => {
  const at = house.clock.now();
  const body = Buffer.from(raw);
  const hex = createHmac("sha256", signerOf("ghost").secrets[0]).update(body).update(String(at)).digest("hex");
  return { headers: { "x-ghost-signature": `sha256=${hex}, t=${at}` }, body };
};
const replay = async (name: string, id: string): Promise<Answer> => {
  const answer = await house.call("POST", `/sources/${name}/events/${id}/replay`, { key: house.adminKey });
  await house.quiet();
  return answer;
};

describe("a dead letter", () => {
  test("names every fault, and is done once these are put right and it is replayed", async () => {
    const { send } = await standardSource(house, "thieu");
    const data = { externalId: "t", section: "khoa-hoc", headline: "x".repeat(301), bylines: [{ name: "" }] };
    const dead = await settled(house, "thieu", send(told({ ...data, laLung: 1, body: undefined }, V(1))));
    expect(dead).toMatchObject({ state: "dead", attempts: 1, outcomes: [{ action: "refused" }] });
    expect(dead.errors.map(({ pointer }: Json) => pointer).toSorted()).toEqual([
      "/bylines/0/name",
      "/headline",
      "/laLung",
      "/section",
    ]);
    const fixable = await settled(house, "thieu", send(told({ externalId: "t2", section: "khoa-hoc" }, V(1))));
    expect(fixable).toMatchObject({ state: "dead", errors: [{ pointer: "/section" }] });
    await house.call("PUT", "/sections/khoa-hoc", { key: house.adminKey, body: { title: "Khoa học" } });
    const again = (await replay("thieu", fixable.id)).body;
    expect(again).toMatchObject({ state: "received", attempts: 0, replays: 1 });
    expect(again).not.toHaveProperty("errors");
    const done = await eventOf(house, "thieu", fixable.id);
    expect(done).toMatchObject({ state: "done", attempts: 1, outcomes: [{ action: "created" }] });
    expect(done).not.toHaveProperty("errors");
    expect(await articleOf(house, "thieu", "t2")).toMatchObject({ status: "published", section: "khoa-hoc" });
    const once = await replay("thieu", fixable.id);
    expect(once.status).toBe(202);
    expect(await eventOf(house, "thieu", fixable.id)).toMatchObject({
      outcomes: [{ action: "unchanged" }],
      replays: 2,
    });
  });

  test("of what cannot be read: no UTF-8, no JSON, too deep, no story, none of the fields", async () => {
    const { send } = await signedSource(house, "doc", { kind: "ghost" });
    const { sign } = await signedSource(house, "doc-chuan", { kind: "standard-webhooks" });
    const deep = `{"post":${"[".repeat(100)}${"]".repeat(100)}}`;
    for (const [text, ...pointers] of [
      ["{", ""],
      ["", ""],
      [deep, ""],
      ['{"post":{"current":{"id":null,"title":1}}}', "/post/current/id", "/post/current/status", "/post/current/title"],
    ]) {
      const event = await settled(house, "doc", send(text));
      expect(event, text).toMatchObject({ state: "dead", reason: "The event cannot be read." });
      expect(event.errors.map(({ pointer }: Json) => pointer)).toEqual(pointers);
    }
    const binary = await post(house, "/hooks/doc", await sealed([0x7b, 0xff, 0x7d]));
    await house.quiet();
    expect(await eventOf(house, "doc", binary.body.event)).toMatchObject({
      state: "dead",
      errors: [{ detail: "is not UTF-8" }],
      request: { payload: null },
    });
    expect((await settled(house, "doc-chuan", post(house, "/hooks/doc-chuan", await sign("[]")))).state).toBe(
      "ignored",
    );
  });

  test("of a source that was taken off meanwhile; made again, a replay does it", async () => {
    const { send } = await standardSource(house, "ve");
    house.sqs.paused = true;
    const sent = await send(told({ externalId: "v" }, V(1)));
    expect((await house.call("DELETE", "/sources/ve", { key: house.adminKey })).status).toBe(204);
    house.sqs.paused = false;
    await house.quiet();
    expect((await house.call("GET", "/sources/ve/events", { key: house.adminKey })).status).toBe(404);
    expect((await replay("ve", sent.body.event)).status).toBe(404);
    expect((await send(told({ externalId: "v" }, V(1)))).status).toBe(404);
    await standardSource(house, "ve");
    expect(await eventsOf(house, "ve")).toMatchObject([{ state: "dead", reason: "The source was taken off." }]);
    expect((await replay("ve", sent.body.event)).status).toBe(202);
    expect(await eventsOf(house, "ve")).toMatchObject([
      { state: "done", replays: 1, outcomes: [{ action: "created" }] },
    ]);
  });

  test("after ten tries, each later than the one before, with the reason; a fault of ours is told by its name alone", async () => {
    const { send } = await standardSource(house, "muoi");
    broken = true;
    const event = await settled(house, "muoi", send(told({ externalId: "m" }, V(1))));
    const reason = "Something went wrong on our side (SlowDown).";
    expect(event).toMatchObject({ state: "retrying", attempts: 1, reason });
    const waits: number[] = [];
    let seen = event;
    while (seen.state === "retrying" && waits.length < 20) {
      waits.push(Math.round((Date.parse(seen.nextTry) - house.clock.now()) / 60_000));
      await house.clock.move(Date.parse(seen.nextTry) - house.clock.now() + 60_000);
      await house.quiet();
      seen = await eventOf(house, "muoi", event.id);
    }
    broken = false;
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(seen).toMatchObject({ state: "dead", attempts: 10, reason });
    expect(seen).not.toHaveProperty("nextTry");
    expect(house.log()).not.toContain("10.0.0.7");
    expect(house.log()).toMatch(/"hook\.dead"/);
    await replay("muoi", event.id);
    expect(await eventOf(house, "muoi", event.id)).toMatchObject({ state: "done", attempts: 1 });
  });

  test("of a push whose file never comes", async () => {
    const { send } = await signedSource(house, "khong-co", { kind: "github" });
    const event = await settled(
      house,
      "khong-co",
      send(payload("github-push"), { headers: { "x-github-event": "push" } }),
    );
    expect(event.state).toBe("retrying");
    for (let hour = 0; hour < 12; hour++) {
      await house.clock.move(3_600_000);
      await house.quiet();
    }
    expect(await eventOf(house, "khong-co", event.id)).toMatchObject({
      state: "dead",
      attempts: 10,
      reason: expect.stringContaining("could not be fetched"),
    });
  });
});

test("an event that is open cannot be replayed; one that is none is not found", async () => {
  const { send } = await standardSource(house, "mo");
  house.sqs.paused = true;
  const sent = await send(told({ externalId: "mo" }, V(1)));
  const refused = await replay("mo", sent.body.event);
  expect([refused.status, refused.body.type]).toEqual([409, "urn:broadsheet:problem:not-possible"]);
  house.sqs.paused = false;
  await house.quiet();
  for (const id of ["01JC0000000000000000000000", "x", "..%2f"]) expect((await replay("mo", id)).status, id).toBe(404);
  const path = `/sources/mo/events/${sent.body.event}/replay`;
  expect((await house.call("POST", path)).status).toBe(403);
  expect((await house.call("POST", `${path}?dryRun=true`, { key: house.adminKey })).status).toBe(200);
  expect(await eventsOf(house, "mo")).toMatchObject([{ state: "done", replays: 0 }]);
});

describe("sizes and places", () => {
  test("a payload of more than an item's 400 KB is taken, and one of 4 MB", async () => {
    const { sign } = await standardSource(house, "to");
    const content = "Chợ họp bên sông. ".repeat(20_000);
    const story = await settled(
      house,
      "to",
      post(house, "/hooks/to", await sign(told({ externalId: "to", body: { format: "text", content } }, V(1)))),
    );
    expect(story.bytes).toBeGreaterThan(400_000);
    expect(story).toMatchObject({ state: "done", outcomes: [{ action: "created" }] });
    const most = 4 * 1024 * 1024;
    const filled = (bytes: number) => {
      const event = { ...told({ externalId: "to-2" }, V(1)), pad: "" };
      return { ...event, pad: "x".repeat(bytes - Buffer.byteLength(JSON.stringify(event))) };
    };
    const whole = await sign(filled(most));
    expect(whole.body.length).toBe(most);
    const taken = await post(house, "/hooks/to", whole);
    expect(taken.status, taken.text.slice(0, 200)).toBe(202);
    await house.quiet();
    const kept = await eventOf(house, "to", taken.body.event);
    expect([kept.state, kept.bytes]).toEqual(["done", most]);
    // Written as JSON once more, all of it might be more than an answer holds.
    expect([kept.request.payload.length, kept.request.truncated]).toEqual([1_000_000, true]);
    for (const bytes of [most + 1, 5 * 1024 * 1024]) {
      const refused = await post(house, "/hooks/to", await sign(filled(bytes)));
      expect([refused.status, refused.body.type]).toEqual([413, "urn:broadsheet:problem:too-large"]);
    }
    expect(await eventsOf(house, "to")).toHaveLength(2);
  });

  test("compressed: 415; other methods, unknown sources, and names that are none: 404", async () => {
    const { sign } = await standardSource(house, "noi");
    const { headers, body } = await sign(told({ externalId: "n" }, V(1)));
    const packed = { headers: { ...headers, "content-encoding": "gzip" }, body: gzipSync(body) };
    const refused = await post(house, "/hooks/noi", packed);
    expect([refused.status, refused.body.type]).toEqual([415, "urn:broadsheet:problem:unsupported"]);
    for (const method of ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"]) {
      const response = await fetch(`${house.apiUrl}/hooks/noi`, { method, headers: {} });
      expect(response.status, method).toBe(404);
    }
    for (const name of [
      "khong-co-dau",
      "..%2fnoi",
      "%2e%2e",
      "noi%00",
      "NOI",
      "noi%20",
      "%zz",
      "%ff",
      "a".repeat(500),
    ]) {
      const answer = await post(house, `/hooks/${name}`, { headers, body });
      expect([answer.status, answer.headers.get("content-type")], name).toEqual([404, "application/problem+json"]);
    }
    expect((await post(house, "/hooks/noi/more", { headers, body })).status).toBe(404);
    expect(await eventsOf(house, "noi")).toEqual([]);
    await makeSource(house, "noi", { kind: "standard-webhooks", publish: "live", section: "thoi-su" });
  });
});
