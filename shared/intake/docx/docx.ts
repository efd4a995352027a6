import { invalid, ok, type Result, type Warning } from "../../domain/error.ts";
import { clean } from "../copy/clean.ts";
import { type CopyRead, readCopy, removedWarning } from "../copy/copy.ts";
import type { Drafted } from "../drafted.ts";
import { type Illustrated, type Photo, type Picture, surplus, withSurplus } from "../photos.ts";
import { openArchive, Unreadable } from "./archive.ts";
import { arrange, type Arranged, type Item } from "./arrange.ts";
import { readDocument, type WordDocument } from "./document.ts";
import { lookAtPictures, type Pictures } from "./pictures.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import { newTokens, type Tokens } from "./tokens.ts";

/** What a Word document was understood to say; its pictures have their places in the body. */
export type DocxRead = { drafted: Drafted; photos: Photo[]; credit: string | undefined };

/** Of the container that .doc files are in, and .docx files under a password ([MS-CFB], 2.2). */
const COMPOUND = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/** Line and page breaks (see the copy's step 0), which must not part what is one line here. */
const BREAKS = /[\n\r\u000B\u000C\u0085\u2028\u2029]/g;

const itemsOf = (pieces: readonly Piece[], pictures: Pictures["of"]): { items: Item[]; removed: number } => {
  let removed = 0;
  const items = pieces.flatMap((piece): Item[] => {
    if (piece.kind === "picture") return [{ kind: "picture", picture: pictures.get(piece.image) }];
    const cleaned = clean(piece.text.replace(BREAKS, " "));
    removed += cleaned.removed;
    const text = cleaned.lines[0]?.text ?? "";
    return text === "" ? [] : [{ ...piece, text }];
  });
  return { items, removed };
};

/** An address for a message. */
const brief = (href: string): string =>
  clean(href.slice(0, 100).toWellFormed().replace(BREAKS, " ")).lines[0]?.text ?? "";
const MOST_LINKS = 20;

/** What a document says and copy has no place for. */
const lostOf = ({ lost }: WordDocument, tokens: Tokens, text: string): Warning[] => {
  const links = [...tokens.links].slice(0, MOST_LINKS);
  const unseen = links.filter(
    (href) => !text.includes(href.replace(/^(?:https?:\/\/|mailto:)/, "").replace(/\/$/, "")),
  );
  const more = tokens.links.size > MOST_LINKS ? ` and ${tokens.links.size - MOST_LINKS} more` : "";
  const warn = (code: string, detail: string): Warning => ({ code, pointer: "/body", detail });
  return [
    ...(unseen.length > 0
      ? [
          warn(
            "dropped-link",
            `the text of links was kept, not where they lead: ${unseen.map(brief).join(", ")}${more}`,
          ),
        ]
      : []),
    ...(tokens.notes() > 0
      ? [warn("inlined-notes", `footnotes and endnotes now stand in brackets in the text: ${tokens.notes()}`)]
      : []),
    ...(lost.length > 0 ? [warn("dropped-element", `formulas or special text were left out: ${lost.join(", ")}`)] : []),
  ];
};

/** Gives each picture the figure that was read from its line. One whose line became no figure goes to the end. */
const illustrated = ({ drafted, credit, figureLines }: CopyRead, placed: Arranged["placed"]): Illustrated => {
  const blocks = drafted.body.flatMap((block, n) => (block._type === "figure" ? [n] : []));
  const blockAt = new Map(figureLines.map((line, n) => [line, blocks[n]]));
  const photos: Photo[] = [];
  const lost: Picture[] = [];
  const bare: Warning[] = [];
  for (const { line, picture, hasCaption } of placed) {
    const block = blockAt.get(line);
    if (block === undefined) lost.push(picture);
    else {
      photos.push({ ...picture, block });
      if (!hasCaption) bare.push(surplus(picture.name, block));
    }
  }
  return withSurplus({ body: drafted.body, photos, warnings: [...drafted.warnings, ...bare] }, lost, credit);
};

/**
 * Reads a Word document (.docx: ECMA-376) as newspaper copy with its pictures, at `at` as {@link readCopy} does. Invalid, with
 * a fault at "", when there is none that can be read. Inflates 24 MB at most; reads nothing outside the file.
 */
export const readDocx = async (bytes: Uint8Array, at: { zone: string; now: number }): Promise<Result<DocxRead>> => {
  if (COMPOUND.every((byte, n) => bytes[n] === byte))
    return invalid({
      pointer: "",
      detail: "is an old Word document (.doc), or one with a password: save it as .docx, without a password",
    });
  try {
    const document = await readDocument(openArchive(bytes));
    const tokens = newTokens(document);
    const pieces = piecesOf(document.children, tokens);
    const images = pieces.flatMap((piece) => (piece.kind === "picture" ? [piece.image] : []));
    const pictures = await lookAtPictures(images);
    const { items, removed } = itemsOf(pieces, pictures.of);
    const { text, placed } = arrange(items);
    const copy = readCopy(text, at);
    const { body, photos, warnings } = illustrated(copy, placed);
    const all = [...removedWarning(removed), ...warnings, ...pictures.warnings, ...lostOf(document, tokens, text)];
    // A line of ours is none of the document's.
    const faults = copy.drafted.faults.map(({ pointer, detail }) => ({ pointer, detail }));
    return ok({ drafted: { ...copy.drafted, body, warnings: all, faults }, photos, credit: copy.credit });
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return invalid({ pointer: "", detail: "is no Word document that can be read" });
  }
};
