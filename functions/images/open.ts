import type { FoundText, ImageRefusal, ImageType } from "../../shared/domain/image.ts";
import { decodedSize, type Size } from "../../shared/domain/rendition.ts";
import { foundText } from "../../shared/intake/picture/found.ts";
import { lookAt } from "../../shared/intake/picture/look.ts";
import { openFile, openRaster, type Raster, toRaster } from "./sharp.ts";

export type Opened =
  | {
      ok: true;
      type: ImageType;
      width: number;
      height: number;
      colour: string;
      found: FoundText;
      /** The picture itself, upright, in sRGB, on white where it is transparent, as large as its renditions need it. */
      picture: Raster;
    }
  | { ok: false; reason: ImageRefusal };

/** The side of the square into which a picture is shrunk to find its colour, in pixels. */
const SAMPLE = 64;

/** What libjpeg warns of though every pixel is there: some phones and webcams write such files all day. */
const HARMLESS =
  /^VipsJpeg: (?:Invalid SOS parameters|Corrupt JPEG data: \d\d? extraneous bytes|Unknown Adobe|Warning: unknown JFIF|.*ICC)/;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const isHarmless = (message: string): boolean => message.split("\n").every((part) => HARMLESS.test(part));

/** The one time that a file is decoded, and the last that anything but pixels is there to be passed on. */
const decode = (bytes: Uint8Array, size: Size, failOn: "warning" | "error" | "none"): Promise<Raster> => {
  const { width, height } = decodedSize(size);
  return toRaster(openFile(bytes, failOn).autoOrient().resize(width, height, { fit: "fill" }));
};

/** Decodes a file that nobody has judged yet. */
const decodeStrictly = async (bytes: Uint8Array, type: ImageType, size: Size): Promise<Raster> => {
  if (type !== "image/jpeg") return decode(bytes, size, "error");
  try {
    // To libjpeg bits that make no sense are worth a warning, and grey blocks.
    return await decode(bytes, size, "warning");
  } catch (error) {
    if (isHarmless(messageOf(error))) return decode(bytes, size, "error");
    throw error;
  }
};

/** The average of all pixels: an average is never glaring, and a picture that fades in over it hardly moves. */
const average = async (picture: Raster): Promise<string> => {
  const { data } = await toRaster(openRaster(picture).resize(SAMPLE, SAMPLE, { fit: "fill" }));
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
    const { width, height } = autoOrient;
    const picture = await decodeStrictly(bytes, look.type, { width, height });
    const [colour, found] = [await average(picture), foundText({ exif, iptc, xmp })];
    return { ok: true, type: look.type, width, height, colour, found, picture };
  } catch (error) {
    // All that libvips rejects with are plain errors that speak of the file; others are faults of ours.
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    return { ok: false, reason: refusalOf(error) };
  }
};

/**
 * Decodes the original of a picture that {@link openPicture} has judged, and said to be of this size; rejects when it cannot be
 * decoded any more, or is another.
 */
export const reopenPicture = async (bytes: Uint8Array, size: Size): Promise<Raster> => {
  const { autoOrient } = await openFile(bytes, "none").metadata();
  if (autoOrient.width === size.width && autoOrient.height === size.height) return decode(bytes, size, "none");
  throw new Error(
    `a picture of ${autoOrient.width} x ${autoOrient.height} was said to be ${size.width} x ${size.height}`,
  );
};
