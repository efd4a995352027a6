import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, type Request, story, testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

const send = (body: Record<string, unknown>, more: Request = {}): Promise<Answer> =>
  house.call("POST", "/articles", { body: story(body), ...more });
const patch = (over: Answer, body: unknown, more: Request = {}): Promise<Answer> =>
  house.call("PATCH", `/articles/${over.body.id}`, {
    body,
    ...more,
    headers: { "if-match": over.headers.get("etag") ?? "" },
  });
const pageOf = async (over: Answer): Promise<string> => {
  await house.quiet();
  return (await house.origin(new URL(over.body.url).pathname)) ?? "";
};

test("a story says which series it is of, and which part of it", async () => {
  const sent = await send({ series: { slug: "ven-song", title: " Ven   sông ", part: 2 } });
  expect(sent.status, sent.text).toBe(201);
  expect(sent.body.series).toEqual({ slug: "ven-song", title: "Ven sông", part: 2 });
  expect(await pageOf(sent)).toContain("Loạt bài: Ven sông (phần 2)");
  // A merge patch: one member goes, the others stay.
  const whole = await patch(sent, { series: { part: null } });
  expect(whole.body.series).toEqual({ slug: "ven-song", title: "Ven sông" });
  expect(await pageOf(sent)).toContain("(phần 2)");
  const published = await house.call("POST", `/articles/${sent.body.id}/publish`, {
    headers: { "if-match": whole.headers.get("etag") ?? "" },
  });
  const page = await pageOf(published);
  expect(page).toContain("Loạt bài: Ven sông");
  expect(page).not.toContain("(phần");
  expect((await patch(published, { series: null })).body).not.toHaveProperty("series");
  expect(await pageOf(await send({ headline: "Tin lẻ" }))).not.toContain("Loạt bài");
});

test("a translation names an article that there is, that the key may read, and that is another", async () => {
  const original = await send({});
  const draft = await send({ status: "draft" });
  const sent = await send({ locale: "en", translationOf: original.body.id });
  expect(sent.body.translationOf).toBe(original.body.id);
  const key = house.reporterKey;
  const seen = await send({ status: "draft", translationOf: original.body.id }, { key });
  expect(seen.status).toBe(201);
  const errors = async (answer: Promise<Answer>): Promise<unknown> => (await answer).body.errors;
  const missing = [{ pointer: "/translationOf", detail: "is no article of this house" }];
  expect(await errors(send({ translationOf: "01ARZ3NDEKTSV4RRFFQ69G5FAV" }))).toEqual(missing);
  expect(await errors(send({ status: "draft", translationOf: draft.body.id }, { key }))).toEqual(missing);
  expect(await errors(patch(sent, { translationOf: "01ARZ3NDEKTSV4RRFFQ69G5FAV" }))).toEqual(missing);
  expect(await errors(patch(sent, { translationOf: sent.body.id }))).toEqual([
    { pointer: "/translationOf", detail: "is the article itself" },
  ]);
  // One that was named before may stay, though its owner may not read it.
  const named = await house.call("PATCH", `/articles/${seen.body.id}`, {
    headers: { "if-match": '"s1"' },
    body: { translationOf: draft.body.id },
  });
  expect(named.status, named.text).toBe(200);
  expect((await patch(named, { kicker: "Mới:" }, { key })).status).toBe(200);
});
