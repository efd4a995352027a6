import type { FailedRelease, Head, Scheduled } from "../domain/article.ts";
import type { Fault } from "../domain/error.ts";
import { iso } from "../domain/time.ts";
import type { Table } from "./dynamo.ts";
import { DUE_RELEASES, headKey } from "./layout.ts";
import type { Services } from "./services.ts";
import { backoffMs } from "./work.ts";

/** When the schedule is to look at a story (ISO 8601): its time, or after a failure that of the next try. */
export const lookAt = ({ at, failed }: Scheduled): string => failed?.next ?? at;

/**
 * The due entry of a head: the head itself stands in the index for as long as it is scheduled. Both attributes are always
 * named, for a head that was read back carries those of its last state along.
 */
export const dueEntry = ({ id, status, scheduled }: Pick<Head, "id" | "status" | "scheduled">) =>
  status === "scheduled" && scheduled
    ? { duePk: DUE_RELEASES, dueSk: `${lookAt(scheduled)}#${id}` }
    : { duePk: undefined, dueSk: undefined };

/** Ids of stories whose time is `until` (ISO 8601) or earlier, the longest due first, at most `limit`. The index may lag: some may be up. */
export const dueReleases = async (table: Table, until: string, limit: number): Promise<string[]> => {
  const ids = new Set<string>();
  // A page ends after 1 MB, and heads may be large.
  for (let from: string | undefined; ids.size < limit;) {
    const ask = { name: "due", pk: DUE_RELEASES, to: `${until}#\uFFFF`, limit } as const;
    const page = await table.index(from === undefined ? ask : { ...ask, from });
    const before = ids.size;
    for (const { id } of page.items) ids.add(String(id));
    const last = page.items.at(-1)?.["dueSk"];
    if (!page.more || ids.size === before || typeof last !== "string") break;
    from = last;
  }
  return [...ids].slice(0, limit);
};

/** The longest that SQS holds a message back (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html). */
const LONGEST_DELAY_S = 900;

/**
 * Sends a message that comes when the story is due at `at` (ISO 8601), or as far on the way as a message goes; never later. Never
 * throws: what could not be sent is told as an event, and the sweep publishes the story within a minute of its time.
 */
export const sendRelease = async (
  { scheduleQueue, clock, events }: Pick<Services, "scheduleQueue" | "clock" | "events">,
  { article, at }: { article: string; at: string },
): Promise<void> => {
  const seconds = Math.floor((Date.parse(at) - clock.now()) / 1000);
  try {
    await scheduleQueue.send([{ article, at }], Math.min(LONGEST_DELAY_S, Math.max(0, seconds)));
  } catch (error) {
    events({ event: "release.unsent", article, code: error instanceof Error ? error.name : "unknown" });
  }
};

/** A reader waits for the story: what was put right is seen within five minutes. */
const LONGEST_BACKOFF_MS = 300_000;

/**
 * Notes on a scheduled story, as it was read, that it could not go up; it stays scheduled, and is due again after a minute, two, four,
 * then five at a time. An update and no command: `seq` stays, so that no editor's ETag goes stale by it. False when the
 * story has moved on, or a twin has noted it already.
 */
export const noteFailedRelease = (
  table: Table,
  { id, seq, status }: Head,
  scheduled: Scheduled,
  faults: Fault[],
  now: number,
): Promise<boolean> => {
  const attempts = (scheduled.failed?.attempts ?? 0) + 1;
  const failed: FailedRelease = {
    attempts,
    faults,
    next: iso(now + Math.min(LONGEST_BACKOFF_MS, backoffMs(attempts))),
  };
  const noted = { ...scheduled, failed };
  return table.write({
    update: headKey(id),
    set: { scheduled: noted, ...dueEntry({ id, status, scheduled: noted }) },
    if: { equals: { seq, dueSk: dueEntry({ id, status, scheduled }).dueSk } },
  });
};
