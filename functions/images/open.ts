import type { FoundText, ImageRefusal, ImageType } from "../../shared/domain/image.ts";
import { foundText } from "../../shared/intake/picture/found.ts";
import { lookAt } from "../../shared/intake/picture/look.ts";
import { openFile, type Raster, toRaster } from "./sharp.ts";

export type Opened =
  | { ok: true; width: number; height: number; colour: string; found: FoundText }
  | { ok: false; reason: ImageRefusal };

/** The side of the square into which a picture is decoded to find its colour, in pixels. */
const SAMPLE = 64;

/** What libjpeg warns of though every pixel is there: some phones and webcams write such files all day. */
const HARMLESS =
  /^VipsJpeg: (?:Invalid SOS parameters|Corrupt JPEG data: \d\d? extraneous bytes|Unknown Adobe|Warning: unknown JFIF|.*ICC)/;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const isHarmless = (message: string): boolean => message.split("\n").every((part) => HARMLESS.test(part));

/** Decodes all of a file, though into few pixels: libjpeg goes through every bit all the same, and is faster by half. */
const decode = async (bytes: Uint8Array, type: ImageType): Promise<Raster> => {
  const attempt = (failOn: "warning" | "error"): Promise<Raster> =>
    toRaster(openFile(bytes, failOn).resize(SAMPLE, SAMPLE, { fit: "fill" }));
  if (type !== "image/jpeg") return attempt("error");
  try {
    // To libjpeg bits that make no sense are worth a warning, and grey blocks.
    return await attempt("warning");
  } catch (error) {
    if (isHarmless(messageOf(error))) return attempt("error");
    throw error;
  }
};

/** The average of all pixels: an average is never glaring, and a picture that fades in over it hardly moves. */
const average = ({ data }: Raster): string => {
  const sums = [0, 0, 0];
  data.forEach((value, index) => (sums[index % 3] = (sums[index % 3] ?? 0) + value));
  const hex = sums.map((sum) =>
    Math.round((sum * 3) / data.length)
      .toString(16)
      .padStart(2, "0"),
  );
  return `#${hex.join("")}`;
};

/** What libvips' own words mean for the picture. */
export const refusalOf = (error: unknown): ImageRefusal => {
  const message = messageOf(error);
  if (/^timeout|out of memory/.test(message)) return "too-costly";
  return message.includes("exceeds pixel limit") ? "too-many-pixels" : "damaged";
};

/**
 * Looks at a file as {@link lookAt} does, then decodes it once from end to end. Pixels are counted upright, as EXIF turns
 * the picture; `colour` is `#rrggbb`. A file that cannot be decoded whole is "damaged", one that takes too long
 * "too-costly"; whatever its metadata is does not matter to that.
 */
export const openPicture = async (bytes: Uint8Array): Promise<Opened> => {
  const look = lookAt(bytes);
  if (!look.ok) return { ok: false, reason: look.reason };
  try {
    const { autoOrient, exif, iptc, xmp } = await openFile(bytes, "error").metadata();
    const colour = average(await decode(bytes, look.type));
    return {
      ok: true,
      width: autoOrient.width,
      height: autoOrient.height,
      colour,
      found: foundText({ exif, iptc, xmp }),
    };
  } catch (error) {
    // All that libvips rejects with are plain errors that speak of the file; others are faults of ours.
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    return { ok: false, reason: refusalOf(error) };
  }
};
