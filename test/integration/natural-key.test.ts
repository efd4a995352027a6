import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { photo } from "../fixtures/pictures.ts";
import { type Answer, type Json, type Request, story, testHouse, type TestHouse } from "../house.ts";
import { fileForm, formOf } from "../pictures.ts";

let house: TestHouse;
/** An editor's key of the agency's tool, and of a reporter's. */
const keys = { wire: "", freelancer: "" };
beforeAll(async () => {
  house = await testHouse();
  const made = async (body: Record<string, unknown>): Promise<string> =>
    (await house.call("POST", "/keys", { key: house.adminKey, body })).body.token;
  keys.wire = await made({ name: "Dây tin", role: "editor" });
  keys.freelancer = await made({ name: "Cộng tác viên", role: "reporter" });
});
afterAll(() => house.close());

let count = 0;
const fresh = (): { source: string; externalId: string } => ({ source: "TTXVN", externalId: `tin/${count++}` });
const send = (body: Record<string, unknown>, more: Request = {}): Promise<Answer> =>
  house.call("POST", "/articles", { key: keys.wire, body: story(body), ...more });
const get = (id: string): Promise<Answer> => house.call("GET", `/articles/${id}`);
const patch = async (id: string, body: unknown, more: Request = {}): Promise<Answer> =>
  house.call("PATCH", `/articles/${id}`, {
    ...more,
    body,
    headers: { "if-match": (await get(id)).headers.get("etag") ?? "" },
  });
const move = async (id: string, name: string, body: unknown = {}): Promise<Answer> =>
  house.call("POST", `/articles/${id}/${name}`, {
    body,
    headers: { "if-match": (await get(id)).headers.get("etag") ?? "" },
  });
const codes = (answer: Answer): string[] => answer.body.warnings.map((one: Json) => one.code);
const seen = async (answer: Answer): Promise<string> => {
  await house.quiet();
  return (await house.origin(new URL(answer.body.url).pathname)) ?? "";
};
const all = async (source: string): Promise<Json[]> =>
  (await house.call("GET", `/articles?source=${source}&limit=100`)).body.items;

describe("a second submission under the same source and externalId", () => {
  test("updates the article: 200, its Location, the article as a PATCH would answer", async () => {
    const pair = fresh();
    const first = await send({ ...pair, status: "draft", tags: ["chợ"] });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ ...pair, revision: 1 });
    const second = await send({ ...pair, status: "draft", headline: "Chợ phiên dời sang chiều" });
    expect(second.status).toBe(200);
    expect(second.headers.get("location")).toBe(`/articles/${first.body.id}`);
    expect(second.headers.get("etag")).toBe('"s2"');
    expect(second.body).toMatchObject({
      ...pair,
      id: first.body.id,
      revision: 2,
      seq: 2,
      headline: "Chợ phiên dời sang chiều",
    });
    // What a submission does not name is gone: it is the whole of what the source says.
    expect(second.body.tags).toEqual([]);
    expect(second.body).toEqual((await house.call("GET", `/articles/${first.body.id}`, { key: keys.wire })).body);
    const again = await send({ ...pair, status: "draft", headline: "Chợ phiên dời sang chiều" });
    expect(again.status).toBe(200);
    expect(again.body).toEqual(second.body);
  });

  test("with status=published is published at once, in one step; private without", async () => {
    const pair = fresh();
    const first = await send({ ...pair, headline: "Bản một" });
    const second = await send({ ...pair, headline: "Bản hai", status: "draft" });
    expect(second.body).toMatchObject({ status: "published", revision: 2, publishedRevision: 1 });
    expect(await seen(first)).toContain("Bản một");
    const third = await send({ ...pair, headline: "Bản ba" }, { headers: { prefer: "wait=10" } });
    expect(third.body).toMatchObject({ status: "published", revision: 3, publishedRevision: 3, seq: 3 });
    expect(third.body.live.state).toBe("live");
    expect(await seen(first)).toContain("Bản ba");
    // The draft that is sent again, now to be seen.
    const other = fresh();
    const draft = await send({ ...other, status: "draft" });
    const up = await send(other);
    expect(up.body).toMatchObject({
      id: draft.body.id,
      status: "published",
      revision: 1,
      publishedRevision: 1,
      seq: 2,
    });
  });

  test("leaves a story in its section when it names none", async () => {
    const pair = fresh();
    const first = await send(pair);
    const second = await send({ ...pair, section: undefined, headline: "Không mục" });
    expect(second.status, second.text).toBe(200);
    expect(second.body).toMatchObject({ section: "thoi-su", status: "published", publishedRevision: 2 });
    expect(codes(second)).toEqual([]);
    expect(second.body.url).toBe(first.body.url);
  });

  test("is refused whole with everything that is wrong, and kept nothing of", async () => {
    const pair = fresh();
    const first = await send(pair);
    const refused = await send({ ...pair, headline: "", section: "khong-co", body: [] });
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map((fault: Json) => fault.pointer).sort()).toEqual(["/section"]);
    const lacking = await send({ ...pair, headline: "", body: [] });
    expect(lacking.body.errors.map((fault: Json) => fault.pointer).sort()).toEqual(["/body", "/headline"]);
    expect((await get(first.body.id)).body).toMatchObject({ seq: 1, revision: 1 });
    const dry = await house.call("POST", "/articles?dryRun=1", {
      key: keys.wire,
      body: story({ ...pair, headline: "Thử" }),
    });
    expect(dry.body).toMatchObject({ id: first.body.id, headline: "Thử", revision: 2 });
    expect((await get(first.body.id)).body.seq).toBe(1);
  });
});

