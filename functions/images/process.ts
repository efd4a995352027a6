import type { Image, ImageRefusal } from "../../shared/domain/image.ts";
import { iso } from "../../shared/domain/time.ts";
import { isUnderWay, loadImage, saveImage, wantedDigests } from "../../shared/store/images.ts";
import type { ImageMessage } from "../../shared/store/message.ts";
import type { Services } from "../../shared/store/services.ts";
import { ARRIVES_WITHIN_MS } from "../../shared/store/uploads.ts";
import { backoffMs, LOST_AFTER_MS } from "../../shared/store/work.ts";
import { bytesOf } from "./bytes.ts";
import { openPicture } from "./open.ts";
import { makeRenditions, reopened, Unmakeable } from "./renditions.ts";
import type { Raster } from "./sharp.ts";
import { becomeTwin } from "./twin.ts";

export type Processor = Pick<Services, "table" | "media" | "clock" | "ids" | "events" | "imageQueue" | "laterQueue">;

/** Tries that may end the function (memory, time), or fail in the encoders, before the picture is given up. */
const MOST_TRIES = 4;
/** Nothing of a try stands in the table: whoever brought the message has to bring it again. */
export class NotBegun extends Error {
  override readonly name = "NotBegun";
}

/** How long a try has the picture for itself, in ms: longer than the function may run. */
const LEASE_MS = 180_000;
const DAY = 24 * 3600_000;
/** Times a write is tried while others write to the picture: a caption that is typed at that very moment. */
const WRITE_TRIES = 6;
/** Times a picture is looked at in one try, when it is uploaded once more in the meantime. */
const LOOKS = 3;

/**
 * Does the next thing on a picture, whatever woke it: looks at its bytes and makes the first usable renditions; then, `later`,
 * AVIF, or crops around a new focal point. Nothing that can wait is done in the queue that makes pictures visible: there a
 * picture that is ready is handed on, even when S3 tells of its bytes a second time. Each step ends with one transaction; a crash in between is done again by the sweep,
 * and so is a try that a fault of ours ended, which says nothing of the picture.
 */
export const processImage = async (services: Processor, message: ImageMessage): Promise<void> => {
  const image = await lease(services, message).catch((cause: unknown) => {
    throw new NotBegun("a picture could not be taken up", { cause });
  });
  if (!image) return;
  try {
    await (image.state === "ready" ? furtherRenditions(services, image) : firstLook(services, image));
  } catch (error) {
    await putOff(services, image, error instanceof Unmakeable);
    throw error;
  }
};

/** Counts the try before it begins; undefined when nothing is to be done here, or another is at it. */
const lease = async (services: Processor, { image: id, later }: ImageMessage): Promise<Image | undefined> => {
  for (let attempt = 1; attempt <= WRITE_TRIES; attempt++) {
    const image = await loadImage(services.table, id);
    const now = services.clock.now();
    if (!image || !isUnderWay(image) || (image.leasedUntil !== undefined && image.leasedUntil > iso(now)))
      return undefined;
    if (image.state === "ready" && !later) {
      await services.laterQueue.send([{ image: id, later: true }]);
      return undefined;
    }
    if (image.attempts >= MOST_TRIES) {
      await giveUp(services, image);
      return undefined;
    }
    const attempts = image.attempts + 1;
    const leased = { ...image, attempts, leasedUntil: iso(now + LEASE_MS) };
    const saved = await saveImage(services, image, leased, { dueAt: now + LEASE_MS * attempts });
    if (typeof saved !== "string") return saved;
    await pause(services, attempt);
  }
  throw new Error("a picture never rested");
};

/** Others that met here once must not meet again in step. */
const pause = ({ clock }: Processor, attempt: number): Promise<void> => clock.sleep(Math.random() * 20 * attempt);

/**
 * Ends a try that did not get on: the picture is free for whatever wakes it, and comes again by itself, ever later. The try
 * `counts` against the picture only when its own fault ended it.
 */
const putOff = async (services: Processor, { id, leasedUntil }: Image, counts = false): Promise<void> => {
  for (let attempt = 1; attempt <= WRITE_TRIES; attempt++) {
    const image = await loadImage(services.table, id);
    // It got on all the same, or another is at it by now.
    if (!image || !isUnderWay(image) || image.leasedUntil !== leasedUntil) return;
    const faults = (image.faults ?? 0) + 1;
    const attempts = counts ? image.attempts : image.attempts - 1;
    const after = { ...image, attempts, faults, leasedUntil: undefined };
    const saved = await saveImage(services, image, after, { dueAt: services.clock.now() + backoffMs(faults) });
    if (typeof saved !== "string") return;
    await pause(services, attempt);
  }
};

/**
 * What ended every try is the picture's own fault, most likely: its bytes stay, for the day on which it is not. One that is in
 * use stays as it is, and is looked at again tomorrow.
 */
