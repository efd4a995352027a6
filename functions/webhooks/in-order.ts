import type { EventOutcome } from "../../shared/store/received.ts";
import { isStale, loadStamp, type Stamp, stampWrite } from "../../shared/store/stamps.ts";
import type { Write } from "../../shared/store/dynamo.ts";
import { iso } from "../../shared/domain/time.ts";
import type { HooksServices } from "./context.ts";
import type { Job } from "./find.ts";

/** Times that it is decided again because the state moved between reading and committing. */
const TRIES = 12;

type Ordering = Pick<HooksServices, "table" | "clock">;

/** So far may a sender's clock be ahead of ours. */
const AHEAD_MS = 300_000;

/** A time that is yet to come orders nothing: all that follows would be older for ever. */
const isAhead = (version: string, now: number): boolean => /^\d{4}-/.test(version) && version > iso(now + AHEAD_MS);

const stampOf = ({ event, command: { version } }: Job): Stamp => ({
  ...(version !== undefined && !isAhead(version, Date.parse(event.receivedAt)) && { version }),
  event: event.id,
});

const stale = (externalId: string): EventOutcome => ({
  externalId,
  action: "stale",
  reason: "A newer state of the story came before.",
});

/** What becomes of a command when a newer state of its story was taken already; undefined when none was. */
export const outdated = async ({ table }: Pick<Ordering, "table">, job: Job): Promise<EventOutcome | undefined> => {
  const { externalId } = job.command;
  const taken = await loadStamp(table, { source: job.source.name, externalId });
  return isStale(stampOf(job), taken) ? stale(externalId) : undefined;
};

/**
 * Does `attempt` unless a newer state of the story was taken already; `stamp` is what it writes in its transaction, so that of two events
 * at once the newer one stands. Again while the state moves under it; throws when it never rests.
 */
export const inOrder = async (
  { table, clock }: Ordering,
  job: Job,
  attempt: (stamp: Write) => Promise<EventOutcome | undefined>,
): Promise<EventOutcome> => {
  const { externalId } = job.command;
  const story = { source: job.source.name, externalId };
  const next = stampOf(job);
  for (let n = 1; n <= TRIES; n++) {
    const taken = await loadStamp(table, story);
    if (isStale(next, taken)) return stale(externalId);
    const outcome = await attempt(stampWrite(story, taken, next));
    if (outcome) return outcome;
    await clock.sleep(Math.random() * Math.min(500, 10 * 2 ** n));
  }
  throw new Crowded();
};

class Crowded extends Error {
  override readonly name = "Crowded";
}
