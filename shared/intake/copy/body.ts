import { type Block, type Body, isWebUrl, textBlockOf, textOf } from "../../domain/body.ts";
import type { Warning } from "../../domain/error.ts";
import { waiting } from "../waiting.ts";
import { readFigure } from "./figures.ts";

/** A crosshead has at most so many characters. */
const SHORT = 80;

/** Steps 5 and 7: a paragraph as a block. `credit` is that of figures which name none. */
export const blockOf = (text: string, credit: string | undefined): Block => {
  if (text.startsWith("## ")) return textBlockOf(text.slice(3), "h2");
  if (/^https?:\/\//i.test(text) && isWebUrl(text)) return { _type: "embed", url: text };
  const figure = readFigure(text);
  return figure ? { _type: "figure", ...(credit && { credit }), ...figure } : textBlockOf(text);
};

/** Short, no punctuation (or closing bracket or quote) at its end, and not an item of a list. */
const looksLikeCrosshead = (text: string): boolean =>
  text.length <= SHORT && !/[.!?…:;,)\]”"’'»]$/u.test(text) && !/^[-–—•+*]/u.test(text);

/** What is open in the body: pictures that are not there yet, and short lines that may be crossheads (a brief is none). */
export const warningsOf = (body: Body, brief: Block | undefined): Warning[] =>
  body.flatMap((block, index): Warning[] => {
    const pointer = `/body/${index}`;
    if (block._type === "figure") return [waiting(block, index)];
    if (block === brief || block._type !== "block" || block.style !== "normal") return [];
    const text = textOf(block);
    if (!looksLikeCrosshead(text)) return [];
    return [
      {
        code: "crosshead?",
        pointer,
        detail: `"${text}" was kept as a paragraph; "## " before it makes it a crosshead`,
      },
    ];
  });
