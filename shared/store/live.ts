import { type Head, orderTime } from "../domain/article.ts";
import { iso } from "../domain/time.ts";
import type { PictureView, StoryView } from "../pages/view.ts";
import { type List, listsOf, pathOf, publicOf } from "../site/impact.ts";
import type { Key, Table, Write } from "./dynamo.ts";
import { headKey, listPk, liveKey, rowKey } from "./layout.ts";

/** The receipt of what readers see of an article. `stamp` changes with every goLive, so that two of them never mix. */
export type Live = {
  stamp: string;
  liveSeq: number;
  path: string;
  /** The membership rows that were written for it. */
  rows: Key[];
  liveAt: string;
  /** Sets of renditions that are public with it, by names of the renderer's. */
  sets?: string[];
  /** Whether a picture of it was not ready yet. */
  pending?: boolean;
  doneSeq?: number;
  doneAt?: string;
  pages?: { path: string; at: string }[];
};

/** The pictures of a story as its page shows them. */
export type Shown = {
  pictures: Record<string, PictureView>;
  /** What lists, feeds and share cards show; on top of the page too, as `hero`, when no figure shows it. */
  lead?: PictureView;
  hero?: PictureView;
  sets: string[];
  pending: boolean;
};

/** A story as a list knows it: the published projection, what a feed shows besides, and where its body is. */
export type Row = Pick<Shown, "pictures" | "hero"> & { story: StoryView; bodyDigest: string };

export type PublishedHead = Head & { published: NonNullable<Head["published"]> };

export const isPublic = (head: Head | undefined): head is PublishedHead => publicOf(head) !== undefined;

/** What lists and pages show of a published story. */
export const storyOf = (head: PublishedHead, lead?: PictureView): StoryView => {
  const { content, firstAt, at, address } = head.published;
  return {
    id: head.id,
    path: pathOf(head),
    kicker: content.kicker,
    headline: content.headline ?? "",
    standfirst: content.standfirst,
    section: address.section,
    bylines: content.bylines,
    publishedAt: orderTime(head.published),
    modifiedAt: at > firstAt ? at : undefined,
    picture: lead,
  };
};

/**
 * After the page is up: the receipt and the membership rows in one transaction, provided that neither the story's public
 * state (`siteSeq`) nor the receipt has moved since they were read. A withdrawn story (its tombstone is up) loses its rows.
 * False: start over from the current state. Private edits raise `seq` alone and do not disturb it.
 */
export const goLive = async (
  table: Table,
  { head, live: before, shown }: { head: PublishedHead; live: Live | undefined; shown: Shown },
  stamp: string,
  now: number,
): Promise<boolean> => {
  const story = storyOf(head, shown.lead);
  const order = orderTime(head.published);
  const lists = isPublic(head) ? listsOf(head.published) : [];
  const rows = lists.map((list) => rowKey(list, order, head.id));
  const kept = new Set(rows.map(({ pk, sk }) => `${pk} ${sk}`));
  const stale = (before?.rows ?? []).filter(({ pk, sk }) => !kept.has(`${pk} ${sk}`));
  const { sets, pending, pictures, hero } = shown;
  const receipt = { stamp, liveSeq: head.siteSeq, path: story.path, rows, sets, pending, liveAt: iso(now) };
  const bodyDigest = head.published.content.bodyDigest;
  const row = JSON.stringify({ story, bodyDigest, pictures, ...(hero ? { hero } : {}) } satisfies Row);
  const writes: Write[] = [
    { check: headKey(head.id), if: { equals: { siteSeq: head.siteSeq } } },
    { update: liveKey(head.id), set: receipt, if: before ? { equals: { stamp: before.stamp } } : "absent" },
    ...rows.map((key): Write => ({ put: { ...key, row } })),
    ...stale.map((key): Write => ({ delete: key })),
  ];
  return (await table.transact(writes)).ok;
};

/** The write that says: everything for `seq` is up, and the first purge is asked. An older work never takes it back. */
export const doneWrite = (article: string, seq: number, pages: { path: string; at: string }[], now: number): Write => ({
  update: liveKey(article),
  set: { doneSeq: seq, doneAt: iso(now), pages },
  if: { unlessAtLeast: { doneSeq: seq } },
});

/**
 * The newest stories of a list, strongly consistent, newest first. A row is one string of JSON: thirty rows as DynamoDB maps
 * cost more to decode than the pages made of them cost to render.
 */
export const newestRows = async (table: Table, list: List, limit: number): Promise<Row[]> =>
  (await table.query({ pk: listPk(list), limit, newestFirst: true })).flatMap((item) => parseRow(item["row"]) ?? []);

/** A row as goLive wrote it; undefined for a damaged one, which must not stop a whole front. */
export const parseRow = (row: unknown): Row | undefined => {
  if (typeof row !== "string") return undefined;
  try {
    return JSON.parse(row) as Row;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};
