import type { Image } from "../../shared/domain/image.ts";
import { CENTRE, CROPS, CUT, type Format, renditionsOf } from "../../shared/domain/rendition.ts";
import type { Media } from "../../shared/store/media.ts";
import { encodeRenditions } from "./encode.ts";

export type Task = {
  image: Image;
  bytes: Uint8Array;
  /** Digests in the names of what is made. */
  digests: { full: string; crops: string };
  formats: readonly Format[];
  /** The crops alone, when the whole picture has its renditions already. */
  crops?: "cut";
};

/** Makes a picture's renditions and puts each into private storage as soon as it is encoded. */
export const makeRenditions = async ({ media }: { media: Media }, task: Task): Promise<void> => {
  const { image, bytes, digests, formats } = task;
  const { id, width, height, focalPoint = CENTRE } = image;
  if (width === undefined || height === undefined) throw new Error("a picture was not measured");
  const wanted = renditionsOf({ width, height }, { formats, crops: task.crops ? CUT : CROPS });
  const puts: Promise<void>[] = [];
  for await (const { rendition, bytes: encoded } of encodeRenditions(bytes, { width, height }, wanted, focalPoint)) {
    const put = media.putRendition(id, rendition.crop === "full" ? digests.full : digests.crops, rendition, encoded);
    // Waited for below, all together; a failed one must not be an unhandled rejection until then.
    put.catch(() => undefined);
    puts.push(put);
  }
  await Promise.all(puts);
};
