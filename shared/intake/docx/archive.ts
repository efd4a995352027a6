import { crc32, inflateRawSync } from "node:zlib";

/** An open zip archive: what of it is asked for is inflated, the rest never is. */
export type Archive = {
  exists(name: string): boolean;
  /**
   * The same bytes each time. Throws {@link Unreadable} when there is no such entry or it is damaged, {@link TooMuch} when it
   * is larger than `most` bytes or the archive's own limit allow.
   */
  read(name: string, most?: number): Uint8Array;
};

/** Why an archive, or a document in it, cannot be read; for us, not for people. */
export class Unreadable extends Error {
  override name = "Unreadable";
}
/** An entry, or everything that is inflated together, would be larger than is borne. */
export class TooMuch extends Unreadable {
  override name = "TooMuch";
}

const MOST_ENTRIES = 2000;
/** Bytes of all that is inflated of one archive: a request has 4 MB, and photos are no smaller in it than outside. */
const MOST_BYTES = 24 * 1024 * 1024;

/** Signatures and sizes of the records: APPNOTE.TXT 6.3.10 (PKWARE), 4.3.7, 4.3.12 and 4.3.16. */
const END = { signature: 0x06054b50, size: 22, comment: 0xffff };
const ENTRY = { signature: 0x02014b50, size: 46 };
const LOCAL = { signature: 0x04034b50, size: 30 };
const ENCRYPTED = 0x2041;
const STORED = 0;
const DEFLATED = 8;

type Entry = { method: number; crc: number; packed: number; size: number; offset: number };

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const findEnd = (view: DataView): number => {
  const lowest = Math.max(0, view.byteLength - END.size - END.comment);
  for (let at = view.byteLength - END.size; at >= lowest; at--)
    if (view.getUint32(at, true) === END.signature) return at;
  throw new Unreadable("no end of a central directory");
};

/** The central directory, by name. Zip64, several disks, encryption and a name that stands twice are not what Word writes. */
const entriesOf = (bytes: Uint8Array): ReadonlyMap<string, Entry> => {
  const view = viewOf(bytes);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  if (count !== view.getUint16(end + 8, true) || count > MOST_ENTRIES) throw new Unreadable(`${count} entries`);
  const entries = new Map<string, Entry>();
  let at = view.getUint32(end + 16, true);
  for (let n = 0; n < count; n++) {
    if (view.getUint32(at, true) !== ENTRY.signature) throw new Unreadable("no entry where one should be");
    if (view.getUint16(at + 8, true) & ENCRYPTED) throw new Unreadable("an encrypted entry");
    const [nameLength, extra, comment] = [28, 30, 32].map((from) => view.getUint16(at + from, true));
    const name = new TextDecoder().decode(bytes.subarray(at + ENTRY.size, at + ENTRY.size + (nameLength ?? 0)));
    if (entries.has(name)) throw new Unreadable("two entries of one name");
    entries.set(name, {
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += ENTRY.size + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return entries;
};

const directoryOf = (bytes: Uint8Array): ReadonlyMap<string, Entry> => {
  try {
    return entriesOf(bytes);
  } catch (cause) {
    // An offset that leads out of the file.
    throw cause instanceof RangeError ? new Unreadable("a directory that is cut off", { cause }) : cause;
  }
};

/** The entry's bytes. The size that the directory declares bounds what is inflated; another size, or checksum, is damage. */
const inflated = (bytes: Uint8Array, { method, crc, packed, size, offset }: Entry): Uint8Array => {
  const view = viewOf(bytes);
  if (view.getUint32(offset, true) !== LOCAL.signature) throw new Unreadable("no local header");
  const start = offset + LOCAL.size + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const data = bytes.subarray(start, start + packed);
  if (method !== STORED && method !== DEFLATED) throw new Unreadable(`compression method ${method}`);
  // Zlib takes no limit of 0.
  const content = method === STORED ? data : inflateRawSync(data, { maxOutputLength: Math.max(1, size) });
  if (content.byteLength !== size || crc32(content) !== crc) throw new Unreadable("a damaged entry");
  return content;
};

type Outcome = { content: Uint8Array } | { error: Unreadable };

/** What came of inflating an entry: damage too is kept, for it takes as long to find as sound bytes. */
const outcomeOf = (bytes: Uint8Array, entry: Entry): Outcome => {
  try {
    return { content: inflated(bytes, entry) };
  } catch (cause) {
    return { error: cause instanceof Unreadable ? cause : new Unreadable("a damaged entry", { cause }) };
  }
};

/**
 * Opens a zip archive, reading nothing but its directory. Throws when it is none, or has more than 2,000 entries; what is
 * read later is 24 MB at most, each entry counted once.
 */
export const openArchive = (bytes: Uint8Array): Archive => {
  const entries = directoryOf(bytes);
  const read = new Map<string, Outcome>();
  let left = MOST_BYTES;
  return {
    exists: (name) => entries.has(name),
    read: (name, most = MOST_BYTES) => {
      const entry = entries.get(name);
      if (!entry) throw new Unreadable("no such entry");
      if (entry.size > most) throw new TooMuch(`more than ${most} bytes`);
      let outcome = read.get(name);
      if (!outcome) {
        // Packed bytes may inflate to nothing, and many entries may share them.
        const cost = Math.max(entry.size, Math.min(entry.packed, bytes.byteLength));
        if (cost > left) throw new TooMuch(`more than ${MOST_BYTES} bytes together`);
        left -= cost;
        read.set(name, (outcome = outcomeOf(bytes, entry)));
      }
      if ("error" in outcome) throw outcome.error;
      return outcome.content;
    },
  };
};
