import * as z from "zod";
import { aliases } from "./alias.ts";
import { blocks, webUrl } from "./body.ts";
import type { Fault, Warning } from "./error.ts";
import { LIMITS } from "./limits.ts";
import type { Sourced } from "./natural-key.ts";
import type { StoryPicture } from "./picture.ts";
import { locale, slug } from "./site.ts";
import { cleanLine, cleanText } from "./text.ts";
import { articleId, imageId } from "./ulid.ts";

/** One line of text: white space folded; an empty one counts as absent. */
const line = z
  .string()
  .transform((raw) => cleanLine(raw).text)
  .pipe(z.string().max(LIMITS.line))
  .transform((text) => text || undefined);
const paragraph = z
  .string()
  .transform((raw) => cleanText(raw).text.trim())
  .pipe(z.string().max(LIMITS.paragraph))
  .transform((text) => text || undefined);
const name = z
  .string()
  .transform((raw) => cleanLine(raw).text)
  .pipe(z.string().min(1).max(LIMITS.line));

/**
 * A point in time as a client may write it: RFC 3339 with an offset, or without one, then in the site's zone
 * (`2024-10-05T08:30`, `2024-10-05`). `time.ts` resolves it.
 */
const time = () => z.string().max(40);

/** The fields a client may set, save body and status. The one list that JSON, forms, front matter and copy obey. */
export const contentShape = {
  locale: locale.optional(),
  kicker: line.optional(),
  headline: line.optional(),
  standfirst: paragraph.optional(),
  bylines: z
    .array(z.strictObject({ name, author: slug.optional() }))
    .max(LIMITS.bylines)
    .optional(),
  section: slug.optional(),
  tags: z.array(name).max(LIMITS.tags).optional(),
  leadImage: z
    .strictObject({
      image: imageId,
      alt: paragraph.optional(),
      caption: paragraph.optional(),
      credit: line.optional(),
    })
    .optional(),
  slug: slug.optional(),
  publishedAt: time().optional(),
  /** The stories that belong together, and which of them this one is. */
  series: z.strictObject({ slug, title: name, part: z.int().min(1).max(LIMITS.seriesParts).optional() }).optional(),
  /** The article that this one says in another language. */
  translationOf: articleId.optional(),
  /** Both or neither: the story's name in the system that it comes from. A second submission under it is of the same story. */
  source: line.optional(),
  externalId: line.optional(),
  sourceLine: line.optional(),
  canonicalUrl: webUrl.optional(),
  /** Old paths that lead to the story. */
  aliases: aliases.optional(),
  /** Nothing of the story is public before it. */
  embargoUntil: time().optional(),
  seo: z.strictObject({ title: line.optional(), description: paragraph.optional() }).optional(),
} as const;

/** A body to be converted at the edge, instead of blocks. */
export const formattedBody = z.strictObject({ format: z.enum(["markdown", "html", "text"]), content: z.string() });

/** Text that an editor gives with a move: to the reporter, to readers, or for the record. */
export const noteText = z
  .string()
  .transform((raw) => cleanText(raw).text.trim())
  .pipe(z.string().min(1).max(LIMITS.paragraph));

/** POST /articles as JSON. */
export const articleInput = z.strictObject({
  ...contentShape,
  body: z.union([blocks, formattedBody]).optional(),
  status: z.enum(["draft", "published"]).optional(),
  /** Why the story is published before its embargo ends, in the words of the editor who decides it. */
  breakEmbargo: noteText.optional(),
});
export const contentFields = z.strictObject(contentShape);
export type ContentFields = z.output<typeof contentFields>;

/** One revision's content, its body aside: the newest one, or the one that readers see. Times are resolved. */
export type Content = Omit<ContentFields, "bylines" | "tags" | "locale"> & {
  locale: string;
  bylines: { name: string; author?: string | undefined }[];
  tags: string[];
  /** Hex SHA-256 of the body's JSON as stored; its object is `body/<article>/<sha256>.json`. */
  bodyDigest: string;
  /** Whether the body has at least one block: publishing needs one. */
  hasBody: boolean;
  /** The pictures that it names: the lead image's, then the figures' in order. */
  pictures: StoryPicture[];
  warnings: Warning[];
};

