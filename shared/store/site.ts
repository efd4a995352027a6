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
import { iso } from "../domain/time.ts";
import type { List, SharedPage } from "../site/impact.ts";
import { sitePages } from "../site/impact.ts";
import type { Item, Table, Write } from "./dynamo.ts";
import { authorKey, homeKey, listPk, sectionKey, settingsKey, SITE_PK } from "./layout.ts";
import type { Services } from "./services.ts";
import { LOST_AFTER_MS, newWork, workPut } from "./work.ts";

type Settings = SiteInput & { version: number; zoneFrozen: boolean };
export type LoadedSite = Site & { version: number; zoneFrozen: boolean };

// The partition is written by this file alone.
const asSettings = (item: Item): Settings => item as Item & Settings;
const asSection = (item: Item): Section => item as Item & Section;
const asAuthor = (item: Item): Author => item as Item & Author;

/** The site as it stands: settings, sections in the order they were made, authors. One consistent query. */
export const loadSite = async (table: Table, siteUrl: string): Promise<LoadedSite> => {
  const items = await table.query({ pk: SITE_PK });
  const settings = items.find((item) => item.sk === settingsKey.sk);
  const { title, description, baseUrl, timeZone, locale, logo, nav, pictures, imprint, version, zoneFrozen } = settings
    ? asSettings(settings)
    : { ...NEW_SITE, version: 0, zoneFrozen: false };
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
    version,
    zoneFrozen,
    sections: sections
      .sort((a, b) => a.order - b.order)
      .map(({ section: { slug, title: name, description: text } }) => ({ slug, title: name, description: text })),
    authors: items
      .filter((item) => item.sk.startsWith("AUTHOR#"))
      .map((item) => asAuthor(item))
      .map(({ slug, name, bio }) => ({ slug, name, bio })),
  };
};

type Writer = Pick<Services, "table" | "clock" | "ids">;

/** WORK for the site's own pages, in the transaction of what changed them. */
const siteWork = ({ clock, ids }: Pick<Writer, "clock" | "ids">, pages: SharedPage[], lists: List[]): Write => {
  const now = clock.now();
  return workPut(newWork({ id: ids.ulid(now), seq: 0, lists, pages, createdAt: iso(now) }), iso(now + LOST_AFTER_MS));
};

const everyPage = (site: Pick<Site, "sections">): SharedPage[] =>
  sitePages(site.sections.map((section) => section.slug));

/** Makes the settings and sections of a new house, once; false when they stand already. */
export const foundSite = async (writer: Writer): Promise<boolean> => {
  const settings: Item = { ...settingsKey, ...NEW_SITE, version: 1, zoneFrozen: false };
  const writes: Write[] = [
    { put: settings, if: "absent" },
    ...NEW_SECTIONS.map((section, order): Write => ({ put: { ...sectionKey(section.slug), ...section, order } })),
    siteWork(writer, everyPage({ sections: [...NEW_SECTIONS] }), []),
  ];
  return (await writer.table.transact(writes)).ok;
};

/** Replaces the settings as they were read; false when they have changed since. */
export const saveSite = async (writer: Writer, before: LoadedSite, after: SiteInput): Promise<boolean> => {
  const put: Item = { ...settingsKey, ...after, version: before.version + 1, zoneFrozen: before.zoneFrozen };
  const outcome = await writer.table.transact([
    { put, if: { equals: { version: before.version, zoneFrozen: before.zoneFrozen } } },
    siteWork(writer, everyPage(before), []),
  ]);
  return outcome.ok;
};

/** Makes or changes a section; every page's navigation names it. */
export const saveSection = async (
  writer: Writer,
  site: LoadedSite,
  slug: string,
  input: SectionInput,
): Promise<void> => {
  const order = site.sections.findIndex((section) => section.slug === slug);
  const sections = order < 0 ? [...site.sections, { slug, ...input }] : site.sections;
  await writer.table.transact([
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
    siteWork(writer, everyPage({ sections }), []),
  ]);
};

/**
 * Removes a section without stories; false when it has some, drafts included. A story filed into it at the very same
 * moment keeps its place: it cannot be published until the section is made again.
 */
export const removeSection = async (writer: Writer, site: LoadedSite, slug: string): Promise<boolean> => {
  const [home] = await writer.table.query({ pk: homeKey(slug, "").pk, limit: 1 });
  const [row] = await writer.table.query({ pk: listPk(`section:${slug}`), limit: 1 });
  if (home || row) return false;
  const left = site.sections.filter((section) => section.slug !== slug);
  await writer.table.transact([
    { delete: sectionKey(slug) },
    siteWork(writer, [...everyPage({ sections: left }), { kind: "section", slug }], []),
  ]);
  return true;
};

export const saveAuthor = async (table: Table, slug: string, input: AuthorInput): Promise<void> => {
  await table.write({ update: authorKey(slug), set: { slug, name: input.name, bio: input.bio } });
};

/** False when there was no such author. */
export const removeAuthor = (table: Table, slug: string): Promise<boolean> =>
  table.write({ delete: authorKey(slug), if: "present" });
