import type { Head } from "../domain/article.ts";
import { changedLead, homesOf, type Lead, mayStandOn, nextEnd } from "../domain/lead.ts";
import type { List } from "../site/impact.ts";
import type { Item, Write } from "./dynamo.ts";
import { DUE_LEADS, LEAD_PREFIX, leadKey } from "./layout.ts";

/** The pinned orders by their lists; a list that never had one is absent. */
export type Leads = Partial<Record<List, Lead>>;

export const sectionOf = (list: List): string | undefined =>
  list === "front" ? undefined : list.slice("section:".length);

const isList = (name: string): name is List => name === "front" || name.startsWith("section:");

/** A pinned order as the table keeps it; the sweep finds it by the moment in which its next pin leaves. */
const toItem = (list: List, { version, pins }: Lead): Item => {
  const end = nextEnd(pins);
  const due = end === undefined ? {} : { duePk: DUE_LEADS, dueSk: `${end}#${list}` };
  return { ...leadKey(list), version, pins: pins.map((pin) => ({ ...pin })), ...due };
};

/** The pinned order that an item holds; undefined for any other item of the site's. */
export const leadOf = (item: Item): { list: List; lead: Lead } | undefined => {
  const list = item.sk.slice(LEAD_PREFIX.length);
  if (!item.sk.startsWith(LEAD_PREFIX) || !isList(list)) return undefined;
  // What is read back was written by toItem alone.
  const { version, pins } = item as Item & Lead;
  return { list, lead: { version, pins } };
};

export const leadsOf = (items: readonly Item[]): Leads =>
  Object.fromEntries(items.flatMap((item) => leadOf(item) ?? []).map(({ list, lead }) => [list, lead]));

const asRead = (before: Lead | undefined) =>
  before ? ({ equals: { version: before.version } } as const) : ("absent" as const);

/** The write that replaces a pinned order as it was read. */
export const leadPut = (list: List, before: Lead | undefined, after: Lead): Write => ({
  put: toItem(list, after),
  if: asRead(before),
});

/**
 * What a change of a story does to pinned orders, in its transaction: a story that is withdrawn, or leaves a section, leaves its
 * pins there. Where it has none, the order has to be as it was read: nobody may pin it in this very moment.
 */
export const unpinWrites = (before: Head | undefined, after: Head, leads: Leads): Write[] => {
  if (!before) return [];
  const lists: List[] = ["front", ...homesOf(before).map((section): List => `section:${section}`)];
  return lists
    .filter((list) => mayStandOn(before, sectionOf(list)) && !mayStandOn(after, sectionOf(list)))
    .map((list) => {
      const lead = leads[list];
      const left = lead?.pins.filter(({ article }) => article !== after.id) ?? [];
      return lead && left.length < lead.pins.length
        ? leadPut(list, lead, changedLead(lead, left))
        : { check: leadKey(list), if: asRead(lead) };
    });
};
