import * as z from "zod";
import { ok, type Result, type Warning } from "../../domain/error.ts";
import { LIMITS } from "../../domain/limits.ts";
import { isObject } from "../../intake/article.ts";
import type { Delivery } from "../kind.ts";
import {
  afterwards,
  bodyIn,
  checked,
  idText,
  ignored,
  maybe,
  payloadOf,
  type Reading,
  stampOf,
  storyCommands,
  withdraw,
} from "./reading.ts";
import { atMost, htmlText, isCutFrom, namesIn, pictureAt, slugOf } from "./text.ts";

const text = maybe(z.string());
const named = z.object({ name: text });

const post = z.object({
  id: idText,
  status: z.string(),
  visibility: text,
  title: text,
  html: text,
  custom_excerpt: text,
  excerpt: text,
  authors: maybe(z.array(named)),
  primary_author: maybe(named),
  tags: maybe(z.array(named.extend({ visibility: text }))),
  feature_image: text,
  feature_image_alt: text,
  feature_image_caption: maybe(htmlText),
  published_at: text,
  updated_at: text,
  canonical_url: text,
  meta_title: text,
  meta_description: text,
  slug: text,
});
type Post = z.output<typeof post>;

const removed = z.object({ id: idText, updated_at: text });

const articleOf = (of: Post, isPublic: boolean, warnings: Warning[]): Record<string, unknown> => {
  const authors = namesIn(of.authors?.length ? of.authors : of.primary_author);
  // Names with # are internal to Ghost's editors (https://ghost.org/help/organizing-content/).
  const tags = of.tags?.filter((tag) => tag.visibility !== "internal" && !tag.name?.startsWith("#"));
  const isOwn = of.excerpt !== undefined && !isCutFrom(of.excerpt, of.html);
  const seo = {
    ...(of.meta_title && { title: of.meta_title }),
    ...(of.meta_description && { description: of.meta_description }),
  };
  return {
    headline: of.title,
    standfirst: of.custom_excerpt ?? (isOwn ? of.excerpt : undefined),
    body: bodyIn("html", of.html),
    bylines: atMost(LIMITS.bylines, authors, "/post/current/authors", warnings).map((name) => ({ name })),
    tags: atMost(LIMITS.tags, namesIn(tags), "/post/current/tags", warnings),
    publishedAt: isPublic ? of.published_at : undefined,
    canonicalUrl: of.canonical_url,
    slug: slugOf(of.slug),
    seo: Object.keys(seo).length ? seo : undefined,
  };
};

/**
 * A Ghost event (https://docs.ghost.org/webhooks). Neither a header nor the payload names it: what is there tells. Without
 * `post.current` the post was deleted. One that is published for everybody is public; one that is a draft, scheduled, sent by
 * e-mail alone, or for members is kept and not public, and withdrawn should it have been. Pages and members are ignored.
 */
export const readGhost = (delivery: Delivery): Result<Reading> => {
  const payload = payloadOf(delivery);
  if (!payload.ok) return payload;
  if (!isObject(payload.value) || !isObject(payload.value["post"])) return ignored("The event is about no post.");
  const { current, previous } = payload.value["post"];
  if (!isObject(current) || Object.keys(current).length === 0) {
    const gone = checked(removed, previous, ["post", "previous"]);
    if (!gone.ok) return gone;
    return ok({ commands: [withdraw(gone.value.id, afterwards(stampOf(gone.value.updated_at)))] });
  }
  const read = checked(post, current, ["post", "current"]);
  if (!read.ok) return read;
  const of = read.value;
  const warnings: Warning[] = [];
  const isPublic = of.status === "published" && (of.visibility ?? "public") === "public";
  const words = { alt: of.feature_image_alt, caption: of.feature_image_caption };
  const commands = storyCommands({
    externalId: of.id,
    version: stampOf(of.updated_at),
    article: articleOf(of, isPublic, warnings),
    picture: pictureAt(of.feature_image, words, "/post/current/feature_image", warnings),
    isPublic,
    wasPublic: isObject(previous) && Object.keys(previous).length > 0,
  });
  return ok({ commands, ...(warnings.length && { warnings }) });
};
