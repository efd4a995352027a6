import * as z from "zod";
import { isWebUrl } from "../../domain/body.ts";
import type { Warning } from "../../domain/error.ts";
import { isSlug, slugify } from "../../domain/slug.ts";
import { cleanLine } from "../../domain/text.ts";
import { isObject } from "../../intake/article.ts";
import { takeNotes } from "../../intake/html/notes.ts";
import { readPlain } from "../../intake/html/plain.ts";
import { parseTree } from "../../intake/html/tree.ts";
import type { PictureAddress } from "../kind.ts";

/** HTML as a reader would see it, entities decoded and tags gone; undefined when it is nested beyond reason. */
export const textOfHtml = (html: string): string | undefined => {
  const tree = parseTree(html);
  return tree.ok ? readPlain(tree.root, takeNotes(), 0).trim() : undefined;
};

/** A field of plain text for which the sender sends HTML. */
export const htmlText = z.string().transform((html, c) => {
  const text = textOfHtml(html);
  if (text !== undefined) return text;
  c.addIssue({ code: "custom", message: "has too much HTML in it, or too deeply nested" });
  return z.NEVER;
});

/** Letters and digits alone: how a generated excerpt and its text are compared. */
const bare = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, "");
const ENOUGH = 60;

/** Whether `excerpt` is cut out of the beginning of `html`, and so no standfirst: readers would read it twice. */
export const isCutFrom = (excerpt: string, html: string | undefined): boolean => {
  const start = bare(excerpt).slice(0, ENOUGH);
  return start !== "" && html !== undefined && bare(textOfHtml(html) ?? "").startsWith(start);
};

/** A slug of ours for one of another system's, which may be percent-encoded (WordPress), longer, or in other letters. */
export const slugOf = (raw: string | undefined): string | undefined => {
  if (raw === undefined || isSlug(raw)) return raw;
  let text = raw;
  try {
    text = decodeURIComponent(raw);
  } catch {
    // It holds a % that encodes nothing.
  }
  return slugify(text.toWellFormed()) || undefined;
};

const NAMES = ["name", "title", "fullName", "full_name", "display_name", "displayName"];

const lineOf = (value: unknown): string | undefined =>
  typeof value === "string" ? cleanLine(value).text || undefined : undefined;

/** What something is called: text, or an object's name. */
const nameOf = (value: unknown): string | undefined =>
  isObject(value) ? NAMES.map((key) => lineOf(value[key])).find(Boolean) : lineOf(value);

/** Names in whatever a sender has them: a text, an object with a name, or a list of either. Each once; references have none. */
export const namesIn = (value: unknown): string[] => {
  const members: unknown[] = Array.isArray(value) ? value : [value];
  return [...new Set(members.flatMap((member) => nameOf(member) ?? []))];
};

/** As many as an article may have; the rest are left out, with a warning. Senders know no such limit. */
export const atMost = (limit: number, names: string[], pointer: string, warnings: Warning[]): string[] => {
  if (names.length > limit) {
    const rest = names.slice(limit).join(", ").slice(0, 300).toWellFormed();
    warnings.push({ code: "left-out", pointer, detail: `only the first ${limit} are taken over, not: ${rest}` });
  }
  return names.slice(0, limit);
};

/** A picture at an absolute address; any other is left out, with a warning. */
export const pictureAt = (
  url: string | undefined,
  words: Omit<{ [K in keyof PictureAddress]?: string | undefined }, "url">,
  pointer: string,
  warnings: Warning[],
): PictureAddress | undefined => {
  if (url === undefined || url === "") return undefined;
  if (!isWebUrl(url)) {
    warnings.push({ code: "left-out", pointer, detail: "is no absolute http or https address of a picture" });
    return undefined;
  }
  const { alt, caption, credit } = words;
  return { url, ...(alt && { alt }), ...(caption && { caption }), ...(credit && { credit }) };
};
