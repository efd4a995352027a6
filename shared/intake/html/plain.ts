import { textOf } from "../../domain/body.ts";
import { fateOf, isBlock } from "./elements.ts";
import { hrefOf } from "./frame.ts";
import { attribute, walk } from "./node.ts";
import type { Notes } from "./notes.ts";
import type { ElementNode, ParentNode } from "./tree.ts";
import { newWriter, PLAIN } from "./writer.ts";

/** Counts an element that cannot stay as it is; whether its text is still to be read. */
export const keepsText = (element: ElementNode, notes: Notes): boolean => {
  const fate = fateOf(element);
  if (fate === "dropped" || fate === "unwrapped") notes.element(element.tag, fate === "unwrapped");
  return fate === "kept" || fate === "unwrapped";
};

/**
 * The text inside `root` for a place that holds no marks (a cell, a caption, a headline): blocks and `br` become lines,
 * pictures their `alt`. Links lose their address, which is noted for the block at `index`; `skipped` elements are left out.
 */
export const readPlain = (
  root: ParentNode,
  notes: Notes,
  index: number,
  skipped: (element: ElementNode) => boolean = () => false,
): string => {
  const writer = newWriter(notes);
  const write = (text: string): void => writer.text(text, PLAIN, { style: "normal" });
  walk(root, {
    enter: (element) => {
      if (skipped(element) || !keepsText(element, notes)) return false;
      const href = hrefOf(element);
      if (href) notes.link(index, href, "text here has no links");
      if (element.tag === "br") writer.lineBreak(PLAIN);
      if (element.tag === "img") write(attribute(element, "alt") ?? attribute(element, "data-caption") ?? "");
      if (element.tag === "q") write("“");
      if (isBlock(element)) writer.softBreak();
      return true;
    },
    text: write,
    leave: (element) => {
      if (element.tag === "q") write("”");
      if (isBlock(element)) writer.softBreak();
    },
  });
  writer.flush();
  const [block] = writer.body;
  return block?._type === "block" ? textOf(block) : "";
};
