import { HEIC_TEXT, type ImageRefusal, refusalText } from "../../domain/image.ts";
import { cleanLine } from "../../domain/text.ts";
import type { Picture } from "../photos.ts";
import { lookAt } from "./look.ts";

/** A file's name for a message: one short line of well-formed text. */
const shownName = (filename: string | undefined): string | undefined =>
  cleanLine((filename ?? "").slice(0, 200).toWellFormed())
    .text.slice(0, 80)
    .toWellFormed() || undefined;

/** Why bytes are no picture that is taken; `detail` is a sentence for people. */
export type NoPicture = { refused: ImageRefusal; detail: string };

/** The picture that bytes are, by {@link lookAt}, whatever anybody says they are; `filename` is of use for messages alone. */
export const pictureFrom = (bytes: Uint8Array, filename?: string): Picture | NoPicture => {
  const look = lookAt(bytes);
  if (!look.ok) return { refused: look.reason, detail: look.heic ? HEIC_TEXT : refusalText(look.reason) };
  const { type, width, height } = look;
  return { bytes, type, width, height, name: shownName(filename) };
};
