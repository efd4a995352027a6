import sharp, { type Sharp } from "sharp";
import { LIMITS } from "../../shared/domain/limits.ts";

// libvips' settings belong to the process, so they are made once, here, before anything is read.

// By default it would read SVG, GIF, TIFF and PDF as well, each with a parser of its own.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: [
    "VipsForeignLoadJpegBuffer",
    "VipsForeignLoadPngBuffer",
    "VipsForeignLoadWebpBuffer",
    "VipsForeignLoadHeifBuffer",
  ],
});
// No picture comes twice in a process, and what the cache holds is memory that a large one lacks.
sharp.cache(false);
// The encoders run beside one another (encode.ts): threads inside each would only wait for the same processors.
sharp.concurrency(1);

/**
 * Seconds that one decoding or encoding may take, by the clock. libvips looks at it between lines of pixels: a decoder that goes
 * through the whole file before its first line (progressive JPEG, AVIF) is not stopped, so `lookAt` bounds what it is given.
 */
const MOST_SECONDS = 20;

/**
 * An uploaded file, to be read once from top to bottom; its first page. Nothing is turned. `failOn` says what rejects: a
 * decoder's warnings too, only truncated and undecodable files, or neither. More pixels than LIMITS.pixels always do, and
 * more seconds than may be.
 */
export const openFile = (bytes: Uint8Array, failOn: "warning" | "error" | "none"): Sharp =>
  sharp(bytes, { failOn, limitInputPixels: LIMITS.pixels, pages: 1, sequentialRead: true }).timeout({
    seconds: MOST_SECONDS,
  });

/** sRGB pixels, three bytes each, that carry nothing else. */
export type Raster = { data: Uint8Array; width: number; height: number };

export const openRaster = ({ data, width, height }: Raster): Sharp =>
  sharp(data, { raw: { width, height, channels: 3 } }).timeout({ seconds: MOST_SECONDS });

/** Makes the pixels: in sRGB whatever the file's profile, on white where it is transparent. */
export const toRaster = async (image: Sharp): Promise<Raster> => {
  const { data, info } = await image
    .flatten({ background: "#ffffff" })
    .removeAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`pixels of ${info.channels} channels`);
  return { data, width: info.width, height: info.height };
};