export const STATUSES = ["draft", "in-review", "approved", "scheduled", "published", "withdrawn"] as const;
export type Status = (typeof STATUSES)[number];

/** Who did something: the API key's id and the name of the person it belongs to. */
export type Actor = { key: string; name: string };

/** A publication to come, of one revision: what is edited meanwhile stays private. */
export type Scheduled = {
  /** ISO 8601, UTC. */
  at: string;
  revision: number;
  content: Content;
  by: Actor;
  /** Where the story goes back to when it is unscheduled. */
  from: "draft" | "in-review" | "approved";
  /** Its time came, and it could not go up. Kept beside the record: no command, and no news to an editor's ETag. */
  failed?: FailedRelease | undefined;
};

/** Why a story that was due did not go up (no faults: a fault of ours), and when it is tried again (ISO 8601, UTC). */
export type FailedRelease = { attempts: number; faults: Fault[]; next: string };

/**
 * What stands where a withdrawn story stood: nothing (410), a notice to readers (410), or the way to another page (301), `target`
 * being the article whose page that was then.
 */
export type Withdrawal = { at: string; by: Actor } & (
  | { mode: "gone" }
  | { mode: "notice"; notice: string }
  | { mode: "redirect"; to: string; target?: string | undefined }
);

/** What readers are told was put right, and when (ISO 8601, UTC). */
export type Correction = { at: string; note: string; revision: number };

/**
 * An article as the table keeps it. `seq` counts every command; `revision` counts contents; `siteSeq` is the seq of the
 * last command that readers would see, so a page is current when the live receipt's `liveSeq >= siteSeq`.
 */
export type Head = {
  id: string;
  seq: number;
  revision: number;
  siteSeq: number;
  status: Status;
  owner: Actor;
  createdAt: string;
  updatedAt: string;
  updatedBy: Actor;
  content: Content;
  /** An editor has read this revision, and let it pass; gone with the next edit. */
  approval?: { revision: number; by: Actor; at: string } | undefined;
  /** What the editor who rejected it wrote to the reporter. */
  note?: string | undefined;
  /** Of a story that has a natural key. */
  sourced?: Sourced | undefined;
  scheduled?: Scheduled | undefined;
  /** It was somebody else's before: its pictures are no longer for one reporter to change. */
  handedOver?: true | undefined;
  /** The id of the key that set the embargo, or moved it last. */
  embargoedBy?: string | undefined;
  withdrawal?: Withdrawal | undefined;
  /** The seq of its last withdrawal, whatever came after: links to a preview that were given out before are void. */
  withdrawnSeq?: number | undefined;
  /** What readers see; absent before the first publication. */
  published?: Published;
};

/** Where a page stands: its path is made of the section, the slug and the article's short id. */
export type Address = { section: string; slug: string };

export type Published = {
  revision: number;
  content: Content;
  /** When it was published for the first time; decides the order unless `publishedAt` is set. */
  firstAt: string;
  /** When its present revision was published. */
  at: string;
  /** Who published that one. */
  by?: Actor | undefined;
  /** Made at the first publication; moved only when slug or section is changed. */
  address: Address;
  /** Where the page stood before, oldest first; each of these answers 301. */
  former: Address[];
  /** Every path from another system that it was ever published with: each leads to it for ever. */
  aliases?: string[] | undefined;
  /** Pictures that are public with it, by image id, and the `gen` of each: its time in the open, of which there are no two in a story. */
  pictures: Record<string, number>;
  /** Pictures that were public with it once, and the last `gen` of each: their paths say 410 for ever. */
  formerPictures: Record<string, number>;
  /** In the order in which they were made. */
  corrections?: Correction[];
};

/** What decides the order of lists: the time that an editor gave, else that of the first publication (ISO 8601, UTC). */
export const orderTime = (published: Published): string => published.content.publishedAt ?? published.firstAt;
