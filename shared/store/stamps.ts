import type { NaturalKey } from "../domain/natural-key.ts";
import { sha256 } from "./digest.ts";
import type { Key, Table, Write } from "./dynamo.ts";
import { stampKey } from "./layout.ts";

/** Which state of a story of a source was taken last: its version at the sender, if it said one, and the event (a ULID) that brought it. */
export type Stamp = { version?: string | undefined; event: string };

const keyOf = ({ source, externalId }: NaturalKey): Key => stampKey(sha256(JSON.stringify([source, externalId])));

/** The newest state of a story that was taken; kept for ever, for a withdrawn story too, and for one that never was there. */
export const loadStamp = async (table: Table, story: NaturalKey): Promise<Stamp | undefined> => {
  const item = await table.get(keyOf(story));
  if (!item) return undefined;
  const { version, event } = item;
  return { version: typeof version === "string" ? version : undefined, event: String(event) };
};

/**
 * Whether a newer state than `next` was taken already: by the sender's versions where both have one, and else, or when these are
 * equal, by which event came first. An event that is worked on again is not stale by itself.
 */
export const isStale = (next: Stamp, taken: Stamp | undefined): boolean => {
  if (!taken) return false;
  if (next.version !== undefined && taken.version !== undefined && next.version !== taken.version)
    return next.version < taken.version;
  return next.event < taken.event;
};

/**
 * The write that says which state was taken, for the transaction that takes it; where it is said already, the check that no other was
 * taken meanwhile. A version stays known when a state comes that says none: what is older than it stays older.
 */
export const stampWrite = (story: NaturalKey, before: Stamp | undefined, next: Stamp): Write => {
  const version = next.version ?? before?.version;
  const asRead = before && { equals: { event: before.event, version: before.version } };
  if (asRead && before.event === next.event && before.version === version) return { check: keyOf(story), if: asRead };
  return { put: { ...keyOf(story), event: next.event, version }, if: asRead ?? "absent" };
};
