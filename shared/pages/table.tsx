import type { Table as TableBlock } from "../domain/body.ts";
import type { Show } from "./spans.tsx";

/** Digits with their separators, a sign, and perhaps a percent sign. */
const isNumber = (cell: string): boolean => /^[+\-−–]?\d[\d.,\u00A0 ]*%?$/.test(cell.trim());

/** The columns that hold nothing but numbers, which line up at the right; `rows` without the head. */
const numberColumns = (rows: TableBlock["rows"]): Set<number> => {
  const width = Math.max(...rows.map((row) => row.cells.length), 0);
  const columns = Array.from({ length: width }, (_, index) => index);
  return new Set(columns.filter((index) => rows.every(({ cells }) => isNumber(cells[index] ?? "0"))));
};

/** A table in a region of its own that scrolls sideways and takes the keyboard's focus, so that it can be scrolled. */
export const Table = ({ block, show }: { block: TableBlock; show: Show }) => {
  const [first, ...others] = block.rows;
  const head = block.header ? first : undefined;
  const rows = head ? others : block.rows;
  const numbers = rows.length > 0 ? numberColumns(rows) : new Set<number>();
  const classOf = (index: number): string | undefined => (numbers.has(index) ? "n" : undefined);
  return (
    <div class="table" role="region" aria-label={block.caption ?? "Bảng số liệu"} tabindex={0}>
      <table>
        {block.caption && <caption>{show(block.caption)}</caption>}
        {head && (
          <thead>
            <tr>
              {head.cells.map((text, index) => (
                <th scope="col" class={classOf(index)}>
                  {show(text)}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.cells.map((text, index) => (
                <td class={classOf(index)}>{show(text)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
