import { type Image, isForgiven, revived } from "../../shared/domain/image.ts";
import { imagesOfBytes, loadImage, saveImage, twinWrite } from "../../shared/store/images.ts";
import type { Services } from "../../shared/store/services.ts";
import { LOST_AFTER_MS } from "../../shared/store/work.ts";

type Joiner = Pick<Services, "table" | "media" | "clock" | "ids" | "events" | "imageQueue">;

const TRIES = 8;

/**
 * The bytes of `image` are another picture's: from now on it is the same as that one, which has one more owner. If the other
 * never got its bytes, or was given up for no fault of theirs, it gets these and goes on. Stories that name `image` are rendered
 * with the other, and its own copy of the bytes goes.
 */
export const becomeTwin = async (services: Joiner, image: Image, digest: string): Promise<void> => {
  const { table, media, clock, events, imageQueue } = services;
  const first = (await imagesOfBytes(table, [digest])).get(digest);
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const [now, other] = await Promise.all([loadImage(table, image.id), first && loadImage(table, first)]);
    if (!now || !other || now.state === "same") return;
    const lacks = isForgiven(other) || other.state === "processing";
    // Nothing happens to one that it has already.
    if (lacks) await media.shareOriginal(now.id, other.id);
    const goesOn = isForgiven(other) ? revived(other) : other;
    const after: Image = { ...now, state: "same", sameAs: other.id, sha256: undefined, leasedUntil: undefined };
    const saved = await saveImage(services, now, after, {
      shown: "appears",
      more: [twinWrite(other, goesOn, now, clock.now() + LOST_AFTER_MS)],
    });
    if (typeof saved !== "string") {
      events({ event: "image.same", image: image.id, as: other.id });
      if (lacks) await imageQueue.send([{ image: other.id }]);
      return media.drop(image.id);
    }
    await clock.sleep(Math.random() * 50 * attempt);
  }
  throw new Error("a picture and its twin never rested");
};
