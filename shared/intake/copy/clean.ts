import { cleanText } from "../../domain/text.ts";

/** One line of copy after cleaning; `line` is its number, from 1, in the text as it was sent. */
export type Line = { text: string; line: number };

/** Zero-width characters, among them a stray byte order mark, and the soft hyphen: invisible, and words differ by them. */
const INVISIBLE = /[\u00AD\u180E\u200B-\u200D\u2060-\u2064\uFEFF]/g;
/** Page and line breaks of word processors (UAX #14 class BK, NEL); they part lines, but are not counted as such. */
const SOFT_BREAK = /[\u000B\u000C\u0085\u2028\u2029]/g;
/**
 * Normalization sorts a run of combining marks in quadratic time; UAX #15 (Stream-Safe Text Format) draws the line at
 * 30 of them, and no language needs more than four.
 */
const MARKS = /(\p{M}{30})\p{M}+/gu;
const capMarks = (text: string): string => text.replace(MARKS, "$1");

/** White space that is no line end. */
const SPACES = /[^\S\n\u2028]+/g;

/** Every run of white space (no-break spaces and tabs too) as one space; none at either end. */
export const fold = (text: string): string => text.replace(/\s+/g, " ").trim();

/**
 * Step 0: NFC, one kind of line end, no invisible, control or bidi characters, white space folded. Answers every line,
 * blank ones as empty text, and how many control and bidi characters (and surplus combining marks) were taken out.
 */
export const clean = (raw: string): { lines: Line[]; removed: number } => {
  const visible = raw.replace(INVISIBLE, "").replace(SOFT_BREAK, "\u2028");
  const capped = capMarks(visible);
  const { text, removed } = cleanText(capped);
  // What was removed may have stood between a letter and its mark: once more, now that they meet.
  const whole = capMarks(text).normalize("NFC").replace(SPACES, " ");
  const lines: Line[] = [];
  let line = 0;
  for (const sent of whole.split("\n")) {
    line++;
    if (sent.includes("\u2028")) for (const part of sent.split("\u2028")) lines.push({ text: part.trim(), line });
    else lines.push({ text: sent.trim(), line });
  }
  return { lines, removed: removed + visible.length - capped.length };
};
