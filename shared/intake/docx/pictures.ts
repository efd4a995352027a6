import type { Warning } from "../../domain/error.ts";
import { LIMITS } from "../../domain/limits.ts";
import type { Picture } from "../photos.ts";
import { pictureFrom } from "../picture/picture.ts";
import { TooMuch } from "./archive.ts";
import type { ImageNode } from "./document.ts";

/** A document's pictures by where they stand; undefined is one that had to be left out, which `warnings` names. */
export type Pictures = { of: ReadonlyMap<ImageNode, Picture | undefined>; warnings: Warning[] };

/** Places of pictures that are looked at: a story has few, and its document clip-art besides. */
const MOST_PLACES = 10 * LIMITS.figures;

const LINKED =
  "it could not be read, or is only linked to: Word keeps a picture in the file when it is inserted, not linked";
const TOO_MUCH = "it, or all pictures of the document together, are too large unpacked: insert it as JPEG or PNG";

/** What the archive has for a picture: the same bytes for the same one, or why there are none. */
const bytesOf = async (image: ImageNode): Promise<Uint8Array | string> => {
  try {
    const bytes = await image.readAsArrayBuffer();
    // Whatever mammoth's types say, it hands on what our archive gave it.
    return bytes instanceof Uint8Array ? bytes : LINKED;
  } catch (error) {
    return error instanceof TooMuch ? TOO_MUCH : LINKED;
  }
};

/** The picture itself, or why it is none. */
const pictureOf = (bytes: Uint8Array): Picture | string => {
  const found = pictureFrom(bytes);
  return "refused" in found ? found.detail : found;
};

/**
 * Looks at the pictures of a document, in order; each once, wherever it stands, so equal ones are the same `bytes`. One that
 * is refused (clip-art is often EMF or WMF) or too large is no reason to refuse the story: it is left out with the warning
 * `dropped-picture`. Once there are more than a story may have figures no other is looked at: it will be refused.
 */
export const lookAtPictures = async (images: readonly ImageNode[]): Promise<Pictures> => {
  const of = new Map<ImageNode, Picture | undefined>();
  const warnings: Warning[] = [];
  const drop = (detail: string): void => void warnings.push({ code: "dropped-picture", pointer: "/body", detail });
  const seen = new Map<Uint8Array, Picture | string>();
  let taken = 0;
  for (const [n, image] of images.slice(0, MOST_PLACES).entries()) {
    if (taken > LIMITS.figures) return { of, warnings };
    const bytes = await bytesOf(image);
    const found = typeof bytes === "string" ? bytes : (seen.get(bytes) ?? pictureOf(bytes));
    if (typeof bytes !== "string") seen.set(bytes, found);
    if (typeof found === "string") drop(`picture ${n + 1} of the document was left out: ${found}`);
    else {
      of.set(image, found);
      taken++;
    }
  }
  if (images.length > MOST_PLACES)
    drop(`pictures ${MOST_PLACES + 1} to ${images.length} of the document were left out: a story has fewer`);
  return { of, warnings };
};
