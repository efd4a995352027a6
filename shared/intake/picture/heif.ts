import { textAt } from "./bytes.ts";

/** More than real files have by far. What reads boxes makes an object of every few bytes, and files may have 50 MB. */
const MOST_BRANDS = 64;
const MOST_META = 256 * 1024;
const MOST_BOXES = 500;

/** One box (ISO/IEC 14496-12, section 4.2); `end` may lie behind the end of the file. */
type Box = { type: string; start: number; end: number };

const boxAt = (bytes: Uint8Array, start: number): Box | undefined => {
  if (start + 8 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = textAt(bytes, start + 4, 4);
  const short = view.getUint32(start);
  if (short === 0) return { type, start, end: bytes.length };
  if (short !== 1) return short < 8 ? undefined : { type, start, end: start + short };
  if (start + 16 > bytes.length) return undefined;
  const long = Number(view.getBigUint64(start + 8));
  return long < 16 ? undefined : { type, start, end: start + long };
};

/** The brands of a file of the HEIF family, the major one first; none when it is of another family, or has too many. */
export const fileBrands = (bytes: Uint8Array): string[] => {
  const box = boxAt(bytes, 0);
  if (box?.type !== "ftyp") return [];
  // Between the major brand and the compatible ones stands a version of 4 bytes.
  const count = Math.floor((Math.min(box.end, bytes.length) - 16) / 4);
  if (count > MOST_BRANDS) return [];
  return [8, ...Array.from({ length: Math.max(0, count) }, (_, index) => 16 + index * 4)].map((at) =>
    textAt(bytes, at, 4),
  );
};

/** The `ftyp` and `meta` boxes of a file alone, wherever `meta` stands: all that says the sizes. */
export const headOfHeif = (bytes: Uint8Array): Uint8Array | undefined => {
  const first = boxAt(bytes, 0);
  for (let box = first, seen = 0; box && first && seen < MOST_BOXES; box = boxAt(bytes, box.end), seen++) {
    if (box.type !== "meta") continue;
    const length = box.end - box.start;
    if (length > MOST_META || box.end > bytes.length) return undefined;
    const head = new Uint8Array(first.end + length);
    head.set(bytes.subarray(0, first.end));
    head.set(bytes.subarray(box.start, box.end), first.end);
    return head;
  }
  return undefined;
};