test("twenty twins at the same moment make one article, whose contents are all one", async () => {
  for (let round = 0; round < 3; round++) {
    const pair = fresh();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(pair)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([...Array(19).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await get(answers[0]?.body.id)).body).toMatchObject({ seq: 1, revision: 1 });
    expect((await all(pair.source)).filter((item) => item.externalId === pair.externalId)).toHaveLength(1);
  }
});

test("twenty different versions at the same moment make one article with twenty revisions", async () => {
  const pair = fresh();
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => send({ ...pair, headline: `Bản ${n}` })));
  const statuses = answers.map(({ status }) => status);
  // So many writers at one article may be asked to come again; whoever was told yes was kept.
  const kept = statuses.filter((status) => status < 300).length;
  expect(statuses.filter((status) => status !== 503 && status !== 200 && status !== 201)).toEqual([]);
  expect(new Set(answers.filter(({ status }) => status < 300).map(({ body }) => body.id)).size).toBe(1);
  const id = answers.find(({ status }) => status === 201)?.body.id;
  expect((await get(id)).body).toMatchObject({ revision: kept, publishedRevision: kept });
});

describe("when another key has edited since", () => {
  test("what the source sends is kept as an unpublished revision, and the answer says so, until an editor publishes it", async () => {
    const pair = fresh();
    const { body } = await send({ ...pair, headline: "Bản của nguồn" });
    await patch(body.id, { headline: "Bản đã sửa" });
    await move(body.id, "publish");
    const second = await send({ ...pair, headline: "Bản mới của nguồn" });
    expect(second.status).toBe(200);
    expect(codes(second)).toEqual(["edited-since"]);
    expect(second.body).toMatchObject({
      status: "published",
      revision: 3,
      publishedRevision: 2,
      headline: "Bản mới của nguồn",
    });
    expect(await seen(second)).toContain("Bản đã sửa");
    // Nobody has taken it over yet: the next one waits as well.
    const third = await send({ ...pair, headline: "Bản mới hơn" });
    expect(codes(third)).toEqual(["edited-since"]);
    expect(third.body).toMatchObject({ revision: 4, publishedRevision: 2 });
    expect(codes(await get(body.id))).toEqual(["edited-since"]);
    const taken = await move(body.id, "publish");
    expect(taken.body).toMatchObject({ publishedRevision: 4, warnings: [] });
    const fourth = await send({ ...pair, headline: "Bản sau nữa" });
    expect(codes(fourth)).toEqual([]);
    expect(fourth.body).toMatchObject({ revision: 5, publishedRevision: 5 });
  });

  test("the same words sent again are no news: no revision, and the edit stands", async () => {
    const pair = fresh();
    const { body } = await send(pair);
    await patch(body.id, { kicker: "Hải Phòng:" });
    const again = await send(pair);
    expect(codes(again)).toEqual(["edited-since"]);
    expect(again.body).toMatchObject({ revision: 2, publishedRevision: 1, kicker: "Hải Phòng:" });
    const before = (await get(body.id)).body;
    await send(pair);
    expect((await get(body.id)).body).toEqual(before);
  });

  test("an edit by the source's own key is none of another, and a move is no edit", async () => {
    const pair = fresh();
    const { body } = await send({ ...pair, status: "draft" });
    await patch(body.id, { kicker: "Sửa:" }, { key: keys.wire });
    await move(body.id, "submit");
    const second = await send({ ...pair, headline: "Bản hai" });
    expect(codes(second)).toEqual([]);
    expect(second.body).toMatchObject({ status: "published", publishedRevision: 3 });
  });

  test("neither a withdrawal nor a schedule is undone", async () => {
    const pair = fresh();
    const { body } = await send({ ...pair, headline: "Bản một" });
    await house.quiet();
    await move(body.id, "withdraw", { mode: "gone", reason: "Sai." });
    for (const headline of ["Bản một", "Bản hai"]) {
      const later = await send({ ...pair, headline });
      expect(later.status).toBe(200);
      expect(later.body.status).toBe("withdrawn");
      expect(codes(later)).toEqual(["withdrawn-since"]);
    }
    await house.quiet();
    expect((await house.read(new URL(body.url).pathname)).status).toBe(410);

    const other = fresh();
    const draft = await send({ ...other, status: "draft", headline: "Bản hẹn" });
    const at = new Date(house.clock.now() + 3_600_000).toISOString();
    expect((await move(draft.body.id, "publish", { at })).body.status).toBe("scheduled");
    const changed = await send({ ...other, headline: "Bản khác" });
    expect(changed.body).toMatchObject({ status: "scheduled", scheduledRevision: 1, revision: 2 });
    expect(codes(changed)).toEqual(["scheduled"]);
  });
});

