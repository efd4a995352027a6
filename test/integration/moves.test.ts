import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STATUSES, type Status } from "../../shared/domain/article.ts";
import { type Desk, deskOf, FAR, PEOPLE, type Person } from "../fixtures/desk.ts";
import { type Dump, dumpedHouse } from "../dump.ts";
import { type Answer, type Json, type Request, story, type TestHouse } from "../house.ts";

let house: TestHouse;
let dump: () => Promise<Dump>;
let desk: Desk;
beforeAll(async () => {
  ({ house, dump } = await dumpedHouse());
  desk = await deskOf(house);
});
afterAll(() => house.close());

const REASON = "Nguồn tin rút lời, thư riêng ngày 7/10.";
const GONE = { mode: "gone", reason: REASON };
const CORRECTION = { note: "Đính chính tít.", patch: { headline: "Tít đã sửa đúng" } };
const NO_STORY = { id: "01ARZ3NDEKTSV4RRFFQ69G5FAV" };
const pathOf = (answer: Answer): string => new URL(answer.body.url).pathname;
const pointers = (answer: Answer): string[] => (answer.body.errors ?? []).map((one: Json) => one.pointer).sort();

/** Each move: how it is asked, and where it leads an editor from each state that it is possible in. */
const MOVES: Record<string, { path?: string; body?: unknown; leads: Partial<Record<Status, Status>> }> = {
  edit: {
    body: { headline: "Tít khác" },
    leads: {
      draft: "draft",
      "in-review": "in-review",
      approved: "draft",
      scheduled: "scheduled",
      published: "published",
      withdrawn: "withdrawn",
    },
  },
  submit: { path: "submit", leads: { draft: "in-review" } },
  approve: { path: "approve", leads: { "in-review": "approved" } },
  reject: { path: "reject", body: { note: "Thiếu nguồn." }, leads: { "in-review": "draft", approved: "draft" } },
  publish: { path: "publish", leads: Object.fromEntries(STATUSES.map((status) => [status, "published"])) },
  schedule: {
    path: "publish",
    body: { at: FAR },
    leads: { draft: "scheduled", "in-review": "scheduled", approved: "scheduled" },
  },
  unschedule: { path: "unschedule", leads: { scheduled: "approved" } },
  correct: { path: "correct", body: CORRECTION, leads: { published: "published" } },
  withdraw: { path: "withdraw", body: GONE, leads: { published: "withdrawn" } },
};
const OWNERS = ["edit", "submit"];

type Expected = { status: number; becomes?: Status | undefined };
const expectedOf = (who: Person, move: string, status: Status): Expected => {
  if (who === "other") return { status: status === "published" ? 403 : 404 };
  if (who === "owner" && !OWNERS.includes(move)) return { status: 403 };
  const becomes = MOVES[move]?.leads[status];
  if (becomes === undefined) return { status: 409 };
  return { status: 200, becomes: who === "owner" && move === "edit" && status === "in-review" ? "draft" : becomes };
};
/** What an answer's `moves` has to say: restoring is as editing, and whose a story is the desk may always say. */
const movesFor = (who: Person, status: Status): string[] => [
  ...Object.keys(MOVES).filter((move) => expectedOf(who, move, status).status === 200),
  "restore",
  ...(who === "owner" ? [] : ["handover"]),
];

const ask = (who: Person, over: Answer, move: string, query = "", more: Request = {}): Promise<Answer> => {
  const { path, body } = MOVES[move] ?? {};
  return path === undefined
    ? desk.ask(who, "PATCH", `/articles/${over.body.id}${query}`, { over, body, ...more })
    : desk.move(who, over, `${path}${query}`, body, more);
};

type Case = { who: Person; move: string; status: Status; expected: Expected };

/** The article stays as it is, and the answer says what could be done to it instead. */
const expectRefused = async ({ who, move, status, expected }: Case, over: Answer): Promise<void> => {
  const tried = await ask(who, over, move, "?dryRun=1");
  const answer = await ask(who, over, move);
  expect([answer.status, tried.status], `${move}: ${answer.text}`).toEqual([expected.status, expected.status]);
  expect(answer.body.moves, move).toEqual(expected.status === 409 ? movesFor(who, status) : undefined);
  expect(tried.body, move).toEqual(answer.body);
  expect((await desk.get(over)).body).toEqual(over.body);
};

