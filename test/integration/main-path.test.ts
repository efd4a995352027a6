import { afterAll, beforeAll, expect, test } from "vitest";
import { story, testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

test("a published story is on its page, the front, its section and in the feed", async () => {
  const sent = await house.call("POST", "/articles", { body: story({ kicker: "Hải Phòng:" }) });
  expect(sent.body).toMatchObject({ status: "published", revision: 1, seq: 1, kicker: "Hải Phòng:" });
  expect(sent.status).toBe(201);
  expect(sent.headers.get("etag")).toBe('"s1"');
  expect(sent.headers.get("location")).toBe(`/articles/${sent.body.id}`);
  await house.quiet();
  const receipt = await house.call("GET", `/articles/${sent.body.id}/live`);
  expect(receipt.body).toMatchObject({ state: "live", seq: 1, liveSeq: 1, url: sent.body.url });
  const path = new URL(sent.body.url).pathname;
  const page = await house.read(path);
  expect(page.status).toBe(200);
  expect(page.text).toContain("Sáng nay chợ họp lại.");
  for (const list of ["/", "/thoi-su", "/feed.xml"]) expect((await house.read(list)).text, list).toContain(path);
});