describe("who may", () => {
  test("only who may edit the article: another reporter's key is refused, and told no more", async () => {
    const pair = fresh();
    const filed = await send({ ...pair, status: "draft", headline: "Bản kín" }, { key: house.reporterKey });
    expect(filed.status).toBe(201);
    const foreign = await send({ ...pair, status: "draft" }, { key: keys.freelancer });
    expect(foreign.status).toBe(403);
    expect(foreign.text).not.toContain("Bản kín");
    expect(foreign.text).not.toContain(filed.body.id);
    const own = await send({ ...pair, status: "draft", headline: "Bản hai" }, { key: house.reporterKey });
    expect(own.status).toBe(200);
    expect((await send(pair, { key: house.reporterKey })).status).toBe(403);
    expect((await get(filed.body.id)).body).toMatchObject({ revision: 2, headline: "Bản hai" });
    // A desk's key may: it is the source's from then on.
    expect((await send({ ...pair, headline: "Bản ba" })).body).toMatchObject({
      id: filed.body.id,
      publishedRevision: 3,
    });
  });

  test("a key of some sections updates stories of these alone", async () => {
    const pair = fresh();
    await send({ ...pair, section: "kinh-te" });
    const key = (
      await house.call("POST", "/keys", {
        key: house.adminKey,
        body: { name: "Thể thao", role: "editor", sections: ["the-thao"] },
      })
    ).body.token;
    expect((await send({ ...pair, section: "the-thao", headline: "Khác" }, { key })).status).toBe(403);
  });
});