/** The dry run says what would be, and changes nothing; the move itself leads there, and is what GET shows. */
const expectDone = async ({ who, move, status, expected }: Case, over: Answer): Promise<void> => {
  const tried = await ask(who, over, move, "?dryRun=1");
  expect((await desk.get(over)).body).toEqual(over.body);
  const answer = await ask(who, over, move);
  // What readers see already is published as it stands.
  const seq = over.body.seq + (status === "published" && move === "publish" ? 0 : 1);
  for (const { status: is, body } of [tried, answer])
    expect({ is, status: body.status, seq: body.seq }, `${move}: ${answer.text}`).toEqual({
      is: 200,
      status: expected.becomes,
      seq,
    });
  expect(Object.keys(answer.body).sort()).toEqual(Object.keys(tried.body).sort());
  expect(answer.headers.get("etag")).toBe(`"s${seq}"`);
  expect((await desk.get(answer, who)).body).toEqual(answer.body);
};

describe.each(STATUSES)("a story that is %s", (status) => {
  test.each(PEOPLE)("by %s", async (who) => {
    const standing = await desk.storyIn(status);
    expect(standing.body.status).toBe(status);
    const seen = await desk.get(standing, who);
    expect(seen.status).toBe(who === "other" && status !== "published" ? 404 : 200);
    for (const move of Object.keys(MOVES)) {
      const expected = expectedOf(who, move, status);
      const asked = { who, move, status, expected };
      if (expected.becomes === undefined) await expectRefused(asked, standing);
      else await expectDone(asked, await desk.storyIn(status));
    }
  });
});

describe("review", () => {
  test("the reporter reads the editor's note, and his next submission answers it", async () => {
    const story = await desk.storyIn("in-review");
    const rejected = await desk.move("editor", story, "reject", { note: "  Thiếu nguồn.\u202E " });
    expect(rejected.body).toMatchObject({ status: "draft", note: "Thiếu nguồn." });
    const read = await desk.get(story, "owner");
    expect(read.body.note).toBe("Thiếu nguồn.");
    const again = await desk.move("owner", read, "submit");
    expect(again.body).not.toHaveProperty("note");
  });

  test("an edit takes back what nobody has read", async () => {
    const submitted = await desk.storyIn("in-review");
    expect((await desk.edit("owner", submitted, { kicker: "Mới:" })).body).toMatchObject({
      status: "draft",
      revision: 2,
    });
    for (const who of ["owner", "editor"] as const) {
      const approved = await desk.storyIn("approved");
      expect(approved.body.approvedBy).toBe("Local editor");
      const edited = await desk.edit(who, approved, { kicker: "Mới:" });
      expect(edited.body).toMatchObject({ status: "draft", revision: 2 });
      expect(edited.body).not.toHaveProperty("approvedBy");
    }
  });

  test("publishing takes the newest revision, though an older one was approved", async () => {
    const edited = await desk.edit("owner", await desk.storyIn("approved"), { headline: "Tít mới nhất" });
    const up = await desk.move("editor", edited, "publish", {}, { headers: { prefer: "wait=10" } });
    expect(up.body).toMatchObject({ status: "published", publishedRevision: 2, live: { state: "live" } });
    expect((await house.read(pathOf(up))).text).toContain("Tít mới nhất");
  });

  test("what no reader sees is not waited for, the first time and when it is replayed", async () => {
    const draft = await desk.storyIn("draft");
    const headers = { prefer: "wait=10", "idempotency-key": "nop-bai" };
    for (const replayed of [null, "true"]) {
      const answer = await desk.move("owner", draft, "submit", undefined, { headers });
      expect([answer.status, answer.headers.get("idempotency-replayed")]).toEqual([200, replayed]);
      expect(answer.headers.get("preference-applied")).toBeNull();
      expect(answer.body).not.toHaveProperty("live");
    }
  });
});

