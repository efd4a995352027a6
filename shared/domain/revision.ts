import { type ApiKey, atLeast } from "./access.ts";
import type { Content } from "./article.ts";
import type { Warning } from "./error.ts";

const NEEDS_EDITOR: Warning = {
  code: "publishedAt-needs-editor",
  pointer: "/publishedAt",
  detail: "counts when an editor publishes the story",
};

/** As an editor publishes it: the date has been looked at. */
export const lookedAt = (content: Content): Content => ({
  ...content,
  warnings: content.warnings.filter((one) => one.code !== NEEDS_EDITOR.code),
});

/** The date of a story decides where it stands; a reporter's is kept, but an editor has to look at it. */
export const forRole = (content: Content, key: ApiKey): Content => {
  if (atLeast(key.role, "editor") || content.publishedAt === undefined) return content;
  const seen = lookedAt(content);
  return { ...seen, warnings: [...seen.warnings, NEEDS_EDITOR] };
};

/** Warnings are no content: the same words again are the same revision. The store keeps no order of members. */
export const sameContent = (a: Content, b: Content): boolean => {
  const plain = (content: Content): string => JSON.stringify({ ...content, warnings: undefined }, inOrder);
  return plain(a) === plain(b);
};

const inOrder = (_: string, value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
    : value;