describe("the pair", () => {
  test("comes whole or not at all, is cleaned like any line, and is looked up as it is kept", async () => {
    const half = await send({ source: "TTXVN" });
    expect(half.body.errors).toEqual([{ pointer: "/externalId", detail: "is needed with source" }]);
    const other = await send({ externalId: "x", source: " " });
    expect(other.body.errors).toEqual([{ pointer: "/source", detail: "is needed with externalId" }]);
    const long = await send({ source: "x".repeat(301), externalId: "y" });
    expect(long.body.errors.map((fault: Json) => fault.pointer)).toEqual(["/source"]);
    const pair = fresh();
    const first = await send({ source: "  Báo   cũ ", externalId: ` ${pair.externalId}` });
    expect(first.body).toMatchObject({ source: "Báo cũ", externalId: pair.externalId });
    const second = await send({ source: "Báo cũ".normalize("NFD"), externalId: pair.externalId, headline: "Hai" });
    expect(second.body.id).toBe(first.body.id);
    // Told apart where one ends and the other begins.
    const [a, b] = [await send({ source: "a", externalId: "b c" }), await send({ source: "a b", externalId: "c" })];
    expect([a.status, b.status]).toEqual([201, 201]);
    expect(await all("Báo%20cũ")).toMatchObject([{ id: first.body.id }]);
  });

  test("is set once: no PATCH, correction or restored revision changes it", async () => {
    const pair = fresh();
    const { body } = await send(pair);
    const plain = await send({});
    for (const [id, change] of [
      [body.id, { source: "Khác" }],
      [body.id, { externalId: "khác" }],
      [body.id, { source: null, externalId: null }],
      [plain.body.id, fresh()],
    ] as const) {
      const refused = await patch(id, change);
      expect(refused.status).toBe(422);
      expect(refused.body.errors.map((fault: Json) => fault.pointer)).toEqual(
        Object.keys(change).map((name) => `/${name}`),
      );
      const note = "Sửa nguồn.";
      expect((await move(id, "correct", { note, patch: change })).status).toBe(422);
    }
    expect((await patch(body.id, { ...pair, kicker: "Được:" })).status).toBe(200);
  });
});

test("an Idempotency-Key goes before: the same answer for the same use, made or updated, and no second revision", async () => {
  const pair = fresh();
  const first = { headers: { "idempotency-key": "n-1" } };
  const made = await send({ ...pair, headline: "Một" }, first);
  const second = { headers: { "idempotency-key": "n-2" } };
  const updated = await send({ ...pair, headline: "Hai" }, second);
  expect([made.status, updated.status]).toEqual([201, 200]);
  for (const [headline, use, status] of [
    ["Một", first, 201],
    ["Hai", second, 200],
  ] as const) {
    const again = await send({ ...pair, headline }, use);
    expect(again.status).toBe(status);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.headers.get("location")).toBe(`/articles/${made.body.id}`);
    expect(again.body).toMatchObject({ headline: "Hai", revision: 2 });
  }
  expect((await send({ ...pair, headline: "Ba" }, second)).status).toBe(422);
  // Twins under one key: one update, and the same answer.
  const third = { headers: { "idempotency-key": "n-3" } };
  const twins = await Promise.all(Array.from({ length: 5 }, () => send({ ...pair, headline: "Bốn" }, third)));
  expect(twins.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect((await get(made.body.id)).body).toMatchObject({ revision: 3, headline: "Bốn" });
});

test("copy with photos is updated like any other: the same photos are no news, others are", async () => {
  const pair = fresh();
  const copy = ["Tin có ảnh", "Sáng nay chợ họp lại bên sông.", "Chợ phiên. Ảnh: PV", "Người mua đông."].join("\n\n");
  const [one, two] = await Promise.all([
    photo({ width: 640, height: 480, seed: 71 }),
    photo({ width: 640, height: 480, seed: 72 }),
  ]);
  const post = (picture: Buffer): Promise<Answer> =>
    fileForm(
      house,
      formOf({ text: copy, type: "text/plain" }, [new Uint8Array(picture)], { ...pair, section: "thoi-su" }),
      {
        key: keys.wire,
      },
    );
  const first = await post(one);
  expect(first.status, first.text).toBe(201);
  const same = await post(one);
  expect([same.status, same.body.revision]).toEqual([200, 1]);
  const other = await post(two);
  expect([other.status, other.body.id, other.body.revision]).toEqual([200, first.body.id, 2]);
  const image = (answer: Answer): string => answer.body.body.find((block: Json) => block._type === "figure").image;
  expect(image(other)).not.toBe(image(first));
  const plain = await house.call("POST", `/articles?source=${pair.source}&externalId=${pair.externalId}`, {
    key: keys.wire,
    body: "Tin không ảnh\n\nSáng nay chợ họp.\n\nHết tin.",
    type: "text/plain",
  });
  expect([plain.status, plain.body.id, plain.body.revision]).toEqual([200, first.body.id, 3]);
});
