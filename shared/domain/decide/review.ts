import { actorOf } from "../access.ts";
import type { Head } from "../article.ts";
import { invalid, ok, refuse, type Result } from "../error.ts";
import { type Move, refusalOf } from "../moves.ts";
import { awaitedFaults } from "../picture.ts";
import type { Command, Decision, Situation } from "./command.ts";
import { stamped } from "./stamp.ts";

/** A move that needs nothing but to be allowed. */
const plainly = (
  action: Move & ("submit" | "approve" | "reject" | "unschedule"),
  before: Head,
  situation: Situation,
  change: (head: Head) => Head,
): Result<Decision> => {
  const refusal = refusalOf(action, situation.key, before);
  return refusal ? refuse(refusal) : ok({ action, before, after: change(stamped(before, situation)) });
};

/** The reporter hands it in; what the last editor wrote is answered with it. */
export const submit = (before: Head, situation: Situation): Result<Decision> =>
  plainly("submit", before, situation, ({ note: _note, ...head }) => ({ ...head, status: "in-review" }));

/** This revision, and no other: the next edit takes it back. A picture that is still to come nobody has looked at. */
export const approve = (before: Head, situation: Situation): Result<Decision> => {
  const decided = plainly("approve", before, situation, (head) => ({
    ...head,
    status: "approved",
    approval: { revision: head.revision, by: actorOf(situation.key), at: situation.now },
  }));
  const faults = awaitedFaults(before.content.pictures, situation.pictures);
  return decided.ok && faults.length ? invalid(...faults) : decided;
};

export const reject = (
  { note }: Extract<Command, { type: "reject" }>,
  before: Head,
  situation: Situation,
): Result<Decision> => {
  const decided = plainly("reject", before, situation, ({ approval: _approval, ...head }) => ({
    ...head,
    status: "draft",
    note,
  }));
  return decided.ok ? ok({ ...decided.value, particulars: { note } }) : decided;
};

/** Back to the state before, or to where edits have taken it back from there since. */
export const unschedule = (before: Head, situation: Situation): Result<Decision> =>
  plainly("unschedule", before, situation, ({ scheduled, ...head }) => ({
    ...head,
    status: scheduled?.from ?? "draft",
  }));
