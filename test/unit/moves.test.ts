import { describe, expect, test } from "vitest";
import type { ApiKey } from "../../shared/domain/access.ts";
import { type Head, STATUSES, type Status } from "../../shared/domain/article.ts";
import type { Command, Decision, Situation } from "../../shared/domain/decide/command.ts";
import { decide } from "../../shared/domain/decide/decide.ts";
import type { Refusal } from "../../shared/domain/error.ts";
import { type Move, MOVES, movesOf, refusalOf } from "../../shared/domain/moves.ts";
import { AHEAD, BEFORE, content, headIn, keyOf, NOW, published, situation } from "../fixtures/heads.ts";

const REPORTER = keyOf("reporter");
const OTHER = keyOf("reporter", "other");
const EDITOR = keyOf("editor");
const ADMIN = keyOf("admin");

/** The workflow once more, as a newsroom would say it: what may be done to a story in each state. */
const BY_EDITOR: Record<Status, Move[]> = {
  draft: ["edit", "submit", "publish", "schedule", "restore", "handover"],
  "in-review": ["edit", "approve", "reject", "publish", "schedule", "restore", "handover"],
  approved: ["edit", "reject", "publish", "schedule", "restore", "handover"],
  scheduled: ["edit", "publish", "unschedule", "restore", "handover"],
  published: ["edit", "publish", "correct", "withdraw", "restore", "handover"],
  withdrawn: ["edit", "publish", "restore", "handover"],
};
const BY_OWNER: Record<Status, Move[]> = {
  draft: ["edit", "submit", "restore"],
  "in-review": ["edit", "restore"],
  approved: ["edit", "restore"],
  scheduled: ["edit", "restore"],
  published: ["edit", "restore"],
  withdrawn: ["edit", "restore"],
};
const CALLERS: [string, ApiKey, (status: Status) => Move[]][] = [
  ["the reporter whose it is", REPORTER, (status) => BY_OWNER[status]],
  ["another reporter", OTHER, () => []],
  ["an editor", EDITOR, (status) => BY_EDITOR[status]],
  ["an admin", ADMIN, (status) => BY_EDITOR[status]],
  ["an editor of another section", keyOf("editor", "bound", { sections: ["kinh-te"] }), () => []],
];
/** What the reporter whose story it is may do in some state: of all else, he is told that it is not for him. */
const OWNERS = new Set<Move>(["edit", "submit", "restore"]);

describe.each(CALLERS)("by %s", (_, key, may) => {
  test.each(STATUSES)("a story that is %s may be moved as the table says, and is refused otherwise", (status) => {
    const head = headIn(status);
    expect(movesOf(key, head)).toEqual(may(status));
    const never = (move: Move): boolean => (key === REPORTER ? !OWNERS.has(move) : key !== EDITOR && key !== ADMIN);
    for (const move of MOVES) {
      const refusal = refusalOf(move, key, head);
      const expected = never(move) ? { kind: "forbidden" } : { kind: "impossible", moves: may(status) };
      expect([move, refusal]).toMatchObject([move, may(status).includes(move) ? undefined : expected]);
    }
  });
});

describe("a key that is bound to sections", () => {
  const bound = (section: string) => keyOf("editor", "bound", { sections: [section] });
  const edited = (head: Head): Head => ({ ...head, content: { ...head.content, section: "van-hoa" } });
  const mayWith = (section: string, head: Head): Move[] => movesOf(bound(section), head);

  test("acts on what readers see by where they see it, whatever a private edit says", () => {
    const head = edited(headIn("published"));
    expect(mayWith("thoi-su", head)).toEqual(["correct", "withdraw"]);
    expect(mayWith("van-hoa", head)).toEqual(["edit", "restore", "handover"]);
  });

  test("acts on what is scheduled by where it will stand", () => {
    const head = edited(headIn("scheduled"));
    expect(mayWith("thoi-su", head)).toEqual(["unschedule"]);
    expect(mayWith("van-hoa", head)).toEqual(["edit", "publish", "restore", "handover"]);
  });
});

const done = (command: Command, head: Head, at: Situation): Decision => {
  const decided = decide(command, head, at);
  if (!decided.ok) throw new Error(JSON.stringify(decided.refusal));
  return decided.value;
};
const after = (command: Command, head: Head, key: ApiKey, over: Partial<Situation> = {}): Head =>
  done(command, head, situation(key, over)).after;
