import { textAt } from "./bytes.ts";

/** The tags of EXIF (CIPA DC-008) that a newspaper prints, undecoded. */
export type ExifRecord = { caption?: Uint8Array; byline?: Uint8Array; taken?: Uint8Array; offset?: Uint8Array };

const DESCRIPTION = 0x010e;
const ARTIST = 0x013b;
const EXIF_DIRECTORY = 0x8769;
const TAKEN = 0x9003;
const TAKEN_OFFSET = 0x9011;

const ASCII = 2;
/** 129 is UTF-8, new in EXIF 3.0. */
const UTF8 = 129;
/** A directory is read once and no further than so many entries; cameras write some 60. */
const MOST_ENTRIES = 500;

type Reader = { bytes: Uint8Array; view: DataView; little: boolean };

/** The entries of a directory, by tag: where they stand. The first of equals wins. */
const directory = ({ bytes, view, little }: Reader, at: number): Map<number, number> => {
  const entries = new Map<number, number>();
  if (at + 2 > bytes.length) return entries;
  const count = Math.min(view.getUint16(at, little), MOST_ENTRIES);
  for (let entry = at + 2; entry < at + 2 + count * 12 && entry + 12 <= bytes.length; entry += 12) {
    const tag = view.getUint16(entry, little);
    if (!entries.has(tag)) entries.set(tag, entry);
  }
  return entries;
};

/** A text's bytes up to its first zero; undefined when it is no text or lies outside. */
const text = ({ bytes, view, little }: Reader, entry: number | undefined): Uint8Array | undefined => {
  if (entry === undefined || ![ASCII, UTF8].includes(view.getUint16(entry + 2, little))) return undefined;
  const length = view.getUint32(entry + 4, little);
  const start = length <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
  if (start + length > bytes.length) return undefined;
  const value = bytes.subarray(start, start + length);
  const end = value.indexOf(0);
  return end < 0 ? value : value.subarray(0, end);
};

/** Reads an EXIF block, with or without `Exif\0\0` before it; linear time, throws for nothing. */
export const readExif = (block: Uint8Array): ExifRecord => {
  const bytes = textAt(block, 0, 4) === "Exif" ? block.subarray(6) : block;
  const order = textAt(bytes, 0, 4);
  if (bytes.length < 8 || (order !== "II*\0" && order !== "MM\0*")) return {};
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = { bytes, view, little: order === "II*\0" };
  const main = directory(reader, view.getUint32(4, reader.little));
  const link = main.get(EXIF_DIRECTORY);
  const exif =
    link === undefined ? new Map<number, number>() : directory(reader, view.getUint32(link + 8, reader.little));
  const fields = {
    caption: text(reader, main.get(DESCRIPTION)),
    byline: text(reader, main.get(ARTIST)),
    taken: text(reader, exif.get(TAKEN)),
    offset: text(reader, exif.get(TAKEN_OFFSET)),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
};
