import type { Image } from "../../shared/domain/image.ts";
import { sha256 } from "../../shared/store/digest.ts";
import type { Media } from "../../shared/store/media.ts";

/** A picture's bytes, and what makes them its original. */
export type PictureFile = {
  bytes: Uint8Array;
  /** Hex. */
  sha256: string;
  /** Keeps exactly these bytes, for ever; false when others were uploaded meanwhile. Then nothing is kept. */
  keep(): Promise<boolean>;
};

/**
 * The original, if one is kept, else what was uploaded; undefined when nothing has come. A form can be used again while it
 * holds: what was looked at is therefore copied aside by its ETag, and from then on the upload does not matter.
 */
export const bytesOf = async (
  { media }: { media: Media },
  { id }: Pick<Image, "id">,
): Promise<PictureFile | undefined> => {
  const original = await media.original(id);
  if (original) return { bytes: original, sha256: sha256(original), keep: async () => true };
  const upload = await media.upload(id);
  if (!upload) return undefined;
  const { bytes, etag } = upload;
  return { bytes, sha256: sha256(bytes), keep: () => media.keepOriginal(id, etag) };
};
