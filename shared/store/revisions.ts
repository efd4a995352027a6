import type { Actor, Content } from "../domain/article.ts";
import type { Item, Table } from "./dynamo.ts";
import { articlePk, LAST, revisionKey, revisionRange } from "./layout.ts";

/** A content of an article as it was kept: immutable, and kept for ever, as its body is. Times are ISO 8601, UTC. */
export type Revision = { revision: number; content: Content; at: string; by: Actor; published: boolean };

const numberOf = (item: Item): number => Number(item.sk.split("#")[1]);
// Revisions are written by commit alone.
const asRevision = (item: Item, published: boolean): Revision => ({
  ...(item as Item & Pick<Revision, "content" | "at" | "by">),
  revision: numberOf(item),
  published,
});

const isNumber = (revision: number): boolean => Number.isInteger(revision) && revision >= 1 && revision <= LAST;

/** The content of one revision; undefined when there is none of that number. One read. */
export const loadContent = async (table: Table, article: string, revision: number): Promise<Content | undefined> => {
  const item = isNumber(revision) ? await table.get(revisionKey(article, revision)) : undefined;
  return item && asRevision(item, false).content;
};

/** One revision; `published` is whether readers have ever seen it. Undefined when there is none of that number. */
export const loadRevision = async (table: Table, article: string, revision: number): Promise<Revision | undefined> => {
  if (!isNumber(revision)) return undefined;
  const [item, [edition]] = await Promise.all([
    table.get(revisionKey(article, revision)),
    table.query({ pk: articlePk(article), ...revisionRange("EDITION", revision, revision) }),
  ]);
  return item && asRevision(item, edition !== undefined);
};

/** A page of an article's revisions below `before`, newest first: all, or only those that readers have seen. */
export const listRevisions = async (
  table: Table,
  article: string,
  { before, limit, only }: { before: number; limit: number; only: "all" | "published" },
): Promise<{ revisions: Revision[]; more: boolean }> => {
  const pk = articlePk(article);
  const page = (kind: "CONTENT" | "EDITION", most: number): Promise<Item[]> =>
    table.query({ pk, ...revisionRange(kind, 0, before - 1), limit: most, newestFirst: true });
  if (only === "published") {
    const editions = await page("EDITION", limit + 1);
    const wanted = editions.slice(0, limit).map((item) => revisionKey(article, numberOf(item)));
    const items = await table.getMany(wanted);
    const revisions = items.map((item) => asRevision(item, true)).sort((a, b) => b.revision - a.revision);
    return { revisions, more: editions.length > limit };
  }
  // Of a page of revisions at most as many are editions, and they are among the newest of those.
  const [items, editions] = await Promise.all([page("CONTENT", limit + 1), page("EDITION", limit)]);
  const seen = new Set(editions.map(numberOf));
  const revisions = items.slice(0, limit).map((item) => asRevision(item, seen.has(numberOf(item))));
  return { revisions, more: items.length > limit };
};
