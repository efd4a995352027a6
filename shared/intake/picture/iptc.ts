import { textAt } from "./bytes.ts";

/** The fields of IPTC-IIM 4.2 that a newspaper prints, undecoded; a byline may have several. */
export type IptcRecord = {
  caption?: Uint8Array;
  credit?: Uint8Array;
  bylines: Uint8Array[];
  date?: Uint8Array;
  time?: Uint8Array;
};

const IPTC_RESOURCE = 0x0404;

/** The data of IPTC in Photoshop's image resources, each: 8BIM, id, name, length, data; name and data padded to even. */
const findRecord = (bytes: Uint8Array): Uint8Array | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = textAt(bytes, 0, 13) === "Photoshop 3.0" ? 14 : 0;
  while (at + 12 <= bytes.length && textAt(bytes, at, 4) === "8BIM") {
    const named = 1 + view.getUint8(at + 6);
    const size = at + 6 + named + (named % 2);
    if (size + 4 > bytes.length) return undefined;
    const length = view.getUint32(size);
    if (view.getUint16(at + 4) === IPTC_RESOURCE) return bytes.subarray(size + 4, size + 4 + length);
    at = size + 4 + length + (length % 2);
  }
  return undefined;
};

/**
 * Reads the content of a JPEG's APP13 segment, or bare IPTC. What is broken ends the reading, and what came before it is
 * kept; linear time, throws for nothing.
 */
export const readIptc = (block: Uint8Array): IptcRecord => {
  const bytes = block[0] === 0x1c ? block : (findRecord(block) ?? new Uint8Array());
  const record: IptcRecord = { bylines: [] };
  for (let at = 0; at + 5 <= bytes.length && bytes[at] === 0x1c;) {
    const length = ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0);
    // The upper bit says that the length itself is longer: for pictures inside, never for text (section 1.5.3).
    if (length > 0x7fff) break;
    const value = bytes.subarray(at + 5, at + 5 + length);
    if (bytes[at + 1] === 2) keep(record, bytes[at + 2] ?? 0, value);
    at += 5 + length;
  }
  return record;
};

const keep = (record: IptcRecord, dataset: number, value: Uint8Array): void => {
  if (dataset === 55) record.date ??= value;
  if (dataset === 60) record.time ??= value;
  if (dataset === 80 && record.bylines.length < 10) record.bylines.push(value);
  if (dataset === 110) record.credit ??= value;
  if (dataset === 120) record.caption ??= value;
};
