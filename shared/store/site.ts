import {
  type Author,
  type AuthorInput,
  NEW_SECTIONS,
  NEW_SITE,
  type Section,
  type SectionInput,
  type Site,
  type SiteInput,
} from "../domain/site.ts";
import type { Actor } from "../domain/article.ts";
import { iso } from "../domain/time.ts";
import type { List, SharedPage } from "../site/impact.ts";
import { sitePages } from "../site/impact.ts";
import { keyFilePath, sectionPath } from "../site/paths.ts";
import { frontClaim, keyFileClaim } from "./claims.ts";
import type { Item, Table, Write } from "./dynamo.ts";
import { houseAudit } from "./history.ts";
import {
  announcesKey,
  authorKey,
  homeKey,
  leadKey,
  listPk,
  pathKey,
  sectionKey,
  settingsKey,
  SITE_PK,
} from "./layout.ts";
import { type Leads, leadsOf } from "./lead.ts";
import type { Services } from "./services.ts";
import { LOST_AFTER_MS, newWork, workPut } from "./work.ts";

type Settings = SiteInput & { version: number; zoneFrozen: boolean };
/** `announces`: somebody is told of what is published, or was once. */
export type LoadedSite = Site & { version: number; zoneFrozen: boolean; leads: Leads; announces: boolean };

// The partition is written by this file alone.
const asSettings = (item: Item): Settings => item as Item & Settings;
const asSection = (item: Item): Section => item as Item & Section;
const asAuthor = (item: Item): Author => item as Item & Author;

/** The site as it stands: settings, sections in the order they were made, authors, pinned orders. One consistent query. */
export const loadSite = async (table: Table, siteUrl: string): Promise<LoadedSite> => {
  const items = await table.query({ pk: SITE_PK });
  const settings = items.find((item) => item.sk === settingsKey.sk);
  const { title, description, baseUrl, timeZone, locale, logo, nav, pictures, imprint, webSub, indexNow, ...kept } =
    settings ? asSettings(settings) : { ...NEW_SITE, version: 0, zoneFrozen: false };
  const sections = items
    .filter((item) => item.sk.startsWith("SECTION#"))
    .map((item) => ({ order: Number(item["order"] ?? 0), section: asSection(item) }));
  return {
    title,
    description,
    baseUrl: baseUrl ?? siteUrl,
    timeZone,
    locale,
    logo,
    nav,
    pictures,
    imprint,
    webSub,
    indexNow,
    version: kept.version,
    zoneFrozen: kept.zoneFrozen,
    sections: sections
      .sort((a, b) => a.order - b.order)
      .map(({ section: { slug, title: name, description: text } }) => ({ slug, title: name, description: text })),
    authors: items
      .filter((item) => item.sk.startsWith("AUTHOR#"))
      .map((item) => asAuthor(item))
      .map(({ slug, name, bio }) => ({ slug, name, bio })),
    leads: leadsOf(items),
    announces: webSub !== undefined || indexNow !== undefined || items.some((item) => item.sk === announcesKey.sk),
  };
};

type Writer = Pick<Services, "table" | "clock" | "ids">;

/** WORK for the site's own pages, in the transaction of what changed them. */
export const siteWork = ({ clock, ids }: Pick<Writer, "clock" | "ids">, pages: SharedPage[], lists: List[]): Write => {
  const now = clock.now();
  return workPut(newWork({ id: ids.ulid(now), seq: 0, lists, pages, createdAt: iso(now) }), iso(now + LOST_AFTER_MS));
};

/** The record of a change of the settings, in its transaction. */
const changed = (writer: Writer, by: Actor, subject: string): Write =>
  houseAudit(writer, { action: "site.changed", by, subject });

/** Who founds a house: nobody has a key yet. */
const FOUNDER: Actor = { key: "house", name: "Broadsheet" };

const everyPage = ({ sections, indexNow }: Pick<Site, "sections" | "indexNow">): SharedPage[] =>
  sitePages(
    sections.map((section) => section.slug),
    indexNow ? [indexNow.key] : [],
  );

