import type { Head } from "../domain/article.ts";
import { type Image, mayUse, withOwners } from "../domain/image.ts";
import type { ApiKey } from "../domain/access.ts";
import { LIMITS } from "../domain/limits.ts";
import { factsOf, type KnownPictures } from "../domain/picture.ts";
import { CENTRE } from "../domain/rendition.ts";
import { iso } from "../domain/time.ts";
import { inParallel } from "../runtime/parallel.ts";
import { usedImages } from "../site/impact.ts";
import { canonicalJson, renditionDigests } from "./digest.ts";
import type { Item, Table, Write } from "./dynamo.ts";
import { bytesKey, DUE_IMAGES, headKey, imageKey, imagePk, USE_PREFIX } from "./layout.ts";
import type { Services } from "./services.ts";
import { LOST_AFTER_MS, newWork, workPut } from "./work.ts";

/** The picture in an item, without what the table needs of it: it goes back by `toItem`. Written by this file alone. */
const asImage = (item: Item): Image => {
  const { pk: _pk, sk: _sk, v: _v, duePk: _duePk, dueSk: _dueSk, ...image } = item;
  return image as Image;
};

/** The digests that the renditions of a picture should have now; undefined before its bytes are known. */
export const wantedDigests = ({ sha256, focalPoint = CENTRE }: Image) =>
  sha256 === undefined ? undefined : renditionDigests(sha256, focalPoint);

/** Whether the picture function has still something to do on it. */
export const isUnderWay = (image: Image): boolean => {
  if (image.state === "awaiting-upload" || image.state === "processing") return true;
  return image.state === "ready" && (!image.made?.avif || image.made.crops !== wantedDigests(image)?.crops);
};

/** The item of a picture; while something is to be done on it the sweep looks after it at its `dueAt`. */
const toItem = ({ dueAt, ...image }: Image): Item => ({
  ...imageKey(image.id),
  ...image,
  ...(isUnderWay(image) && dueAt !== undefined ? { dueAt, duePk: DUE_IMAGES, dueSk: `${dueAt}#${image.id}` } : {}),
});

/** The picture under an id as it is kept, not the one that it may turn out to be the same as. */
export const loadImage = async (table: Table, id: string): Promise<Image | undefined> => {
  const item = await table.get(imageKey(id));
  return item && asImage(item);
};

/** Pictures by the ids that were asked for; for one that is the same as another, that other. Two calls at most. */
export const loadImages = async (table: Table, ids: readonly string[]): Promise<Map<string, Image>> => {
  const load = async (wanted: readonly string[]): Promise<Map<string, Image>> =>
    new Map((await table.getMany([...new Set(wanted)].map(imageKey))).map((item) => [asImage(item).id, asImage(item)]));
  const found = await load(ids);
  const others = [...found.values()].flatMap(({ sameAs }) => sameAs ?? []);
  const real = others.length ? await load(others) : found;
  return new Map(
    [...found].flatMap(([id, image]): [string, Image][] => {
      const one = image.sameAs === undefined ? image : real.get(image.sameAs);
      return one ? [[id, one]] : [];
    }),
  );
};

/** What decisions have to know of some pictures, for somebody's key. */
export const knownPictures = async (
  table: Table,
  key: Pick<ApiKey, "id" | "role">,
  ids: readonly string[],
): Promise<KnownPictures> =>
  new Map([...(await loadImages(table, ids))].map(([id, image]) => [id, factsOf(image, mayUse(key, image))]));

/** The pictures that have these bytes (hex SHA-256), as far as there are any. */
export const imagesOfBytes = async (table: Table, digests: readonly string[]): Promise<Map<string, string>> =>
  new Map(
    (await table.getMany([...new Set(digests)].map(bytesKey))).map((item) => [
      String(item["sha256"]),
      String(item["image"]),
    ]),
  );

/** The write that says which picture has these bytes: the first to say so, for ever. */
const bytesClaim = (image: Pick<Image, "id" | "sha256">): Write[] =>
  image.sha256 === undefined
    ? []
    : [
        {
          put: { ...bytesKey(image.sha256), sha256: image.sha256, image: image.id },
          if: { absentOr: { image: image.id } },
        },
      ];

/** Keeps a new picture, with `more` in the same transaction; false when its bytes are another's, or `more` failed. */
export const addImage = async (table: Table, image: Image, dueAt: number, more: Write[] = []): Promise<boolean> =>
  (
    await table.transact([
      { put: toItem({ ...image, dueAt: iso(dueAt) }), if: "absent" },
      ...bytesClaim(image),
      ...more,
    ])
  ).ok;

type Writer = Pick<Services, "table" | "clock" | "ids">;

/** What a change of a picture does besides: see `saveImage`. */
export type ImageChange = {
  /** When the sweep should look after it, if anything is to be done on it then (ms); as it was, when absent. */
  dueAt?: number;
  /**
   * What becomes of the stories that show it: it `appears` on pages that were waiting for it and do not live long at the
   * CDN, or it `changes` on pages that have to be purged. Nothing, when absent.
   */
  shown?: "appears" | "changes" | undefined;
  /** Whether no story may have come to use it since it was read, either. */
  unused?: boolean;
  /** Further writes of the same transaction. */
  more?: Write[];
};

