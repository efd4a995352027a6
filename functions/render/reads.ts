import type { List } from "../../shared/site/impact.ts";
import { newestRows, type Row } from "../../shared/store/live.ts";
import type { Services } from "../../shared/store/services.ts";
import { type LoadedSite, loadSite } from "../../shared/store/site.ts";

/** What several pages of one round read of the current state: each thing once, and only when it is wanted. */
export type Reads = {
  site(): Promise<LoadedSite>;
  /** The newest stories of a list, at most {@link MOST_ROWS}. */
  rows(list: List): Promise<Row[]>;
};

/** Stories on a front; a feed takes the first of them. */
export const MOST_ROWS = 30;

/** Begins a round of reading: make it after looking at every key that is to be written from it. */
export const readsOf = ({ table, siteUrl }: Pick<Services, "table" | "siteUrl">): Reads => {
  let site: Promise<LoadedSite> | undefined;
  const rows = new Map<List, Promise<Row[]>>();
  return {
    site: () => (site ??= loadSite(table, siteUrl)),
    rows: (list) => {
      const known = rows.get(list) ?? newestRows(table, list, MOST_ROWS);
      rows.set(list, known);
      return known;
    },
  };
};
