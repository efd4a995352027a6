import { actorOf } from "../access.ts";
import type { Content, Head } from "../article.ts";
import { pictureWarnings } from "../picture.ts";
import type { Situation } from "./command.ts";

/** A head one command later, by whoever asks, now. */
export const stamped = (before: Head, { key, now }: Pick<Situation, "key" | "now">): Head => ({
  ...before,
  seq: before.seq + 1,
  updatedAt: now,
  updatedBy: actorOf(key),
});

/** A content with the warnings about its pictures as things stand now. */
export const warned = (content: Content, { pictures }: Pick<Situation, "pictures">): Content => ({
  ...content,
  warnings: pictureWarnings(content.warnings, content.pictures, pictures),
});