const refused = (command: Command, head: Head, key: ApiKey, over: Partial<Situation> = {}): Refusal => {
  const decided = decide(command, head, situation(key, over));
  if (decided.ok) throw new Error(`done: ${decided.value.action}`);
  return decided.refusal;
};
const edit = (over = {}): Command => ({ type: "edit", content: content({ headline: "Tít mới", ...over }) });
const PUBLISH: Command = { type: "publish" };
const GONE: Command = { type: "withdraw", mode: "gone", reason: "Vì thế." };

describe("review", () => {
  test("a submission takes the last editor's note as answered", () => {
    const head = after({ type: "submit" }, headIn("draft", { note: "Thiếu nguồn." }), REPORTER);
    expect(head).toMatchObject({ status: "in-review", seq: 6, revision: 1, siteSeq: 0 });
    expect(head.note).toBeUndefined();
  });

  test("an approval is of this revision, and rejecting takes it back with a note", () => {
    const approved = after({ type: "approve" }, headIn("in-review", { revision: 3 }), EDITOR);
    expect(approved).toMatchObject({
      status: "approved",
      approval: { revision: 3, by: { key: "editor", name: "Lan editor" }, at: NOW },
    });
    const { after: rejected, particulars } = done({ type: "reject", note: "Chưa." }, approved, situation(EDITOR));
    expect(rejected).toMatchObject({ status: "draft", note: "Chưa." });
    expect(rejected.approval).toBeUndefined();
    expect(particulars).toEqual({ note: "Chưa." });
  });

  test.each<[Status, ApiKey, Status]>([
    ["in-review", REPORTER, "draft"],
    ["in-review", EDITOR, "in-review"],
    ["approved", REPORTER, "draft"],
    ["approved", EDITOR, "draft"],
    ["published", REPORTER, "published"],
    ["published", EDITOR, "published"],
    ["withdrawn", EDITOR, "withdrawn"],
  ])("an edit of what is %s by $1.role leaves it %s", (status, key, becomes) => {
    const head = after(edit(), headIn(status), key);
    expect(head).toMatchObject({ status: becomes, revision: 2, siteSeq: headIn(status).siteSeq });
    expect(head.approval).toBeUndefined();
  });

  test("words that are the same take nothing back", () => {
    const head = headIn("approved");
    expect(after({ type: "edit", content: content() }, head, REPORTER)).toBe(head);
  });
});

describe("the schedule", () => {
  const schedule: Command = { type: "publish", at: AHEAD };

  test("pins the revision, and an edit meanwhile stays private when its time comes", () => {
    const { after: scheduled, action, particulars } = done(schedule, headIn("approved"), situation(EDITOR));
    expect(action).toBe("schedule");
    expect(particulars).toEqual({ at: AHEAD });
    expect(scheduled).toMatchObject({
      status: "scheduled",
      siteSeq: 0,
      scheduled: { at: AHEAD, revision: 1, from: "approved" },
    });
    const edited = after(edit(), scheduled, REPORTER);
    expect(edited).toMatchObject({ status: "scheduled", revision: 2, scheduled: { revision: 1 } });
    const up = after({ type: "release" }, edited, EDITOR, { now: AHEAD });
    expect(up).toMatchObject({
      status: "published",
      revision: 2,
      published: { revision: 1, content: { headline: "Chợ phiên họp lại" }, firstAt: AHEAD, at: AHEAD },
    });
    expect(up.siteSeq).toBe(up.seq);
    expect(up.scheduled).toBeUndefined();
  });

  test("does not run early, and not once it was taken back", () => {
    expect(refused({ type: "release" }, headIn("scheduled"), EDITOR)).toMatchObject({ kind: "impossible" });
    const back = after({ type: "unschedule" }, headIn("scheduled"), EDITOR);
    expect(back).toMatchObject({ status: "approved", approval: { revision: 1 } });
    expect(back.scheduled).toBeUndefined();
    expect(refused({ type: "release" }, back, EDITOR, { now: AHEAD })).toMatchObject({ kind: "impossible" });
  });

  test.each<[Status, ApiKey, Status]>([
    ["draft", EDITOR, "draft"],
    ["in-review", REPORTER, "draft"],
    ["in-review", EDITOR, "in-review"],
    ["approved", REPORTER, "draft"],
    ["approved", EDITOR, "draft"],
  ])("taken back, what was %s and edited by $1.role meanwhile is %s", (from, key, becomes) => {
    const edited = after(edit(), after(schedule, headIn(from), EDITOR), key);
    const back = after({ type: "unschedule" }, edited, EDITOR);
    expect(back.status).toBe(becomes);
    expect(back.approval).toBeUndefined();
  });

  test.each(["published", "withdrawn", "scheduled"] as const)("of what is %s is refused, and now is not", (status) => {
    const refusal = refused(schedule, headIn(status, { revision: 2 }), EDITOR);
    expect(refusal).toMatchObject({ kind: "impossible", moves: BY_EDITOR[status] });
    expect(after({ type: "publish", at: BEFORE }, headIn(status, { revision: 2 }), EDITOR)).toMatchObject({
      status: "published",
      published: { revision: 2 },
    });
  });

  test("says at once what publishing would lack", () => {
    const bare = headIn("draft", { content: content({ headline: undefined, hasBody: false }) });
    expect(refused(schedule, bare, EDITOR)).toMatchObject({
      kind: "invalid",
      faults: [{ pointer: "/headline" }, { pointer: "/body" }],
    });
  });
});

