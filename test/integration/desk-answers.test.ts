import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Desk, deskOf, FAR } from "../fixtures/desk.ts";
import { type Answer, type Json, story, testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
let desk: Desk;
beforeAll(async () => {
  house = await testHouse();
  desk = await deskOf(house);
});
afterAll(() => house.close());

const done = (answer: Answer): Answer => {
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer;
};
const faults = (answer: Answer): string[] => {
  expect(answer.status, answer.text).toBe(422);
  return answer.body.errors.map((fault: Json) => `${fault.pointer} ${fault.detail}`);
};
const etag = (answer: Answer): string => answer.headers.get("etag") ?? "";
/** Edits of a story, one after the other; the answer is the last one's. */
const edited = async (over: Answer, ...patches: Record<string, unknown>[]): Promise<Answer> => {
  let last = over;
  for (const patch of patches) last = done(await desk.edit("editor", last, patch));
  return last;
};

describe("a correction after edits", () => {
  const FIX = { note: "Đính chính.", patch: { standfirst: "Câu đúng." } };

  test("that were taken back by hand is made, on the newest revision", async () => {
    const live = await desk.storyIn("published", { kicker: "Cũ:" });
    const back = await edited(live, { kicker: "Mới:" }, { kicker: "Cũ:" });
    expect(back.body).toMatchObject({ revision: 3, publishedRevision: 1 });
    expect(done(await desk.move("editor", back, "correct", FIX)).body).toMatchObject({
      publishedRevision: 4,
      revision: 4,
      standfirst: "Câu đúng.",
      corrections: [{ note: "Đính chính." }],
    });
  });

  test("that were restored away is made as well, and may be a note alone", async () => {
    const live = await desk.storyIn("published");
    const changed = await edited(live, { kicker: "Mới:" }, { embargoUntil: FAR });
    const restored = done(await desk.move("editor", changed, "restore", { revision: 1 }));
    expect(faults(await desk.move("editor", restored, "correct", FIX))).toEqual([
      "/patch/embargoUntil lies ahead, and the story is public already: withdraw it instead",
    ]);
    const noted = await desk.move("editor", restored, "correct", { note: "Lời.", patch: { embargoUntil: null } });
    expect(done(noted).body).toMatchObject({ status: "published", corrections: [{ note: "Lời." }] });
    expect(noted.body.publishedRevision).toBe(noted.body.revision);
  });

  test("that stand is 409, names each revision, and says what helps; that helps", async () => {
    const live = await desk.storyIn("published");
    const one = await edited(live, { kicker: "Một:" });
    expect((await desk.move("editor", one, "correct", FIX)).body).toMatchObject({
      status: 409,
      detail: "Revision 2 is not published yet, and readers see 1: publish it, or restore revision 1 first.",
    });
    const three = await edited(one, { kicker: "Hai:" }, { kicker: "Ba:" });
    expect((await desk.move("editor", three, "correct", FIX)).body).toMatchObject({
      status: 409,
      detail:
        "Revisions 2, 3 and 4 are not published yet, and readers see 1: publish them, or restore revision 1 first.",
    });
    const many = await edited(three, ...Array.from({ length: 9 }, (_, n) => ({ kicker: `Lần ${n}:` })));
    expect((await desk.move("editor", many, "correct", FIX)).body.detail).toMatch(/^Revisions 2 to 13 are /);
    const restored = done(await desk.move("editor", many, "restore", { revision: 1 }));
    done(await desk.move("editor", restored, "correct", FIX));
  });

  test("past the most there may be is a fault of the note's, and no field's", async () => {
    let last = await desk.storyIn("published");
    for (let n = 0; n < 20; n++) last = done(await desk.move("editor", last, "correct", { note: `${n}`, patch: {} }));
    expect(faults(await desk.move("editor", last, "correct", { note: "21", patch: { kicker: "A:" } }))).toEqual([
      "/note a story is corrected at most 20 times",
    ]);
    expect(faults(await desk.move("editor", last, "correct", { patch: { section: "khong-co" } }))[0]).toBe(
      "/note is needed",
    );
  }, 60_000);

  test("says of a field that is wrong where it was sent", async () => {
    const live = await desk.storyIn("published");
    const refused = await desk.move("editor", live, "correct", { note: "Sai mục.", patch: { headline: null } });
    expect(faults(refused)).toEqual(["/patch/headline is needed to publish"]);
  });
});

describe("an Idempotency-Key of a move", () => {
  const headers = { "idempotency-key": "mot-lan" };
  const ONE = { series: { slug: "ven-song", title: "Ven sông", part: 1 } };

  test("answers a retry though what was asked fits the story no longer", async () => {
    const live = await desk.storyIn("published", ONE);
    const body = { note: "Kỳ hai.", patch: { series: { part: 2 } } };
    const first = done(await desk.move("editor", live, "correct", body, { headers }));
    const without = await edited(first, { series: null });
    const again = done(await desk.move("editor", live, "correct", { patch: body.patch, note: body.note }, { headers }));
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.body).toEqual(without.body);
    // Without the record it would be refused: with all that is wrong, under a fresh key too.
    const fresh = { headers: { "idempotency-key": "lan-khac" } };
    const refused = await desk.move("editor", without, "correct", { ...body, note: "", colour: "red" }, fresh);
    const pointers = new Set(faults(refused).map((fault) => fault.split(" ")[0]));
    expect(pointers).toEqual(new Set(["/colour", "/note", "/patch/series/slug", "/patch/series/title"]));
    const other = await desk.move("editor", without, "correct", { ...body, note: "Khác." }, { headers });
    expect([other.status, other.body.type]).toEqual([422, "urn:broadsheet:problem:key-reused"]);
    // One that is sound in no state is another submission, too.
    const broken = await desk.move("editor", without, "correct", { note: 5 }, { headers });
    expect(broken.body.type).toBe("urn:broadsheet:problem:key-reused");
  });

  test("answers nobody who may not make the move, or not see the story", async () => {
    const draft = await desk.storyIn("draft");
    done(await desk.move("owner", draft, "submit", {}, { headers }));
    done(await desk.move("editor", await desk.get(draft), "handover", { to: "Người khác" }));
    expect((await desk.move("owner", draft, "submit", {}, { headers })).status).toBe(404);
    const other = await desk.storyIn("draft");
    done(await desk.move("owner", other, "submit", {}, { headers }));
    const up = done(await desk.move("editor", await desk.get(other), "publish"));
    done(await desk.move("editor", up, "handover", { to: "Người khác" }));
    expect((await desk.move("owner", other, "submit", {}, { headers })).status).toBe(403);
  });

  test("answers a preview's retry after the story was withdrawn, without the link; a fresh one is 409", async () => {
    const live = await desk.storyIn("published");
    const preview = (key: string, body: unknown = { ttl: 60 }): Promise<Answer> =>
      desk.ask("editor", "POST", `/articles/${live.body.id}/previews`, { headers: { "idempotency-key": key }, body });
    const first = done(await preview("link"));
    done(await desk.move("editor", live, "withdraw", { mode: "gone", reason: "Sai." }));
    const again = await preview("link");
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
    expect(again.body).toEqual({ revision: 1, expiresAt: first.body.expiresAt });
    expect((await preview("link", { ttl: "x" })).body.type).toBe("urn:broadsheet:problem:key-reused");
    expect((await preview("fresh")).status).toBe(409);
  });
});

