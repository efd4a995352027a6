import { type Block, type Body, textOf } from "./body.ts";

const linesOf = (block: Block): (string | undefined)[] => {
  switch (block._type) {
    case "block":
      return [textOf(block)];
    case "figure":
      return [block.caption, block.credit, block.alt];
    case "table":
      return [block.caption, ...block.rows.map(({ cells }) => cells.join(" | "))];
    case "embed":
      return [block.url];
    case "pullquote":
      return [block.text, block.attribution];
    case "update":
      return [[block.at, block.by].filter((part) => part !== undefined).join(" ")];
  }
};

/** All words of a body as plain text, one line (or more) for each block; styles, marks and pictures aside. */
export const plainText = (body: Body): string =>
  body
    .flatMap(linesOf)
    .filter((line) => line !== undefined)
    .join("\n");
