import { type Body, type Figure, textOf } from "../domain/body.ts";
import { pointer, type Warning } from "../domain/error.ts";
import type { ImageType } from "../domain/image.ts";
import { isEndMark } from "./copy/tail.ts";

/** A picture as it came, looked at and taken: its bytes, what they are, its pixels as stored, and the file's name. */
export type Picture = {
  bytes: Uint8Array;
  type: ImageType;
  width: number;
  height: number;
  name: string | undefined;
};

/** A picture and its place: `block` is the index in the body of the figure that it fills. */
export type Photo = Picture & { block: number };

/** A body that photos belong to, and what was noticed; photos are in the order of their figures. */
export type Illustrated = { body: Body; photos: Photo[]; warnings: Warning[] };

/** Behind the last paragraph; an end mark ("(Còn nữa)") stays the last line. */
const endOf = (body: Body): number => {
  const last = body.at(-1);
  return last?._type === "block" && isEndMark(textOf(last)) ? body.length - 1 : body.length;
};

/** A warning about a block, when as many blocks were put in at `from`. */
const moved =
  (from: number, by: number) =>
  (warning: Warning): Warning => {
    const [, index, rest] = /^\/body\/(\d+)(.*)$/s.exec(warning.pointer) ?? [];
    if (index === undefined || Number(index) < from) return warning;
    return { ...warning, pointer: `/body/${Number(index) + by}${rest}` };
  };

/** What is said of a picture that no line of the text speaks of; it is in a figure of its own at `block`. */
export const surplus = (name: string | undefined, block: number): Warning => ({
  code: "surplus-photo",
  pointer: pointer(["body", block]),
  detail: `${name ? `"${name}"` : "a picture"} has no figure of its own in the text; it stands here without a caption`,
});

/** Puts each picture into a figure of its own behind the last paragraph, with `credit` if there is one, and names it. */
export const withSurplus = (
  { body, photos, warnings }: Illustrated,
  pictures: readonly Picture[],
  credit: string | undefined,
): Illustrated => {
  if (pictures.length === 0) return { body, photos, warnings };
  const end = endOf(body);
  const added = pictures.map((picture, n): Photo => ({ ...picture, block: end + n }));
  const figures = added.map((): Figure => ({ _type: "figure", ...(credit && { credit }) }));
  return {
    body: [...body.slice(0, end), ...figures, ...body.slice(end)],
    photos: [...photos, ...added],
    warnings: [...warnings.map(moved(end, added.length)), ...added.map(({ name, block }) => surplus(name, block))],
  };
};

/**
 * Gives pictures their places (the contract's "Photos"): they fill the figures that have none, in order; what is left
 * follows the last paragraph. `photos` have their places already. Pure; `body` is not changed.
 */
export const withPhotos = (
  { body, photos, warnings }: Illustrated,
  pictures: readonly Picture[],
  credit: string | undefined,
): Illustrated => {
  const taken = new Set(photos.map(({ block }) => block));
  const open = body.flatMap((block, n) =>
    block._type === "figure" && block.image === undefined && !taken.has(n) ? [n] : [],
  );
  const filling = open.flatMap((block, n): Photo[] => {
    const picture = pictures[n];
    return picture ? [{ ...picture, block }] : [];
  });
  const all = [...photos, ...filling].sort((a, b) => a.block - b.block);
  return withSurplus({ body, photos: all, warnings }, pictures.slice(open.length), credit);
};

/**
 * The body with `ids[n]`, an image's id, in the figure that `photos[n]` fills. Throws when the three do not belong
 * together: an id is missing, or the block is no figure.
 */
export const withImages = (body: Body, photos: readonly Photo[], ids: readonly string[]): Body => {
  const images = new Map(photos.map(({ block }, n) => [block, ids[n]]));
  const blocks = body.map((block, n) => {
    if (!images.has(n)) return block;
    const image = images.get(n);
    if (block._type !== "figure" || image === undefined) throw new Error(`block ${n} cannot take a picture`);
    images.delete(n);
    const { _type, _key, ...rest } = block;
    // Where the schema puts it: the same body sent with its ids has the same bytes, and so one digest.
    return { _type, ...(_key !== undefined && { _key }), image, ...rest };
  });
  if (images.size > 0) throw new Error(`there is no block ${[...images.keys()].join(", ")}`);
  return blocks;
};