/** The picture as it was saved; `moved`: it has changed since it was read. `taken`: its bytes are another picture's. */
export type Saved = Image | "moved" | "taken";

/** What a client can see of it. */
const visible = ({ state, reason, typed, found, focalPoint, width, height, contentType }: Image): string =>
  canonicalJson([state, reason, typed, found, focalPoint, width, height, contentType]);

/** The earlier of `at` (ms) and when a picture is due as it stands. */
export const soonest = ({ dueAt }: Pick<Image, "dueAt">, at: number): number =>
  dueAt === undefined ? at : Math.min(at, Date.parse(dueAt));

const nextOf = (before: Image, after: Image, dueAt: number | undefined): Image => ({
  ...after,
  version: before.version + 1,
  seq: Math.max(after.seq, before.seq + (visible(before) === visible(after) ? 0 : 1)),
  dueAt: dueAt === undefined ? before.dueAt : iso(dueAt),
});

/**
 * Replaces a picture as it was read. With `shown`, WORK for the stories that show it is
 * committed with it: no story of a moment ago can be missed, and none is looked for here.
 */
export const saveImage = async (
  { table, clock, ids }: Writer,
  before: Image,
  after: Image,
  { dueAt, shown, unused = false, more = [] }: ImageChange,
): Promise<Saved> => {
  const now = clock.now();
  const next = nextOf(before, after, dueAt);
  const purge = shown === "changes";
  const work = newWork({ id: ids.ulid(now), image: after.id, purge, seq: next.seq, createdAt: iso(now) });
  const claim = before.sha256 === undefined ? bytesClaim(next) : [];
  const outcome = await table.transact([
    { put: toItem(next), if: { equals: { version: before.version, ...(unused ? { usedBy: before.usedBy } : {}) } } },
    ...claim,
    ...(shown ? [workPut(work, iso(now + LOST_AFTER_MS))] : []),
    ...more,
  ]);
  if (outcome.ok) return next;
  return claim.length > 0 && outcome.failed.includes(1) ? "taken" : "moved";
};

/**
 * The write with which a picture learns that another is the same: it has one more owner, and what was typed there is none of its
 * own. `after` may be it as it goes on, with the other's bytes. Past {@link LIMITS}.twins one more is the same all the
 * same, but is not listed: stories that name it follow a change at their next render. Asked for by the twin's id it is this
 * picture from now on, so no ETag of the twin's may pass for one of these.
 */
export const twinWrite = (before: Image, after: Image, twin: Image, dueAt: number): Write => {
  const twins = [...new Set([...(before.twins ?? []), twin.id])].slice(0, LIMITS.twins);
  const owners = withOwners(before, twin.owners);
  const seq = Math.max(before.seq, twin.seq + 1);
  const next = nextOf(before, { ...after, twins, owners, seq }, soonest(before, dueAt));
  return { put: toItem(next), if: { equals: { version: before.version } } };
};

/** Look-ups of one question under way at a time. */
const AT_ONCE = 16;

/** Whether a story uses a picture, or may: under its id, that of a twin, or that of one that is not listed. */
export const isUsed = async (table: Table, { id, twins = [] }: Pick<Image, "id" | "twins">): Promise<boolean> => {
  if (twins.length >= LIMITS.twins) return true;
  const uses = await inParallel([id, ...twins], AT_ONCE, (name) => isUsedAs(table, name));
  return uses.includes(true);
};

/** Rows of uses that are looked at together: nearly always the first of them says it. */
const ROWS = 10;

/** The story decides, for a row may outlive its use (see uses.ts). */
const isUsedAs = async (table: Table, name: string): Promise<boolean> => {
  for (let after = ""; ;) {
    const stories = await storiesUsing(table, name, ROWS, after);
    // A head is written by the commit alone.
    const heads = stories.length ? ((await table.getMany(stories.map(headKey))) as (Item & Head)[]) : [];
    if (heads.some((head) => usedImages(head).includes(name))) return true;
    if (stories.length < ROWS) return false;
    after = stories.at(-1) ?? "";
  }
};

/** Ids of stories that use a picture under this very id, or did, after `after`, at most `limit`, in order. */
export const storiesUsing = async (
  table: Table,
  image: string,
  limit: number,
  after: string = "",
): Promise<string[]> => {
  const items = await table.query({
    pk: imagePk(image),
    from: `${USE_PREFIX}${after}`,
    to: `${USE_PREFIX}~`,
    limit: limit + 1,
  });
  const ids = items.map(({ sk }) => sk.slice(USE_PREFIX.length)).filter((id) => id !== after);
  return ids.slice(0, limit);
};

/** Pictures on which something is due at `now` (ISO 8601), at most `limit`, the longest due first. */
export const dueImages = async (table: Table, now: string, limit: number): Promise<string[]> => {
  const page = await table.index({ name: "due", pk: DUE_IMAGES, to: `${now}#\uFFFF`, limit });
  return page.items.map((item) => asImage(item).id);
};
