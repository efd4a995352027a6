import { readable } from "../access.ts";
import type { Head } from "../article.ts";
import { ok, refuse, type Result } from "../error.ts";
import { followed } from "../natural-key.ts";
import type { Command, Decision, Situation } from "./command.ts";
import { create, edit, restore } from "./content.ts";
import { handover } from "./handover.ts";
import { correct, publish, release } from "./publish.ts";
import { approve, reject, submit, unschedule } from "./review.ts";
import { resubmit } from "./resubmit.ts";
import { withdraw } from "./withdraw.ts";

/**
 * Decides a command against the current state, purely. Refusals: missing (may not even be read), forbidden, impossible (in this
 * state, naming what is possible instead), invalid (naming every field that is wrong, or that publishing still needs).
 */
export const decide = (command: Command, before: Head | undefined, situation: Situation): Result<Decision> => {
  const decided = decideAlone(command, before, situation);
  return decided.ok ? ok(followed(decided.value, situation.key)) : decided;
};

const decideAlone = (command: Command, before: Head | undefined, situation: Situation): Result<Decision> => {
  if (command.type === "create") return create(command, situation);
  // Whoever knows a story's natural key knows that it is there, and is told why it may not.
  const isKnown = command.type === "resubmit";
  if (before === undefined || (!isKnown && readable(situation.key, before) === "nothing"))
    return refuse({ kind: "missing", detail: "There is no such article." });
  switch (command.type) {
    case "resubmit":
      return resubmit(command, before, situation);
    case "edit":
      return edit(command, before, situation);
    case "restore":
      return restore(command, before, situation);
    case "submit":
      return submit(before, situation);
    case "approve":
      return approve(before, situation);
    case "reject":
      return reject(command, before, situation);
    case "publish":
      return publish(command, before, situation);
    case "unschedule":
      return unschedule(before, situation);
    case "release":
      return release(before, situation);
    case "correct":
      return correct(command, before, situation);
    case "withdraw":
      return withdraw(command, before, situation);
    case "handover":
      return handover(command, before, situation);
  }
};
