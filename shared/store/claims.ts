import { addressOf } from "../domain/address.ts";
import type { Head } from "../domain/article.ts";
import { type Fault } from "../domain/error.ts";
import { oldPathsOf, pathOf } from "../site/impact.ts";
import { keyFilePath, sectionPath } from "../site/paths.ts";
import type { Item, Table, Write } from "./dynamo.ts";
import { pathKey } from "./layout.ts";

/** A path that becomes an article's own with a change, and the field that names it. */
export type Claim = { path: string; pointer: string };

const publishedPaths = ({ id, published }: Head): string[] =>
  published ? [pathOf({ id, published }), ...oldPathsOf({ id, published })] : [];

const scheduledPaths = ({ id, scheduled, published }: Head): string[] => {
  if (!scheduled) return [];
  const address = addressOf(scheduled.content, published);
  return [...(address ? [pathOf({ id, published: { address } })] : []), ...(scheduled.content.aliases ?? [])];
};

/** Paths that belong to an article: for ever once they were public, and from when it is scheduled, lest its time come in vain. */
const pathsOf = (head: Head | undefined): string[] => (head ? [...publishedPaths(head), ...scheduledPaths(head)] : []);

/** The paths that a change makes the article's. */
export const newClaims = (before: Head | undefined, after: Head): Claim[] => {
  const own = new Set(pathsOf(before));
  const aliases = (after.scheduled ?? after.published)?.content.aliases ?? [];
  return [...new Set(pathsOf(after))]
    .filter((path) => !own.has(path))
    .map((path) => ({ path, pointer: aliases.includes(path) ? `/aliases/${aliases.indexOf(path)}` : "/slug" }));
};

/** The write that claims a path; it holds when the path is nobody's, or the article's already. */
export const claimWrite = ({ path }: Claim, article: string): Write => ({
  put: { ...pathKey(path), article },
  if: { absentOr: { article } },
});

/** The same for a section's front, which stays the section's though it be removed: its page goes on saying 410. */
export const frontClaim = (section: string): Write => ({
  put: { ...pathKey(sectionPath(section)), section },
  if: { absentOr: { section } },
});

/** The same for the file of an IndexNow key. */
export const keyFileClaim = (key: string): Write => ({
  put: { ...pathKey(keyFilePath(key)), indexNow: key },
  if: { absentOr: { indexNow: key } },
});

/** What is said of a path that is somebody else's. */
export const takenFault = ({ path, pointer }: Claim): Fault => ({
  pointer,
  detail: `${path} belongs to another page of this site`,
});

/** The claims that would fail now. */
export const takenNow = async (table: Table, claims: readonly Claim[], article: string): Promise<Fault[]> => {
  if (!claims.length) return [];
  const items = await table.getMany(claims.map(({ path }) => pathKey(path)));
  const others = new Set(items.filter((item: Item) => item["article"] !== article).map(({ pk }) => pk));
  return claims.filter(({ path }) => others.has(pathKey(path).pk)).map(takenFault);
};
