import type { Body } from "../../domain/body.ts";
import type { Fault, Warning } from "../../domain/error.ts";
import { cleanLine, cleanText } from "../../domain/text.ts";
import type { FigureAddress } from "../addresses.ts";
import { checked } from "./check.ts";
import { isOpaque } from "./elements.ts";
import { attribute, elementsOf, textOfElement, walk } from "./node.ts";
import { takeNotes } from "./notes.ts";
import { readPlain } from "./plain.ts";
import { readBody } from "./read.ts";
import { type ElementNode, parseTree, type RootNode } from "./tree.ts";
import { isVisible } from "./writer.ts";

/** What an HTML or Markdown body was understood to say, and where the pictures of its figures are. With faults there are no blocks. */
export type Converted = { blocks: Body; addresses: FigureAddress[]; warnings: Warning[]; faults: Fault[] };
export type HtmlDocument = Converted & {
  /** The first h1 with text, if it was asked for; the blocks then lack it. */
  headline?: string;
  /** The first `title`. */
  title?: string;
  /** The contents of `meta` elements by name in lower case, empty ones aside, in order. */
  meta: Map<string, string[]>;
};

/** What a document's head is made of: read or passed over, and never worth a warning there. */
const HEAD: ReadonlySet<string> = new Set(["title", "meta", "link", "base"]);

const findHeadline = (root: RootNode): ElementNode | undefined => {
  let found: ElementNode | undefined;
  let open: ElementNode | undefined;
  walk(root, {
    enter: (element) => {
      if (found || isOpaque(element)) return false;
      if (element.tag === "h1") open ??= element;
      return true;
    },
    text: (text) => {
      if (open && !found && isVisible(cleanText(text).text)) found = open;
    },
    leave: (element) => {
      if (element === open) open = undefined;
    },
  });
  return found;
};

const readHead = (root: RootNode): Pick<HtmlDocument, "title" | "meta"> => {
  const meta = new Map<string, string[]>();
  let title: string | undefined;
  for (const element of elementsOf(root, isOpaque)) {
    if (element.tag === "title") title ??= cleanLine(textOfElement(element)).text || undefined;
    if (element.tag !== "meta") continue;
    const name = attribute(element, "name")?.toLowerCase();
    const content = cleanLine(attribute(element, "content") ?? "").text;
    if (!name || !content) continue;
    const known = meta.get(name);
    if (known) known.push(content);
    else meta.set(name, [content]);
  }
  return title === undefined ? { meta } : { meta, title };
};

/**
 * Reads HTML as {@link htmlToBlocks} does: a `body` alone, or a `story`, whose first h1 is its headline and whose title
 * and meta elements are expected.
 */
export const readDocument = (html: string, kind: "body" | "story"): HtmlDocument => {
  const tree = parseTree(html);
  if (!tree.ok) return { blocks: [], addresses: [], warnings: [], faults: [tree.fault], meta: new Map() };
  const notes = takeNotes(kind === "story" ? HEAD : undefined);
  const h1 = kind === "story" ? findHeadline(tree.root) : undefined;
  const { body, faults } = checked(readBody(tree.root, notes, h1));
  const headline = h1 ? { headline: readPlain(h1, notes, 0).replaceAll("\n", " ") } : {};
  const addresses = faults.length > 0 ? [] : notes.addresses();
  const warnings = notes.warnings(body.length);
  return { blocks: body, addresses, faults, ...readHead(tree.root), ...headline, warnings };
};
