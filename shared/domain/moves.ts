import { type ApiKey, atLeast, owns, sectionBar } from "./access.ts";
import type { Head, Status } from "./article.ts";
import type { Refusal } from "./error.ts";

/** What can be done to an article that is there. */
export const MOVES = [
  "edit",
  "submit",
  "approve",
  "reject",
  "publish",
  "schedule",
  "unschedule",
  "correct",
  "withdraw",
  "restore",
  "handover",
] as const;
export type Move = (typeof MOVES)[number];

type Rule = {
  /** `owner`: the reporter whose story it is, and any editor. */
  who: "owner" | "editor";
  from: readonly Status[];
};

const ANY = ["draft", "in-review", "approved", "scheduled", "published", "withdrawn"] as const;
/** Nothing of the story is public, and nothing is about to be. */
const IN_HAND = ["draft", "in-review", "approved"] as const;

/**
 * Who may do what from which state: the whole workflow, as data. A story that readers see stays `published` through edits; only an
 * editor's publishing makes it public, and that is the approval of what it publishes.
 *
 *     draft --submit--> in-review --approve--> approved --publish {at}--> scheduled --(its time)--> published
 *       ^ <---reject------+ <------reject--------+                            |                        |  ^
 *       +<----------------------------------unschedule (to where it was) ----+           withdraw ----+  +-- publish
 */
const RULES: Record<Move, Rule> = {
  edit: { who: "owner", from: ANY },
  restore: { who: "owner", from: ANY },
  submit: { who: "owner", from: ["draft"] },
  approve: { who: "editor", from: ["in-review"] },
  reject: { who: "editor", from: ["in-review", "approved"] },
  publish: { who: "editor", from: ANY },
  schedule: { who: "editor", from: IN_HAND },
  unschedule: { who: "editor", from: ["scheduled"] },
  correct: { who: "editor", from: ["published"] },
  withdraw: { who: "editor", from: ["published"] },
  handover: { who: "editor", from: ANY },
};

type Filed = Pick<Head, "owner" | "content" | "published" | "scheduled">;
type Standing = Filed & Pick<Head, "status">;

/** The sections that a move touches, each of which a key that is bound to some has to be one of its own. */
const sectionsOf = (move: Move, { content, published, scheduled }: Filed): (string | undefined)[] => {
  switch (move) {
    case "correct":
    case "withdraw":
      // What readers see, wherever a private edit would have it.
      return [published ? published.address.section : content.section];
    case "publish":
      return [content.section, ...(published ? [published.address.section] : [])];
    case "unschedule":
      return [scheduled ? scheduled.content.section : content.section];
    case "edit":
    case "restore":
    case "submit":
    case "approve":
    case "reject":
    case "schedule":
    case "handover":
      return [content.section];
  }
};

/** Why a key may never do this to this article, whatever its state; undefined when it may (RFC 9110, 13.2.1: before preconditions). */
export const barred = (move: Move, key: ApiKey, head: Filed): Extract<Refusal, { kind: "forbidden" }> | undefined => {
  const mine = atLeast(key.role, "editor") || (RULES[move].who === "owner" && owns(key, head));
  if (mine)
    return sectionsOf(move, head)
      .map((section) => sectionBar(key, section))
      .find((bar) => bar !== undefined);
  const detail =
    RULES[move].who === "editor"
      ? `To ${move === "handover" ? "hand over" : move} needs an editor's key.`
      : "A reporter's key changes its own articles only.";
  return { kind: "forbidden", detail };
};

/** What this key may do to the article as it stands, in the order of {@link MOVES}. */
export const movesOf = (key: ApiKey, head: Standing): Move[] =>
  MOVES.filter((move) => RULES[move].from.includes(head.status) && barred(move, key, head) === undefined);

/** Why the move cannot be made now: the key may not (forbidden), or the state does not allow it (impossible, with what is possible instead). */
export const refusalOf = (move: Move, key: ApiKey, head: Standing): Refusal | undefined => {
  const bar = barred(move, key, head);
  if (bar) return bar;
  if (RULES[move].from.includes(head.status)) return undefined;
  return {
    kind: "impossible",
    detail:
      move === "schedule" && head.status === "scheduled"
        ? "A story that is scheduled cannot be scheduled again: unschedule it first."
        : `A story that is ${SAID[head.status]} cannot be ${DONE[move]}.`,
    moves: movesOf(key, head),
  };
};

const SAID: Record<Status, string> = {
  draft: "a draft",
  "in-review": "in review",
  approved: "approved",
  scheduled: "scheduled",
  published: "published",
  withdrawn: "withdrawn",
};
const DONE: Record<Move, string> = {
  edit: "edited",
  restore: "restored",
  submit: "submitted",
  approve: "approved",
  reject: "rejected",
  publish: "published",
  schedule: "scheduled",
  unschedule: "unscheduled",
  correct: "corrected",
  withdraw: "withdrawn",
  handover: "handed over",
};
