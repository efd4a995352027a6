import { afterAll, beforeAll, expect, test } from "vitest";
import { articleOf, eventOf, eventsOf, standardSource } from "../hooks.ts";
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
