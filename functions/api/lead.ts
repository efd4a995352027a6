import { Hono } from "hono";
import { actorOf, type ApiKey, sectionBar } from "../../shared/domain/access.ts";
import { invalid, type Refusal } from "../../shared/domain/error.ts";
import { changedLead, type Lead, leadAt, type Pin, pinFaults, samePins } from "../../shared/domain/lead.ts";
import { formatTime, iso } from "../../shared/domain/time.ts";
import { bounded } from "../../shared/intake/faults.ts";
import { readLead } from "../../shared/intake/lead.ts";
import type { List } from "../../shared/site/impact.ts";
import { loadHeads } from "../../shared/store/articles.ts";
import { sectionOf } from "../../shared/store/lead.ts";
import { leadName, saveLead } from "../../shared/store/pins.ts";
import type { LoadedSite } from "../../shared/store/site.ts";
import { needs } from "./auth.ts";
import { untilSettled } from "./command.ts";
import type { ApiEnv, Call } from "./context.ts";
import { problem } from "./problem.ts";
import { isDryRun, takes } from "./query.ts";
import { ifMatchTag, ifNoneMatch, readJsonBody } from "./request.ts";
import { forgetSite, siteOf } from "./site-of.ts";

/** The list that a call is about: the front's, or that of the section in its path. */
const listOf = (c: Call): List => {
  const slug = c.req.param("slug");
  return slug === undefined ? "front" : `section:${slug}`;
};

const missing = (list: List, site: LoadedSite): Refusal | undefined => {
  const slug = sectionOf(list);
  return slug === undefined || site.sections.some((section) => section.slug === slug)
    ? undefined
    : { kind: "missing", detail: "There is no such section." };
};

/** The front is every section's: a key of some sections orders theirs. */
const leadBar = (key: ApiKey, list: List): Refusal | undefined => {
  const section = sectionOf(list);
  if (section !== undefined) return sectionBar(key, section);
  return key.sections === undefined
    ? undefined
    : { kind: "forbidden", detail: "This key writes to some sections only; the front is every section's." };
};

const leadJson = (pins: readonly Pin[], { timeZone }: LoadedSite) => ({
  items: pins.map(({ article, until }) => ({
    article,
    ...(until === undefined ? {} : { until: formatTime(Date.parse(until), timeZone) }),
  })),
});

const NEVER: Lead = { version: 0, pins: [] };

/** A pinned order as it stands now: the sweep is up to a minute late. */
const standing = (c: Call, list: List, site: LoadedSite): Lead =>
  leadAt(site.leads[list] ?? NEVER, iso(c.get("services").clock.now()));

const versionOf = ({ version }: Lead): string => `"p${version}"`;

const shown = (c: Call, order: Lead, site: LoadedSite): Response =>
  c.json(leadJson(order.pins, site), 200, { ETag: versionOf(order) });

const getLead = async (c: Call): Promise<Response> => {
  const [list, site] = [listOf(c), await siteOf(c)];
  const refusal = missing(list, site);
  if (refusal) return problem(c, refusal);
  const order = standing(c, list, site);
  const etag = versionOf(order);
  return ifNoneMatch(c, etag) ? c.body(null, 304, { ETag: etag }) : shown(c, order, site);
};

const putLead = async (c: Call): Promise<Response> => {
  const body = await readJsonBody(c);
  if (!body.ok) return problem(c, body.refusal);
  const services = c.get("services");
  const [key, list] = [c.get("key"), listOf(c)];
  return untilSettled(c, async () => {
    const site = await siteOf(c);
    const refusal = missing(list, site) ?? leadBar(key, list);
    if (refusal) return problem(c, refusal);
    const order = standing(c, list, site);
    if (ifMatchTag(c, versionOf(order)) === false) return problem(c, { kind: "stale" }, leadJson(order.pins, site));
    const read = readLead(body.value, { zone: site.timeZone, now: services.clock.now() });
    const heads = await loadHeads(
      services.table,
      read.pins.map(({ article }) => article),
    );
    const faults = [...read.faults, ...pinFaults(read.pins, heads, sectionOf(list))];
    if (faults.length) return problem(c, invalid(...bounded(faults)).refusal);
    const pins = read.pins.map(({ place: _place, ...pin }): Pin => pin);
    // No ETag: it would be that of somebody else's change, later.
    if (isDryRun(c)) return c.json(leadJson(pins, site));
    if (samePins(pins, order.pins)) return shown(c, order, site);
    const [before, after] = [site.leads[list], changedLead(order, pins)];
    if (!(await saveLead(services, actorOf(key), { list, before, after, heads: heads.values() }))) return undefined;
    forgetSite(c);
    services.events({ event: "site.changed", what: leadName(list), by: key.id });
    return shown(c, after, site);
  });
};

/** The routes of the pinned orders: the front's, and each section's. */
export const lead = new Hono<ApiEnv>()
  .get("/site/lead", needs("editor"), takes(), getLead)
  .put("/site/lead", needs("editor"), takes(), putLead)
  .get("/sections/:slug/lead", needs("editor"), takes(), getLead)
  .put("/sections/:slug/lead", needs("editor"), takes(), putLead);