describe("scheduling", () => {
  test("pins the revision; what is edited meanwhile is private; until then nothing of it is public", async () => {
    const story = await desk.storyIn("approved", { headline: "Chuyện của ngày mai" });
    const scheduled = await desk.move("editor", story, "publish", { at: "2999-01-01T08:00" });
    expect(scheduled.body).toMatchObject({
      status: "scheduled",
      scheduledAt: "2999-01-01T08:00:00+07:00",
      scheduledRevision: 1,
    });
    expect(scheduled.body).not.toHaveProperty("url");
    const edited = await desk.edit("owner", scheduled, { headline: "Chuyện của ngày kia" });
    expect(edited.body).toMatchObject({ status: "scheduled", revision: 2, scheduledRevision: 1 });
    const receipt = await desk.ask("owner", "GET", `/articles/${story.body.id}/live`);
    expect(receipt.body).toEqual({
      state: "not-public",
      reason: "The story is scheduled: revision 1 goes up at 2999-01-01T08:00:00+07:00.",
      seq: 0,
    });
    await house.quiet();
    for (const [key, bytes] of await house.publicBytes()) expect(bytes, key).not.toMatch(/Chuyện của ngày/);
    const back = await desk.move("editor", edited, "unschedule");
    expect(back.body).toMatchObject({ status: "draft", revision: 2 });
    for (const name of ["scheduledAt", "scheduledRevision"]) expect(back.body).not.toHaveProperty(name);
  });

  test.each([
    ["an hour ago", "2024-01-01T00:00:00Z"],
    ["now, by another zone's clock", "2024-06-01T08:00:00+14:00"],
  ])("%s is at once", async (_, at) => {
    const up = await desk.move("editor", await desk.storyIn("draft"), "publish", { at });
    expect(up.body.status).toBe("published");
    expect(Date.parse(up.body.updatedAt)).toBeGreaterThan(Date.parse("2025-01-01"));
  });
});

