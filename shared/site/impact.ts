import type { Head, Published } from "../domain/article.ts";
import { articlePath } from "./paths.ts";

/** A list of stories that the store keeps: the front's, or a section's. */
export type List = "front" | `section:${string}`;

/** A rendered object that is no story's own page. */
export type SharedPage =
  | { kind: "front" }
  | { kind: "feed" }
  | { kind: "robots" }
  | { kind: "not-found" }
  | { kind: "assets" }
  | { kind: "section"; slug: string };

/** The lists that a story belongs to while it is published. */
export const listsOf = (published: Published): List[] => ["front", `section:${published.address.section}`];

/** The pages that show a list. */
export const pagesOf = (list: List): SharedPage[] =>
  list === "front" ? [{ kind: "front" }, { kind: "feed" }] : [{ kind: "section", slug: list.slice("section:".length) }];

/** Everything that the settings show through; article pages follow at their next render or at a rebuild. */
export const sitePages = (sections: readonly string[]): SharedPage[] => [
  { kind: "assets" },
  { kind: "robots" },
  { kind: "not-found" },
  { kind: "front" },
  { kind: "feed" },
  ...sections.map((slug): SharedPage => ({ kind: "section", slug })),
];

export const pathOf = (head: { id: string; published: Published }): string => {
  const { section, slug } = head.published.address;
  return articlePath(section, slug, head.id);
};

/** Former paths of a story, oldest first. */
export const formerPathsOf = (head: { id: string; published: Published }): string[] =>
  head.published.former.map(({ section, slug }) => articlePath(section, slug, head.id));

/** What a change of an article touches: lists before and after it, and whether its page has moved. */
export type Impact = { lists: List[]; moved: boolean; changed: boolean };

/** Decided at commit, for the current state no longer knows the old section. Undefined when readers would see no change. */
export const impactOf = (before: Head | undefined, after: Head): Impact | undefined => {
  if (before?.siteSeq === after.siteSeq || (before === undefined && after.siteSeq === 0)) return undefined;
  const old = before?.published;
  const now = after.published;
  const lists = new Set([...(old ? listsOf(old) : []), ...(now ? listsOf(now) : [])]);
  const moved =
    old !== undefined &&
    now !== undefined &&
    (old.address.section !== now.address.section || old.address.slug !== now.address.slug);
  return { lists: [...lists], moved, changed: old !== undefined };
};
