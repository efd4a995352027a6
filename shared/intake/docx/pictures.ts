import type { Warning } from "../../domain/error.ts";
import { HEIC_TEXT, refusalText } from "../../domain/image.ts";
import type { Picture } from "../photos.ts";
import { lookAt } from "../picture/look.ts";
import { TooMuch } from "./archive.ts";
import type { ImageNode } from "./document.ts";

/** A document's pictures by where they stand; undefined is one that had to be left out, which `warnings` names. */
export type Pictures = { of: ReadonlyMap<ImageNode, Picture | undefined>; warnings: Warning[] };

const LINKED =
  "it could not be read, or is only linked to: Word keeps a picture in the file when it is inserted, not linked";

/** The picture itself, or why there is none. Throws {@link TooMuch} when the document is a bomb. */
const pictureOf = async (image: ImageNode): Promise<Picture | string> => {
  let bytes: unknown;
  try {
    bytes = await image.readAsArrayBuffer();
  } catch (error) {
    if (error instanceof TooMuch) throw error;
    return LINKED;
  }
  // Whatever mammoth's types say, it hands on what our archive gave it.
  if (!(bytes instanceof Uint8Array)) return LINKED;
  const look = lookAt(bytes);
  if (!look.ok) return look.heic ? HEIC_TEXT : refusalText(look.reason);
  const { type, width, height } = look;
  return { bytes, type, width, height, name: undefined };
};

/**
 * Looks at the pictures of a document, in order. One that is refused (clip-art is often EMF or WMF) is no reason to refuse
 * the story: it is left out with the warning `dropped-picture`.
 */
export const lookAtPictures = async (images: readonly ImageNode[]): Promise<Pictures> => {
  const of = new Map<ImageNode, Picture | undefined>();
  const warnings: Warning[] = [];
  for (const [n, image] of images.entries()) {
    const found = await pictureOf(image);
    of.set(image, typeof found === "string" ? undefined : found);
    if (typeof found !== "string") continue;
    const detail = `picture ${n + 1} of the document was left out: ${found}`;
    warnings.push({ code: "dropped-picture", pointer: "/body", detail });
  }
  return { of, warnings };
};