describe("an embargo", () => {
  const held = { embargoUntil: "2998-12-31T17:00:00Z", headline: "Kín đến năm sau" };
  const WHY = "Báo khác đã đăng, tổng biên tập cho phép.";

  test("is a field as others are, in the site's zone", async () => {
    const draft = await desk.storyIn("draft", held);
    expect(draft.body.embargoUntil).toBe("2999-01-01T00:00:00+07:00");
    const moved = await desk.edit("owner", draft, { embargoUntil: "2999-02-01" });
    expect(moved.body.embargoUntil).toBe("2999-02-01T00:00:00+07:00");
    expect((await desk.edit("owner", moved, { embargoUntil: null })).body).not.toHaveProperty("embargoUntil");
  });

  test("is lifted by an editor or by who set it, never on the way, and the record says so", async () => {
    const sent = await desk.storyIn("draft");
    const set = await desk.edit("editor", sent, { embargoUntil: held.embargoUntil });
    for (const embargoUntil of [null, "2998-12-31T16:59:59Z"]) {
      const refused = await desk.edit("owner", set, { embargoUntil });
      expect([refused.status, pointers(refused)]).toEqual([422, ["/embargoUntil"]]);
    }
    const restored = await desk.move("owner", set, "restore", { revision: 1 });
    expect([restored.status, restored.body.embargoUntil]).toEqual([200, set.body.embargoUntil]);
    const longer = await desk.edit("owner", restored, { embargoUntil: "2999-02-01" });
    expect(longer.status, longer.text).toBe(200);
    expect((await desk.edit("editor", longer, { embargoUntil: null })).status).toBe(200);
    const { body } = await desk.ask("editor", "GET", `/articles/${sent.body.id}/history`);
    const told = body.items.map(({ particulars }: { particulars?: { embargo?: string } }) => particulars?.embargo);
    expect(told.filter((one: string | undefined) => one !== undefined)).toEqual([
      "none",
      "2999-01-31T17:00:00.000Z",
      "2998-12-31T17:00:00.000Z",
    ]);
  });

  test("outlives a submission under the natural key that is silent about it", async () => {
    const key = { source: "thong-tan", externalId: "cam-van-1" };
    const post = (more: object): Promise<Answer> =>
      desk.ask("editor", "POST", "/articles", { body: story({ ...key, ...more }) });
    expect((await post({ ...held, status: "draft" })).status).toBe(201);
    expect((await post({ headline: "Đăng ngay" })).status).toBe(409);
    const silent = await post({ headline: "Sửa", status: "draft" });
    expect([silent.status, silent.body.embargoUntil]).toEqual([200, "2999-01-01T00:00:00+07:00"]);
  });

  test("stands in the way of publishing and of scheduling before it ends, and says what is possible", async () => {
    const story = await desk.storyIn("approved", held);
    for (const body of [{}, { at: "2998-12-31T16:59:59Z" }]) {
      const refused = await desk.move("editor", story, "publish", body);
      expect(refused.status).toBe(409);
      expect(refused.body.moves).toEqual(["edit", "reject", "schedule", "restore", "handover"]);
      expect(refused.body.detail).toContain("breakEmbargo");
    }
    const scheduled = await desk.move("editor", story, "publish", { at: "2999-01-01T00:00:00+07:00" });
    expect(scheduled.body.status).toBe("scheduled");
    const later = await desk.edit("owner", scheduled, { embargoUntil: "2999-01-02" });
    expect([later.status, pointers(later)]).toEqual([422, ["/embargoUntil"]]);
  });

  test("is broken by an editor who says why, and nobody reads why", async () => {
    const up = await desk.move("editor", await desk.storyIn("draft", held), "publish", { breakEmbargo: WHY });
    expect([up.status, up.body.status]).toEqual([200, "published"]);
    expect(up.text).not.toContain(WHY);
    const reporter = await desk.move("owner", await desk.storyIn("draft", held), "publish", { breakEmbargo: WHY });
    expect(reporter.status).toBe(403);
    expect(house.log()).not.toContain(WHY);
    const { items } = await dump();
    expect(items.filter((item) => item.includes(WHY))).toHaveLength(1);
  });

  test("of a story that is sent to be published at once", async () => {
    const post = (who: Person, more: object, query = ""): Promise<Answer> =>
      desk.ask(who, "POST", `/articles${query}`, { body: story({ ...held, ...more }) });
    await house.quiet();
    const before = await dump();
    for (const query of ["", "?dryRun=1"]) {
      const refused = await post("editor", {}, query);
      expect([refused.status, refused.body.moves]).toEqual([409, ["POST it as a draft"]]);
    }
    expect((await post("owner", { breakEmbargo: WHY })).status).toBe(403);
    const idle = await post("editor", { breakEmbargo: WHY, status: "draft" });
    expect([idle.status, pointers(idle)]).toEqual([422, ["/breakEmbargo"]]);
    expect(await dump()).toEqual(before);
    const up = await post("editor", { breakEmbargo: WHY });
    expect([up.status, up.body.status]).toEqual([201, "published"]);
    const patched = await desk.edit("editor", up, { breakEmbargo: WHY });
    expect([patched.status, pointers(patched)]).toEqual([422, ["/breakEmbargo"]]);
  });
});

