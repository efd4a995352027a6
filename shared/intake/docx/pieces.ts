import type { ImageNode, Node } from "./document.ts";
import { textOf, type Token, type Tokens } from "./tokens.ts";

/** A line of copy, or a picture between lines. `isCaption`: Word says that it is one, whatever it reads like. */
export type Piece = { kind: "line"; text: string; isCaption: boolean } | { kind: "picture"; image: ImageNode };

type Paragraph = Node & { type: "paragraph" };
type Table = Node & { type: "table" };

/** 0 for a title, 1 to 9 for headings; by the style's name, which is English whatever the language of Word. */
const levelOf = ({ styleName, styleId }: Paragraph): number | undefined => {
  const match = /^(?:(title)|heading ?([1-9])?)$/i.exec(styleName ?? styleId ?? "");
  return match ? Number(match[1] ? 0 : (match[2] ?? 1)) : undefined;
};

/** The lines that tokens are; a break ends one if the last words before it may end there, else it is a space. */
const linesOf = (tokens: readonly Token[], mayEnd: (words: string) => boolean): Token[][] => {
  let open: Token[] = [];
  // The whole line so far, read at each break, would take quadratic time.
  let words = "";
  const lines = [open];
  for (const token of tokens) {
    if (token !== "\n") {
      open.push(token);
      if (typeof token === "string") words = token.trimEnd() || words;
    } else if (mayEnd(words)) {
      lines.push((open = []));
      words = "";
    } else open.push(" ");
  }
  return lines;
};

const pictures = (tokens: readonly Token[]): Piece[] =>
  tokens.flatMap((token) => (typeof token === "string" ? [] : [{ kind: "picture", image: token }]));

/** A picture ahead of all text stands above the line, any other below it: an anchored one is somewhere in its midst. */
const piecesOfLine = (tokens: readonly Token[], prefix: string, isCaption: boolean): Piece[] => {
  const text = textOf(tokens);
  if (text === "") return pictures(tokens);
  const first = tokens.findIndex((token) => typeof token === "string" && token.trim() !== "");
  const line = { kind: "line", text: prefix + text, isCaption } as const;
  return [...pictures(tokens.slice(0, first)), line, ...pictures(tokens.slice(first))];
};

const holdsPicture = (nodes: readonly Node[]): boolean =>
  nodes.some((node) => node.type === "image" || ("children" in node && holdsPicture(node.children)));

const childrenOf = (node: Node): Node[] => ("children" in node ? node.children : []);

/** The cells column by column: in a table that lays out pictures, each caption comes after its picture. */
const byColumn = (rows: readonly Node[]): Node[] => {
  const columns: Node[][] = [];
  for (const row of rows)
    for (const [c, cell] of childrenOf(row).entries()) {
      const column = columns[c];
      if (column) column.push(cell);
      else columns.push([cell]);
    }
  return columns.flat();
};

/**
 * A Word document as the lines that a reporter would have typed, in order, with its pictures between them. A heading is a
 * crosshead ("## "), save a title and the first of level 1; an item of a list begins with "- "; a row of a table is its cells
 * with " | " between, where a table is one and not a frame around pictures or a single column.
 */
export const piecesOf = (nodes: readonly Node[], tokens: Tokens): Piece[] => {
  let titled = false;

  const paragraphPieces = (paragraph: Paragraph): Piece[] => {
    const all = paragraph.children.flatMap(tokens.of);
    const isCaption = /^caption$/i.test(paragraph.styleName ?? "");
    const level = textOf(all) === "" ? undefined : levelOf(paragraph);
    if (level === undefined) {
      const prefix = paragraph.numbering ? "- " : "";
      return linesOf(all, () => prefix === "").flatMap((line) => piecesOfLine(line, prefix, isCaption));
    }
    const prefix = level === 0 || (level === 1 && !titled) ? "" : "## ";
    if (level < 2) titled = true;
    // A kicker may stand above the headline, in one paragraph with it.
    return linesOf(all, (words) => words.endsWith(":")).flatMap((line) => piecesOfLine(line, prefix, isCaption));
  };

  const tablePieces = ({ children: rows }: Table): Piece[] => {
    const isFrame = holdsPicture(rows) || rows.every((row) => childrenOf(row).length < 2);
    if (isFrame) return byColumn(rows).flatMap(pieces);
    return rows.flatMap((row) => {
      const cells = childrenOf(row).map((cell) => textOf(tokens.of(cell)));
      return cells.some((cell) => cell !== "") ? piecesOfLine([cells.join(" | ")], "", false) : [];
    });
  };

  const pieces = (node: Node): Piece[] => {
    if (node.type === "paragraph") return paragraphPieces(node);
    if (node.type === "table") return tablePieces(node);
    if (node.type === "tableRow" || node.type === "tableCell") return node.children.flatMap(pieces);
    return piecesOfLine(tokens.of(node), "", false);
  };

  return nodes.flatMap(pieces);
};
