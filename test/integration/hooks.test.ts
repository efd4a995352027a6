import { afterAll, beforeAll, expect, test } from "vitest";
import { articleOf, eventOf, eventsOf, post, standardSource } from "../hooks.ts";
import { testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

const payload = (over: Record<string, unknown> = {}, version = "2026-11-20T01:00:00Z") => ({
  type: "article.published",
  timestamp: version,
  data: {
    externalId: "a-1",
    headline: "Chợ phiên họp lại",
    body: { format: "text", content: "Sáng nay chợ họp lại bên sông." },
    ...over,
  },
});

test("an event becomes a live page, and says what became of it", async () => {
  const { send } = await standardSource(house, "ban-tin");
  const sent = await send(payload());
  expect([sent.status, sent.body], sent.text).toEqual([202, { event: expect.any(String), duplicate: false }]);
  await house.quiet();
  const [event, ...others] = await eventsOf(house, "ban-tin");
  expect(others).toEqual([]);
  expect(event).toMatchObject({ id: sent.body.event, state: "done", attempts: 1, outcomes: [{ action: "created" }] });
  const article = await articleOf(house, "ban-tin", "a-1");
  expect(article).toMatchObject({ status: "published", source: "ban-tin", externalId: "a-1" });
  expect((await house.read(new URL(article.url).pathname)).text).toContain("Sáng nay chợ họp lại bên sông.");
  expect(await eventOf(house, "ban-tin", event.id)).toMatchObject({
    request: { method: "POST", path: "/hooks/ban-tin", payload: JSON.stringify(payload()) },
  });
});

test("what came while anybody could send is a draft at most once the source is signed, and nothing for another of its name", async () => {
  const { adminKey: key } = house;
  const kind = "standard-webhooks";
  const secrets = [`whsec_${Buffer.alloc(32, 3).toString("base64")}`];
  const put = (body: Record<string, unknown>) =>
    house.call("PUT", "/sources/hop-thu", { key, body: { kind, publish: "live", section: "thoi-su", ...body } });
  const send = (externalId: string) =>
    post(house, "/hooks/hop-thu", { headers: {}, body: Buffer.from(JSON.stringify(payload({ externalId }))) });
  expect((await put({ unsigned: true })).status).toBe(201);
  house.sqs.paused = true;
  expect((await send("b-1")).status).toBe(202);
  expect((await put({ secrets })).status).toBe(200);
  house.sqs.paused = false;
  await house.quiet();
  expect(await articleOf(house, "hop-thu", "b-1")).toMatchObject({ status: "draft" });

  expect((await put({ unsigned: true })).status).toBe(200);
  house.sqs.paused = true;
  const sent = await send("b-2");
  expect((await house.call("DELETE", "/sources/hop-thu", { key })).status).toBe(204);
  expect((await put({ unsigned: true })).status).toBe(201);
  house.sqs.paused = false;
  await house.quiet();
  expect(await eventOf(house, "hop-thu", sent.body.event)).toMatchObject({ state: "dead" });
  const replayed = await house.call("POST", `/sources/hop-thu/events/${sent.body.event}/replay`, { key });
  expect(replayed.status).toBe(202);
  await house.quiet();
  expect(await articleOf(house, "hop-thu", "b-2")).toMatchObject({ status: "published" });
});