/** Makes the settings and sections of a new house, once; false when they stand already. */
export const foundSite = async (writer: Writer): Promise<boolean> => {
  const settings: Item = { ...settingsKey, ...NEW_SITE, version: 1, zoneFrozen: false };
  const writes: Write[] = [
    { put: settings, if: "absent" },
    ...NEW_SECTIONS.flatMap((section, order): Write[] => [
      { put: { ...sectionKey(section.slug), ...section, order } },
      frontClaim(section.slug),
    ]),
    siteWork(writer, everyPage({ sections: [...NEW_SECTIONS] }), []),
    houseAudit(writer, { action: "site.founded", by: FOUNDER }),
  ];
  return (await writer.table.transact(writes)).ok;
};

/**
 * Replaces the settings as they were read, with WORK for the file of a former IndexNow key too. False when they have changed
 * since, or the new key's file would stand at an old path of a story.
 */
export const saveSite = async (writer: Writer, by: Actor, before: LoadedSite, after: SiteInput): Promise<boolean> => {
  const put: Item = { ...settingsKey, ...after, version: before.version + 1, zoneFrozen: before.zoneFrozen };
  const [former, key] = [before.indexNow?.key, after.indexNow?.key];
  const pages = everyPage({ sections: before.sections, indexNow: after.indexNow });
  if (former !== undefined && former !== key) pages.push({ kind: "index-now", key: former });
  const outcome = await writer.table.transact([
    { put, if: { equals: { version: before.version, zoneFrozen: before.zoneFrozen } } },
    ...(key === undefined ? [] : [keyFileClaim(key)]),
    siteWork(writer, pages, []),
    changed(writer, by, "site"),
  ]);
  return outcome.ok;
};

/** Makes or changes a section; every page's navigation names it. False when its front would stand at an old path of a story. */
export const saveSection = async (
  writer: Writer,
  by: Actor,
  site: LoadedSite,
  slug: string,
  input: SectionInput,
): Promise<boolean> => {
  const order = site.sections.findIndex((section) => section.slug === slug);
  const sections = order < 0 ? [...site.sections, { slug, ...input }] : site.sections;
  const outcome = await writer.table.transact([
    frontClaim(slug),
    // The order is the moment of making, after those every house has: two made at once do not collide.
    {
      update: sectionKey(slug),
      set: {
        slug,
        title: input.title,
        description: input.description,
        ...(order < 0 ? { order: writer.clock.now() } : {}),
      },
    },
    siteWork(writer, everyPage({ ...site, sections }), []),
    changed(writer, by, `section:${slug}`),
  ]);
  return outcome.ok;
};

/** Whether a section may stand under this name: its front's path is no story's. */
export const isFree = async (table: Table, slug: string): Promise<boolean> => {
  const claim = await table.get(pathKey(sectionPath(slug)));
  return claim === undefined || claim["section"] === slug;
};

/** Whether the file of an IndexNow key may stand at the root: its path is no story's. */
export const isKeyFree = async (table: Table, key: string): Promise<boolean> => {
  const claim = await table.get(pathKey(keyFilePath(key)));
  return claim === undefined || claim["indexNow"] === key;
};

/**
 * Removes a section without stories; false when it has some, drafts included. A story filed into it at the very same
 * moment keeps its place: it cannot be published until the section is made again.
 */
export const removeSection = async (writer: Writer, by: Actor, site: LoadedSite, slug: string): Promise<boolean> => {
  const [home] = await writer.table.query({ pk: homeKey(slug, "").pk, limit: 1 });
  const [row] = await writer.table.query({ pk: listPk(`section:${slug}`), limit: 1 });
  if (home || row) return false;
  const left = site.sections.filter((section) => section.slug !== slug);
  await writer.table.transact([
    { delete: sectionKey(slug) },
    { delete: leadKey(`section:${slug}`) },
    siteWork(writer, [...everyPage({ ...site, sections: left }), { kind: "section", slug }], []),
    changed(writer, by, `section:${slug}`),
  ]);
  return true;
};

export const saveAuthor = async (writer: Writer, by: Actor, slug: string, input: AuthorInput): Promise<void> => {
  await writer.table.transact([
    { update: authorKey(slug), set: { slug, name: input.name, bio: input.bio } },
    changed(writer, by, `author:${slug}`),
  ]);
};

/** False when there was no such author. */
export const removeAuthor = async (writer: Writer, by: Actor, slug: string): Promise<boolean> => {
  const removed = await writer.table.transact([
    { delete: authorKey(slug), if: "present" },
    changed(writer, by, `author:${slug}`),
  ]);
  return removed.ok;
};
