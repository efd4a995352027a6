import { iso } from "../domain/time.ts";
import { sha256 } from "./digest.ts";
import type { Item, Key, Table } from "./dynamo.ts";
import { bounded, type EventState, type Finding } from "./finding.ts";
import { DUE_EVENTS, eventKey, eventsPk, seenKey } from "./layout.ts";
import type { InboxMessage } from "./message.ts";
import { LOST_AFTER_MS } from "./work.ts";

export type { EventOutcome, EventState, Finding } from "./finding.ts";

export const isOpen = ({ state }: { state: EventState }): boolean => state === "received" || state === "retrying";

/** A verified delivery of a source. Its body is in the {@link Inbox}; secrets among the headers are masked. Times are ISO 8601. */
export type ReceivedEvent = Finding & {
  source: string;
  /** ULID: events of a source stand in the order in which they came. */
  id: string;
  /** Its name at the sender, the same over its retries. */
  name: string;
  receivedAt: string;
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  bytes: number;
  /** When the source was made that verified it; and whether that took whatever came. */
  sourceSince: string;
  isUnsigned?: boolean | undefined;
  attempts: number;
  /** Counts replays. */
  replays: number;
  /** When it is worked on next, or, while it is, when it is given up for lost. */
  notBefore?: string | undefined;
  /** Until then a worker has it. */
  leasedUntil?: string | undefined;
  finishedAt?: string | undefined;
  /** Counts changes. */
  version: number;
};

/** Events, and with them the ids by which repetitions are known: longer than any sender retries, and a month to look at them. */
const KEPT_MS = 30 * 24 * 3_600_000;

const toItem = (event: ReceivedEvent): Item => ({
  ...eventKey(event.source, event.id),
  ...event,
  ...(isOpen(event) && event.notBefore !== undefined
    ? { duePk: DUE_EVENTS, dueSk: `${event.notBefore}#${event.id}` }
    : {}),
  ttl: Math.ceil((Date.parse(event.receivedAt) + KEPT_MS) / 1000),
});

/** Written by this file alone. */
const asEvent = (item: Item): ReceivedEvent => {
  const { pk: _pk, sk: _sk, v: _v, duePk: _duePk, dueSk: _dueSk, ttl: _ttl, ...event } = item;
  return event as ReceivedEvent;
};

const nameKey = (source: string, name: string): Key => seenKey(sha256(JSON.stringify([source, name])));

/** The event that came under this name before, within a month; undefined when none has. */
export const seenEvent = async (
  table: Table,
  { source, name }: Pick<ReceivedEvent, "source" | "name">,
  now: number,
): Promise<string | undefined> => {
  const seen = await table.get(nameKey(source, name));
  if (!seen) return undefined;
  if (String(seen["expiresAt"]) > iso(now)) return String(seen["event"]);
  await table.write({ delete: nameKey(source, name), if: { equals: { expiresAt: seen["expiresAt"] } } });
  return undefined;
};

/** Keeps a new event and its name in one transaction, due a minute later should nobody be woken for it; false when a twin was faster. */
export const addEvent = async (
  table: Table,
  event: Omit<ReceivedEvent, "state" | "attempts" | "replays" | "version">,
  now: number,
): Promise<boolean> => {
  const fresh = { state: "received", attempts: 0, replays: 0, version: 1 } as const;
  const notBefore = iso(now + LOST_AFTER_MS);
  const ttl = Math.ceil((now + KEPT_MS) / 1000);
  const seen = { event: event.id, expiresAt: iso(now + KEPT_MS), ttl };
  const outcome = await table.transact([
    { put: { ...nameKey(event.source, event.name), ...seen }, if: "absent" },
    { put: toItem({ ...event, ...fresh, notBefore }), if: "absent" },
  ]);
  return outcome.ok;
};

export const loadEvent = async (table: Table, source: string, id: string): Promise<ReceivedEvent | undefined> => {
  const item = await table.get(eventKey(source, id));
  return item && asEvent(item);
};

/** Events of a source, newest first; `after` is the id of the last one before the page. */
export const listEvents = async (
  table: Table,
  source: string,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<{ items: ReceivedEvent[]; more: boolean }> => {
  const items = await table.query({
    pk: eventsPk(source),
    from: " ",
    to: after ?? "~",
    limit: limit + 2,
    newestFirst: true,
  });
  const fresh = items.map(asEvent).filter(({ id }) => id !== after);
  return { items: fresh.slice(0, limit), more: fresh.length > limit };
};

/** Nothing is known of it, any more. */
const UNKNOWN = { reason: undefined, faults: undefined, warnings: undefined, outcomes: undefined };

const replace = async (table: Table, before: ReceivedEvent, change: Partial<ReceivedEvent>) => {
  const after = { ...before, ...change, version: before.version + 1 };
  const done = await table.write({ put: toItem(after), if: { equals: { version: before.version } } });
  return done ? after : undefined;
};

/** Takes an open event to work on it for `ms`, and counts the try; undefined when it is done, waits for its next try, or somebody has it. */
export const leaseEvent = async (
  table: Table,
  event: ReceivedEvent,
  { now, ms }: { now: number; ms: number },
): Promise<ReceivedEvent | undefined> => {
  if (!isOpen(event) || (event.leasedUntil ?? "") > iso(now)) return undefined;
  // A message of its last try that comes once more; a new event's comes before the sweep would look at it.
  if (event.state === "retrying" && (event.notBefore ?? "") > iso(now)) return undefined;
  const until = iso(now + ms);
  return replace(table, event, { attempts: event.attempts + 1, leasedUntil: until, notBefore: until });
};

/** Notes what became of a leased event, which is tried again at `next` (ms) while it is open. False when it was taken meanwhile. */
export const settleEvent = async (
  table: Table,
  event: ReceivedEvent,
  finding: Finding,
  { now, next }: { now: number; next?: number | undefined },
): Promise<boolean> => {
  const open = isOpen(finding);
  const notBefore = open && next !== undefined ? iso(next) : undefined;
  const change = {
    ...UNKNOWN,
    ...bounded(finding),
    leasedUntil: undefined,
    notBefore,
    finishedAt: open ? undefined : iso(now),
  };
  return (await replace(table, event, change)) !== undefined;
};

/** Has an event that was done with worked on once more, as if it had just come; undefined when it has changed since it was read. */
export const replayEvent = (
  table: Table,
  event: ReceivedEvent,
  { sourceSince, now }: Pick<ReceivedEvent, "sourceSince"> & { now: number },
): Promise<ReceivedEvent | undefined> =>
  replace(table, event, {
    sourceSince,
    ...UNKNOWN,
    state: "received",
    attempts: 0,
    replays: event.replays + 1,
    notBefore: iso(now + LOST_AFTER_MS),
    leasedUntil: undefined,
    finishedAt: undefined,
  });

/** Open events that are due at `now` (ISO 8601), the longest due first, at most `limit`. The index may lag: some may be done. */
export const dueEvents = async (table: Table, now: string, limit: number): Promise<InboxMessage[]> => {
  const page = await table.index({ name: "due", pk: DUE_EVENTS, to: `${now}#\uFFFF`, limit });
  return page.items.map(asEvent).map(({ source, id }) => ({ source, event: id }));
};
