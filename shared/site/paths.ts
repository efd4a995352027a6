import type { Rendition } from "../domain/rendition.ts";
import { isSlug } from "../domain/slug.ts";

/** Every public URL and S3 key is made here; a page's path is its URL's path and, without the slash, its key. */
export const FRONT = "/";
export const FEED = "/feed.xml";
export const ROBOTS = "/robots.txt";
export const NOT_FOUND = "/404";

/** Crockford's base 32 in value order (https://github.com/ulid/spec#encoding). */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const ULID = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;
const BUCKETS = 40;

const lowerUlid = (ulid: string): string => {
  const lower = ulid.toLowerCase();
  if (!ULID.test(lower)) throw new RangeError(`not a ULID: ${JSON.stringify(ulid)}`);
  return lower;
};
const segment = (text: string): string => {
  if (!isSlug(text)) throw new RangeError(`not a path segment: ${JSON.stringify(text)}`);
  return text;
};

/** The ULID's last 8 characters in lower case: 40 of its 80 random bits. Throws a RangeError for what is no ULID. */
export const shortIdOf = (ulid: string): string => lowerUlid(ulid).slice(-8);

/**
 * The page of a story: `/{section}/{slug}-{shortId}`, or `/{section}/{shortId}` when the slug is empty. `id` is the
 * whole ULID. Throws a RangeError when a part is no path segment, so that no text can climb out of its folder.
 */
export const articlePath = (section: string, slug: string, id: string): string =>
  `/${segment(section)}/${slug === "" ? "" : `${segment(slug)}-`}${shortIdOf(id)}`;

/** The front of a section: `/{slug}`. Throws a RangeError when the slug is no path segment. */
export const sectionPath = (slug: string): string => `/${segment(slug)}`;

/**
 * The file by which search engines see that an IndexNow key is the site's own: `/{key}.txt`. Throws a RangeError for what is no
 * such key.
 */
export const keyFilePath = (key: string): string => {
  if (!/^[A-Za-z0-9-]{8,128}$/.test(key)) throw new RangeError(`not a key of IndexNow: ${JSON.stringify(key)}`);
  return `/${key}.txt`;
};

/** The S3 key of a path: `/` is `index.html`, any other path is its key without the leading slash. */
export const objectKey = (path: string): string => (path === FRONT ? "index.html" : path.slice(1));

/**
 * The path of an immutable asset: `face.woff2` with the hex digest of its bytes gives `/assets/face-<8 hex>.woff2`.
 * Throws a RangeError for another shape of name or digest.
 */
export const assetPath = (name: string, hash: string): string => {
  const match = /^([a-z0-9]+(?:-[a-z0-9]+)*)\.([a-z0-9]+)$/.exec(name);
  if (!match || !/^[0-9a-f]{8,}$/.test(hash))
    throw new RangeError(`not an asset: ${JSON.stringify(name)}, ${JSON.stringify(hash)}`);
  return `/assets/${match[1]}-${hash.slice(0, 8)}.${match[2]}`;
};

const nameOf = (hash: string, { crop, width, format }: Rendition): string => {
  if (!/^[0-9a-f]{16}$/.test(hash)) throw new RangeError(`not a rendition's digest: ${JSON.stringify(hash)}`);
  return `${hash}-${crop}-${width}.${format}`;
};

/**
 * The folder of a story's public pictures: `/images/{article}/{gen}`. `gen` is raised when a picture comes back that had been
 * taken off, so that no path which ever said 410 is wanted again.
 */
export const pictureFolder = (article: string, gen: number): string => `/images/${lowerUlid(article)}/${gen}`;

/** The public path of a rendition: `{folder}/{hash}-{crop}-{width}.{avif,webp,jpg}`. */
export const picturePath = (folder: string, hash: string, rendition: Rendition): string =>
  `${folder}/${nameOf(hash, rendition)}`;

/**
 * Keys of the private bucket of pictures. An upload is what came, and may come again while its policy holds; the original is
 * what was looked at, and never changes; renditions wait there for a story to be published with them.
 */
export const UPLOAD_PREFIX = "upload/";
export const uploadKey = (image: string): string => `${UPLOAD_PREFIX}${image}`;
export const ORIGINAL_PREFIX = "original/";
export const originalKey = (image: string): string => `${ORIGINAL_PREFIX}${image}`;
export const RENDITION_PREFIX = "rendition/";
export const renditionPrefix = (image: string): string => `${RENDITION_PREFIX}${image}/`;
export const renditionKey = (image: string, hash: string, rendition: Rendition): string =>
  `${renditionPrefix(image)}${nameOf(hash, rendition)}`;

/** The URL of a path; `baseUrl` is an origin without a trailing slash. */
export const absolute = (baseUrl: string, path: string): string => baseUrl + path;

/** The cache tag of a story's own page and pictures and of short lists that name it: `a-<ulid in lower case>`. */
export const tagOf = (ulid: string): string => `a-${lowerUlid(ulid)}`;

/**
 * The cache tag that long lists carry for a story: `h-00` to `h-39`. The bucket is the ULID's random part (its last 16
 * characters, 80 bits) read as an integer, mod 40; the time part is left out, so stories of one day spread evenly.
 */
export const bucketTagOf = (ulid: string): string => {
  let bucket = 0;
  for (const digit of lowerUlid(ulid).slice(-16)) bucket = (bucket * 32 + DIGITS.indexOf(digit)) % BUCKETS;
  return bucketTag(bucket);
};

const bucketTag = (bucket: number): string => `h-${String(bucket).padStart(2, "0")}`;

/** All bucket tags, `h-00` to `h-39`. */
export const BUCKET_TAGS: readonly string[] = Array.from({ length: BUCKETS }, (_, bucket) => bucketTag(bucket));
