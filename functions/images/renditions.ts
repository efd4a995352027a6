import type { Image } from "../../shared/domain/image.ts";
import { CENTRE, CROPS, CUT, type Format, renditionsOf, type Size } from "../../shared/domain/rendition.ts";
import type { Media } from "../../shared/store/media.ts";
import { encodeRenditions } from "./encode.ts";
import { reopenPicture } from "./open.ts";
import type { Raster } from "./sharp.ts";

export type Task = {
  image: Image;
  picture: Raster;
  /** Digests in the names of what is made. */
  digests: { full: string; crops: string };
  formats: readonly Format[];
  /** The crops alone, when the whole picture has its renditions already. */
  crops?: "cut";
};

/** The encoders will not have it: that is the picture's own fault, and may be so however often it is tried. */
export class Unmakeable extends Error {
  override readonly name = "Unmakeable";
}

/** Bugs of ours are of these kinds; all that libvips rejects with are plain errors that speak of the picture. */
const isOurs = (error: unknown): boolean => error instanceof TypeError || error instanceof RangeError;

const blaming = (error: unknown): unknown =>
  isOurs(error) ? error : new Unmakeable("a picture cannot be encoded", { cause: error });

const sizeOf = ({ width, height }: Image): Size => {
  if (width === undefined || height === undefined) throw new Error("a picture was not measured");
  return { width, height };
};

/** The original of a picture that is ready, decoded once more. */
export const reopened = (image: Image, bytes: Uint8Array): Promise<Raster> =>
  reopenPicture(bytes, sizeOf(image)).catch((error: unknown) => {
    throw blaming(error);
  });

/** Makes a picture's renditions and puts each into private storage as soon as it is encoded. */
export const makeRenditions = async ({ media }: { media: Media }, task: Task): Promise<void> => {
  const { image, picture, digests, formats } = task;
  const { id, focalPoint = CENTRE } = image;
  const wanted = renditionsOf(sizeOf(image), { formats, crops: task.crops ? CUT : CROPS });
  const puts: Promise<void>[] = [];
  try {
    for await (const { rendition, bytes } of encodeRenditions(picture, wanted, focalPoint)) {
      const put = media.putRendition(id, rendition.crop === "full" ? digests.full : digests.crops, rendition, bytes);
      // Waited for below, all together; a failed one must not be an unhandled rejection until then.
      put.catch(() => undefined);
      puts.push(put);
    }
  } catch (error) {
    throw blaming(error);
  }
  await Promise.all(puts);
};
