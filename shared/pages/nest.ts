import type { TextBlock } from "../domain/body.ts";

/** A list of the body: flat in Portable Text (`listItem`, `level`), nested in HTML. */
export type ListNode = { kind: "bullet" | "number"; items: ListEntry[] };
export type ListEntry = { block: TextBlock; lists: ListNode[] };

/**
 * Nests consecutive list blocks by their level. A level that is skipped counts as one deeper, a change of kind at one
 * level begins another list; order is kept, no block is lost. Linear in the number of blocks.
 */
export const nestLists = (blocks: readonly TextBlock[]): ListNode[] => {
  const root: ListNode[] = [];
  const open: { level: number; node: ListNode }[] = [];
  for (const block of blocks) {
    const level = block.level ?? 1;
    const kind = block.listItem ?? "bullet";
    while ((open.at(-1)?.level ?? 0) > level) open.pop();
    let top = open.at(-1);
    if (top?.level === level && top.node.kind !== kind) {
      open.pop();
      top = open.at(-1);
    }
    if (top?.level !== level) {
      const node: ListNode = { kind, items: [] };
      (top?.node.items.at(-1)?.lists ?? root).push(node);
      top = { level, node };
      open.push(top);
    }
    top.node.items.push({ block, lists: [] });
  }
  return root;
};