describe("a correction", () => {
  test("is on the page at once, and its note stands with the story, dated", async () => {
    const story = await desk.storyIn("published", { tags: ["chợ"] });
    const fixed = await desk.move("editor", story, "correct", CORRECTION, { headers: { prefer: "wait=10" } });
    expect(fixed.body).toMatchObject({
      status: "published",
      headline: "Tít đã sửa đúng",
      tags: ["chợ"],
      revision: 2,
      publishedRevision: 2,
      url: story.body.url,
      corrections: [{ at: expect.stringMatching(/\+07:00$/), note: "Đính chính tít." }],
      live: { state: "live" },
    });
    expect((await house.read(pathOf(story))).text).toContain("Tít đã sửa đúng");
    const noted = await desk.move("editor", fixed, "correct", { note: "Và một lời.", patch: {} });
    expect(noted.body).toMatchObject({ revision: 2, seq: fixed.body.seq + 1 });
    expect(noted.body.corrections.map((one: Json) => one.note)).toEqual(["Đính chính tít.", "Và một lời."]);
    expect((await desk.get(story, "other")).body).toMatchObject({
      headline: "Tít đã sửa đúng",
      corrections: noted.body.corrections,
    });
  });

  test("brings a body as a PATCH does, with its warnings", async () => {
    const story = await desk.storyIn("published");
    const patch = {
      body: { format: "html", content: "<p>Đúng là ba phiên.</p><script>x()</script>" },
      kicker: "A\u202E:",
    };
    const fixed = await desk.move("editor", story, "correct", { note: "Số phiên.", patch });
    expect(fixed.body.body).toMatchObject([{ children: [{ text: "Đúng là ba phiên." }] }]);
    expect(fixed.body.warnings.map((one: Json) => one.pointer)).toEqual(["/kicker", "/body"]);
    expect((await desk.get(story)).body.body).toEqual(fixed.body.body);
  });

  test("over edits that are not published is 409, and names them", async () => {
    const edited = await desk.edit("owner", await desk.storyIn("published"), { kicker: "Chưa đăng:" });
    const refused = await desk.move("editor", edited, "correct", CORRECTION);
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toMatch(/Revision 2 is not published yet.*restore revision 1/);
    expect(refused.body.moves).toEqual(["edit", "publish", "withdraw", "restore", "handover"]);
    expect(refused.text).not.toContain("Chưa đăng:");
  });
});

describe("a withdrawal", () => {
  const NOTICE = "Bài đã được gỡ vì không còn đủ căn cứ.";

  test("is waited for: then the page is gone; why, nobody reads", async () => {
    const story = await desk.storyIn("published");
    await house.quiet();
    expect((await house.read(pathOf(story))).status).toBe(200);
    const gone = await desk.move("editor", story, "withdraw", GONE, { headers: { prefer: "wait=10" } });
    expect(gone.body).toMatchObject({
      status: "withdrawn",
      withdrawal: { mode: "gone", at: expect.stringMatching(/\+07:00$/) },
      live: { state: "not-public", reason: "The story was withdrawn.", seq: gone.body.seq, liveSeq: gone.body.seq },
    });
    expect((await house.read(pathOf(story))).status).toBe(410);
    for (const who of ["owner", "editor"] as const)
      for (const path of ["", "/live"]) {
        const shown = await desk.ask(who, "GET", `/articles/${story.body.id}${path}`);
        expect([shown.status, shown.text.includes(REASON)]).toEqual([200, false]);
      }
    for (const path of ["", "/live"])
      expect((await desk.ask("other", "GET", `/articles/${story.body.id}${path}`)).status).toBe(404);
    await house.quiet();
    expect(house.log()).not.toContain(REASON);
    expect((await dump()).items.filter((item) => item.includes(REASON)).every((item) => item.includes("AUDIT#"))).toBe(
      true,
    );
  });

  test("is pending until its work is done", async () => {
    const story = await desk.storyIn("published");
    await house.quiet();
    house.pump.held = true;
    await desk.move("editor", story, "withdraw", GONE);
    const pending = await desk.ask("editor", "GET", `/articles/${story.body.id}/live`);
    expect(pending.body).toMatchObject({ state: "pending", seq: 3, liveSeq: 2 });
    house.pump.held = false;
    await house.quiet();
    const done = await desk.ask("editor", "GET", `/articles/${story.body.id}/live`);
    expect(done.body).toMatchObject({ state: "not-public", seq: 3, liveSeq: 3, doneAt: expect.any(String) });
  });

  test("with a notice, or a redirect by path or address, says so", async () => {
    const withdrawn = async (body: object): Promise<Answer> =>
      desk.move("editor", await desk.storyIn("published"), "withdraw", { reason: REASON, ...body });
    expect((await withdrawn({ mode: "notice", notice: NOTICE })).body.withdrawal).toMatchObject({
      mode: "notice",
      notice: NOTICE,
    });
    for (const [to, path] of [
      ["/kinh-te", "/kinh-te"],
      [`${house.siteUrl}/kinh-te?a=1`, "/kinh-te?a=1"],
      ["/", "/"],
    ])
      expect((await withdrawn({ mode: "redirect", to })).body.withdrawal).toMatchObject({ mode: "redirect", to: path });
  });

  test("leads to no page of the story itself, nor to one that is withdrawn", async () => {
    const first = await desk.storyIn("published", { headline: "Chỗ cũ" });
    const edited = await desk.edit("editor", first, { slug: "cho-moi" });
    const moved = await desk.move("editor", edited, "publish");
    const gone = await desk.storyIn("withdrawn");
    const [old, now] = [pathOf(first), pathOf(moved)];
    expect(old).not.toBe(now);
    for (const to of [
      old,
      now,
      `${now}/`,
      `${now}?a=1#b`,
      `${house.siteUrl}${old}`,
      now.replace("cho", "%63ho"),
      pathOf(gone),
    ]) {
      const refused = await desk.move("editor", moved, "withdraw", { mode: "redirect", to });
      expect([to, refused.status, pointers(refused)]).toEqual([to, 422, ["/reason", "/to"]]);
      const alone = await desk.move("editor", moved, "withdraw", { mode: "redirect", to, reason: REASON });
      expect([to, alone.status, pointers(alone)]).toEqual([to, 422, ["/to"]]);
    }
    expect((await desk.get(moved)).body).toEqual(moved.body);
  });

  test("that was done is answered again, though its target has gone since", async () => {
    const target = await desk.storyIn("published");
    const story = await desk.storyIn("published");
    const body = { mode: "redirect", to: pathOf(target), reason: REASON };
    const once = { headers: { "idempotency-key": "go-bai" } };
    const done = await desk.move("editor", story, "withdraw", body, once);
    expect(done.status).toBe(200);
    await desk.move("editor", target, "withdraw", GONE);
    const again = await desk.move("editor", story, "withdraw", body, once);
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, "true"]);
    expect(again.body).toEqual(done.body);
  });
});

