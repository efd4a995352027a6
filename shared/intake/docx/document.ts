import mammoth from "mammoth";
import { type Archive, Unreadable } from "./archive.ts";
import { newXmlGuard } from "./xml.ts";

/** What mammoth makes of a document before it makes HTML of it; what we do not name here has no text (lib/documents.js). */
export type Node =
  | {
      type: "paragraph";
      children: Node[];
      styleId: string | null;
      styleName: string | null;
      numbering: { isOrdered: boolean; level: string } | null;
    }
  | { type: "table"; children: Node[] }
  | { type: "run" | "tableRow" | "tableCell"; children: Node[] }
  | { type: "hyperlink"; children: Node[]; href?: string }
  | { type: "text"; value: string }
  | { type: "tab" | "break" | "bookmarkStart" | "commentReference" }
  | { type: "checkbox"; checked: boolean }
  | { type: "noteReference"; noteType: string; noteId: string }
  | ImageNode;
export type ImageNode = { type: "image"; readAsArrayBuffer(): Promise<unknown>; contentType: string | null };
type Note = { noteType: string; noteId: string; body: Node[] };
type MammothDocument = { children: Node[]; notes: { resolve(reference: object): Note | null } };

export type WordDocument = {
  children: Node[];
  /** The body of a footnote or an endnote. */
  noteOf(reference: Node & { type: "noteReference" }): Node[];
  /** Names of elements that hold text and were left out. */
  lost: string[];
};

/** Elements that mammoth does not know, and whose text it leaves out: mathematics, ruby, text of a set direction, simple fields. */
const WITH_TEXT =
  /^An unrecognised element was ignored: (?:\{[^}]*\/math\}|w:(?=ruby$|dir$|bdo$|fldSimple$|altChunk$))(\w+)$/;

/** Bytes of all XML of a document; what is made of it takes a hundred times as much memory. */
const MOST_XML = 5_000_000;
/** Bytes of one picture. */
const MOST_PICTURE = 8 * 1024 * 1024;

/** The one way in: mammoth's own would inflate whatever there is, as JSZip has no limit. It asks for no more than these two. */
const fileOf = (archive: Archive) => {
  const sound = newXmlGuard();
  let left = MOST_XML;
  return {
    // An embedded style map is only for HTML.
    exists: (name: string): boolean => name !== "mammoth/style-map" && archive.exists(name),
    read: async (name: string, encoding?: string): Promise<string | Uint8Array> => {
      if (encoding === undefined) return archive.read(name, MOST_PICTURE);
      const bytes = archive.read(name, left);
      left -= bytes.byteLength;
      return sound(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    },
  };
};

/**
 * Reads the Word document in an archive. Throws {@link Unreadable} when there is none that can be read: every error of
 * mammoth's comes of what it was given. Pictures stay in the archive until they are asked for: one that is larger than 8 MB rejects
 * then, and a linked one, which is not fetched.
 */
export const readDocument = async (archive: Archive): Promise<WordDocument> => {
  let found: MammothDocument | undefined;
  const transformDocument = (document: MammothDocument): MammothDocument => {
    found = document;
    return { ...document, children: [] };
  };
  try {
    // Without a path or a buffer it takes `file`, which its types do not name (lib/unzip.js).
    const input = { path: "", file: fileOf(archive) };
    const styles = { includeEmbeddedStyleMap: false, includeDefaultStyleMap: false };
    const options = { transformDocument, externalFileAccess: false, ...styles };
    const { messages } = await mammoth.convertToHtml(input, options);
    if (!found) throw new Unreadable("no document");
    const { children, notes } = found;
    return {
      children,
      noteOf: (reference) => notes.resolve(reference)?.body ?? [],
      lost: messages.flatMap(({ message }) => WITH_TEXT.exec(message)?.[1] ?? []),
    };
  } catch (cause) {
    throw new Unreadable("no Word document", { cause });
  }
};
