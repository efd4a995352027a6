import type { Converted } from "../html/document.ts";
import { readDocument } from "../html/document.ts";
import { renderMarkdown } from "./render.ts";

/**
 * Markdown (see {@link renderMarkdown}) as typed blocks, with the warnings and faults of {@link htmlToBlocks}: it becomes
 * HTML first, so there is one path for what is written in either.
 */
export const markdownToBlocks = (markdown: string): Converted => {
  const { html, faults } = renderMarkdown(markdown);
  if (faults.length > 0) return { blocks: [], addresses: [], warnings: [], faults };
  const { blocks, addresses, warnings, faults: found } = readDocument(html, "body");
  return { blocks, addresses, warnings, faults: found };
};
