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
  /** The file of an IndexNow key: the one of the settings, or a former one. */
  | { kind: "index-now"; key: string }
  | { kind: "section"; slug: string };

/** The lists that a story belongs to while it is published. */
export const listsOf = (published: Published): List[] => ["front", `section:${published.address.section}`];

/** The pages that show a list. */
export const pagesOf = (list: List): SharedPage[] =>
  list === "front" ? [{ kind: "front" }, { kind: "feed" }] : [{ kind: "section", slug: list.slice("section:".length) }];

/**
 * Everything that the settings show through: fronts of these sections, files of these IndexNow keys, and what every site has.
 * Article pages follow at their next render or at a rebuild.
 */
export const sitePages = (sections: readonly string[], keys: readonly string[] = []): SharedPage[] => [
  { kind: "assets" },
  { kind: "robots" },
  { kind: "not-found" },
  { kind: "front" },
  { kind: "feed" },
  ...sections.map((slug): SharedPage => ({ kind: "section", slug })),
  ...keys.map((key): SharedPage => ({ kind: "index-now", key })),
];

export const pathOf = (head: { id: string; published: Pick<Published, "address"> }): string => {
  const { section, slug } = head.published.address;
  return articlePath(section, slug, head.id);
};

/** Former paths of a story, oldest first. */
export const formerPathsOf = (head: { id: string; published: Published }): string[] =>
  head.published.former.map(({ section, slug }) => articlePath(section, slug, head.id));

/** Every path that leads to a story's page, or says what became of it: former ones, and those from another system. */
export const oldPathsOf = (head: { id: string; published: Published }): string[] => [
  ...new Set([...formerPathsOf(head), ...(head.published.aliases ?? [])].filter((path) => path !== pathOf(head))),
];

/** A picture's time in the open with a story. */
export type ShownPicture = { image: string; gen: number };

const shownIn = (published: Published | undefined): ShownPicture[] =>
  Object.entries(published?.pictures ?? {}).map(([image, gen]) => ({ image, gen }));

/** What of an article is public: nothing before its first publication, and nothing once it is withdrawn. */
export const publicOf = (head: Head | undefined): Published | undefined =>
  head?.status === "withdrawn" ? undefined : head?.published;

/**
 * What a change of an article touches: lists before and after it, whether old paths lead elsewhere than before (or are new ones),
 * whether anything of it was public before, and the pictures that are public no longer.
 */
export type Impact = { lists: List[]; moved: boolean; changed: boolean; dark: ShownPicture[] };

/** Decided at commit, for the current state no longer knows the old section. Undefined when readers would see no change. */
export const impactOf = (before: Head | undefined, after: Head): Impact | undefined => {
  if (before?.siteSeq === after.siteSeq || (before === undefined && after.siteSeq === 0)) return undefined;
  const [old, now] = [publicOf(before), publicOf(after)];
  const lists = new Set([...(old ? listsOf(old) : []), ...(now ? listsOf(now) : [])]);
  const [from, to] = [before?.published?.address, after.published?.address];
  const elsewhere = from !== undefined && to !== undefined && (from.section !== to.section || from.slug !== to.slug);
  // Former paths lead to the page, or say 410 as it does.
  const turned = before?.published !== undefined && (old === undefined) !== (now === undefined);
  const known = new Set(before?.published?.aliases);
  const moved = elsewhere || turned || (after.published?.aliases ?? []).some((path) => !known.has(path));
  const dark = shownIn(before?.published).filter(({ image, gen }) => after.published?.pictures[image] !== gen);
  return { lists: [...lists], moved, changed: before?.published !== undefined, dark };
};

/** Images whose renditions readers are shown with a story. */
export const publicImages = (head: Head | undefined): string[] => shownIn(publicOf(head)).map(({ image }) => image);

/** Images that a story names: in its newest revision, in the one that is scheduled, and in the one that was published last. */
export const namedImages = ({ content, scheduled, published }: Head): string[] => [
  ...new Set(
    [content, scheduled?.content, published?.content].flatMap((one) => one?.pictures ?? []).map(({ image }) => image),
  ),
];

/**
 * Images in use by a story: all that it names, from when it has left the hand of whoever began it, by review or by handover. What
 * is said of one of these is a part of what editors read, or will not read again.
 */
export const usedImages = (head: Head | undefined): string[] =>
  head && (head.status !== "draft" || head.handedOver) ? namedImages(head) : [];
