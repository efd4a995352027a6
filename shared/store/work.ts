import { iso } from "../domain/time.ts";
import type { Announcement } from "../domain/webhook.ts";
import type { List, SharedPage, ShownPicture } from "../site/impact.ts";
import type { Item, Key, Table, Write } from "./dynamo.ts";
import { ARTICLE_PREFIX, DUE_WORK, IMAGE_PREFIX, WORK_PREFIX, workKey } from "./layout.ts";

/** What is left to do: write the objects, ask for the purge, ask for it once more a minute later. */
export type Phase = "put" | "purge1" | "purge2";

/**
 * One thing to be done, committed together with the change that makes it necessary. It says what was touched before
 * and after, never what to write: that is read from the current state when it is done.
 */
export type Work = {
  id: string;
  /** The story it is about; or the picture, whose stories are to be rendered again; neither: the site's own settings. */
  article?: string;
  image?: string;
  /** Of a picture's work: whether the pages that show it are to be purged. */
  purge?: boolean;
  /** Of a picture's work: the last story that was handed on, for the next piece to go on from. */
  after?: string;
  /** The path of its page when the change was committed. */
  path?: string;
  seq: number;
  phase: Phase;
  /** Lists touched, before and after the change. */
  lists: List[];
  /** Shared pages touched besides. */
  pages: SharedPage[];
  /** Whether old paths of the story are to be written. */
  moved: boolean;
  /** How many redirects lead from the story whose move was the cause to this one; absent when it is that one. */
  hops?: number;
  /** Whether it is the story's first publication. */
  fresh: boolean;
  /** The body that was published: immutable, so that it may be fetched before anything else is known. */
  bodyDigest?: string;
  /** Pictures that were public with the story and are no longer: their paths are to say 410. */
  dark?: ShownPicture[];
  /** Cache tags to purge; none for a new story. */
  tags: string[];
  /** What is to be told of it once it is done. */
  news?: Announcement;
  createdAt: string;
  /** When the sweep looks at it (ISO 8601): a new one after a minute, a failed one after its backoff, a second purge when it is due. */
  notBefore: string;
  /** Tries that are counted: failed ones, and those that the queue's deliveries began. */
  attempts: number;
  /** In phase purge1: what the put wrote, for the receipt. */
  written?: { path: string; at: string }[];
  /** Why the last attempt failed: a code, never text of an article. */
  error?: string;
};

/** What the stream's record says besides the key: where the page stood, whether it is the story's first, and its body. */
export type WorkHint = { path?: string; fresh?: boolean; bodyDigest?: string };

/** Names a piece of work. With a hint a renderer knows where to begin; whoever has none loads the work first. */
export type WorkRef = Key & WorkHint & { id: string; article?: string; image?: string };

/** A reference by its key; undefined when the key is none of work. */
export const workRefOf = ({ pk, sk }: Key, hint: WorkHint = {}): WorkRef | undefined => {
  if (!sk.startsWith(WORK_PREFIX)) return undefined;
  const article = pk.startsWith(ARTICLE_PREFIX) ? { article: pk.slice(ARTICLE_PREFIX.length) } : {};
  const image = pk.startsWith(IMAGE_PREFIX) ? { image: pk.slice(IMAGE_PREFIX.length) } : {};
  return { pk, sk, id: sk.slice(WORK_PREFIX.length), ...article, ...image, ...hint };
};

/** How old untouched WORK is when the sweep takes it for lost. */
export const LOST_AFTER_MS = 60_000;

export const keyOf = (work: Pick<Work, "article" | "image" | "id">): Key => workKey(work, work.id);

/** New work's fields, of which each kind sets the few that matter to it. */
export const newWork = (fields: Pick<Work, "id" | "seq" | "createdAt"> & Partial<Work>): Omit<Work, "notBefore"> => ({
  phase: "put",
  lists: [],
  pages: [],
  moved: false,
  fresh: false,
  tags: [],
  attempts: 0,
  ...fields,
});

const toItem = (work: Omit<Work, "notBefore">, notBefore: string): Item => ({
  ...keyOf(work),
  ...work,
  notBefore,
  duePk: DUE_WORK,
  dueSk: `${notBefore}#${work.id}`,
});
// What is read back was written by toItem alone: the table is ours.
const fromItem = (item: Item): Work => item as Item & Work;

/** The write that files new WORK; the stream wakes the renderer, and the sweep looks after it at `dueAt` (ISO 8601). */
export const workPut = (work: Omit<Work, "notBefore">, dueAt: string) => ({
  put: toItem(work, dueAt),
  if: "absent" as const,
});

/** The work still standing under a key; undefined when it is done. */
export const loadWork = async (table: Table, { pk, sk }: Key): Promise<Work | undefined> => {
  const item = await table.get({ pk, sk });
  return item && fromItem(item);
};

/** Replaces work that is still in the phase that was read; false when a twin was faster. */
export const updateWork = (table: Table, before: Work, after: Work, dueAt: string): Promise<boolean> =>
  table.write({ put: toItem(after, dueAt), if: { equals: { phase: before.phase } } });

/** The writes of the same, for a transaction. */
export const workReplaced = (before: Work, after: Work, dueAt: string): Write => ({
  put: toItem(after, dueAt),
  if: { equals: { phase: before.phase } },
});
export const workDone = (work: Work): Write => ({ delete: keyOf(work), if: { equals: { phase: work.phase } } });

const BACKOFF_MS = { first: 60_000, longest: 3_600_000 };

/** How long work waits after its nth try, in ms: a minute, doubled each time, an hour at most. */
export const backoffMs = (attempt: number): number =>
  Math.min(BACKOFF_MS.longest, BACKOFF_MS.first * 2 ** Math.max(0, attempt - 1));

/**
 * Counts a try before it begins: work that ends its invocation with it (memory, time) backs off like any other, and takes its
 * neighbours along ever more seldom. Undefined when it has moved on.
 */
export const leaseWork = async (table: Table, work: Work, now: number): Promise<Work | undefined> => {
  const attempts = work.attempts + 1;
  const notBefore = iso(now + backoffMs(attempts));
  const leased = { ...work, attempts, notBefore };
  return (await updateWork(table, work, leased, notBefore)) ? leased : undefined;
};

/** Work that is due at `now` (ISO 8601), the longest due first, at most `limit`. The index may lag: some may be gone. */
export const dueWork = async (table: Table, now: string, limit: number): Promise<Work[]> => {
  const page = await table.index({ name: "due", pk: DUE_WORK, to: `${now}#\uFFFF`, limit });
  return page.items.map(fromItem);
};

/** Work that is due only after `now`: what is new, second purges, and what failed and waits; the latest due first, at most `limit`. */
export const waitingWork = async (table: Table, now: string, limit: number): Promise<Work[]> => {
  const page = await table.index({ name: "due", pk: DUE_WORK, from: `${now}#\uFFFF`, limit, newestFirst: true });
  return page.items.map(fromItem);
};
