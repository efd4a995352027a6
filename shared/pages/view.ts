import type { Body } from "../domain/body.ts";
import type { Section } from "../domain/site.ts";

/** Everything a page may know of the site; plain data, absolute instants as ISO 8601 in UTC, paths from the root. */
export type SiteView = {
  title: string;
  description?: string | undefined;
  /** Origin without a trailing slash; canonical and feed links are made of it. */
  baseUrl: string;
  locale: string;
  timeZone: string;
  logo?: string | undefined;
  nav: { title: string; path: string }[];
  imprint: string[];
  sections: Section[];
  /** The WebSub hub that feeds name; absent while there is none. */
  hub?: string | undefined;
};

/** A picture that is public with its story: where its renditions are, and what is said of it. */
export type PictureView = {
  /** `/images/<article>/<gen>`; `picturePath` makes addresses in it. */
  folder: string;
  /** Digests in the names of its renditions: of the whole picture, and of its crops. */
  full: string;
  crops: string;
  /** Pixels of the original, upright: by them `renditionsIn` knows what there is. */
  width: number;
  height: number;
  /** Whether the AVIF renditions are there as well; JPEG and WebP always are. */
  avif: boolean;
  /** `#rrggbb`, behind it while it loads. */
  colour: string;
  /** As the place that shows it says, else as the picture itself does. */
  alt?: string | undefined;
  caption?: string | undefined;
  credit?: string | undefined;
};

/** A story as lists show it: the published projection, never an editor's private edit. */
export type StoryView = {
  id: string;
  path: string;
  kicker?: string | undefined;
  headline: string;
  standfirst?: string | undefined;
  /** Slug of its section. */
  section: string;
  bylines: { name: string; author?: string | undefined }[];
  publishedAt: string;
  /** When the present revision went live, if it is not the first; shown as "Cập nhật". */
  modifiedAt?: string | undefined;
  /** Its lead picture, crops and all; absent while there is none that is ready. */
  picture?: PictureView | undefined;
};

export type ArticleView = StoryView & {
  locale: string;
  body: Body;
  /** Pictures by image id, of every figure whose picture is ready; the others are left off the page. */
  pictures: Record<string, PictureView>;
  /** The picture above the text, when the story has one that is not among its figures. */
  hero?: PictureView | undefined;
  tags: string[];
  /** What was put right, and when (ISO 8601, UTC), oldest first. */
  corrections?: readonly { at: string; note: string }[] | undefined;
  sourceLine?: string | undefined;
  series?: { title: string; part?: number | undefined } | undefined;
  /** Where the text first stood, if not here. */
  canonicalUrl?: string | undefined;
  seo?: { title?: string | undefined; description?: string | undefined } | undefined;
};

/** A feed's entry: full text, or the standfirst alone when its body could not be read. */
export type FeedItemView = StoryView & {
  body?: Body | undefined;
  pictures: Record<string, PictureView>;
  hero?: PictureView | undefined;
};
