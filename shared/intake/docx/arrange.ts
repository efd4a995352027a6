import { readDateLine } from "../copy/date.ts";
import { readFigure } from "../copy/figures.ts";
import { isCreditLine } from "../copy/split.ts";
import { isEndMark, looksLikeByline, readPair, readSignature, readSource } from "../copy/tail.ts";
import type { Picture } from "../photos.ts";

/** A line of copy, clean and not empty; `isCaption`: Word says that it is one. */
export type Line = { kind: "line"; text: string; isCaption: boolean };
/** Where a picture stands; undefined is one that was refused, and keeps its caption all the same. */
export type Spot = { kind: "picture"; picture: Picture | undefined };
export type Item = Line | Spot;

/** Copy, and for each picture the line (from 1) of the figure that is its own. */
export type Arranged = { text: string; placed: { line: number; picture: Picture; hasCaption: boolean }[] };

const isLine = (item: Item): item is Line => item.kind === "line";

/** How many lines are head: to the date, or as many as hold kicker and headline. */
const headLength = (lines: readonly string[]): number => {
  const date = lines.slice(0, 4).findIndex((text) => readDateLine(text) !== undefined);
  if (date > 0) return readDateLine(lines[date + 1] ?? "") ? date + 2 : date + 1;
  const first = date + 1;
  return first + (lines[first]?.endsWith(":") ? 2 : 1);
};

/** Photos and a logo above the head go below it, or copy's head would be read from them. A heading in the head is a plain line. */
const parted = (items: readonly Item[]): { head: Line[]; rest: Item[] } => {
  const lines = items.filter(isLine);
  const inHead = new Set(lines.slice(0, headLength(lines.map(({ text }) => text))));
  const head = [...inHead].map((line) => ({ ...line, text: line.text.replace(/^## /, "") }));
  return { head, rest: items.filter((item) => !isLine(item) || !inHead.has(item)) };
};

/** A line that is only "Ảnh: X" joins the line before it, as in copy; right below a picture it is that picture's own. */
const withCredits = (items: readonly Item[]): Item[] => {
  const groups: { item: Item; credits: string[] }[] = [];
  for (const item of items) {
    const last = groups.at(-1);
    if (!last || !isLine(item) || !isCreditLine(item.text)) groups.push({ item, credits: [] });
    else if (!isLine(last.item)) groups.push({ item: { ...item, text: `- ${item.text}` }, credits: [] });
    else if (last.item.text.startsWith("## ")) groups.push({ item, credits: [] });
    // Joined once, at the end: a text that is looked at each time that it has grown is copied each time.
    else last.credits.push(item.text);
  }
  return groups.map(({ item, credits }) =>
    isLine(item) && credits.length > 0 ? { ...item, text: [item.text, ...credits].join(" ") } : item,
  );
};

/** The line as a figure of copy; undefined when it is none. A caption that names nobody gets the label that makes it one. */
const captionOf = ({ text, isCaption }: Line): string | undefined => {
  if (readFigure(text)) return text;
  const labelled = /[.!?…”"]$/u.test(text) ? `${text} Ảnh:` : `${text} – Ảnh:`;
  return isCaption && readFigure(labelled) ? labelled : undefined;
};

const tailKind = (text: string): string | undefined => {
  if (isEndMark(text)) return "mark";
  if (readSource(text) !== undefined) return "source";
  return (readSignature(text) ?? readPair(text)) || looksLikeByline(text) ? "name" : undefined;
};

/** The lines that copy reads from the end, if need be from above the pictures that reporters put below their names. */
const tailOf = (items: readonly Item[]): Set<Item> => {
  const tail = new Set<Item>();
  const kinds = new Set<string>();
  for (const item of items.toReversed()) {
    if (!isLine(item) || captionOf(item) !== undefined) continue;
    const kind = tailKind(item.text);
    if (kind === undefined || kinds.has(kind)) break;
    kinds.add(kind);
    tail.add(item);
  }
  return tail;
};

/** In pictures and captions that follow each other, whose caption is whose; captions stand below unless the first is above. */
const pairsIn = (run: readonly Item[]): Map<Item, Item> => {
  const pairs = new Map<Item, Item>();
  const below = run[0]?.kind === "picture" ? 1 : -1;
  for (const step of [below, -below])
    for (const [n, item] of run.entries()) {
      const caption = run[n + step];
      if (isLine(item) || !caption || !isLine(caption) || pairs.has(item) || pairs.has(caption)) continue;
      pairs.set(item, caption).set(caption, item);
    }
  return pairs;
};

const pairsOf = (items: readonly Item[]): Map<Item, Item> => {
  const pairs = new Map<Item, Item>();
  let run: Item[] = [];
  const close = (): void => {
    for (const [one, other] of pairsIn(run)) pairs.set(one, other);
    run = [];
  };
  for (const item of items)
    if (!isLine(item) || captionOf(item) !== undefined) run.push(item);
    else close();
  close();
  return pairs;
};

/**
 * Makes newspaper copy of a document's lines and pictures. Each picture gets a line that copy reads as a figure: the caption
 * right above or below it, or one of its own ("- Ảnh:"). Pictures in the head go below it, those below the signature above it.
 * Without pictures the lines are copy as they are.
 */
export const arrange = (items: readonly Item[]): Arranged => {
  const { head, rest } = parted(items);
  if (rest.every(isLine)) return { text: [...head, ...rest].map(({ text }) => text).join("\n"), placed: [] };
  const credited = withCredits(rest);
  const tail = tailOf(credited);
  const body = credited.filter((item) => !tail.has(item));
  const pairs = pairsOf(body);
  const lines = head.map(({ text }) => text);
  const placed: Arranged["placed"] = [];
  const place = (spot: Item | undefined, text: string, hasCaption: boolean): void => {
    lines.push(text);
    if (spot?.kind === "picture" && spot.picture)
      placed.push({ line: lines.length, picture: spot.picture, hasCaption });
  };
  for (const item of body) {
    const other = pairs.get(item);
    if (isLine(item)) place(other, (other && captionOf(item)) ?? item.text, true);
    else if (!other && item.picture && head.length > 0) place(item, "- Ảnh:", false);
  }
  for (const item of credited) if (isLine(item) && tail.has(item)) lines.push(item.text);
  return { text: lines.join("\n"), placed };
};
