import type { Warning } from "../../domain/error.ts";
import { dropStop, readFigure } from "./figures.ts";
import type { Paragraph } from "./split.ts";

export type Tailed = {
  rest: Paragraph[];
  /** "(Còn nữa)" or "(Hết)": the body's last line. */
  endMark?: string;
  sourceLine?: string;
  bylines?: { name: string }[];
  /** Whose pictures those without a credit are: "Bài, ảnh: X". */
  credit?: string;
  warnings: Warning[];
};

const LONGEST_SIGNATURE = 150;
const LONGEST_BYLINE = 60;
const MOST_WORDS = 8;

const END_MARK = /^\(? ?(?:còn nữa|còn tiếp|hết) ?\)?[.…]*$/iu;
const SOURCE = /^\( ?(theo (?:[^()]|\([^()]*\))+) ?\)\.?$/iu;
const SIGNATURE =
  /^\(?(?:(?:tin ?, ?bài|tin bài|tin|bài)(?: ?, ?(?:và )?| và | ?[-–&/] ?| )ảnh|thực hiện) ?: ?([^:]+)$/iu;

/** Whether a line is an end mark, which stays the body's last line. */
export const isEndMark = (text: string): boolean => text.length <= LONGEST_BYLINE && END_MARK.test(text);

/** "(Theo X)" without its brackets, or undefined. */
export const readSource = (text: string): string | undefined =>
  text.length <= LONGEST_SIGNATURE ? SOURCE.exec(text)?.[1]?.trim() : undefined;

/** The names of a signature: " - ", " và " and "," part them. */
export const namesOf = (text: string): { name: string }[] =>
  text
    .split(/ [-–—] | và |,/u)
    .map((name) => dropStop(name.trim()))
    .filter((name) => name !== "")
    .map((name) => ({ name }));

/** X of "Bài, ảnh: X" or "Thực hiện: X": somebody who says that they wrote it, so no guess. */
export const readSignature = (text: string): string | undefined => {
  if (text.length > LONGEST_SIGNATURE) return undefined;
  const names = SIGNATURE.exec(text)?.[1]?.trim();
  if (names === undefined) return undefined;
  const bare = text.startsWith("(") && names.endsWith(")") ? names.slice(0, -1).trim() : names;
  return namesOf(bare).length > 0 ? dropStop(bare) : undefined;
};

const PAIR = /^\(?(?:tin ?, ?bài|tin bài|tin|bài|tác giả) ?: ?([^:]+?) ?[-–;,/] ?ảnh ?: ?([^:]+?)\)?\.?$/iu;

/** A and B of "Bài: A - Ảnh: B": who wrote it, and whose the pictures are; undefined when the line is none. */
export const readPair = (text: string): { byline: string; credit: string } | undefined => {
  const [, byline, credit] = (text.length <= LONGEST_SIGNATURE && PAIR.exec(text)) || [];
  return byline && credit ? { byline, credit } : undefined;
};

/** Whether a last line can be a byline: short, every word capitalised, and not the end of a sentence, quote or title. */
export const looksLikeByline = (text: string): boolean => {
  if (text.length > LONGEST_BYLINE || /[!?…:;”"’'»]$/u.test(text) || text.startsWith("(") || readFigure(text))
    return false;
  const words = namesOf(text.replace(/tổng hợp/iu, "Tổng Hợp")).flatMap(({ name }) => name.split(" "));
  return words.length > 0 && words.length <= MOST_WORDS && words.every((word) => /^\(?\p{Lu}/u.test(word));
};

/**
 * Step 4: takes from the end, each at most once, an end mark, a source and a signature. Where lines were joined only
 * the forms that cannot be prose are looked for on the last line; a guess needs a paragraph of its own.
 */
export const takeTail = (paragraphs: readonly Paragraph[]): Tailed => {
  const rest = [...paragraphs];
  const tail: Omit<Tailed, "rest"> = { warnings: [] };
  for (let last = rest.at(-1); last; last = rest.at(-1)) {
    const text = last.at(-1)?.text ?? "";
    const source = tail.sourceLine === undefined ? readSource(text) : undefined;
    const signature = tail.bylines ? undefined : readSignature(text);
    const pair = tail.bylines ? undefined : readPair(text);
    if (tail.endMark === undefined && isEndMark(text)) tail.endMark = text;
    else if (source !== undefined) tail.sourceLine = source;
    else if (signature !== undefined) {
      tail.bylines = namesOf(signature);
      tail.credit = signature;
    } else if (pair) {
      tail.bylines = namesOf(pair.byline);
      tail.credit = pair.credit;
    } else if (!tail.bylines && last.length === 1 && looksLikeByline(text)) {
      tail.bylines = namesOf(text);
      tail.warnings.push({ code: "guessed-byline", pointer: "/bylines", detail: `"${text}" was taken for the byline` });
    } else break;
    if (last.length === 1) rest.pop();
    else rest[rest.length - 1] = last.slice(0, -1);
  }
  return { rest, ...tail };
};
