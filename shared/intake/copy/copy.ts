import { textBlockOf } from "../../domain/body.ts";
import type { Warning } from "../../domain/error.ts";
import { LIMITS } from "../../domain/limits.ts";
import type { Drafted } from "../drafted.ts";
import { blockOf, warningsOf } from "./body.ts";
import { clean } from "./clean.ts";
import { takeDate } from "./date.ts";
import { takeHead } from "./head.ts";
import { takeLead } from "./lead.ts";
import { isCreditLine, type Paragraph, split, textOfParagraph } from "./split.ts";
import { takeTail } from "./tail.ts";

/** More cannot become a body that may be stored, whatever head and tail take; the steps after are not done for them. */
const MOST_PARAGRAPHS = LIMITS.blocks + 100;

/** Says how many characters were taken out of copy, if any were. */
export const removedWarning = (removed: number): Warning[] =>
  removed === 0
    ? []
    : [
        {
          code: "removed-characters",
          pointer: "",
          detail: `control or bidirectional characters, or surplus combining marks, were taken out: ${removed}`,
        },
      ];

const joinedWarning = (count: number): Warning[] =>
  count === 0
    ? []
    : [{ code: "joined-lines", pointer: "/body", detail: `lines were joined as hard-wrapped, paragraphs: ${count}` }];

/** More than a caption and the credit below it. */
const isJoined = (paragraph: Paragraph): boolean => paragraph.some((line, l) => l > 0 && !isCreditLine(line.text));

/** The first ones, and how many more there are: an article carries a bounded number of warnings. */
const capped = (warnings: Warning[]): Warning[] => {
  const more = warnings.length - LIMITS.warnings;
  if (more <= 0) return warnings;
  const detail = `${more + 1} further warnings are not shown`;
  return [...warnings.slice(0, LIMITS.warnings - 1), { code: "more-warnings", pointer: "", detail }];
};

/** Copy that was read, and what it says of pictures that are still to come. */
export type CopyRead = {
  drafted: Drafted;
  /** Whose the pictures are of which it does not say so: X of "Bài, ảnh: X". */
  credit: string | undefined;
  /** For each figure of the body, in order, the line of the text that it was read from. */
  figureLines: number[];
};

/**
 * Reads newspaper copy (the contract's "Newspaper copy", steps 0 to 7) sent at `at.now` (ms since the epoch) to a site
 * in `at.zone` (IANA name). Never throws, and takes time in proportion to the text. Fields: kicker, headline, publishedAt
 * (RFC 3339 in the zone), standfirst, bylines, sourceLine; those that the copy does not have are absent. Figures have no
 * picture yet. Faults carry the line of the text as sent; without any, every word is in a field, the body or a warning.
 */
export const parseCopy = (text: string, at: { zone: string; now: number }): Drafted => readCopy(text, at).drafted;

const unread = (drafted: Pick<Drafted, "warnings" | "faults">): CopyRead => ({
  drafted: { fields: {}, body: [], ...drafted },
  credit: undefined,
  figureLines: [],
});

/** As {@link parseCopy}, for a text that pictures came with. */
export const readCopy = (text: string, at: { zone: string; now: number }): CopyRead => {
  const { lines, removed } = clean(text);
  const { paragraphs, wrapped } = split(lines);
  if (paragraphs.length === 0) {
    const detail = "the copy is empty: send at least a headline";
    return unread({ warnings: removedWarning(removed), faults: [{ pointer: "", detail, line: 1 }] });
  }
  const dated = takeDate(paragraphs, at);
  if (paragraphs.length > MOST_PARAGRAPHS) {
    const detail = `has ${paragraphs.length} paragraphs; an article may have ${LIMITS.blocks}`;
    return unread({ warnings: [], faults: [...dated.faults, { pointer: "/body", detail }] });
  }
  const { kicker, headline, rest, warnings: headWarnings } = takeHead(dated.above, dated.below);
  const tail = takeTail(rest);
  const blocks = tail.rest.map((paragraph) => blockOf(textOfParagraph(paragraph), tail.credit));
  const joined = wrapped ? tail.rest.filter(isJoined) : [];
  const { standfirst, brief, body } = takeLead(blocks, headline);
  const { publishedAt } = dated;
  const { bylines, sourceLine, endMark } = tail;
  const drafted: Drafted = {
    fields: {
      ...(kicker !== undefined && { kicker }),
      ...(headline !== undefined && { headline }),
      ...(publishedAt !== undefined && { publishedAt }),
      ...(standfirst !== undefined && { standfirst }),
      ...(bylines !== undefined && { bylines }),
      ...(sourceLine !== undefined && { sourceLine }),
    },
    body: endMark === undefined ? body : [...body, textBlockOf(endMark)],
    warnings: capped([
      ...removedWarning(removed),
      ...dated.warnings,
      ...headWarnings,
      ...joinedWarning(joined.length),
      ...tail.warnings,
      ...warningsOf(body, brief),
    ]),
    faults: dated.faults,
  };
  const figureLines = tail.rest.flatMap(([first], n) => (blocks[n]?._type === "figure" && first ? [first.line] : []));
  return { drafted, credit: tail.credit, figureLines };
};
