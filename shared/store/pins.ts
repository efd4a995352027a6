import type { Actor, Head } from "../domain/article.ts";
import { type Lead, leadAt } from "../domain/lead.ts";
import type { List, SharedPage } from "../site/impact.ts";
import type { Table, Write } from "./dynamo.ts";
import { houseAudit } from "./history.ts";
import { DUE_LEADS, headKey, listPk, liveKey, sectionKey } from "./layout.ts";
import { leadOf, leadPut, sectionOf } from "./lead.ts";
import { type Live, parseRow, type Row } from "./live.ts";
import type { Services } from "./services.ts";
import { siteWork } from "./site.ts";

type Writer = Pick<Services, "table" | "clock" | "ids">;

/** The one page that shows a pinned order: feeds stay newest first. */
const pageOf = (list: List): SharedPage => {
  const slug = sectionOf(list);
  return slug === undefined ? { kind: "front" } : { kind: "section", slug };
};

export const leadName = (list: List): string => `lead:${list}`;

/**
 * Replaces a pinned order as it was read, with WORK for its page. False when it has changed since, or one of the stories that
 * were looked at (`heads`), or the section is no more.
 */
export const saveLead = async (
  writer: Writer,
  by: Actor,
  { list, before, after, heads }: { list: List; before: Lead | undefined; after: Lead; heads: Iterable<Head> },
): Promise<boolean> => {
  const section = sectionOf(list);
  const outcome = await writer.table.transact([
    leadPut(list, before, after),
    ...[...heads].map(({ id, seq }): Write => ({ check: headKey(id), if: { equals: { seq } } })),
    ...(section === undefined ? [] : [{ check: sectionKey(section), if: "present" } satisfies Write]),
    siteWork(writer, [pageOf(list)], []),
    houseAudit(writer, { action: "site.changed", by, subject: leadName(list) }),
  ]);
  return outcome.ok;
};

/** Pinned orders of which a pin has to leave at `now` (ISO 8601), at most `limit`. The index may lag. */
export const dueLeads = async (table: Table, now: string, limit: number): Promise<{ list: List; lead: Lead }[]> => {
  const page = await table.index({ name: "due", pk: DUE_LEADS, to: `${now}#\uFFFF`, limit });
  return page.items.flatMap((item) => leadOf(item) ?? []);
};

/** Takes off the pins whose time is up, with WORK for the page; false, and nothing done, when the order has changed since it was read. */
export const expirePins = async (
  writer: Writer,
  { list, lead }: { list: List; lead: Lead },
  now: string,
): Promise<boolean> => {
  const writes = [leadPut(list, lead, leadAt(lead, now)), siteWork(writer, [pageOf(list)], [])];
  return (await writer.table.transact(writes)).ok;
};

/**
 * Rows of stories wherever they stand in a list, by id, in two reads for up to a hundred: receipts name the rows. Stories that
 * are not in the list have none.
 */
export const rowsOfStories = async (
  table: Table,
  list: List,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Row>> => {
  const receipts = await table.getMany(ids.map(liveKey));
  // Receipts are goLive's.
  const keys = receipts.flatMap(
    (item) => (item as typeof item & Live).rows.find(({ pk }) => pk === listPk(list)) ?? [],
  );
  const items = keys.length ? await table.getMany(keys) : [];
  return new Map(items.flatMap((item) => parseRow(item["row"]) ?? []).map((row) => [row.story.id, row]));
};
