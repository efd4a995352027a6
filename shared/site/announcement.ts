import type { Head } from "../domain/article.ts";
import type { Decision } from "../domain/decide/command.ts";
import type { Announcement } from "../domain/webhook.ts";
import { publicOf } from "./impact.ts";

/** What readers are shown other than before, as it is announced; undefined when they see no other revision. */
const shown = (before: Head | undefined, { action, after }: Decision): Announcement | undefined => {
  const [old, now] = [publicOf(before), publicOf(after)];
  if (!now) return old && "article.withdrawn";
  if (!old) return "article.published";
  if (action === "correct") return "article.corrected";
  return old.revision === now.revision ? undefined : "article.updated";
};

/**
 * What a decision is to the world outside: known at commit, and told once it is true for readers. A time that a story was given is
 * true at once. Undefined for all that is the desk's own affair.
 */
export const announcementOf = (decision: Decision): Announcement | undefined => {
  const { action, before, after } = decision;
  if (before === after) return undefined;
  if (action === "schedule") return "article.scheduled";
  return before?.siteSeq === after.siteSeq ? undefined : shown(before, decision);
};
