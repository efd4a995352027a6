/**
 * The recipe of a picture: which smaller copies are made of it. Whoever makes, publishes or shows them goes by it, so
 * nothing has to be stored but the picture's size. A change of it, or of how they are encoded, raises {@link RECIPE}.
 */
export const RECIPE = 1;

/** `full` is the whole picture; the others are cut around the focal point: for lists, search engines and share cards. */
export type Crop = "full" | "16x9" | "4x3" | "1x1" | "card";
export type Format = "jpg" | "webp" | "avif";
/** One copy of a picture, in pixels. */
export type Rendition = { crop: Crop; format: Format; width: number; height: number };
export type Size = { width: number; height: number };

type Shape = {
  /** Width over height; the picture's own when absent. */
  ratio?: readonly [number, number];
  widths: Partial<Record<Format, readonly number[]>>;
};

const FULL = [320, 640, 960, 1280, 1920] as const;

const SHAPES: Record<Crop, Shape> = {
  full: { widths: { jpg: FULL, webp: FULL, avif: FULL } },
  "16x9": { ratio: [16, 9], widths: { jpg: [1200], webp: [640, 960, 1200], avif: [640, 960, 1200] } },
  "4x3": { ratio: [4, 3], widths: { jpg: [640, 1200], webp: [320, 640], avif: [320, 640] } },
  "1x1": { ratio: [1, 1], widths: { jpg: [1200] } },
  /** 1200 x 630, what Facebook and Zalo show of a shared link. */
  card: { ratio: [1200, 630], widths: { jpg: [1200] } },
};

export const CROPS = Object.keys(SHAPES) as Crop[];
/** Those around the focal point, which change with it. */
export const CUT: readonly Crop[] = CROPS.filter((crop) => crop !== "full");
export const FORMATS: readonly Format[] = ["jpg", "webp", "avif"];

/** The largest part of a picture that has a crop's shape, in whole pixels, at least 1 x 1. */
export const cropSize = ({ width, height }: Size, crop: Crop): Size => {
  const { ratio } = SHAPES[crop];
  if (!ratio) return { width, height };
  const [w, h] = ratio;
  return width * h > height * w
    ? { width: Math.max(1, Math.round((height * w) / h)), height }
    : { width, height: Math.max(1, Math.round((width * h) / w)) };
};

/** Widths of one crop in one format, ascending: none above what the picture has, which is the largest where it has less. */
const widthsOf = (most: number, wanted: readonly number[]): number[] => {
  const fit = wanted.filter((width) => width < most);
  return fit.length < wanted.length ? [...fit, most] : fit;
};

/** The renditions of one crop of a picture of this size in one format, the smallest first; none where the recipe has none. */
export const renditionsIn = (size: Size, crop: Crop, format: Format): Rendition[] => {
  const whole = cropSize(size, crop);
  const wanted = SHAPES[crop].widths[format] ?? [];
  return widthsOf(whole.width, wanted).map((width) => ({
    crop,
    format,
    width,
    height: Math.max(1, Math.round((whole.height * width) / whole.width)),
  }));
};

/** All renditions of a picture of this size, of the crops and formats that are asked for. */
export const renditionsOf = (
  size: Size,
  { crops = CROPS, formats = FORMATS }: { crops?: readonly Crop[]; formats?: readonly Format[] } = {},
): Rendition[] => crops.flatMap((crop) => formats.flatMap((format) => renditionsIn(size, crop, format)));

/** The size in which a picture has to be decoded, so that every rendition can be cut out of it: seldom its own. */
export const decodedSize = (size: Size): Size => {
  const scale = Math.max(...renditionsOf(size).map(({ crop, width }) => width / cropSize(size, crop).width));
  return { width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) };
};

/** A point of the picture that no crop may lose, from the left and from the top, 0 to 1. */
export type FocalPoint = { x: number; y: number };
export const CENTRE: FocalPoint = { x: 0.5, y: 0.5 };

/** Where a crop is cut out of a picture: as near to the focal point's middle as the edges let it, in whole pixels. */
export const cropBox = (size: Size, crop: Crop, focal: FocalPoint): Size & { left: number; top: number } => {
  const part = cropSize(size, crop);
  const at = (whole: number, length: number, point: number): number =>
    Math.min(whole - length, Math.max(0, Math.round(point * whole - length / 2)));
  return { ...part, left: at(size.width, part.width, focal.x), top: at(size.height, part.height, focal.y) };
};
