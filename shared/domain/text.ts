/**
 * Control characters that no article needs: C0 and C1 save tab and line feed, and the bidi overrides and
 * isolates with which a name can be made to read backwards (Unicode UAX #9, CVE-2021-42574).
 */
const UNWANTED =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\uFFFE\uFFFF]/g;

/**
 * More marks on one letter than any language has. Normalising puts a run of marks in order, in quadratic time: 320 KB of
 * them took 28 s.
 */
const PILED_MARKS = /(\p{M}{30})\p{M}+/gu;

export type CleanText = { text: string; removed: number };

/**
 * NFC, line ends as LF, no control or bidi characters. `removed` counts what was taken out (line ends aside), for a
 * warning. The text must be well-formed (String.prototype.isWellFormed): parsing at the edge has seen to that.
 */
export const cleanText = (raw: string): CleanText => {
  const lines = raw.replace(/\r\n?/g, "\n");
  const kept = lines.replace(UNWANTED, "").replace(PILED_MARKS, "$1");
  return { text: kept.normalize("NFC"), removed: lines.length - kept.length };
};

/** One line: as {@link cleanText}, with every run of white space as one space, and trimmed. */
export const cleanLine = (raw: string): CleanText => {
  const { text, removed } = cleanText(raw);
  return { text: text.replace(/\s+/g, " ").trim(), removed };
};
