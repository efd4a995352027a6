import type { Line } from "./clean.ts";
import { readFigure } from "./figures.ts";

/** The lines of one paragraph, none of them empty; hard-wrapped mail and photo credits have more than one. */
export type Paragraph = Line[];

/** The paragraph's text: its lines, joined. */
export const textOfParagraph = (paragraph: Paragraph): string => paragraph.map((line) => line.text).join(" ");

/** No line of hard-wrapped mail is longer (characters). */
const WRAP = 100;

/** Blank lines between lines of text; those above the first and below the last part nothing. */
const hasBlankBetween = (lines: readonly Line[]): boolean => {
  const first = lines.findIndex((line) => line.text !== "");
  const last = lines.findLastIndex((line) => line.text !== "");
  return lines.some((line, index) => line.text === "" && index > first && index < last);
};

/** "Ảnh: X" and nothing else; one that stands alone with a dash before it is a picture without a caption. */
export const isCreditLine = (text: string): boolean => {
  const figure = readFigure(text);
  return figure?.credit !== undefined && figure.caption === undefined && !/^[-–—|/]/.test(text);
};

/** The paragraph that a credit may belong to: the last one, unless that is a crosshead. */
const textBefore = (paragraphs: readonly Paragraph[]): Paragraph | undefined => {
  const last = paragraphs.at(-1);
  return last?.[0]?.text.startsWith("## ") ? undefined : last;
};

/**
 * Step 1: every line with text is a paragraph; only in hard-wrapped mail (blank lines between, no line longer than
 * 100 characters) do blank lines part paragraphs, and the lines between belong together (a "## " line stands alone).
 * A line that is only "Ảnh: X" belongs to the line before it. `wrapped` says which of the two it was.
 */
export const split = (lines: readonly Line[]): { paragraphs: Paragraph[]; wrapped: boolean } => {
  const wrapped = hasBlankBetween(lines) && lines.every((line) => line.text.length <= WRAP);
  const paragraphs: Paragraph[] = [];
  let open: Paragraph | undefined;
  for (const line of lines) {
    const heading = line.text.startsWith("## ");
    if (heading) open = undefined;
    if (line.text === "") {
      open = undefined;
      continue;
    }
    const before = open ?? (isCreditLine(line.text) ? textBefore(paragraphs) : undefined);
    if (before) before.push(line);
    else paragraphs.push([line]);
    if (wrapped && !heading) open = paragraphs.at(-1);
  }
  return { paragraphs, wrapped };
};
