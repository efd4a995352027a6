import type { TextBlock } from "../../domain/body.ts";
import { headingStyle, isBlock, isPreformatted, marksOf } from "./elements.ts";
import { attribute } from "./node.ts";
import type { ElementNode } from "./tree.ts";
import { wordItem } from "./word.ts";
import { type Format, type Look, PLAIN } from "./writer.ts";

type Item = Required<Pick<TextBlock, "listItem" | "level">>;
/** A figure that is being read: where in the body it began, and what its caption says. */
export type OpenFigure = { start: number; captions: string[]; credits: string[] };

/** What an element hands down to everything inside it. */
export type Frame = {
  look: Look;
  style: TextBlock["style"];
  /** The lists around, outermost first; their number is the level. */
  lists: Item["listItem"][];
  /** The list item around. In one, paragraphs are lines, and headings and quotations are text. */
  item: Item | undefined;
  pre: boolean;
  figure: OpenFigure | undefined;
};

export const OUTERMOST: Frame = {
  look: PLAIN,
  style: "normal",
  lists: [],
  item: undefined,
  pre: false,
  figure: undefined,
};

/** The block that text in this frame begins. */
export const formatOf = ({ item, style }: Frame): Format => (item ? { style: "normal", ...item } : { style });

/** The deepest list item that the body knows. */
const MAX_LEVEL = 6;

const lookIn = (element: ElementNode, outer: Look, href: string | undefined): Look => {
  const changes = [...marksOf(element)].filter(([mark, on]) => on !== outer.marks.has(mark));
  if (changes.length === 0 && href === outer.href) return outer;
  const marks = new Set(outer.marks);
  for (const [mark, on] of changes) {
    if (on) marks.add(mark);
    else marks.delete(mark);
  }
  return { marks, href };
};

const listOf = ({ tag }: ElementNode): Item["listItem"] | undefined => {
  if (tag === "ol") return "number";
  return tag === "ul" || tag === "menu" || tag === "dir" ? "bullet" : undefined;
};

const itemIn = (element: ElementNode, outer: Frame): Item | undefined => {
  if (element.tag !== "li") return wordItem(element) ?? outer.item;
  return { listItem: outer.lists.at(-1) ?? "bullet", level: Math.min(Math.max(1, outer.lists.length), MAX_LEVEL) };
};

/** The frame inside `element`; `href` is the link it makes, unless it makes none. */
export const frameIn = (element: ElementNode, outer: Frame, href: string | undefined): Frame => {
  const look = lookIn(element, outer.look, href ?? outer.look.href);
  if (!isBlock(element)) return look === outer.look ? outer : { ...outer, look };
  const list = listOf(element);
  const quoted = element.tag === "blockquote" ? "blockquote" : outer.style;
  return {
    ...outer,
    look,
    style: headingStyle(element) ?? quoted,
    lists: list ? [...outer.lists, list] : outer.lists,
    item: itemIn(element, outer),
    pre: outer.pre || isPreformatted(element),
  };
};

/** Whether text before and after this boundary of `element` is in two blocks, and not in two lines of one list item. */
export const partsBlocks = (element: ElementNode, outer: Frame): boolean =>
  !outer.item || element.tag === "li" || listOf(element) !== undefined;

/** The address a link was given, if it was. */
export const hrefOf = (element: ElementNode): string | undefined =>
  element.tag === "a" ? attribute(element, "href") : undefined;
