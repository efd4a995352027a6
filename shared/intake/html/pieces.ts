import { type Figure, type Table, textBlockOf } from "../../domain/body.ts";
import { LIMITS } from "../../domain/limits.ts";
import { cleanLine } from "../../domain/text.ts";
import { isOpaque } from "./elements.ts";
import type { OpenFigure } from "./frame.ts";
import { embedUrlOf } from "./link.ts";
import { attribute, elementsOf, hasClass, textLength } from "./node.ts";
import type { Notes } from "./notes.ts";
import { keepsText, readPlain } from "./plain.ts";
import { isDataTable, readTable } from "./table.ts";
import type { ElementNode } from "./tree.ts";
import type { Writer } from "./writer.ts";

/** How many elements a pull quote may have; more are no pull quote, whatever their class says. */
const MAX_QUOTE_ELEMENTS = 100;

const first = (root: ElementNode, wanted: (element: ElementNode) => boolean): ElementNode | undefined => {
  for (const element of elementsOf(root, isOpaque)) if (wanted(element)) return element;
  return undefined;
};

/** A figure for a picture; `data-caption` and `data-credit` are what Markdown's brackets and title become. */
export const figureOf = (image: ElementNode, notes: Notes): Figure => {
  const figure: Figure = { _type: "figure" };
  for (const [field, name] of [
    ["alt", "alt"],
    ["caption", "data-caption"],
    ["credit", "data-credit"],
  ] as const) {
    const { text, removed } = cleanLine(attribute(image, name) ?? "");
    notes.removed(removed);
    if (text) figure[field] = text;
  }
  return figure;
};

/** Reads a caption into the figure that is open; what is of class `credit` in it is the credit. */
export const readCaption = (caption: ElementNode, figure: OpenFigure, notes: Notes): void => {
  const isCredit = (element: ElementNode): boolean => hasClass(element, /(?:^|[-_])credits?$/i);
  const credit = first(caption, isCredit);
  const text = readPlain(caption, notes, figure.start, (element) => element === credit);
  if (text) figure.captions.push(text);
  const by = credit ? readPlain(credit, notes, figure.start).replaceAll("\n", " ") : "";
  if (by) figure.credits.push(by);
};

/**
 * Gives the caption to the one figure or table that the figure brought, if it has none; where there is not exactly one
 * (a gallery, an embed), the caption follows as paragraphs.
 */
export const closeFigure = ({ start, captions, credits }: OpenFigure, writer: Writer): void => {
  writer.flush();
  const brought: (Figure | Table)[] = [];
  for (const item of writer.body.slice(start))
    if (item._type === "figure" || item._type === "table") brought.push(item);
  const only = brought.length === 1 ? brought[0] : undefined;
  if (only && only.caption === undefined && captions.length > 0) only.caption = captions.splice(0).join("\n");
  if (only?._type === "figure" && only.credit === undefined && credits.length > 0)
    only.credit = credits.splice(0).join(", ");
  for (const text of [...captions, ...credits]) writer.push(textBlockOf(text));
};

/** Adds the pull quote that an element is, with its attribution; false, and nothing added, when it holds more than that. */
export const pushPullquote = (element: ElementNode, writer: Writer, notes: Notes): boolean => {
  let count = 0;
  for (const { tag } of elementsOf(element, isOpaque))
    if (++count > MAX_QUOTE_ELEMENTS || /^(?:img|table|iframe|video|embed|audio)$/.test(tag)) return false;
  const source = first(element, ({ tag }) => tag === "cite" || tag === "footer" || tag === "figcaption");
  if (textLength(element) > LIMITS.paragraph || (source && textLength(source) > LIMITS.line)) return false;
  writer.flush();
  const index = writer.body.length;
  const text = readPlain(element, notes, index, (inner) => inner === source);
  const by = source ? readPlain(source, notes, index).replaceAll("\n", " ") : "";
  const attribution = by.replace(/^[—–-]\s*/, "");
  if (text) writer.push({ _type: "pullquote", text, ...(attribution ? { attribution } : {}) });
  else if (by) writer.push(textBlockOf(by));
  return true;
};

/** Adds the table that an element is; false, and nothing added, when it only arranges things on the page. */
export const pushTable = (element: ElementNode, writer: Writer, notes: Notes): boolean => {
  if (!isDataTable(element)) return false;
  writer.flush();
  const index = writer.body.length;
  const table = readTable(element, (cell) => readPlain(cell, notes, index));
  const captions: string[] = [];
  const isPart = ({ tag }: ElementNode): boolean => tag === "caption" || tag === "td" || tag === "th";
  for (const part of elementsOf(element, (inner) => isOpaque(inner) || isPart(inner)))
    if (part.tag === "caption") captions.push(readPlain(part, notes, index));
    else if (isOpaque(part)) keepsText(part, notes);
  const caption = captions.filter((text) => text !== "").join("\n");
  if (table) writer.push(caption ? { ...table, caption } : table);
  else if (caption) writer.push(textBlockOf(caption));
  return true;
};

/** The https address an element embeds: its own `src`, or that of a `source` inside. */
export const embedOf = (element: ElementNode): string | undefined => {
  if (!/^(?:iframe|embed|video|audio)$/.test(element.tag)) return undefined;
  const own = attribute(element, "src");
  if (own !== undefined) return embedUrlOf(own);
  const source = first(element, ({ tag }) => tag === "source");
  return source && embedUrlOf(attribute(source, "src") ?? "");
};

/** The address in a WordPress embed block, whose `div` holds nothing else. */
export const wordpressEmbedOf = (element: ElementNode): string | undefined => {
  if (!hasClass(element, /^wp-block-embed__wrapper$/)) return undefined;
  const { first: text, last } = element;
  return text?.kind === "text" && text === last ? embedUrlOf(text.text) : undefined;
};
