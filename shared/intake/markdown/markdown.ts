import type { Fault } from "../../domain/error.ts";
import type { Drafted } from "../drafted.ts";
import { readDocument } from "../html/document.ts";
import { splitFrontMatter } from "./front.ts";
import { renderMarkdown } from "./render.ts";

/** A byline may be given by its name alone. */
const bylinesOf = (value: unknown): unknown => {
  const named = (item: unknown): unknown => (typeof item === "string" ? { name: item } : item);
  return Array.isArray(value) ? value.map(named) : typeof value === "string" ? [named(value)] : value;
};

/**
 * Markdown with YAML front matter as an article. The front matter's keys are the article's fields (and `status`), all text;
 * unknown ones are passed on, for the schema to refuse. `bylines` may be names. Unless `headline` is among them, the first
 * `#` heading is the headline and leaves the body. `lines` has the line of the file for the pointer of each field
 * (see {@link lineOf}); faults of the front matter carry theirs.
 */
export const parseMarkdown = (text: string): Drafted & { lines: Record<string, number> } => {
  const front = splitFrontMatter(text.replace(/\r\n?/g, "\n"));
  const fields: Record<string, unknown> = { ...front.fields };
  if ("bylines" in fields) fields["bylines"] = bylinesOf(fields["bylines"]);
  const { html, faults } = renderMarkdown(front.markdown);
  const story = readDocument(html, fields["headline"] !== undefined ? "body" : "story");
  if (story.headline !== undefined) fields["headline"] = story.headline;
  const all: Fault[] = [...front.faults, ...faults, ...story.faults];
  const { blocks: body, addresses, warnings } = story;
  return { fields, body, addresses, warnings, faults: all, lines: front.lines };
};
