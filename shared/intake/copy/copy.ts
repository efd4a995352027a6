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

const removedWarning = (removed: number): Warning[] =>
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

/**
 * Reads newspaper copy (the contract's "Newspaper copy", steps 0 to 7) sent at `at.now` (ms since the epoch) to a site
 * in `at.zone` (IANA name). Never throws, and takes time in proportion to the text. Fields: kicker, headline, publishedAt
 * (RFC 3339 in the zone), standfirst, bylines, sourceLine; those that the copy does not have are absent. Figures have no
 * picture yet. Faults carry the line of the text as sent; without any, every word is in a field, the body or a warning.
 */
export const parseCopy = (text: string, at: { zone: string; now: number }): Drafted => {
  const { lines, removed } = clean(text);
  const { paragraphs, wrapped } = split(lines);
  if (paragraphs.length === 0) {
    const detail = "the copy is empty: send at least a headline";
    return { fields: {}, body: [], warnings: removedWarning(removed), faults: [{ pointer: "", detail, line: 1 }] };
  }
  const dated = takeDate(paragraphs, at);
  if (paragraphs.length > MOST_PARAGRAPHS) {
    const detail = `has ${paragraphs.length} paragraphs; an article may have ${LIMITS.blocks}`;
    return { fields: {}, body: [], warnings: [], faults: [...dated.faults, { pointer: "/body", detail }] };
  }
  const { kicker, headline, rest, warnings: headWarnings } = takeHead(dated.above, dated.below);
  const tail = takeTail(rest);
  const texts = tail.rest.map(textOfParagraph);
  const joined = wrapped ? tail.rest.filter(isJoined) : [];
  const { standfirst, brief, body } = takeLead(
    texts.map((paragraph) => blockOf(paragraph, tail.credit)),
    headline,
  );
  const { publishedAt } = dated;
  const { bylines, sourceLine, endMark } = tail;
  return {
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
};
