import type { Table } from "../../shared/store/dynamo.ts";
import { type LoadedSite, loadSite } from "../../shared/store/site.ts";
import type { Call } from "./context.ts";

/** How old the settings may be that an answer's addresses and times are written by. */
const RECENT_MS = 1000;

const recent = new WeakMap<Table, { at: number; site: Promise<LoadedSite> }>();

/** The site as it stands: what decisions and writes go by. */
export const siteOf = (c: Call): Promise<LoadedSite> => {
  const { table, siteUrl } = c.get("services");
  return loadSite(table, siteUrl);
};

/**
 * The site as it stood within the last second: enough for the addresses and the time zone of an answer that only tells
 * what is, and one call less for tools that ask `GET .../live` over and over.
 */
export const recentSiteOf = (c: Call): Promise<LoadedSite> => {
  const { table, clock } = c.get("services");
  const known = recent.get(table);
  const now = clock.now();
  if (known && now - known.at < RECENT_MS) return known.site;
  const site = siteOf(c);
  recent.set(table, { at: now, site });
  // A failed read is nobody's settings.
  site.catch(() => recent.delete(table));
  return site;
};

/** After a change: who changed it sees it at once. */
export const forgetSite = (c: Call): boolean => recent.delete(c.get("services").table);