describe("an embargo", () => {
  const LATER = "2026-03-03T02:00:00.000Z";
  const held = headIn("approved", { content: content({ embargoUntil: AHEAD }) });

  test("keeps a story from being published, or scheduled, before it ends", () => {
    for (const command of [PUBLISH, { type: "publish", at: "2026-03-02T01:59:59.999Z" }] as const)
      expect(refused(command, held, EDITOR)).toMatchObject({
        kind: "impossible",
        detail: expect.stringContaining("2026-03-02T09:00:00+07:00"),
        moves: ["edit", "reject", "schedule", "restore", "handover"],
      });
    expect(after({ type: "publish", at: AHEAD }, held, EDITOR).status).toBe("scheduled");
    expect(after(PUBLISH, held, EDITOR, { now: AHEAD }).status).toBe("published");
  });

  test("is broken by an editor who says why, and that is on record", () => {
    const broken = done({ ...PUBLISH, breakEmbargo: "Báo khác đã đăng." }, held, situation(EDITOR));
    expect(broken).toMatchObject({ after: { status: "published" }, particulars: { reason: "Báo khác đã đăng." } });
    const early = done(
      { type: "publish", at: "2026-03-02T00:00:00.000Z", breakEmbargo: "Như trên." },
      held,
      situation(EDITOR),
    );
    expect(early).toMatchObject({
      after: { status: "scheduled" },
      particulars: { at: "2026-03-02T00:00:00.000Z", reason: "Như trên." },
    });
    // Whoever decided that has decided it: the words may still be edited.
    expect(after(edit({ embargoUntil: AHEAD }), early.after, EDITOR)).toMatchObject({ revision: 2 });
  });

  test("that is set after a story was scheduled must not lie behind its time", () => {
    expect(refused(edit({ embargoUntil: LATER }), headIn("scheduled"), REPORTER)).toMatchObject({
      kind: "invalid",
      faults: [{ pointer: "/embargoUntil" }],
    });
    expect(after(edit({ embargoUntil: AHEAD }), headIn("scheduled"), REPORTER).revision).toBe(2);
  });

  test("of a story that is sent to be published at once: it can be sent as a draft", () => {
    const create = { type: "create", id: held.id, content: held.content, publish: true } as const;
    expect(decide(create, undefined, situation(EDITOR))).toMatchObject({
      ok: false,
      refusal: { kind: "impossible", moves: ["POST it as a draft"] },
    });
    expect(decide({ ...create, breakEmbargo: "Gấp." }, undefined, situation(EDITOR))).toMatchObject({
      ok: true,
      value: { before: undefined, after: { status: "published" }, particulars: { reason: "Gấp." } },
    });
  });
});

