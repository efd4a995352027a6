import { actorOf, type ApiKey } from "../domain/access.ts";
import { type Image, isForgiven, revived, withOwners } from "../domain/image.ts";
import { factsOf, type KnownPictures } from "../domain/picture.ts";
import { iso } from "../domain/time.ts";
import type { Picture } from "../intake/photos.ts";
import { sha256 } from "./digest.ts";
import type { Write } from "./dynamo.ts";
import { addImage, imagesOfBytes, loadImages, saveImage } from "./images.ts";
import { LOST_AFTER_MS } from "./work.ts";
import type { Services } from "./services.ts";

/** Pictures as they came with a request: each will be an image of its own, unless its bytes are one already. */
export type Arrived = {
  /** Hex SHA-256 of each, in order. */
  digests: string[];
  /** The image's id for each, in order; equal bytes have one. */
  ids: string[];
  /** What a decision has to know of them. */
  known: KnownPictures;
  /**
   * Keeps them: first the record, then the bytes, whose coming wakes the picture function. `more` is written with the first
   * record. False, and the rest may be kept or not, when another was faster: look again.
   */
  keep(more?: (image: string) => Write[]): Promise<boolean>;
};

type Taker = Pick<Services, "table" | "uploads" | "clock" | "ids" | "events">;

/** Finds which of some pictures are there already, and gives the others their ids. Nothing is kept yet. */
export const arrivedPictures = async (
  services: Taker,
  key: ApiKey,
  pictures: readonly Pick<Picture, "bytes" | "type">[],
): Promise<Arrived> => {
  const { table, ids: newIds, clock } = services;
  // A Word document may show one picture many times.
  const known = new Map<Uint8Array, string>();
  const digests = pictures.map(({ bytes }) => {
    const digest = known.get(bytes) ?? sha256(bytes);
    known.set(bytes, digest);
    return digest;
  });
  if (!pictures.length) return { digests, ids: [], known: new Map(), keep: async () => true };
  const claimed = await imagesOfBytes(table, digests);
  const found = claimed.size ? await loadImages(table, [...claimed.values()]) : new Map<string, Image>();
  const byDigest = new Map<string, { image: Image; stands: boolean; bytes: Uint8Array }>();
  pictures.forEach(({ bytes, type }, n) => {
    const digest = digests[n] ?? "";
    if (byDigest.has(digest)) return;
    const there = found.get(claimed.get(digest) ?? "");
    const image =
      there ?? newImage(newIds.ulid(clock.now()), key, iso(clock.now()), { contentType: type, sha256: digest });
    byDigest.set(digest, { image, stands: there !== undefined, bytes });
  });
  const all = [...byDigest.values()];
  return {
    digests,
    ids: digests.map((digest) => byDigest.get(digest)?.image.id ?? ""),
    known: new Map(all.map(({ image }) => [image.id, factsOf(isForgiven(image) ? revived(image) : image, true)])),
    keep: async (more) => {
      const kept = await Promise.all(
        all.map(({ image, stands, bytes }, n) => {
          const writes = n === 0 ? (more?.(image.id) ?? []) : [];
          return stands ? rejoin(services, key, image, bytes, writes) : add(services, image, bytes, writes);
        }),
      );
      return kept.every(Boolean);
    },
  };
};

/** A picture's record before anything is known of it but who sends it, and as what. */
export const newImage = (
  id: string,
  key: ApiKey,
  at: string,
  fields: Pick<Image, "contentType"> & Partial<Pick<Image, "sha256" | "state">>,
): Image => ({
  id,
  seq: 1,
  version: 1,
  state: "processing",
  owners: [key.id],
  createdAt: at,
  by: actorOf(key),
  typed: {},
  found: {},
  attempts: 0,
  ...fields,
});

const add = async (
  { table, uploads, clock, events }: Taker,
  image: Image,
  bytes: Uint8Array,
  more: Write[],
): Promise<boolean> => {
  if (!(await addImage(table, image, clock.now() + LOST_AFTER_MS, more))) return false;
  await uploads.put(image.id, bytes, image.contentType);
  events({ event: "image.added", image: image.id, key: image.by.key });
  return true;
};

/** The bytes are a picture's already: whoever sends them has it too; and one that never got them gets them now. */
const rejoin = async (
  services: Taker,
  key: ApiKey,
  image: Image,
  bytes: Uint8Array,
  more: Write[],
): Promise<boolean> => {
  const { table, uploads, clock } = services;
  const mine = image.owners.includes(key.id);
  const waits = image.state === "processing" || isForgiven(image);
  if (!mine || isForgiven(image)) {
    const owners = withOwners(image, [key.id]);
    const after = { ...(isForgiven(image) ? revived(image) : image), owners };
    const dueAt = isForgiven(image) ? { dueAt: clock.now() + LOST_AFTER_MS } : {};
    if (typeof (await saveImage(services, image, after, { ...dueAt, more })) === "string") return false;
  } else if (more.length && !(await table.transact(more)).ok) return false;
  if (waits) await uploads.put(image.id, bytes, image.contentType);
  return true;
};
