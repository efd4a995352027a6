import type { Warning } from "../../domain/error.ts";
import { LIMITS } from "../../domain/limits.ts";
import { cleanLine } from "../../domain/text.ts";
import { type FigureAddress, figureAddresses } from "../addresses.ts";

/** What was dropped on the way, gathered while the tree is read. Blocks are named by their place in the body. */
export type Notes = {
  /** An element that left with its text, or (`kept`) without it. */
  element(tag: string, kept?: boolean): void;
  /** A link that had to go; `href` is shown in part. */
  link(block: number, href: string, reason: string): void;
  /** A figure whose picture was not taken over, and the picture's address. */
  picture(block: number, url: string | undefined): void;
  /** Characters that {@link cleanText} took out. */
  removed(count: number): void;
  /** The warnings, at most LIMITS.warnings; `blocks` is how many blocks the body has. */
  warnings(blocks: number): Warning[];
  /** Where those pictures are. */
  addresses(): FigureAddress[];
};

/** An address short enough for a message; cut between characters. */
const brief = (raw: string): string => {
  const address = cleanLine(raw.slice(0, 200).toWellFormed()).text;
  return address.length > 100 ? `${address.slice(0, 100).toWellFormed()}…` : address;
};

const capped = (list: Warning[]): Warning[] => {
  if (list.length <= LIMITS.warnings) return list;
  const kept = list.slice(0, LIMITS.warnings - 1);
  return [...kept, { code: "more-warnings", pointer: "", detail: `${list.length - kept.length} more were left out` }];
};

/**
 * A fresh notebook. Its warnings: `dropped-element` once a kind (`<script> (2)`), `dropped-link` once a block,
 * `figure-without-picture`, `removed-characters`. Elements in `expected` are none of a reader's business.
 */
export const takeNotes = (expected: ReadonlySet<string> = new Set()): Notes => {
  const elements = new Map<string, number>();
  const links = new Map<number, { first: string; count: number }>();
  const pictures: { block: number; url: string | undefined }[] = [];
  let removed = 0;
  return {
    element: (tag, kept = false) => {
      if (expected.has(tag)) return;
      const name = `<${brief(tag)}>${kept ? ", its text kept" : ""}`;
      elements.set(name, (elements.get(name) ?? 0) + 1);
    },
    link: (block, href, reason) => {
      const known = links.get(block);
      if (known) known.count++;
      else links.set(block, { first: `${brief(href)}: ${reason}`, count: 1 });
    },
    picture: (block, url) => void pictures.push({ block, url }),
    removed: (count) => void (removed += count),
    warnings: (blocks) => {
      const at = (block: number): string => (block < blocks ? `/body/${block}` : "/body");
      const list: Warning[] = [];
      for (const [name, count] of elements)
        list.push({ code: "dropped-element", pointer: "/body", detail: `${name} (${count})` });
      for (const [block, { first, count }] of links) {
        const more = count > 1 ? ` (and ${count - 1} more)` : "";
        list.push({ code: "dropped-link", pointer: at(block), detail: first + more });
      }
      for (const { block, url } of pictures) {
        const what = url ? `the picture ${brief(url)}` : "a picture without an address";
        list.push({ code: "figure-without-picture", pointer: at(block), detail: `${what} was not taken over` });
      }
      if (removed)
        list.push({
          code: "removed-characters",
          pointer: "/body",
          detail: `${removed} control or text direction characters`,
        });
      return capped(list);
    },
    addresses: () => figureAddresses(pictures),
  };
};
