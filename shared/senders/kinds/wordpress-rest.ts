import * as z from "zod";
import { ok, type Result, type Warning } from "../../domain/error.ts";
import { afterwards, checked, idText, maybe, type Reading, stampOf, withdraw } from "./reading.ts";
import { htmlText, namesIn, pictureAt } from "./text.ts";
import { commandsOf, type WordpressMapping } from "./wordpress-post.ts";

const text = maybe(z.string());
const rendered = maybe(z.object({ rendered: maybe(htmlText) }));
const flag = maybe(z.boolean());

const post = z.object({
  id: idText,
  type: text,
  status: z.string(),
  date_gmt: text,
  modified_gmt: text,
  slug: text,
  link: text,
  title: rendered,
  content: maybe(z.object({ rendered: text, protected: flag })),
  excerpt: rendered,
  // What cannot be embedded stands here as an error, without a name.
  _embedded: maybe(
    z.object({
      author: maybe(z.array(z.object({ name: maybe(htmlText) }))),
      "wp:term": maybe(z.array(z.array(z.object({ taxonomy: text, name: maybe(htmlText) })))),
      "wp:featuredmedia": maybe(z.array(z.object({ source_url: text, alt_text: text, caption: rendered }))),
    }),
  ),
});
/** The answer to DELETE with force=true: https://developer.wordpress.org/rest-api/reference/posts/#delete-a-post */
const removed = z.object({ deleted: z.literal(true), previous: z.object({ id: idText, modified_gmt: text }) });

/** A post as the REST API has it, with what is embedded in it, if it is. */
export const readRestPost = (
  payload: Record<string, unknown>,
  mapping: WordpressMapping,
  isDeletion: boolean,
): Result<Reading> => {
  if (payload["deleted"] === true) {
    const gone = checked(removed, payload);
    if (!gone.ok) return gone;
    const { id, modified_gmt } = gone.value.previous;
    return ok({ commands: [withdraw(id, afterwards(stampOf(modified_gmt)))] });
  }
  const read = checked(post, payload);
  if (!read.ok) return read;
  const { id, type, status, slug, link, title, content, excerpt, date_gmt, modified_gmt, _embedded } = read.value;
  const warnings: Warning[] = [];
  const media = _embedded?.["wp:featuredmedia"]?.[0];
  const words = { alt: media?.alt_text, caption: media?.caption?.rendered };
  const terms = (_embedded?.["wp:term"] ?? []).flat().filter(({ taxonomy }) => taxonomy === "post_tag");
  return commandsOf(
    {
      id,
      type,
      status,
      isLocked: content?.protected ?? false,
      title: title?.rendered,
      html: content?.rendered,
      excerpt: excerpt?.rendered,
      slug,
      link,
      publishedAt: date_gmt,
      modifiedAt: modified_gmt,
      authors: { names: namesIn(_embedded?.author), pointer: "/_embedded/author" },
      tags: { names: namesIn(terms), pointer: "/_embedded/wp:term" },
      picture: pictureAt(media?.source_url, words, "/_embedded/wp:featuredmedia/0/source_url", warnings),
    },
    mapping,
    isDeletion,
    warnings,
  );
};
