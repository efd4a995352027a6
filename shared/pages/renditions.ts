import { type Crop, type Format, type Rendition, renditionsIn } from "../domain/rendition.ts";
import { picturePath } from "../site/paths.ts";
import type { PictureView } from "./view.ts";

/** The public path of one of a picture's renditions. */
export const pathOf = (picture: PictureView, rendition: Rendition): string =>
  picturePath(picture.folder, rendition.crop === "full" ? picture.full : picture.crops, rendition);

/** What `srcset` says of renditions: path and width of each, as given. */
export const srcsetOf = (picture: PictureView, renditions: readonly Rendition[]): string =>
  renditions.map((one) => `${pathOf(picture, one)} ${one.width}w`).join(", ");

/** Up to this width; the narrowest when all are wider. */
const upTo = (renditions: readonly Rendition[], most: number): Rendition[] => {
  const fit = renditions.filter(({ width }) => width <= most);
  return fit.length > 0 ? fit : renditions.slice(0, 1);
};

/** A picture's largest JPEG of a crop, `most` pixels wide: for whoever takes one address and no choice. */
export const jpegOf = (picture: PictureView, crop: Crop, most = Infinity): Rendition | undefined =>
  upTo(renditionsIn(picture, crop, "jpg"), most).at(-1);

/** Where `<img src>` and feeds stop: enough for a column on a sharp screen. */
export const PLAIN_WIDTH = 1280;

export type Choice = {
  /** Formats better than JPEG that are there, the best first. */
  sources: { format: Exclude<Format, "jpg">; renditions: Rendition[] }[];
  /** JPEGs no larger than the others: they are for the few browsers that read nothing else. */
  jpegs: Rendition[];
  /** The largest one that can be chosen: the picture is never shown wider. */
  largest: Rendition;
};

/** Of which renditions a browser may choose, for one crop of a picture. */
export const choiceOf = (picture: PictureView, crop: Crop): Choice | undefined => {
  const webp = renditionsIn(picture, crop, "webp");
  const largest = webp.at(-1);
  if (!largest) return undefined;
  const avif = picture.avif ? renditionsIn(picture, crop, "avif") : [];
  const sources = [
    { format: "avif" as const, renditions: avif },
    { format: "webp" as const, renditions: webp },
  ];
  return {
    sources: sources.filter(({ renditions }) => renditions.length > 0),
    jpegs: upTo(renditionsIn(picture, crop, "jpg"), largest.width),
    largest,
  };
};
