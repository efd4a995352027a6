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
};

export type ArticleView = StoryView & {
  locale: string;
  body: Body;
  tags: string[];
  sourceLine?: string | undefined;
  /** Where the text first stood, if not here. */
  canonicalUrl?: string | undefined;
  seo?: { title?: string | undefined; description?: string | undefined } | undefined;
};

/** A feed's entry: full text, or the standfirst alone when its body could not be read. */
export type FeedItemView = StoryView & { body?: Body | undefined };
