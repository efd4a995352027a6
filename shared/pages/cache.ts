import { BUCKET_TAGS, tagOf } from "../site/paths.ts";

export type PageKind =
  | "article"
  | "waiting"
  | "front"
  | "section"
  | "feed"
  | "robots"
  | "key"
  | "not-found"
  | "moved"
  | "gone"
  | "asset"
  | "picture";
export type CachePolicy = { contentType: string; cacheControl: string };

const HTML = "text/html; charset=utf-8";
const LIST = "public, max-age=0, s-maxage=10, stale-while-revalidate=30";
const PAGE = "public, max-age=0, s-maxage=300, stale-while-revalidate=30";

const MOMENT = "public, max-age=0, s-maxage=1";
const FOR_EVER = "public, max-age=31536000, immutable";

const POLICIES: Record<PageKind, CachePolicy> = {
  article: { contentType: HTML, cacheControl: PAGE },
  // An article that a picture will come to, in a moment: nothing is purged then, and whoever opens it at once shall see it.
  waiting: { contentType: HTML, cacheControl: MOMENT },
  front: { contentType: HTML, cacheControl: LIST },
  section: { contentType: HTML, cacheControl: LIST },
  feed: { contentType: "application/rss+xml; charset=utf-8", cacheControl: LIST },
  // A browser that remembered A -> B would make a loop of A -> B -> A: it asks again each time.
  moved: { contentType: HTML, cacheControl: PAGE },
  robots: { contentType: "text/plain; charset=utf-8", cacheControl: PAGE },
  // Engines ask for it now and then, and are to see at once that it is there, or is no more.
  key: { contentType: "text/plain; charset=utf-8", cacheControl: MOMENT },
  // It answers for paths that a story may take at any moment: a long life, or a stale answer, would hide the story.
  "not-found": { contentType: HTML, cacheControl: MOMENT },
  gone: { contentType: HTML, cacheControl: PAGE },
  asset: { contentType: "font/woff2", cacheControl: FOR_EVER },
  picture: { contentType: "image/jpeg", cacheControl: FOR_EVER },
};

/**
 * The Content-Type and Cache-Control of a kind of page. Browsers always ask again; the CDN keeps lists 10 s and
 * articles 300 s, at most 30 s more while it fetches (RFC 9111, RFC 5861), so that even a lost purge heals; what will be
 * another page in a moment it keeps for 1 s.
 */
export const cachePolicy = (kind: PageKind): CachePolicy => POLICIES[kind];

/** Up to this many stories an object carries a tag for each; CloudFront takes 50 tags an object. */
const OWN_TAGS = 40;

/**
 * The cache tags of a page that names the stories `ids` (ULIDs; an article page names itself), for x-amz-meta-cache-tag:
 * an `a-` tag for each of up to 40, the 40 bucket tags for more; so never more than 40, and none without stories.
 */
export const cacheTags = (ids: readonly string[]): string[] => {
  const tags = [...new Set(ids.map(tagOf))];
  return tags.length <= OWN_TAGS ? tags : [...BUCKET_TAGS];
};