describe("a correction", () => {
  const correct = (over = {}): Command => ({ type: "correct", note: "Đính chính.", content: content(over) });

  test("is a new revision, shown at once, dated, after those that were made before", () => {
    const first = { at: BEFORE, note: "Lần đầu.", revision: 1 };
    const head = headIn("published", { published: published({ corrections: [first] }) });
    const { after: corrected, particulars } = done(correct({ headline: "Tít đúng" }), head, situation(EDITOR));
    expect(corrected).toMatchObject({
      status: "published",
      revision: 2,
      seq: 6,
      siteSeq: 6,
      published: {
        revision: 2,
        firstAt: BEFORE,
        at: NOW,
        content: { headline: "Tít đúng" },
        corrections: [first, { at: NOW, note: "Đính chính.", revision: 2 }],
      },
    });
    expect(particulars).toEqual({ note: "Đính chính." });
    expect(after(PUBLISH, corrected, EDITOR)).toBe(corrected);
  });

  test("may say what the words do not: a note alone makes no revision", () => {
    const head = headIn("published", { approval: { revision: 1, by: { key: "e", name: "E" }, at: BEFORE } });
    const noted = after(correct(), head, EDITOR);
    expect(noted).toMatchObject({ revision: 1, siteSeq: 6, approval: { revision: 1 }, published: { revision: 1 } });
    expect(after(correct({ headline: "Tít đúng" }), head, EDITOR).approval).toBeUndefined();
  });

  test("is refused over edits that nobody has published, and names them", () => {
    const edited = headIn("published", { revision: 3, content: content({ headline: "Chưa đăng" }) });
    expect(refused(correct(), edited, EDITOR)).toMatchObject({
      kind: "impossible",
      detail: expect.stringMatching(/Revisions 2 and 3 are not published yet.*restore revision 1/),
      moves: ["edit", "publish", "withdraw", "restore", "handover"],
    });
  });

  test("goes by what the edits come to: none, and the newest revision is corrected", () => {
    const back = headIn("published", { revision: 3 });
    expect(after(correct({ headline: "Tít đúng" }), back, EDITOR).published).toMatchObject({ revision: 4 });
    expect(after(correct(), back, EDITOR)).toMatchObject({ revision: 3, published: { revision: 3 } });
  });

  test("obeys what an edit and a publication obey", () => {
    const bound = keyOf("editor", "bound", { sections: ["thoi-su"] });
    expect(refused(correct({ section: "kinh-te" }), headIn("published"), bound)).toMatchObject({ kind: "forbidden" });
    const image = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    const bad = correct({
      section: "khong-co",
      headline: undefined,
      embargoUntil: AHEAD,
      pictures: [{ image, pointer: "/leadImage", alt: true, credit: true }],
    });
    expect(refused(bad, headIn("published"), EDITOR)).toMatchObject({
      kind: "invalid",
      faults: [
        { pointer: "/section" },
        { pointer: "/leadImage/image" },
        { pointer: "/headline" },
        { pointer: "/embargoUntil" },
      ],
    });
    // One that was broken is no hindrance any more.
    const under = content({ embargoUntil: AHEAD });
    const broken = headIn("published", { content: under, published: published({ content: under }) });
    expect(after(correct({ embargoUntil: AHEAD, headline: "Tít đúng" }), broken, EDITOR).revision).toBe(2);
  });
});

describe("a withdrawal", () => {
  test.each<[Extract<Command, { type: "withdraw" }>, object, object]>([
    [{ type: "withdraw", reason: "R", mode: "gone" }, { mode: "gone" }, { reason: "R", mode: "gone" }],
    [
      { type: "withdraw", reason: "R", mode: "notice", notice: "Đã gỡ." },
      { mode: "notice", notice: "Đã gỡ." },
      { reason: "R", mode: "notice" },
    ],
    [
      { type: "withdraw", reason: "R", mode: "redirect", to: "/kinh-te" },
      { mode: "redirect", to: "/kinh-te" },
      { reason: "R", mode: "redirect", to: "/kinh-te" },
    ],
  ])("with %o says what stands there, and why for the record alone", (command, stands, particulars) => {
    const head = headIn("published", { published: published({ pictures: { a: 2 } }) });
    const made = done(command, head, situation(EDITOR));
    expect(made.after).toMatchObject({ status: "withdrawn", siteSeq: 6, published: { pictures: {} } });
    expect(made.after.withdrawal).toEqual({ ...stands, at: NOW, by: { key: "editor", name: "Lan editor" } });
    expect(made.after.published?.formerPictures).toEqual({ a: 2 });
    expect(made.particulars).toEqual(particulars);
    expect(JSON.stringify(made.after)).not.toContain("reason");
  });

  test("is over when the story is published again, at its address, though no word has changed", () => {
    const again = after(PUBLISH, after(GONE, headIn("published"), EDITOR), EDITOR);
    expect(again).toMatchObject({ status: "published", seq: 7, siteSeq: 7, published: { firstAt: BEFORE, at: NOW } });
    expect(again.withdrawal).toBeUndefined();
    expect(again.published?.address).toEqual(published().address);
  });

  test("hides the story from other reporters, and an edit does not bring it back", () => {
    const gone = after(edit(), after(GONE, headIn("published"), EDITOR), REPORTER);
    expect(gone).toMatchObject({ status: "withdrawn", siteSeq: 6, revision: 2 });
    for (const command of [edit(), PUBLISH, GONE])
      expect(refused(command, gone, OTHER)).toMatchObject({ kind: "missing" });
  });
});
