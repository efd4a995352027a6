import * as z from "zod";
import { ok, type Result, type Warning } from "../../domain/error.ts";
import { isObject } from "../../intake/article.ts";
import { classicToHtml } from "./classic.ts";
import { checked, idText, maybe, type Reading, withdraw } from "./reading.ts";
import { htmlText, namesIn, pictureAt, textOfHtml } from "./text.ts";
import { commandsOf, type WordpressMapping } from "./wordpress-post.ts";

const text = maybe(z.string());

const payloadSchema = z.object({
  post_id: maybe(idText),
  post: z.object({
    ID: maybe(idText),
    post_type: text,
    post_status: z.string(),
    post_password: text,
    post_title: maybe(htmlText),
    post_content: text,
    post_excerpt: maybe(htmlText),
    post_name: text,
    post_date_gmt: text,
    post_modified_gmt: text,
    author_name: text,
  }),
  // PHP says false where there is none, and an empty list where there would be an object.
  post_thumbnail: z.unknown().optional(),
  post_permalink: text,
  taxonomies: z.unknown().optional(),
  terms: z.unknown().optional(),
  author: z.unknown().optional(),
});

const tagsOf = (taxonomies: unknown, terms: unknown): { names: string[]; pointer: string } => {
  const pointer = isObject(taxonomies) ? "/taxonomies/post_tag" : "/terms/post_tag";
  const all = isObject(taxonomies) ? taxonomies : isObject(terms) ? terms : {};
  // A list, or a map by slug.
  const tags = isObject(all["post_tag"]) ? Object.values(all["post_tag"]) : all["post_tag"];
  return { names: namesIn(tags).flatMap((name) => textOfHtml(name) || []), pointer };
};

/** A post as the database has it. The moment of a draft is all zeros, which is none. */
export const readPluginPost = (
  payload: Record<string, unknown>,
  mapping: WordpressMapping,
  isDeletion: boolean,
): Result<Reading> => {
  if (isDeletion && !isObject(payload["post"])) {
    const gone = checked(z.object({ post_id: idText }), payload);
    return gone.ok ? ok({ commands: [withdraw(gone.value.post_id, undefined)] }) : gone;
  }
  const schema = payloadSchema.superRefine(({ post_id, post }, c) => {
    if (post_id === undefined && post.ID === undefined)
      c.addIssue({ code: "custom", path: ["post_id"], message: "is missing: nothing says which post it is" });
  });
  const read = checked(schema, payload);
  if (!read.ok) return read;
  const { post, post_id = post.ID ?? "", post_permalink, post_thumbnail, taxonomies, terms, author } = read.value;
  const warnings: Warning[] = [];
  const thumbnail = typeof post_thumbnail === "string" ? post_thumbnail : undefined;
  return commandsOf(
    {
      id: post_id,
      type: post.post_type,
      status: post.post_status,
      isLocked: Boolean(post.post_password),
      title: post.post_title,
      html: post.post_content === undefined ? undefined : classicToHtml(post.post_content),
      excerpt: post.post_excerpt,
      slug: post.post_name,
      link: post_permalink,
      publishedAt: post.post_date_gmt,
      modifiedAt: post.post_modified_gmt,
      authors: {
        names: namesIn(post.author_name ?? author),
        pointer: post.author_name ? "/post/author_name" : "/author",
      },
      tags: tagsOf(taxonomies, terms),
      picture: pictureAt(thumbnail, {}, "/post_thumbnail", warnings),
    },
    mapping,
    isDeletion,
    warnings,
  );
};