describe("whose a story is", () => {
  test("is told once it was handed over, to whoever sees its newest revision", async () => {
    const sent = done(
      await desk.ask("owner", "POST", "/articles", { body: story({ status: "draft", headline: "Của tôi" }) }),
    );
    expect(sent.body).not.toHaveProperty("owner");
    expect((await desk.get(sent, "owner")).body).toEqual(sent.body);
    const given = done(await desk.move("editor", sent, "handover", { to: " Người  khác " }));
    expect(given.body.owner).toEqual({ key: expect.stringMatching(/^[0-9A-Za-z]{12}$/), name: "Người khác" });
    const up = done(await desk.move("editor", given, "publish"));
    expect((await desk.get(up, "other")).body.owner).toEqual(given.body.owner);
    expect((await desk.get(up, "owner")).body).not.toHaveProperty("owner");
  });
});

describe("characters taken out of a move's own words", () => {
  test("are named in its answer, and that of its dry run, and in no other", async () => {
    const named = ({ body }: Answer): string[] => body.warnings.map((one: Json) => `${one.code} ${one.pointer}`);
    const submitted = await desk.storyIn("in-review");
    const note = "Thiếu\u202E nguồn\u0007.";
    for (const query of ["?dryRun=1", ""]) {
      const rejected = done(await desk.move("editor", submitted, `reject${query}`, { note }));
      expect(named(rejected)).toEqual(["removed-characters /note"]);
      expect(rejected.body.note).toBe("Thiếu nguồn.");
    }
    expect(named(await desk.get(submitted))).toEqual([]);

    const live = await desk.storyIn("published");
    const fixed = done(await desk.move("editor", live, "correct", { note, patch: { kicker: "A\u202E:" } }));
    expect(named(fixed)).toEqual(["removed-characters /kicker", "removed-characters /note"]);
    const read = await desk.get(live);
    expect(named(read)).toEqual(["removed-characters /kicker"]);
    const words = { mode: "notice", reason: "Sai\u202E.", notice: "Đã gỡ\u202E." };
    expect(named(done(await desk.move("editor", read, "withdraw", words)))).toEqual([
      "removed-characters /kicker",
      "removed-characters /reason",
      "removed-characters /notice",
    ]);
    expect(named(await desk.get(live))).toEqual(["removed-characters /kicker"]);
  });
});

