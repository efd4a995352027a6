import type { List } from "../../shared/site/impact.ts";
import { newestRows, type Row } from "../../shared/store/live.ts";
import { rowsOfStories } from "../../shared/store/pins.ts";
import type { Services } from "../../shared/store/services.ts";
import { type LoadedSite, loadSite } from "../../shared/store/site.ts";

/** What several pages of one round read of the current state: each thing once, and only when it is wanted. */
export type Reads = {
  site(): Promise<LoadedSite>;
  /** The newest stories of a list, at most {@link MOST_ROWS}. */
  rows(list: List): Promise<Row[]>;
  /** What the list's front shows, as many: the pinned stories that are in the list, in their order, then the newest of the others. */
  led(list: List): Promise<Row[]>;
};

/** Stories on a front; a feed takes the first of them. */
export const MOST_ROWS = 30;

/** Begins a round of reading: make it after looking at every key that is to be written from it. */
export const readsOf = ({ table, siteUrl }: Pick<Services, "table" | "siteUrl">): Reads => {
  let site: Promise<LoadedSite> | undefined;
  const rows = new Map<List, Promise<Row[]>>();
  const reads: Reads = {
    site: () => (site ??= loadSite(table, siteUrl)),
    rows: (list) => {
      const known = rows.get(list) ?? newestRows(table, list, MOST_ROWS);
      rows.set(list, known);
      return known;
    },
    led: async (list) => {
      const [{ leads }, newest] = await Promise.all([reads.site(), reads.rows(list)]);
      const pinned = (leads[list]?.pins ?? []).map(({ article }) => article);
      return ledBy(pinned, newest, (older) => rowsOfStories(table, list, older));
    },
  };
  return reads;
};

/** Pinned stories first. Those that are not among the newest are read one by one, if the list has more than these at all. */
const ledBy = async (
  pinned: readonly string[],
  newest: Row[],
  older: (ids: string[]) => Promise<ReadonlyMap<string, Row>>,
): Promise<Row[]> => {
  if (!pinned.length) return newest;
  const near = new Map(newest.map((row) => [row.story.id, row]));
  const far = pinned.filter((id) => !near.has(id));
  const found = far.length && newest.length === MOST_ROWS ? await older(far) : undefined;
  const first = pinned.flatMap((id) => near.get(id) ?? found?.get(id) ?? []);
  const others = newest.filter(({ story }) => !pinned.includes(story.id));
  return [...first, ...others].slice(0, MOST_ROWS);
};
