import type { Body, Figure } from "../domain/body.ts";
import { pointer, type Warning } from "../domain/error.ts";

const CODE = "figure-without-picture";

/** What is said of a figure whose picture is not there yet; `block` is its place in the body. */
export const waiting = ({ caption, credit }: Figure, block: number): Warning => {
  const name = caption ?? credit;
  const what = name ? `"${name.slice(0, 80).toWellFormed()}" has no picture yet` : "has no picture yet";
  return { code: CODE, pointer: pointer(["body", block]), detail: `${what}; it stays off the page until it has` };
};

/** The warnings without what is said of the figures at the blocks `filled`, which have their pictures now. */
export const withoutWaiting = (warnings: readonly Warning[], filled: ReadonlySet<number>): Warning[] => {
  const pointers = new Set([...filled].map((block) => pointer(["body", block])));
  return warnings.filter((warning) => warning.code !== CODE || !pointers.has(warning.pointer));
};

/**
 * The warnings of a body as it will be stored: every figure without a picture is named once, in the words of its reader if
 * that has named it, and no other is. Figures at the blocks `filled` are about to get theirs.
 */
export const withWaiting = (body: Body, warnings: readonly Warning[], filled: ReadonlySet<number>): Warning[] => {
  const open = new Map(
    body.flatMap((block, n) =>
      block._type === "figure" && block.image === undefined && !filled.has(n)
        ? [[pointer(["body", n]), waiting(block, n)] as const]
        : [],
    ),
  );
  const kept = warnings.filter((warning) => warning.code !== CODE || open.has(warning.pointer));
  const named = new Set(kept.filter((warning) => warning.code === CODE).map((warning) => warning.pointer));
  return [...kept, ...[...open].filter(([at]) => !named.has(at)).map(([, warning]) => warning)];
};
