import { type ApiKey, actorOf } from "./access.ts";
import type { Actor, Content, Head } from "./article.ts";
import type { Decision } from "./decide/command.ts";
import type { Fault, Warning } from "./error.ts";

/** A story's name in the system that it comes from: what is sent under it again is the same story. */
export type NaturalKey = { source: string; externalId: string };

/** Who acts for a source of webhooks: a key that nobody holds, by the source's name. */
const SOURCE_KEY = "source:";
export const sourceKeyId = (source: string): string => `${SOURCE_KEY}${source}`;
const isSourceKey = (key: string): boolean => key.startsWith(SOURCE_KEY);

type Named = Pick<Content, "source" | "externalId">;

export const naturalKeyOf = ({ source, externalId }: Named): NaturalKey | undefined =>
  source === undefined || externalId === undefined ? undefined : { source, externalId };

/** What is missing when only one of the two was given. */
export const halfKeyFaults = (given: Record<keyof NaturalKey, boolean>): Fault[] => {
  if (given.source === given.externalId) return [];
  const [lacks, has] = given.source ? (["externalId", "source"] as const) : (["source", "externalId"] as const);
  return [{ pointer: `/${lacks}`, detail: `is needed with ${has}` }];
};

/** A story keeps its name: what is sent under it has to find it. */
export const movedKeyFaults = (next: Named, before: Named): Fault[] =>
  (["source", "externalId"] as const).flatMap((name) =>
    next[name] === before[name] ? [] : [{ pointer: `/${name}`, detail: "is set when the article is made, and stays" }],
  );

/**
 * The last submission under a natural key: whose, which revision it became, and a digest of what was asked. `edited`: who else has
 * changed the story since; what the source sends from then on waits for an editor, until one publishes a revision of it.
 */
export type Sourced = { key: string; revision: number; digest: string; edited?: Actor | undefined };

/** A change of a story that came from a source, and what it is to the source. */
export const followed = (decision: Decision, key: ApiKey): Decision => {
  const { before, after } = decision;
  const sourced = before?.sourced;
  if (!sourced || after === before || decision.action === "resubmit") return decision;
  const isEdit = after.revision > before.revision && key.id !== sourced.key;
  if (isEdit) return { ...decision, after: { ...after, sourced: { ...sourced, edited: actorOf(key) } } };
  const isTaken = after.published?.revision === sourced.revision && before.published?.revision !== sourced.revision;
  if (!isTaken || !sourced.edited) return decision;
  const { edited: _edited, ...rest } = sourced;
  return { ...decision, after: { ...after, sourced: rest } };
};

/**
 * Why what a source sends is kept and not published, whatever it asks for; undefined when nothing is in its way. What a source of
 * webhooks took off itself, it may bring back.
 */
export const heldBack = ({ sourced, status, scheduled, withdrawal }: Head): Warning | undefined => {
  const held = (code: string, detail: string): Warning => ({ code, pointer: "/externalId", detail });
  const isOwn = withdrawal !== undefined && withdrawal.by.key === sourced?.key && isSourceKey(sourced.key);
  if (status === "withdrawn" && !isOwn)
    return held(
      "withdrawn-since",
      "the story was withdrawn: what its source sends is kept, and an editor may publish it",
    );
  if (sourced?.edited)
    return held(
      "edited-since",
      `${sourced.edited.name} has edited the story since: what its source sends is kept as a revision that an editor may publish`,
    );
  return scheduled && status === "scheduled"
    ? held("scheduled", `the story is scheduled for ${scheduled.at} as it was: what its source sends is kept`)
    : undefined;
};

/** What is said to a source whose submission was no news, where another would have had to wait. */
export const unheeded = (head: Head): Warning[] => {
  const said = sourceWarnings(head).length ? undefined : heldBack(head);
  return said ? [said] : [];
};

/** What is said of a story whose newest revision is its source's and waits for an editor. */
export const sourceWarnings = (head: Head): Warning[] => {
  const isSources = head.sourced?.revision === head.revision && head.published?.revision !== head.revision;
  const isHeld = isSources && head.revision > 1 ? heldBack(head) : undefined;
  return isHeld ? [isHeld] : [];
};
