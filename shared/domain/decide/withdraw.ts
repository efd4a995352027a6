import { actorOf } from "../access.ts";
import type { Head } from "../article.ts";
import { ok, refuse, type Result } from "../error.ts";
import { refusalOf } from "../moves.ts";
import { shownNow } from "../picture.ts";
import type { Command, Decision, Situation, WithdrawalMode } from "./command.ts";
import { stamped } from "./stamp.ts";

const modeOf = (command: WithdrawalMode): WithdrawalMode => {
  switch (command.mode) {
    case "gone":
      return { mode: "gone" };
    case "notice":
      return { mode: "notice", notice: command.notice };
    case "redirect":
      return {
        mode: "redirect",
        to: command.to,
        ...(command.target === undefined ? {} : { target: command.target }),
      };
  }
};

/** Off every page, list and feed, its pictures too; its address is kept, and says from now on what the mode says. */
export const withdraw = (
  command: Extract<Command, { type: "withdraw" }>,
  before: Head,
  situation: Situation,
): Result<Decision> => {
  const refusal = refusalOf("withdraw", situation.key, before);
  if (refusal) return refuse(refusal);
  const { published } = before;
  if (!published) return refuse({ kind: "impossible", detail: "Nothing of it is public.", moves: [] });
  const head = stamped(before, situation);
  const mode = modeOf(command);
  return ok({
    action: "withdraw",
    before,
    after: {
      ...head,
      siteSeq: head.seq,
      withdrawnSeq: head.seq,
      status: "withdrawn",
      withdrawal: { ...mode, at: situation.now, by: actorOf(situation.key) },
      published: { ...published, ...shownNow(published, []) },
    },
    particulars: { reason: command.reason, mode: mode.mode, ...(mode.mode === "redirect" ? { to: mode.to } : {}) },
  });
};