describe("fields with members of their own", () => {
  const copy = "Tít của bài\n\nMột đoạn văn đủ dài để thành bài, có dấu chấm cuối câu.";
  const SERIES = { slug: "ven-song", title: "Ven sông", part: 2 };
  const form = async (parts: Record<string, string>): Promise<Answer> => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ article: copy, ...parts })) body.set(name, value);
    const request = new Response(body);
    const type = request.headers.get("content-type") ?? "";
    return house.call("POST", "/articles", { type, body: new Uint8Array(await request.arrayBuffer()) });
  };
  const query = (fields: Record<string, string>): Promise<Answer> =>
    house.call("POST", `/articles?${new URLSearchParams(fields).toString()}`, { type: "text/plain", body: copy });

  test.each([
    ["parts of a form", form],
    ["query parameters", query],
  ])("are JSON as %s", async (_, send) => {
    const sent = await send({ series: JSON.stringify(SERIES), seo: '{"title": "Tít\\u202E máy"}' });
    expect(done(sent).body).toMatchObject({ series: SERIES, seo: { title: "Tít máy" } });
    expect(sent.body.warnings).toContainEqual(
      expect.objectContaining({ code: "removed-characters", pointer: "/seo/title" }),
    );
    const deep = `${"[".repeat(2000)}${"]".repeat(2000)}`;
    const refused = await send({
      series: "ven-song",
      seo: '{"title": 5, "colour": "red", "__proto__": {}}',
      leadImage: deep,
      section: "khong-co",
    });
    expect(faults(refused).sort()).toEqual(
      [
        "/leadImage nests deeper than 30 levels",
        "/section is no section of this site; there are: thoi-su, chinh-tri, kinh-te, van-hoa, the-thao",
        "/seo/__proto__ is an unknown field",
        "/seo/colour is an unknown field",
        "/seo/title must be text",
        "/series is not JSON",
      ].sort(),
    );
    expect(faults(await send({ series: '"ven-song"', seo: '{"title": "\\ud800"}' }))).toEqual([
      expect.stringMatching(/^\/seo\/title is not well-formed Unicode/),
      "/series must be an object",
    ]);
  });
});

