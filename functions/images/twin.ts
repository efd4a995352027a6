import type { Image } from "../../shared/domain/image.ts";
import { imagesOfBytes, loadImage, saveImage, twinWrite } from "../../shared/store/images.ts";
import type { Services } from "../../shared/store/services.ts";

type Joiner = Pick<Services, "table" | "media" | "clock" | "ids" | "events">;

const TRIES = 8;

/**
 * The bytes of `image` are another picture's: from now on it is the same as that one, whose owners and texts (where nobody
 * typed any) it adds to. Stories that name it are rendered with the other, and its own bytes go.
 */
export const becomeTwin = async (services: Joiner, image: Image, digest: string): Promise<void> => {
  const { table, media, clock, events } = services;
  const first = (await imagesOfBytes(table, [digest])).get(digest);
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const [now, other] = await Promise.all([loadImage(table, image.id), first && loadImage(table, first)]);
    if (!now || !other || now.state === "same") return;
    const after: Image = { ...now, state: "same", sameAs: other.id, sha256: undefined, leasedUntil: undefined };
    const saved = await saveImage(services, now, after, { dueAt: 0, shown: "appears", more: [twinWrite(other, now)] });
    if (saved === "saved") {
      events({ event: "image.same", image: image.id, as: other.id });
      return media.drop(image.id);
    }
    await clock.sleep(Math.random() * 50 * attempt);
  }
  throw new Error("a picture and its twin never rested");
};
