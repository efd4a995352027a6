/** The properties of XMP that a newspaper prints; of a text in several languages, the one that is the default. */
export type XmpRecord = { caption?: string; credit?: string; byline?: string; taken?: string };

const FIELDS: Record<string, keyof XmpRecord> = {
  "dc:description": "caption",
  "dc:creator": "byline",
  "photoshop:Credit": "credit",
  "photoshop:DateCreated": "taken",
};

/** A tag as it stands behind its `<`, then the text up to the next one. No two parts of it can take the same character. */
const TAG = /^(\/?)([\w.-]+:[\w.-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>([^]*)$/;
const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const unescape = (text: string): string =>
  text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
      const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return point <= 0x10_ffff ? String.fromCodePoint(point) : "";
    },
  );

const attributesOf = (text: string): Map<string, string> =>
  new Map(
    [...text.matchAll(ATTRIBUTE)].map(([, name = "", double, single]) => [name, unescape(double ?? single ?? "")]),
  );

/** A property that is open: its own text, or its list's. */
type Open = { name: string; own: string; items: string[]; standard: string | undefined };

const valueOf = ({ name, own, items, standard }: Open): string =>
  items.length === 0 ? own : name === "dc:creator" ? items.join(", ") : (standard ?? items[0] ?? "");

/**
 * Reads an XMP packet (ISO 16684-1) tag by tag, knowing the prefixes that everybody uses. Descriptions inside others tell
 * of other pictures, and are passed over. Linear time; what is broken is left out; throws for nothing.
 */
export const readXmp = (packet: string): XmpRecord => {
  const record: XmpRecord = {};
  let depth = 0;
  let open: Open | undefined;
  const take = (name: string, value: string): void => {
    const field = FIELDS[name];
    if (field && value.trim()) record[field] ??= value;
  };
  for (const piece of packet.split("<")) {
    const [, closing, name = "", attributes = "", empty, after = ""] = TAG.exec(piece) ?? [];
    if (name === "rdf:Description") {
      if (closing) depth--;
      else if (++depth === 1) for (const [key, value] of attributesOf(attributes)) take(key, value);
      if (empty) depth--;
    } else if (closing) {
      if (open?.name === name) {
        take(name, valueOf(open));
        open = undefined;
      }
    } else if (!empty && !open && depth === 1 && FIELDS[name])
      open = { name, own: unescape(after), items: [], standard: undefined };
    else if (!empty && open && name === "rdf:li") {
      const text = unescape(after);
      open.items.push(text);
      if (attributesOf(attributes).get("xml:lang") === "x-default") open.standard ??= text;
    }
  }
  return record;
};
