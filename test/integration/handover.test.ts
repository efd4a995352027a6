import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, type Request, story, testHouse, type TestHouse } from "../house.ts";

type Person = { id: string; token: string };
let house: TestHouse;
let lan: Person;
let minh: Person;
const made = async (body: Record<string, unknown>): Promise<Person> => {
  const answer = await house.call("POST", "/keys", { key: house.adminKey, body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};
beforeAll(async () => {
  house = await testHouse();
  lan = await made({ name: "Lan", role: "reporter" });
  minh = await made({ name: "Minh", role: "reporter" });
});
afterAll(() => house.close());

const draftOf = async ({ token }: Person): Promise<Answer> =>
  house.call("POST", "/articles", { key: token, body: story({ status: "draft", headline: "Bài của Lan" }) });
const etag = (answer: Answer): string => answer.headers.get("etag") ?? "";
const hand = (over: Answer, to: unknown, more: Request = {}): Promise<Answer> =>
  house.call("POST", `/articles/${over.body.id}/handover`, {
    body: { to },
    ...more,
    headers: { "if-match": etag(over), ...more.headers },
  });
const statusFor = async ({ token }: Person, id: string): Promise<[number, number]> => {
  const seen = await house.call("GET", `/articles/${id}`, { key: token });
  const edit = { headers: { "if-match": "*" }, body: { kicker: `Của ${crypto.randomUUID()}:` } };
  return [seen.status, (await house.call("PATCH", `/articles/${id}`, { key: token, ...edit })).status];
};

test("the new owner sees and edits the story, the former one no more than others; it is in the record", async () => {
  const draft = await draftOf(lan);
  expect(await statusFor(minh, draft.body.id)).toEqual([404, 404]);
  const before = await house.call("GET", `/articles/${draft.body.id}`);
  const given = await hand(before, minh.id);
  expect(given.status, given.text).toBe(200);
  expect(given.body).toMatchObject({ seq: before.body.seq + 1, revision: before.body.revision, status: "draft" });
  expect(await statusFor(minh, draft.body.id)).toEqual([200, 200]);
  expect(await statusFor(lan, draft.body.id)).toEqual([404, 404]);
  const listed = async ({ token }: Person) =>
    (await house.call("GET", "/articles", { key: token })).body.items.map((item: { id: string }) => item.id);
  expect(await listed(minh)).toEqual([draft.body.id]);
  expect(await listed(lan)).toEqual([]);
  const { body } = await house.call("GET", `/articles/${draft.body.id}/history`);
  expect(body.items).toContainEqual(
    expect.objectContaining({ action: "handover", seq: given.body.seq, particulars: { to: minh.id } }),
  );
  // What readers see is everybody's to read, and its new owner's to edit.
  const now = await house.call("GET", `/articles/${draft.body.id}`);
  await house.call("POST", `/articles/${draft.body.id}/publish`, { headers: { "if-match": etag(now) } });
  expect(await statusFor(lan, draft.body.id)).toEqual([200, 403]);
  expect(await statusFor(minh, draft.body.id)).toEqual([200, 200]);
});

test("it changes nothing that readers see, and nothing at all when the story is that key's already", async () => {
  const sent = await house.call("POST", "/articles", { body: story() });
  await house.quiet();
  const { PutObject, ...calls } = { ...house.calls };
  const given = await hand(sent, lan.id);
  await house.quiet();
  expect(given.body).toMatchObject({ seq: 2, revision: 1, publishedRevision: 1 });
  expect(house.calls["PutObject"]).toBe(PutObject);
  expect(house.calls["TransactWriteItems"]).toBe((calls["TransactWriteItems"] ?? 0) + 1);
  const again = await hand(given, lan.id);
  expect(again.body).toMatchObject({ seq: 2 });
  expect(house.calls["TransactWriteItems"]).toBe((calls["TransactWriteItems"] ?? 0) + 1);
});

test("it is an editor's to do, on the version that was seen, once under an Idempotency-Key", async () => {
  const draft = await draftOf(lan);
  expect((await hand(draft, minh.id, { key: lan.token })).status).toBe(403);
  expect((await hand(draft, minh.id, { headers: { "if-match": '"s9"' } })).status).toBe(412);
  expect((await house.call("POST", `/articles/${draft.body.id}/handover`, { body: { to: minh.id } })).status).toBe(428);
  const use = { headers: { "idempotency-key": "give" } };
  const [first, again] = [await hand(draft, minh.id, use), await hand(draft, minh.id, use)];
  expect([first.status, again.status, again.headers.get("idempotency-replayed")]).toEqual([200, 200, "true"]);
  expect((await hand(draft, lan.id, use)).status).toBe(422);
  expect(await statusFor(minh, draft.body.id)).toEqual([200, 200]);
});

test("the key has to be one of the house, in force, and allowed in the story's section", async () => {
  const draft = await draftOf(lan);
  const soon = new Date(house.clock.now() + 60_000).toISOString();
  const guest = await made({ name: "Khách", role: "reporter", expiresAt: soon });
  const sport = await made({ name: "Thể thao", role: "reporter", sections: ["the-thao"] });
  await house.clock.move(61_000);
  const refused = async (to: unknown): Promise<string> => {
    const answer = await hand(draft, to);
    expect(answer.status, answer.text).toBe(422);
    return answer.body.errors
      .map((fault: { pointer: string; detail: string }) => `${fault.pointer} ${fault.detail}`)
      .join();
  };
  const NOBODY = "/to is neither the id of a key of this house nor the name of one that is in force";
  for (const nobody of ["0".repeat(12), "Không Ai", "minh"]) expect(await refused(nobody)).toBe(NOBODY);
  expect(await refused(guest.id)).toBe("/to is a key that has expired");
  expect(await refused(sport.id)).toBe("/to is a key that may not write to the section thoi-su");
  expect(await refused("Khách")).toBe(NOBODY);
  expect(await refused("Thể thao")).toBe("/to is a key that may not write to the section thoi-su");
  expect(await refused(undefined)).toBe("/to is needed");
  expect(await refused("")).toBe("/to must not be empty");
  expect(await statusFor(lan, draft.body.id)).toEqual([200, 200]);
});

test("a key is known by its name as well, as long as it is the only one in force that bears it", async () => {
  const soon = new Date(house.clock.now() + 60_000).toISOString();
  await made({ name: "Phạm Thị Hoà", role: "reporter", expiresAt: soon });
  await house.clock.move(61_000);
  const hoa = await made({ name: "Phạm Thị Hoà", role: "reporter" });
  const draft = await draftOf(lan);
  // As a keyboard writes it that composes nothing.
  const given = await hand(draft, ` ${"Phạm Thị Hoà".normalize("NFD")}\n`);
  expect(given.status, given.text).toBe(200);
  expect(given.body.owner).toEqual({ key: hoa.id, name: "Phạm Thị Hoà" });
  expect(await statusFor(hoa, draft.body.id)).toEqual([200, 200]);

  const other = await made({ name: "Phạm Thị Hoà", role: "editor" });
  const refused = await hand(await draftOf(lan), "Phạm Thị Hoà");
  expect(refused.status).toBe(422);
  const [{ pointer, detail }] = refused.body.errors;
  expect(pointer).toBe("/to");
  for (const { id } of [hoa, other]) expect(detail).toContain(id);
  expect(detail).toMatch(/^is the name of several keys: give the id of one, /);
  // A name that looks like an id is a name, unless a key has that id.
  const odd = await made({ name: "NguyenVanAn1", role: "reporter" });
  expect((await hand(await draftOf(lan), "NguyenVanAn1")).body.owner.key).toBe(odd.id);
});
