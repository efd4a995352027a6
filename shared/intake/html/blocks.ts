import type { Converted } from "./document.ts";
import { readDocument } from "./document.ts";

/**
 * HTML, a fragment or a document, as typed blocks; the parser is the sanitiser, as what has no place in a block cannot be
 * said. No visible word is lost: unknown elements keep their text. `warnings` names what was dropped:
 *
 * - `dropped-element`: scripts, styles, foreign content, form fields and the like, with their text; forms, buttons,
 *   objects and struck-out text, whose text is kept
 * - `dropped-link`: addresses that are not absolute http, https or mailto URLs, and links in tables, captions and pull quotes
 * - `figure-without-picture`, `removed-characters`
 *
 * Faults are at /body or below it: too many blocks (LIMITS.blocks), markup too deep or too much, or a text longer than
 * its place in a block may be; then there are no blocks. The answer depends on the input alone.
 */
export const htmlToBlocks = (html: string): Converted => {
  const { blocks, addresses, warnings, faults } = readDocument(html, "body");
  return { blocks, addresses, warnings, faults };
};
