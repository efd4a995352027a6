import * as z from "zod";
import { ok, type Result, type Warning } from "../../domain/error.ts";
import { LIMITS } from "../../domain/limits.ts";
import type { PictureAddress } from "../kind.ts";
import { afterwards, bodyIn, ignored, type Reading, stampOf, storyCommands, utcOf, withdraw } from "./reading.ts";
import { atMost, isCutFrom, slugOf } from "./text.ts";

/** `types`: post types that are articles (post, unless said). `canonical`: whether the post's own page is the canonical one. */
export const wordpressMapping = z.strictObject({
  types: z.array(z.string().min(1).max(50)).min(1).max(10).optional(),
  canonical: z.boolean().optional(),
});
export type WordpressMapping = z.output<typeof wordpressMapping>;

/** A post, whichever shape it came in; names with the pointer at which they stand. */
export type Post = {
  id: string;
  type: string | undefined;
  status: string;
  /** It is behind a password. */
  isLocked: boolean;
  title: string | undefined;
  html: string | undefined;
  excerpt: string | undefined;
  slug: string | undefined;
  link: string | undefined;
  publishedAt: string | undefined;
  modifiedAt: string | undefined;
  authors: { names: string[]; pointer: string };
  tags: { names: string[]; pointer: string };
  picture: PictureAddress | undefined;
};

/** WordPress cuts an excerpt out of the text where there is none, and ends it so. */
const isGenerated = (excerpt: string): boolean => /\[(?:…|\.\.\.)\]$/.test(excerpt);

const articleOf = (post: Post, canonical: boolean, isPublic: boolean, warnings: Warning[]): Record<string, unknown> => {
  const { excerpt, authors, tags } = post;
  const isOwn = excerpt !== undefined && !isGenerated(excerpt) && !isCutFrom(excerpt, post.html);
  return {
    headline: post.title,
    standfirst: isOwn ? excerpt : undefined,
    body: bodyIn("html", post.html),
    bylines: atMost(LIMITS.bylines, authors.names, authors.pointer, warnings).map((name) => ({ name })),
    tags: atMost(LIMITS.tags, tags.names, tags.pointer, warnings),
    slug: slugOf(post.slug),
    publishedAt: isPublic ? utcOf(post.publishedAt) : undefined,
    canonicalUrl: canonical ? post.link : undefined,
  };
};

/** What is to be done for a post. Statuses of plugins (in review, pitch) are of work that goes on, as a draft is. */
export const commandsOf = (
  post: Post,
  { types = ["post"], canonical = false }: WordpressMapping,
  isDeletion: boolean,
  warnings: Warning[],
): Result<Reading> => {
  const type = post.type ?? "post";
  if (post.type !== undefined && !types.includes(type))
    return ignored(`The post is a ${type.slice(0, 50)}, not a ${types.join(" or ")}.`);
  if (post.status === "auto-draft" || post.status === "inherit")
    return ignored("The post is a revision, or is not begun yet.");
  const version = stampOf(post.modifiedAt);
  if (isDeletion || post.status === "deleted") return ok({ commands: [withdraw(post.id, afterwards(version))] });
  if (post.isLocked || post.status === "trash" || post.status === "private")
    return ok({ commands: [withdraw(post.id, version)] });
  const isPublic = post.status === "publish";
  const commands = storyCommands({
    externalId: post.id,
    version,
    article: articleOf(post, canonical, isPublic, warnings),
    picture: post.picture,
    isPublic,
    wasPublic: true,
  });
  return ok({ commands, ...(warnings.length && { warnings }) });
};
