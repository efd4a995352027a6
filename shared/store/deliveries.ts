import { iso } from "../domain/time.ts";
import type { DeliveryState, EventType, Try } from "../domain/webhook.ts";
import type { Item, Key, Table, Write } from "./dynamo.ts";
import { type Idempotency, idempotencyPut } from "./idempotency.ts";
import { deliveriesPk, deliveryKey, dueDeliveries, lanePrefix, turnKey, turnsPk } from "./layout.ts";
import { callPut } from "./outbox.ts";
import { LOST_AFTER_MS } from "./work.ts";

/**
 * One telling of something to one receiver. Those of one `lane` (an article, or a single test) are made one
 * after the other, by seq.
 */
export type Delivery = {
  /** A ULID: that of the news, so that it is one delivery however often it is put. */
  id: string;
  target: string;
  lane: string;
  type: EventType;
  article?: string | undefined;
  seq: number;
  at: string;
  scheduledFor?: string | undefined;
  state: DeliveryState;
  /** Tries that are counted: those since it was put, or sent again. */
  attempts: number;
  /** The last of its tries, oldest first. */
  tries: Try[];
  /** When it was put, or sent again (ISO 8601, UTC). */
  since: string;
  /** No try before it (ISO 8601, UTC). While one is under way that is when it counts as lost, and `leased` is true. */
  notBefore: string;
  leased?: boolean | undefined;
};

/** How long deliveries are kept, in ms. */
const KEPT_MS = 30 * 24 * 3_600_000;
const TRIES_KEPT = 12;
/** A try is cut off long before: whoever has not noted what came of it by then is no more. */
const LEASE_MS = 60_000;

/** A delivery's name outside: whose, and which. */
export const deliveryName = ({ target, id }: Pick<Delivery, "target" | "id">): string => `${target}.${id}`;
/** The two parts of such a name; undefined when it is none. */
export const namedDelivery = (name: string): Pick<Delivery, "target" | "id"> | undefined => {
  const [, target, id] = /^([0-9A-Za-z]{1,26})\.([0-9A-Z]{26})$/.exec(name) ?? [];
  return target === undefined || id === undefined ? undefined : { target, id };
};

const keyOf = ({ target, id }: Pick<Delivery, "target" | "id">) => deliveryKey(target, id);
const turnOf = ({ target, lane, seq, id }: Delivery) => turnKey(target, lane, seq, id);
/** Epoch seconds, for DynamoDB's TTL. */
const ttlOf = (now: number): number => Math.ceil((now + KEPT_MS) / 1000);
/** Both are always named: what is no longer pending leaves the index. */
const due = ({ target, id }: Pick<Delivery, "target" | "id">, at: string | undefined) =>
  at === undefined ? { duePk: undefined, dueSk: undefined } : { duePk: dueDeliveries(target), dueSk: `${at}#${id}` };

const turnPut = (delivery: Delivery, now: number): Write => ({
  put: { ...turnOf(delivery), delivery: delivery.id, ttl: ttlOf(now) },
});

export type NewDelivery = Pick<Delivery, "id" | "target" | "lane" | "type" | "article" | "seq" | "at" | "scheduledFor">;

export const newDelivery = (fields: NewDelivery, now: number): Delivery => ({
  ...fields,
  state: "pending",
  attempts: 0,
  tries: [],
  since: iso(now),
  notBefore: iso(now),
});

/** The writes that put a new delivery and its turn. `dueAt` (ms) is when a round is to look at it. */
export const deliveryPuts = (delivery: Delivery, now: number, dueAt: number): Write[] => [
  { put: { ...keyOf(delivery), ...delivery, ...due(delivery, iso(dueAt)), ttl: ttlOf(now) } },
  turnPut(delivery, now),
];

/** Deliveries are written by this file alone. */
const asDelivery = (item: Item): Delivery => {
  const { pk: _pk, sk: _sk, duePk: _duePk, dueSk: _dueSk, ttl: _ttl, v: _v, ...delivery } = item as Item & Delivery;
  return delivery;
};

export const loadDelivery = async (table: Table, target: string, id: string): Promise<Delivery | undefined> => {
  const item = await table.get(deliveryKey(target, id));
  return item && asDelivery(item);
};