describe("what answers say", () => {
  test("of a member that is missing, and of one that is of another kind", async () => {
    const live = await desk.storyIn("published");
    const ask = async (move: string, body: unknown): Promise<string[]> =>
      faults(await desk.move("editor", live, move, body));
    expect(await ask("correct", {})).toEqual(["/note is needed", "/patch is needed"]);
    expect(await ask("correct", { note: 5, patch: [] })).toEqual(["/note must be text", "/patch must be an object"]);
    expect(await ask("withdraw", {})).toEqual(["/mode is needed: gone, notice or redirect", "/reason is needed"]);
    expect(await ask("withdraw", { mode: "away", reason: "Sai." })).toEqual(["/mode must be gone, notice or redirect"]);
    expect(await ask("restore", { revision: 1.5 })).toEqual(["/revision must be a whole number"]);
    expect(await ask("restore", {})).toEqual(["/revision is needed"]);
    expect(faults(await house.call("POST", "/keys", { key: house.adminKey, body: {} }))).toEqual([
      "/name is needed",
      "/role is needed: reporter, editor or admin",
    ]);
  });

  test("of times is in the site's zone", async () => {
    const held = await desk.storyIn("draft", { embargoUntil: "2998-12-31T18:00:00Z" });
    const barred = await desk.move("editor", held, "publish");
    expect([barred.status, barred.body.detail]).toEqual([
      409,
      expect.stringMatching(/^The story is under embargo until 2999-01-01T01:00:00\+07:00; /),
    ]);
    const scheduled = await desk.storyIn("scheduled");
    expect(faults(await desk.edit("editor", scheduled, { embargoUntil: "2999-06-01" }))).toEqual([
      "/embargoUntil lies after the time that the story is scheduled for, 2999-01-01T07:00:00+07:00: unschedule it first",
    ]);
  });

  test("of a story that is scheduled already is what to do first", async () => {
    const scheduled = await desk.storyIn("scheduled");
    const again = await desk.move("editor", scheduled, "publish", { at: "2999-02-01T00:00:00Z" });
    expect(again.body).toMatchObject({
      status: 409,
      detail: "A story that is scheduled cannot be scheduled again: unschedule it first.",
    });
    expect(again.body.moves).toContain("unschedule");
  });
});

describe.each(["/site/lead", "/sections/thoi-su/lead"])("the version of %s", (path) => {
  const put = (articles: string[], headers: Record<string, string> = {}, until?: string): Promise<Answer> =>
    house.call("PUT", path, {
      headers,
      body: { items: articles.map((article) => ({ article, ...(until === undefined ? {} : { until }) })) },
    });
  const get = (headers: Record<string, string> = {}): Promise<Answer> => house.call("GET", path, { headers });

  test("is its ETag, that spares who knows it, and that a change may hang on", async () => {
    const [a, b] = [(await desk.storyIn("published")).body.id, (await desk.storyIn("published")).body.id];
    const empty = done(await get());
    expect([etag(empty), empty.body]).toEqual(['"p0"', { items: [] }]);
    const first = done(await put([a], { "if-match": etag(empty) }));
    expect(etag(first)).toBe('"p1"');
    const read = await get();
    expect([etag(read), read.body]).toEqual([etag(first), first.body]);
    const same = await get({ "if-none-match": `"x", W/${etag(first)}` });
    expect([same.status, same.text, etag(same)]).toEqual([304, "", '"p1"']);

    const stale = await put([b, "no id"], { "if-match": etag(empty) });
    expect([stale.status, stale.body.current]).toEqual([412, read.body]);
    expect((await get()).body).toEqual(read.body);
    const dry = await house.call("PUT", `${path}?dryRun=1`, { headers: { "if-match": '"p0"' }, body: { items: [] } });
    expect(dry.status).toBe(412);
    expect(etag(done(await put([a], { "if-match": "*" })))).toBe('"p1"');
    expect(etag(done(await put([b, a])))).toBe('"p2"');
    expect((await get({ "if-none-match": '"p1"' })).status).toBe(200);

    const [one, two] = await Promise.all([put([a], { "if-match": '"p2"' }), put([b], { "if-match": '"p2"' })]);
    expect(new Set([one.status, two.status])).toEqual(new Set([200, 412]));
  });

  test("is another, and the story gone, once a pin's time is up, before anything has swept it away", async () => {
    const [a, b] = [(await desk.storyIn("published")).body.id, (await desk.storyIn("published")).body.id];
    const until = new Date(house.clock.now() + 60_000).toISOString();
    const items = [{ article: a, until }, { article: b }];
    const set = done(await house.call("PUT", path, { body: { items } }));
    await house.clock.move(61_000);
    const later = await get({ "if-none-match": etag(set) });
    const sweeping = house.sweep();
    expect([later.status, later.body]).toEqual([200, { items: [{ article: b }] }]);
    expect((await put([b], { "if-match": etag(set) })).body.current).toEqual({ items: [{ article: b }] });
    // The sweep changes nothing that anybody has seen.
    await sweeping;
    expect((await get({ "if-none-match": etag(later) })).status).toBe(304);
    done(await put([a, b], { "if-match": etag(later) }));
    expect((await get()).body.items).toHaveLength(2);
  });
});
