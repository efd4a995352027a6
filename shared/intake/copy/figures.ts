/** A picture that copy speaks of: what stands before "Ảnh:", and whose picture it is. */
export type FigureText = { caption?: string; credit?: string };

const LONGEST = 400;
const LONGEST_CREDIT = 60;

/** The longest label with what may stand before it. */
const LABEL_LENGTH = "( Photo".length;
/** Lower case only right after a bracket: "Trong ảnh: ..." begins a caption and ends none. */
const LABEL = /(?<![\p{L}\p{N}])(?:(?:Ảnh|ẢNH|Photo|PHOTO)|(?<=\( ?)(?:ảnh|photo))$/u;
/** A stop that is part of a name: T.H. */
const INITIALS = /(?:^|[\s.])\p{Lu}\.$/u;

/** Without the full stop at its end, unless that belongs to initials. */
export const dropStop = (text: string): string =>
  text.endsWith(".") && !INITIALS.test(text) ? text.slice(0, -1).trimEnd() : text;

/** Whether brackets are closed that were opened before `text`. */
const closesMore = (text: string): boolean => text.split(")").length > text.split("(").length;

const dropBracket = (text: string): string =>
  text.endsWith(")") && closesMore(text) ? text.slice(0, -1).trimEnd() : text;

const captionOf = (before: string, closed: boolean): string => {
  const open = before.endsWith("(") ? before.slice(0, -1).trimEnd() : before;
  // The whole paragraph in brackets: "(Caption. Ảnh: PV)".
  const inner = closed && open === before && open.startsWith("(") && !open.includes(")") ? open.slice(1) : open;
  return inner.replace(/(?:^|\s)[-–—|/]+$/, "").trim();
};

/**
 * Step 5: reads a paragraph of at most 400 characters that ends in "Ảnh: X", "(Ảnh: X)", "Ảnh: X." or "Photo: X" (X at
 * most 60 characters, no colon). An X left out is a figure without a credit; a lone dash before it is no caption.
 */
export const readFigure = (text: string): FigureText | undefined => {
  if (text.length > LONGEST) return undefined;
  const colon = text.lastIndexOf(":");
  if (colon < 0) return undefined;
  const labelled = text.slice(0, colon).trimEnd();
  const label = LABEL.exec(labelled.slice(-LABEL_LENGTH))?.[0];
  if (label === undefined) return undefined;
  const unstopped = dropStop(text.slice(colon + 1).trim());
  const unbracketed = dropBracket(unstopped);
  const credit = dropStop(unbracketed);
  if (credit.length > LONGEST_CREDIT || closesMore(credit)) return undefined;
  const caption = captionOf(labelled.slice(0, -label.length).trimEnd(), unbracketed !== unstopped);
  return { ...(caption && { caption }), ...(credit && { credit }) };
};