/** Deliveries of a receiver, newest first, older than `after` when given: one more than `limit` when there are more. */
export const deliveriesOf = async (
  table: Table,
  target: string,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<Delivery[]> => {
  const range = after === undefined ? {} : { from: "0", to: after };
  // The range includes the one at `after`, which was told already.
  const items = await table.query({ pk: deliveriesPk(target), ...range, limit: limit + 2, newestFirst: true });
  return items
    .map(asDelivery)
    .filter(({ id }) => id !== after)
    .slice(0, limit + 1);
};

/** A delivery's place in its lane. */
export type Turn = { key: Key; delivery: string };

/** The first two turns in a lane, strongly consistent. */
export const turnsIn = async (table: Table, target: string, lane: string): Promise<Turn[]> =>
  (await table.query({ pk: turnsPk(target), prefix: lanePrefix(lane), limit: 2 })).map(({ pk, sk, delivery }) => ({
    key: { pk, sk },
    delivery: String(delivery),
  }));

/** Deliveries that a round is to look at by `until` (ms), the longest due first. The index may lag: some may have ended. */
export const dueOf = async (table: Table, target: string, until: number, limit: number): Promise<Delivery[]> => {
  const page = await table.index({ name: "due", pk: dueDeliveries(target), to: `${iso(until)}#\uFFFF`, limit });
  return page.items.map(asDelivery);
};

/** As it was read: another's try, or somebody who sends it again, moves `notBefore`. */
const asRead = ({ state, notBefore }: Delivery) => ({ equals: { state, notBefore } }) as const;

/** Takes a delivery on for one try; undefined when somebody else has. What comes of it is to be noted within a minute. */
export const leaseDelivery = async (table: Table, delivery: Delivery, now: number): Promise<Delivery | undefined> => {
  const notBefore = iso(now + LEASE_MS);
  const set = { notBefore, leased: true, ...due(delivery, notBefore) };
  const leased = await table.write({ update: keyOf(delivery), set, if: asRead(delivery) });
  return leased ? { ...delivery, notBefore, leased: true } : undefined;
};

const tried = ({ attempts, tries }: Delivery, one: Try) => ({
  attempts: attempts + 1,
  tries: [...tries, one].slice(-TRIES_KEPT),
  leased: undefined,
});

/** Notes a try that failed: it comes again at `notBefore` (ms). False when somebody else has it by now. */
export const deliverAgain = (table: Table, delivery: Delivery, one: Try, notBefore: number): Promise<boolean> => {
  const at = iso(notBefore);
  return table.write({
    update: keyOf(delivery),
    set: { ...tried(delivery, one), notBefore: at, ...due(delivery, at) },
    if: asRead(delivery),
  });
};

/** The writes that end a delivery; `one` is the try that ended it. The next in its lane (`next`) is due at once. */
export const deliveryEnded = (
  delivery: Delivery,
  state: Exclude<DeliveryState, "pending">,
  { one, next, now }: { one?: Try | undefined; next?: string | undefined; now: number },
): Write[] => {
  const following = next === undefined ? undefined : { target: delivery.target, id: next };
  return [
    {
      update: keyOf(delivery),
      set: { ...(one ? tried(delivery, one) : {}), state, ...due(delivery, undefined) },
      if: asRead(delivery),
    },
    { delete: turnOf(delivery) },
    ...(following
      ? [{ update: keyOf(following), set: due(following, iso(now)), if: { equals: { state: "pending" } } } as const]
      : []),
  ];
};

/** Takes a turn away whose delivery waits no more. */
export const dropTurn = (table: Table, { key }: Turn): Promise<boolean> => table.write({ delete: key });

/** A round looks at a delivery again at `at` (ISO 8601): its turn has not come. */
export const putBehind = async (table: Table, delivery: Delivery, at: string): Promise<void> => {
  await table.write({ update: keyOf(delivery), set: due(delivery, at), if: asRead(delivery) });
};

/** A delivery that is to be made again from the beginning, under its old id and in its old place. */
export const sentAgain = (delivery: Delivery, now: number): Delivery => ({
  ...delivery,
  state: "pending",
  attempts: 0,
  since: iso(now),
  notBefore: iso(now),
  leased: undefined,
});

/** That it is asked for now: `call` is a new ULID, by which it is made at once, and `use` the use of an idempotency key. */
export type Asked = { call: string; use?: Idempotency | undefined; now: number };

const asked = ({ id, target, lane }: Delivery, { call, use, now }: Asked): Write[] => [
  callPut({ id: call, target, lane }, now),
  ...(use ? [idempotencyPut(use, { resource: "delivery", id: deliveryName({ id, target }), seq: 1 }, now)] : []),
];

/** Keeps a delivery as it is to be made again; false when it has changed since it was read, or the idempotency key was used before. */
export const resend = async (table: Table, before: Delivery, after: Delivery, ask: Asked): Promise<boolean> => {
  const { state, attempts, since, notBefore, leased } = after;
  const dueAt = iso(ask.now + LOST_AFTER_MS);
  const outcome = await table.transact([
    {
      update: keyOf(after),
      set: { state, attempts, since, notBefore, leased, ...due(after, dueAt), ttl: ttlOf(ask.now) },
      if: asRead(before),
    },
    turnPut(after, ask.now),
    ...asked(after, ask),
  ]);
  return outcome.ok;
};

/** Keeps a new delivery that somebody asked for; false when the idempotency key was used before. */
export const addDelivery = async (table: Table, delivery: Delivery, ask: Asked): Promise<boolean> => {
  const puts = deliveryPuts(delivery, ask.now, ask.now + LOST_AFTER_MS);
  return (await table.transact([...puts, ...asked(delivery, ask)])).ok;
};
