import { imageDimensionsFromData } from "image-dimensions";
import type { ImageRefusal, ImageType } from "../../domain/image.ts";
import { LIMITS } from "../../domain/limits.ts";
import { startsWith, textAt } from "./bytes.ts";
import { fileBrands, headOfHeif } from "./heif.ts";
import { readMarkers } from "./jpeg.ts";

export type Look =
  | { ok: true; type: ImageType; width: number; height: number }
  | { ok: false; reason: ImageRefusal; heic?: true };

const JPEG = [0xff, 0xd8, 0xff] as const;
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** Apple's phones send these unless they are told to send JPEG; `mif1` and `msf1` are HEIF whose codec is not said. */
const HEIC = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"]);

type Kind = ImageType | "heic" | "animated" | undefined;

const heifKind = (bytes: Uint8Array): Kind => {
  const brands = fileBrands(bytes);
  // An AVIF sequence names `avif` too, for its first frame (AVIF 1.1, section 8).
  if (brands.includes("avis")) return "animated";
  if (brands.includes("avif")) return "image/avif";
  return brands.some((brand) => HEIC.has(brand)) ? "heic" : undefined;
};

/** Chunks before the picture's own: far more than real files have, and few enough to go through. */
const MOST_CHUNKS = 5000;

/** An APNG has an acTL chunk ahead of its first IDAT (PNG 3, section 11.3.6.1); without one it is a still picture. */
const pngKind = (bytes: Uint8Array): Kind => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = PNG.length, seen = 0; at + 8 <= bytes.length; at += 12 + view.getUint32(at), seen++) {
    if (seen > MOST_CHUNKS) return undefined;
    const type = textAt(bytes, at + 4, 4);
    if (type === "acTL") return "animated";
    if (type === "IDAT") break;
  }
  return "image/png";
};

/** VP8X's second bit says that frames follow (WebP container specification, "Extended file format"). */
const webpKind = (bytes: Uint8Array): Kind =>
  textAt(bytes, 12, 4) === "VP8X" && ((bytes[20] ?? 0) & 0x02) !== 0 ? "animated" : "image/webp";

const kindOf = (bytes: Uint8Array): Kind => {
  if (startsWith(bytes, JPEG)) return "image/jpeg";
  if (startsWith(bytes, PNG)) return pngKind(bytes);
  if (textAt(bytes, 0, 4) === "RIFF" && textAt(bytes, 8, 4) === "WEBP") return webpKind(bytes);
  return heifKind(bytes);
};

/**
 * Scans of one JPEG. Encoders write 10, and libjpeg goes through every block for each, in one go that no time limit ends: 100
 * of 50 megapixels take 3 s of a processor, the 2,646 that can be 27 s to 53 s.
 */
const MOST_SCANS = 100;

/** PNG and WebP say their size in their first bytes. */
const HEAD = 64;

type Declared = { width: number; height: number; scans?: number };

const declared = (bytes: Uint8Array, type: ImageType): Declared | undefined => {
  if (type === "image/jpeg") return readMarkers(bytes);
  const head = type === "image/avif" ? headOfHeif(bytes) : bytes.subarray(0, HEAD);
  try {
    return head && imageDimensionsFromData(head);
  } catch {
    // It says nothing of what it does with broken files, and no size can be read from one: undefined says so.
    return undefined;
  }
};

/**
 * What a file is by its first bytes and how many pixels its header declares, as they are stored (EXIF may turn the
 * picture); neither its name nor its content type is asked, and nothing is decoded. JPEG, PNG, WebP and AVIF stills of at
 * most LIMITS.pixels pass, if they may still be damaged further on; `heic` marks a photo that a phone could have sent as
 * JPEG. Takes linear time and never throws, whatever the bytes: more chunks or boxes than real files have are refused.
 */
export const lookAt = (bytes: Uint8Array): Look => {
  const type = kindOf(bytes);
  if (type === undefined) return { ok: false, reason: "not-an-image" };
  if (type === "heic") return { ok: false, reason: "not-an-image", heic: true };
  if (bytes.length > LIMITS.uploadBytes) return { ok: false, reason: "too-large" };
  if (type === "animated") return { ok: false, reason: "animated" };
  const says = declared(bytes, type);
  if (!says || says.width < 1 || says.height < 1) return { ok: false, reason: "damaged" };
  const { width, height, scans = 1 } = says;
  if (width * height > LIMITS.pixels) return { ok: false, reason: "too-many-pixels" };
  return scans > MOST_SCANS ? { ok: false, reason: "too-costly" } : { ok: true, type, width, height };
};