describe("every move", () => {
  const READY: [string, Status, unknown, unknown][] = [
    ["submit", "draft", undefined, undefined],
    ["approve", "in-review", undefined, undefined],
    ["reject", "in-review", { note: "Một." }, { note: "Hai." }],
    ["publish", "draft", { at: FAR }, { at: "2999-01-02" }],
    ["unschedule", "scheduled", undefined, undefined],
    ["correct", "published", CORRECTION, { ...CORRECTION, patch: {} }],
    ["withdraw", "published", GONE, { ...GONE, reason: "Khác." }],
  ];

  test.each(READY)(
    "%s is conditional, tried without a trace, and done once under a key",
    async (move, status, body, other) => {
      const story = await desk.storyIn(status);
      await house.quiet();
      const kept = await dump();
      const unconditional = await desk.ask(
        "editor",
        "POST",
        `/articles/${story.body.id}/${move}`,
        body ? { body } : {},
      );
      expect(unconditional.status).toBe(428);
      const stale = await desk.move("editor", story, move, body, { headers: { "if-match": '"s99"' } });
      expect(stale.status).toBe(412);
      expect(stale.body.current).toEqual(story.body);
      const key = { "idempotency-key": `move-${move}`, prefer: "wait=10" };
      const dry = await desk.move("editor", story, `${move}?dryRun=1`, body, { headers: key });
      expect([dry.status, dry.body.seq]).toEqual([200, story.body.seq + 1]);
      expect(["etag", "preference-applied"].filter((name) => dry.headers.has(name))).toEqual([]);
      expect(await dump()).toEqual(kept);

      const twins = await Promise.all([1, 2].map(() => desk.move("editor", story, move, body, { headers: key })));
      expect(twins.map(({ status: is }) => is)).toEqual([200, 200]);
      expect(twins.filter(({ headers }) => headers.get("idempotency-replayed") === "true")).toHaveLength(1);
      const [one, two] = twins.map(({ body }) => ({ ...body, live: undefined }));
      expect(one).toEqual(two);
      expect(one.seq).toBe(story.body.seq + 1);
      // Whatever has become of it since, and whatever version the retry names.
      const later = await desk.edit("editor", await desk.get(story), { kicker: "Về sau:" });
      const again = await desk.move("editor", story, move, body, { headers: key });
      expect([again.status, again.headers.get("idempotency-replayed"), again.body.kicker]).toEqual([
        200,
        "true",
        later.body.kicker,
      ]);
      if (other === undefined) return;
      const reused = await desk.move("editor", story, move, other, { headers: key });
      expect(reused.status).toBe(422);
    },
  );

  const BAD: [string, unknown, string[]][] = [
    ["submit", { note: "x" }, ["/note"]],
    ["approve", { revision: 1 }, ["/revision"]],
    ["unschedule", { at: FAR }, ["/at"]],
    ["reject", {}, ["/note"]],
    ["reject", { note: " \n ", by: "x" }, ["/by", "/note"]],
    ["reject", { note: "x".repeat(4001) }, ["/note"]],
    ["publish", { at: "mai", breakEmbargo: "", when: 1 }, ["/at", "/breakEmbargo", "/when"]],
    ["publish", { at: 5 }, ["/at"]],
    ["publish", { at: "2999-02-30T00:00" }, ["/at"]],
    ["publish", { at: "9999-12-31T23:59-14:00" }, ["/at"]],
    ["publish", { at: `2999-01-01T00:00:00.${"0".repeat(40)}Z` }, ["/at"]],
    ["correct", {}, ["/note", "/patch"]],
    ["correct", { note: 7, patch: [] }, ["/note", "/patch"]],
    [
      "correct",
      { patch: { headline: 5, summary: "x", tags: [""], status: "draft", section: "khong-co" }, by: "x" },
      ["/by", "/note", "/patch/headline", "/patch/section", "/patch/status", "/patch/summary", "/patch/tags/0"],
    ],
    ["correct", { note: "x", patch: { headline: null, body: null } }, ["/patch/body", "/patch/headline"]],
    [
      "correct",
      { note: "x", patch: { leadImage: { image: NO_STORY.id }, embargoUntil: FAR } },
      ["/patch/embargoUntil", "/patch/leadImage/image"],
    ],
    ["withdraw", {}, ["/mode", "/reason"]],
    ["withdraw", { mode: "hidden", reason: "x" }, ["/mode"]],
    ["withdraw", { mode: "gone", reason: "", notice: "x", to: "/", by: 1 }, ["/by", "/notice", "/reason", "/to"]],
    ["withdraw", { mode: "notice", to: "//x" }, ["/notice", "/reason", "/to"]],
    ["withdraw", { mode: "redirect", reason: "x", notice: "x" }, ["/notice", "/to"]],
    ["withdraw", { mode: "redirect", to: 5 }, ["/reason", "/to"]],
    ...[
      "",
      "thoi-su",
      "//khac.example/a",
      "/\\khac.example",
      "/a b",
      "https://khac.example/",
      "javascript:x",
      "/đ",
    ].map((to): [string, unknown, string[]] => ["withdraw", { mode: "redirect", reason: "x", to }, ["/to"]]),
  ];
  test.each(BAD)("%s with %j is refused, each fault by its place", async (move, body, expected) => {
    const story = await desk.storyIn("published");
    await house.quiet();
    const kept = await dump();
    const refused = await desk.move("editor", story, move, body);
    expect([refused.status, pointers(refused)]).toEqual([422, [...expected].sort()]);
    expect(await dump()).toEqual(kept);
  });

  test("is asked in JSON that can be read, of a story that there is", async () => {
    const story = await desk.storyIn("published");
    for (const [move] of READY) {
      const path = `/articles/${story.body.id}/${move}`;
      const send = (body: string, type: string, to = path): Promise<Answer> =>
        desk.ask("editor", "POST", to, { over: story, body, type });
      expect((await send("{", "application/json")).status, move).toBe(400);
      expect((await send("note=x", "application/x-www-form-urlencoded")).status, move).toBe(415);
      expect((await send("{}", "application/json", `${path}?now=1`)).status, move).toBe(422);
      expect((await send("[]", "application/json")).status, move).toBe(422);
      expect((await send("{}", "application/json", `/articles/${NO_STORY.id}/${move}`)).status, move).toBe(404);
      const badKey = { over: story, headers: { "idempotency-key": "k".repeat(256) } };
      expect((await desk.ask("editor", "POST", path, badKey)).status, move).toBe(422);
    }
    expect((await desk.get(story)).body).toEqual(story.body);
  });
});
