import type { Table } from "../../domain/body.ts";
import { LIMITS } from "../../domain/limits.ts";
import { isOpaque } from "./elements.ts";
import { attribute, elementsOf, textLength } from "./node.ts";
import type { ElementNode, ParentNode } from "./tree.ts";

/** Spans are followed as far as this column: one more than a table may have, so that a wider one is still refused. */
const MAX_COLUMNS = 31;

/** In a cell, these show that the table only arranges things on the page. */
const LAYOUT: ReadonlySet<string> = new Set(
  "table h1 h2 h3 h4 h5 h6 blockquote figure iframe embed video audio hr form".split(" "),
);

const isCell = (element: ElementNode): boolean => element.tag === "td" || element.tag === "th";

const childElements = (parent: ParentNode): ElementNode[] => {
  const list: ElementNode[] = [];
  for (let node = parent.first; node; node = node.next) if (node.kind === "element") list.push(node);
  return list;
};

const rowsOf = (table: ElementNode): { row: ElementNode; inHead: boolean }[] =>
  childElements(table).flatMap((part) => {
    if (part.tag === "tr") return [{ row: part, inHead: false }];
    if (part.tag !== "thead" && part.tag !== "tbody" && part.tag !== "tfoot") return [];
    const rows = childElements(part).filter((child) => child.tag === "tr");
    return rows.map((row) => ({ row, inHead: part.tag === "thead" }));
  });

/**
 * Whether a table says something by its rows and columns: it has two cells or more, does not call itself presentation,
 * and no cell holds blocks, or more text, than a cell of ours can. Others (newsletters, boxes) are read as if the table
 * were not there.
 */
export const isDataTable = (table: ElementNode): boolean => {
  if (/^(?:presentation|none)$/i.test(attribute(table, "role") ?? "")) return false;
  let cells = 0;
  for (const element of elementsOf(table, isOpaque)) {
    if (LAYOUT.has(element.tag)) return false;
    if (!isCell(element)) continue;
    if (textLength(element) > LIMITS.paragraph) return false;
    cells++;
  }
  return cells > 1;
};

const span = (cell: ElementNode, name: string): number =>
  Math.max(1, Number.parseInt(attribute(cell, name) ?? "", 10) || 1);

/**
 * A table's rows with `text` for each cell. A cell that spans columns or rows stands in its first place and leaves the
 * others empty; rows are filled up to one width, rows without text left out. The first row is the header if it stands in
 * `thead` or has only `th`. Undefined when no cell has text.
 */
export const readTable = (table: ElementNode, text: (cell: ElementNode) => string): Table | undefined => {
  /** By column: how many rows below are still covered by a cell above. */
  const covered: number[] = [];
  const rows: string[][] = [];
  let header = false;
  for (const { row, inHead } of rowsOf(table)) {
    const cells: string[] = [];
    const elements = childElements(row).filter(isCell);
    const skipCovered = (): void => {
      while (cells.length < MAX_COLUMNS) {
        const left = covered[cells.length] ?? 0;
        if (left === 0) return;
        covered[cells.length] = left - 1;
        cells.push("");
      }
    };
    for (const cell of elements) {
      skipCovered();
      const down = span(cell, "rowspan") - 1;
      const end = Math.min(cells.length + span(cell, "colspan"), MAX_COLUMNS);
      covered[cells.length] = down;
      cells.push(text(cell));
      while (cells.length < end) {
        covered[cells.length] = down;
        cells.push("");
      }
    }
    skipCovered();
    if (cells.every((cell) => cell === "")) continue;
    if (rows.length === 0) header = inHead || elements.every((cell) => cell.tag === "th");
    rows.push(cells);
  }
  const width = Math.max(0, ...rows.map((cells) => cells.length));
  if (rows.length === 0) return undefined;
  const padded =
    width < MAX_COLUMNS ? rows.map((cells) => [...cells, ...Array<string>(width - cells.length).fill("")]) : rows;
  return { _type: "table", ...(header ? { header } : {}), rows: padded.map((cells) => ({ cells })) };
};
