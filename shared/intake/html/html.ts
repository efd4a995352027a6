import type { Drafted } from "../drafted.ts";
import { readDocument } from "./document.ts";

/**
 * A whole HTML document or a fragment as an article: the headline is the first h1 (which then leaves the body), else the
 * `title`; `<meta name="description">` is the standfirst, each `<meta name="author">` a byline; the rest is the body, as
 * by {@link htmlToBlocks}. Fields are not validated here.
 */
export const parseHtml = (text: string): Drafted => {
  const { blocks, addresses, warnings, faults, headline, title, meta } = readDocument(text, "story");
  const fields: Drafted["fields"] = {};
  if (headline ?? title) fields.headline = headline ?? title;
  const standfirst = meta.get("description")?.[0];
  if (standfirst) fields.standfirst = standfirst;
  const bylines = (meta.get("author") ?? []).map((name) => ({ name }));
  if (bylines.length > 0) fields.bylines = bylines;
  return { fields, body: blocks, addresses, warnings, faults };
};
