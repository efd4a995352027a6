import type { Body } from "../../domain/body.ts";
import { isBlock, isCaption, isEmoji, isFigure, isPullquote, isTrackingPixel } from "./elements.ts";
import { type Frame, formatOf, frameIn, hrefOf, OUTERMOST, partsBlocks } from "./frame.ts";
import { linkOf } from "./link.ts";
import { attribute, walk } from "./node.ts";
import type { Notes } from "./notes.ts";
import { closeFigure, embedOf, figureOf, pushPullquote, pushTable, readCaption, wordpressEmbedOf } from "./pieces.ts";
import { keepsText } from "./plain.ts";
import type { ElementNode, RootNode } from "./tree.ts";
import { isWordMarker } from "./word.ts";
import { newWriter, type Writer } from "./writer.ts";

const readPicture = (image: ElementNode, frame: Frame, writer: Writer, notes: Notes): void => {
  if (isTrackingPixel(image)) notes.element("img");
  else if (isEmoji(image)) writer.text(attribute(image, "alt") ?? "", frame.look, formatOf(frame));
  else {
    writer.push(figureOf(image, notes));
    notes.picture(writer.body.length - 1, attribute(image, "src"));
  }
};

/** Elements that become something as a whole; true when this was one, and its inside is done with. */
const readWhole = (element: ElementNode, frame: Frame, writer: Writer, notes: Notes): boolean => {
  const url = embedOf(element) ?? wordpressEmbedOf(element);
  if (url !== undefined) {
    writer.push({ _type: "embed", url });
    return true;
  }
  if (!keepsText(element, notes) || isWordMarker(element)) return true;
  if (element.tag === "img") readPicture(element, frame, writer, notes);
  else if (element.tag === "br") writer.lineBreak(frame.look);
  else if (frame.figure && isCaption(element)) readCaption(element, frame.figure, notes);
  else if (isPullquote(element)) return pushPullquote(element, writer, notes);
  else if (element.tag === "table") return pushTable(element, writer, notes);
  else return false;
  return true;
};

/** The address an element links to, if it may; the others are noted. */
const linkIn = (element: ElementNode, writer: Writer, notes: Notes): string | undefined => {
  const href = hrefOf(element);
  if (!href) return undefined;
  const link = linkOf(href);
  if (link === undefined) notes.link(writer.body.length, href, "is no absolute http, https or mailto address");
  return link;
};

/** Reads a tree, `skipped` (the headline) aside, as blocks; they keep to the schema but for its limits of length. */
export const readBody = (root: RootNode, notes: Notes, skipped?: ElementNode): Body => {
  const writer = newWriter(notes);
  const frames: Frame[] = [];
  const here = (): Frame => frames.at(-1) ?? OUTERMOST;
  const write = (text: string): void => writer.text(text, here().look, formatOf(here()), here().pre);
  const atBoundary = (element: ElementNode): void => {
    if (!isBlock(element)) return;
    if (partsBlocks(element, here())) writer.flush();
    else writer.softBreak();
  };

  walk(root, {
    enter: (element) => {
      if (element === skipped) writer.flush();
      if (element === skipped || readWhole(element, here(), writer, notes)) return false;
      atBoundary(element);
      const frame = frameIn(element, here(), linkIn(element, writer, notes));
      if (isFigure(element)) {
        writer.flush();
        frames.push({ ...frame, figure: { start: writer.body.length, captions: [], credits: [] } });
      } else frames.push(frame);
      if (element.tag === "q") write("“");
      return true;
    },
    text: write,
    leave: (element) => {
      if (element.tag === "q") write("”");
      const inner = frames.pop();
      if (isFigure(element) && inner?.figure) closeFigure(inner.figure, writer);
      atBoundary(element);
    },
  });
  writer.flush();
  return writer.body;
};
