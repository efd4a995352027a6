import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, story, testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

const post = (key: string, body: unknown, type?: string): Promise<Answer> =>
  house.call("POST", "/articles", { headers: { "idempotency-key": key }, body, ...(type ? { type } : {}) });
const replayed = (answers: Answer[]): Answer[] =>
  answers.filter((answer) => answer.headers.get("idempotency-replayed") === "true");

test("eight equal POSTs under one key at the same moment make one article and eight equal answers", async () => {
  const before = await house.call("GET", "/articles?limit=100");
  const answers = await Promise.all(Array.from({ length: 8 }, () => post("twins", story())));
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201]));
  expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
  expect(new Set(answers.map((answer) => answer.headers.get("location"))).size).toBe(1);
  expect(replayed(answers)).toHaveLength(7);
  const after = await house.call("GET", "/articles?limit=100");
  expect(after.body.items).toHaveLength(before.body.items.length + 1);
});

test("a retry spaced otherwise is the same submission, as JSON and as text", async () => {
  const json = story({ headline: "Một tin", status: "draft" });
  const first = await post("spaced", JSON.stringify(json), "application/json");
  const again = await post("spaced", JSON.stringify(json, null, 4), "application/json");
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect(again.body).toEqual(first.body);

  const copy = "Tin ngắn về chợ\n\nSáng nay chợ họp.\n\nHải An";
  const text = await post("copy", copy, "text/plain");
  const spaced = await post("copy", copy.replaceAll("\n\n", " \r\n\r\n\r\n"), "text/plain");
  expect([text.status, spaced.status]).toEqual([201, 201]);
  expect(spaced.headers.get("idempotency-replayed")).toBe("true");
  expect(spaced.body.id).toBe(text.body.id);
});

test("another submission under the key is refused, and the key of another person is another key", async () => {
  const first = await post("mine", story({ status: "draft" }));
  const other = await post("mine", story({ status: "draft", headline: "Tin khác" }));
  expect(other.status).toBe(422);
  expect(other.body.type).toContain("key-reused");
  const theirs = await house.call("POST", "/articles", {
    key: house.reporterKey,
    headers: { "idempotency-key": "mine" },
    body: story({ status: "draft" }),
  });
  expect(theirs.status).toBe(201);
  expect(theirs.body.id).not.toBe(first.body.id);
});

test("a replay shows the article as it is now; a key keeps for seven days and no longer", async () => {
  const first = await post("week", story({ status: "draft", headline: "Bản đầu" }));
  await house.call("PATCH", `/articles/${first.body.id}`, {
    headers: { "if-match": '"s1"' },
    body: { headline: "Bản sau" },
  });
  const again = await post("week", story({ status: "draft", headline: "Bản đầu" }));
  expect(again.status).toBe(201);
  expect(again.body).toMatchObject({ id: first.body.id, headline: "Bản sau", revision: 2 });
  await house.clock.move(7 * 24 * 3600 * 1000 + 1000);
  const late = await post("week", story({ status: "draft", headline: "Bản đầu" }));
  expect(late.status).toBe(201);
  expect(late.headers.get("idempotency-replayed")).toBeNull();
  expect(late.body.id).not.toBe(first.body.id);
});

test("publishing under a key is done once, though the retry's If-Match is old", async () => {
  const { body } = await post("to-publish", story({ status: "draft" }));
  const publish = () =>
    house.call("POST", `/articles/${body.id}/publish`, { headers: { "if-match": '"s1"', "idempotency-key": "go" } });
  const [first, again] = [await publish(), await publish()];
  expect([first.status, again.status]).toEqual([200, 200]);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect(again.body).toEqual(first.body);
});

test("a key's secret is not shown twice", async () => {
  const ask = () =>
    house.call("POST", "/keys", {
      key: house.adminKey,
      headers: { "idempotency-key": "new-key" },
      body: { name: "Lan", role: "reporter" },
    });
  const [first, again] = [await ask(), await ask()];
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(first.body.token).toMatch(/^bs_/);
  expect(again.text).not.toContain(first.body.token.split("_")[2]);
  expect(again.body.id).toBe(first.body.id);
});

/** Sends two calls at once on one ETag, fifty times over; one has to win each round. */
const rounds = async (second: (id: string, etag: string, n: number) => Promise<Answer>): Promise<void> => {
  const { body, headers } = await post(`rounds-${crypto.randomUUID()}`, story({ status: "draft" }));
  let etag = headers.get("etag") ?? "";
  for (let n = 0; n < 50; n++) {
    const first = house.call("PATCH", `/articles/${body.id}`, {
      headers: { "if-match": etag },
      body: { headline: `Bản A ${n}` },
    });
    const both = await Promise.all(n % 2 ? [first, second(body.id, etag, n)] : [second(body.id, etag, n), first]);
    expect(new Set(both.map((answer) => answer.status)), `round ${n}`).toEqual(new Set([200, 412]));
    const lost = both.find((answer) => answer.status === 412);
    const won = both.find((answer) => answer.status === 200);
    expect(lost?.body.current).toEqual(won?.body);
    etag = won?.headers.get("etag") ?? "";
  }
  const final = await house.call("GET", `/articles/${body.id}`);
  expect(final.body.seq).toBe(51);
};

test("two PATCHes on one ETag: one wins, the other gets 412 with the current article", () =>
  rounds((id, etag, n) =>
    house.call("PATCH", `/articles/${id}`, { headers: { "if-match": etag }, body: { headline: `Bản B ${n}` } }),
  ));

test("publish against PATCH on one ETag: one wins", () =>
  // A published story has to differ before it can be published again: the other PATCH sees to that.
  rounds(async (id, etag, n) => {
    const published = await house.call("POST", `/articles/${id}/publish`, { headers: { "if-match": etag } });
    return published.status === 200 && published.headers.get("etag") === etag
      ? house.call("PATCH", `/articles/${id}`, { headers: { "if-match": etag }, body: { headline: `Bản B ${n}` } })
      : published;
  }));
