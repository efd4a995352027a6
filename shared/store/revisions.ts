import type { Actor, Content } from "../domain/article.ts";
import type { Item, Table } from "./dynamo.ts";
import { articlePk, LAST, revisionKey, revisionRange } from "./layout.ts";

/** A content of an article as it was kept: immutable, and kept for ever, as its body is. Times are ISO 8601, UTC. */
export type Revision = { revision: number; content: Content; at: string; by: Actor };

// Revisions are written by commit alone.
const asRevision = (item: Item): Revision => ({
  ...(item as Item & Pick<Revision, "content" | "at" | "by">),
  revision: Number(item.sk.split("#")[1]),
});

const isNumber = (revision: number): boolean => Number.isInteger(revision) && revision >= 1 && revision <= LAST;

/** One revision; undefined when there is none of that number. One read. */
export const loadRevision = async (table: Table, article: string, revision: number): Promise<Revision | undefined> => {
  const item = isNumber(revision) ? await table.get(revisionKey(article, revision)) : undefined;
  return item && asRevision(item);
};

/** The content of one revision; undefined when there is none of that number. One read. */
export const loadContent = async (table: Table, article: string, revision: number): Promise<Content | undefined> =>
  (await loadRevision(table, article, revision))?.content;

/** A page of an article's revisions below `before`, newest first. */
export const listRevisions = async (
  table: Table,
  article: string,
  { before, limit }: { before: number; limit: number },
): Promise<{ revisions: Revision[]; more: boolean }> => {
  const items = await table.query({
    pk: articlePk(article),
    ...revisionRange(before - 1),
    limit: limit + 1,
    newestFirst: true,
  });
  return { revisions: items.slice(0, limit).map(asRevision), more: items.length > limit };
};
