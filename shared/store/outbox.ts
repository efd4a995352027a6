import type { Announcement } from "../domain/webhook.ts";
import { iso } from "../domain/time.ts";
import type { Item, Table, Write } from "./dynamo.ts";
import { DUE_NEWS, newsKey, newsPk } from "./layout.ts";
import { LOST_AFTER_MS } from "./work.ts";

/** What is to be told of an article, put in the very transaction that makes it true. `id` is a ULID. */
export type News = {
  id: string;
  article: string;
  type: Announcement;
  seq: number;
  /** ISO 8601, UTC. */
  at: string;
  scheduledFor?: string;
};
/** That somebody wants a delivery made now: the first of a receiver's lane. */
export type Call = { id: string; target: string; lane: string };
export type Outgoing = News | Call;

const keyOf = (out: Outgoing) =>
  "article" in out ? newsKey(out.article, out.seq, out.id) : newsKey(out.lane, 0, out.id);
const due = (id: string, at: number) => ({ duePk: DUE_NEWS, dueSk: `${iso(at)}#${id}` });

const put = (out: Outgoing, now: number): Write => ({
  put: { ...keyOf(out), ...out, ...due(out.id, now + LOST_AFTER_MS) },
});

/** The write that puts news out; the stream wakes who tells it, and the minute's round finds what that missed. */
export const newsPut = (news: News, now: number): Write => put(news, now);
/** The same for a delivery that is to be made now. */
export const callPut = (call: Call, now: number): Write => put(call, now);

/** It has been seen to; the transaction that says so happens once. */
export const outgoingTaken = (out: Outgoing): Write => ({ delete: keyOf(out), if: "present" });

/** What is read back was put by this file alone. */
const asOutgoing = (item: Item): Outgoing => {
  const { pk: _pk, sk: _sk, duePk: _duePk, dueSk: _dueSk, v: _v, ...out } = item as Item & Outgoing;
  return out;
};

/** All that waits for a subject (an article, or a test), in the order of seq. */
export const loadOutgoing = async (table: Table, subject: string): Promise<Outgoing[]> =>
  (await table.query({ pk: newsPk(subject) })).map(asOutgoing);

/** Subjects whose news nobody has seen to until `now` (ms), the longest due first. The index may lag: some may be done. */
export const lostSubjects = async (table: Table, now: number, limit: number): Promise<string[]> => {
  const page = await table.index({ name: "due", pk: DUE_NEWS, to: `${iso(now)}#\uFFFF`, limit });
  return [...new Set(page.items.map(({ pk }) => pk.slice(newsPk("").length)))];
};

/** Leaves news for a later round: those behind it are not to wait for it. */
export const putOff = async (table: Table, out: Outgoing, now: number): Promise<void> => {
  await table.write({ update: keyOf(out), set: due(out.id, now + LOST_AFTER_MS), if: "present" });
};
