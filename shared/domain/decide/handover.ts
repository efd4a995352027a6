import { actorOf, mayWriteTo, owns } from "../access.ts";
import type { Head } from "../article.ts";
import { invalid, ok, refuse, type Result } from "../error.ts";
import { refusalOf } from "../moves.ts";
import type { Command, Decision, Situation } from "./command.ts";
import { stamped } from "./stamp.ts";

/**
 * The story is another's from now on, who sees and edits it, and uses its pictures, as its owner did; to that one it is anybody
 * else's, and so is what is said of its pictures.
 */
export const handover = (
  { to }: Extract<Command, { type: "handover" }>,
  before: Head,
  situation: Situation,
): Result<Decision> => {
  const refusal = refusalOf("handover", situation.key, before);
  if (refusal) return refuse(refusal);
  const fault = (detail: string) => invalid({ pointer: "/to", detail });
  if (!to) return fault("is neither the id of a key of this house nor the name of one that is in force");
  if (to.expiresAt !== undefined && to.expiresAt <= situation.now) return fault("is a key that has expired");
  const { section } = before.content;
  if (!mayWriteTo(to, section)) return fault(`is a key that may not write to the section ${section ?? ""}`);
  if (owns(to, before)) return ok({ action: "handover", before, after: before });
  const after = { ...stamped(before, situation), owner: actorOf(to), handedOver: true as const };
  return ok({ action: "handover", before, after, particulars: { to: to.id } });
};
