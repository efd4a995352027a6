import type { FoundText } from "../../domain/image.ts";
import { LIMITS } from "../../domain/limits.ts";
import { cleanLine, cleanText } from "../../domain/text.ts";
import { decodeField } from "./decode.ts";
import { readExif } from "./exif.ts";
import { readIptc } from "./iptc.ts";
import { takenAt, takenAtIptc } from "./taken.ts";
import { readXmp } from "./xmp.ts";

/** A picture's metadata blocks as they stand in its file. */
export type Blocks = { exif?: Uint8Array | undefined; iptc?: Uint8Array | undefined; xmp?: Uint8Array | undefined };

/** Bytes of a block that are read; a JPEG segment has 64 KB, and a packet's history of edits can be longer. */
const MOST = 1024 * 1024;

/** What cameras and programs write in place of a caption, which nobody meant to be printed. */
const NOT_A_CAPTION =
  /^(?:(?:\w+ )*digital (?:still )?camera|sony dsc|samsung(?: camera pictures)?|dcim[\\/]\S*|(?:dsc|img)[\w-]*\d(?:\.\w+)?|exif_jpeg_\w+|screenshot|untitled|default|cof|sdr|hdr\w*)$/i;

/** Undefined for nothing, and for what lost letters on its way: then another block may have it whole. */
const text = (raw: string | undefined, clean: (raw: string) => { text: string }, most: number): string | undefined => {
  if (raw === undefined || raw.includes("\uFFFD")) return undefined;
  const cleaned = clean(raw.toWellFormed()).text.trim();
  const kept =
    cleaned.length <= most
      ? cleaned
      : `${cleaned
          .slice(0, most - 1)
          .replace(/[\uD800-\uDBFF]$/, "")
          .trimEnd()}…`;
  return kept && !kept.includes("\uFFFD") ? kept : undefined;
};
const line = (raw: string | undefined): string | undefined => text(raw, cleanLine, LIMITS.line);
const caption = (raw: string | undefined): string | undefined => {
  const found = text(raw, cleanText, LIMITS.pictureText);
  return found !== undefined && NOT_A_CAPTION.test(found) ? undefined : found;
};

const decoded = (bytes: Uint8Array | undefined): string | undefined => bytes && decodeField(bytes);

/**
 * What a picture's metadata says that a newspaper prints, cleaned and capped at LIMITS.pictureText and LIMITS.line. Texts:
 * XMP before IPTC before EXIF, as the Metadata Working Group's guidelines 2.0 have it; the time: the camera's own first.
 * Whatever the blocks are, it takes linear time and throws nothing: what cannot be read was not found.
 */
export const foundText = (blocks: Blocks): FoundText => {
  const read = (block: Uint8Array | undefined): Uint8Array =>
    block && block.length <= MOST ? block : new Uint8Array();
  const xmp = readXmp(new TextDecoder().decode(read(blocks.xmp)));
  const iptc = readIptc(read(blocks.iptc));
  const exif = readExif(read(blocks.exif));
  const bylines = iptc.bylines.map(decodeField).join(", ");
  const found: FoundText = {
    caption: caption(xmp.caption) ?? caption(decoded(iptc.caption)) ?? caption(decoded(exif.caption)),
    credit: line(xmp.credit) ?? line(decoded(iptc.credit)),
    byline: line(xmp.byline) ?? line(bylines) ?? line(decoded(exif.byline)),
    takenAt:
      takenAt(decoded(exif.taken) ?? "", decoded(exif.offset)) ??
      takenAt(xmp.taken ?? "") ??
      takenAtIptc(decoded(iptc.date) ?? "", decoded(iptc.time)),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
};
