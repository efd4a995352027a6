import { fold } from "../copy/clean.ts";
import type { ImageNode, Node, WordDocument } from "./document.ts";

/** A run of text, "\n" for the end of a line, or a picture. */
export type Token = string | ImageNode;

/** The text of tokens on one line. */
export const textOf = (tokens: readonly Token[]): string =>
  fold(tokens.filter((token) => typeof token === "string").join(""));

export type Tokens = {
  of(node: Node): Token[];
  /** How many footnotes and endnotes were put in brackets where the text refers to them. */
  notes(): number;
  /** Where links lead to, each once. */
  links: ReadonlySet<string>;
};

/** Reads what stands on the lines of a document; copy has no links and no notes, so they are counted. */
export const newTokens = ({ noteOf }: Pick<WordDocument, "noteOf">): Tokens => {
  const links = new Set<string>();
  const seen = new Set<string>();
  let notes = 0;
  let inNote = false;

  const noteText = (reference: Node & { type: "noteReference" }): string => {
    const key = `${reference.noteType} ${reference.noteId}`;
    // Once: a note can be referred to a thousand times. Not from notes, where Word allows none: they can be a chain of thousands.
    if (inNote || seen.has(key)) return "";
    seen.add(key);
    inNote = true;
    const text = textOf(noteOf(reference).flatMap(of));
    inNote = false;
    if (text === "") return "";
    notes++;
    return ` (${text})`;
  };

  const of = (node: Node): Token[] => {
    switch (node.type) {
      case "text":
        return [node.value];
      case "tab":
        return [" "];
      case "break":
        return ["\n"];
      case "checkbox":
        return [node.checked ? "☑" : "☐"];
      case "image":
        return [node];
      case "noteReference":
        return [noteText(node)];
      case "hyperlink":
        if (node.href) links.add(node.href);
        return node.children.flatMap(of);
      case "run":
        return node.children.flatMap(of);
      case "paragraph":
      case "table":
      case "tableRow":
      case "tableCell":
        // Where a line is read: in a cell, a note, a text box.
        return ["\n", ...node.children.flatMap(of), "\n"];
      case "bookmarkStart":
      case "commentReference":
        return [];
    }
  };
  return { of, notes: () => notes, links };
};