const giveUp = async (services: Processor, image: Image): Promise<void> => {
  if (image.state !== "ready")
    return refuse(services, image, (await bytesOf(services, image)) ? "too-costly" : "never-arrived");
  services.events({ event: "image.failed", image: image.id, code: "too-many-tries" });
  await saveImage(services, image, { ...image, attempts: 0 }, { dueAt: services.clock.now() + DAY });
};

/** Says why a picture is none. Stories that name it are rendered without. */
const refuse = async (services: Processor, image: Image, reason: ImageRefusal): Promise<void> => {
  const after = rested({ ...image, state: "refused", reason });
  const saved = await saveImage(services, image, after, { shown: "appears" });
  if (typeof saved === "string") return again(services, image.id, (now) => refuse(services, now, reason));
  services.events({ event: "image.refused", image: image.id, code: reason });
};

/**
 * Refuses a picture for its bytes, and keeps none of them. What renditions an earlier try left stay in private storage: this
 * function may not list them, and no story shows any.
 */
const refuseBytes = async (services: Processor, image: Image, reason: ImageRefusal): Promise<void> => {
  await refuse(services, image, reason);
  await services.media.drop(image.id);
};

const rested = (image: Image): Image => ({ ...image, attempts: 0, faults: undefined, leasedUntil: undefined });

/** Somebody typed a caption meanwhile: the same, on the picture as it is now. */
const again = async (services: Processor, id: string, then: (image: Image) => Promise<void>): Promise<void> => {
  const image = await loadImage(services.table, id);
  if (image && isUnderWay(image)) await then(image);
};

const firstLook = async (services: Processor, image: Image, look = 1): Promise<void> => {
  const file = await bytesOf(services, image);
  if (!file) {
    const late = services.clock.now() - Date.parse(image.createdAt) >= ARRIVES_WITHIN_MS;
    // They may be on their way, and their coming must find it free.
    return late ? refuse(services, image, "never-arrived") : putOff(services, image);
  }
  const opened = await openPicture(file.bytes);
  if (!opened.ok) return refuseBytes(services, image, opened.reason);
  if (!(await file.keep())) return look < LOOKS ? firstLook(services, image, look + 1) : putOff(services, image);
  const { type: contentType, width, height, colour, found, picture } = opened;
  return measured(services, image, { contentType, sha256: file.sha256, width, height, colour, found }, picture);
};

type Known = Required<Pick<Image, "contentType" | "sha256" | "width" | "height" | "colour" | "found">>;

/** Claims the bytes for this picture, and makes the first set; when they are another's already, it is the same as that. */
const measured = async (services: Processor, image: Image, known: Known, picture: Raster): Promise<void> => {
  const processing: Image = { ...image, ...known, state: "processing" };
  const held = await saveImage(services, image, processing, { dueAt: services.clock.now() + LEASE_MS });
  if (held === "taken") return becomeTwin(services, image, known.sha256);
  if (held === "moved") return again(services, image.id, (now) => measured(services, now, known, picture));
  const digests = wantedDigests(held);
  if (!digests) throw new Error("a picture that was looked at has no digest");
  await makeRenditions(services, { image: held, picture, digests, formats: ["jpg", "webp"] });
  // The original is kept by now: before the last write, for after it nobody comes here again.
  await services.media.dropUpload(image.id);
  return ready(services, held, { ...digests, avif: false });
};

/** The picture is usable: every story that names it is rendered again with it, and the rest comes behind. */
const ready = async (services: Processor, image: Image, made: NonNullable<Image["made"]>): Promise<void> => {
  const after = rested({ ...image, state: "ready", made });
  const isRecut = image.made !== undefined && image.made.crops !== made.crops;
  const shown = isRecut ? "changes" : "appears";
  const saved = await saveImage(services, image, after, { dueAt: services.clock.now() + LOST_AFTER_MS, shown });
  if (typeof saved === "string") return again(services, image.id, (now) => ready(services, now, made));
  const ms = services.clock.now() - Date.parse(image.createdAt);
  services.events({ event: "image.ready", image: image.id, avif: made.avif, ms });
  if (isUnderWay(after)) await services.laterQueue.send([{ image: image.id, later: true }]);
};

/** AVIF, and crops around the focal point as it is now. */
const furtherRenditions = async (services: Processor, image: Image): Promise<void> => {
  const { made } = image;
  const digests = wantedDigests(image);
  const bytes = await services.media.original(image.id);
  if (!made || !digests || !bytes) throw new Error("a ready picture has lost its original");
  const task = { image, picture: await reopened(image, bytes), digests };
  if (made.crops !== digests.crops) await makeRenditions(services, { ...task, formats: ["jpg", "webp"], crops: "cut" });
  await makeRenditions(services, { ...task, formats: ["avif"], ...(made.avif ? { crops: "cut" } : {}) });
  return ready(services, image, { ...digests, avif: true });
};
