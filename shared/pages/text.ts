import { textOf } from "../domain/body.ts";
import type { ArticleView, StoryView } from "./view.ts";

/** The kicker before the headline, as titles, lists, feeds and OpenGraph name a story; plain text. */
export const titleOf = (story: Pick<StoryView, "kicker" | "headline">): string =>
  story.kicker ? `${story.kicker} ${story.headline}` : story.headline;

/** The longest description that search pages show whole. */
const SUMMARY = 200;

const cut = (text: string): string => {
  if (text.length <= SUMMARY) return text;
  const word = text.lastIndexOf(" ", SUMMARY - 1);
  return `${text.slice(0, word > 0 ? word : SUMMARY - 1).toWellFormed()}…`;
};

/**
 * What a story is about, for metadata: the SEO description, else the standfirst, else the beginning of the first
 * paragraph, cut at a word under 200 characters. Undefined when there is no text at all.
 */
export const descriptionOf = (article: ArticleView): string | undefined => {
  const given = article.seo?.description ?? article.standfirst;
  if (given) return given;
  for (const block of article.body)
    if (block._type === "block" && textOf(block).trim() !== "") return cut(textOf(block).replace(/\s+/g, " ").trim());
  return undefined;
};

/** The paragraphs of what a newsroom says to its readers. */
export const paragraphsOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** The series that a story is of: "Loạt bài: X (phần 2)". */
export const seriesOf = ({ title, part }: NonNullable<ArticleView["series"]>): string =>
  `Loạt bài: ${title}${part === undefined ? "" : ` (phần ${part})`}`;

/** The source of an agency's text: "(Theo X)"; what already says "Theo" or stands in brackets is not doubled. */
export const sourceOf = (sourceLine: string): string => {
  if (sourceLine.startsWith("(")) return sourceLine;
  return /^theo\s/i.test(sourceLine) ? `(${sourceLine})` : `(Theo ${sourceLine})`;
};

/** A photographer's name: "Ảnh: X"; what already says "Ảnh", or has a label of its own ("Đồ họa: X"), is not doubled. */
export const creditOf = (credit: string): string =>
  /^(?:[(©]|ảnh(?![\p{L}\p{M}])|[\p{L}\p{M} ]{1,20}:)/iu.test(credit) ? credit : `Ảnh: ${credit}`;

/** The absolute canonical URL of an article must not be broken by a lone surrogate, which encodeURIComponent refuses. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed());

/** Facebook's share dialog for a URL (https://developers.facebook.com/docs/sharing): a plain link, no script of theirs. */
export const facebookShare = (url: string): string => `https://www.facebook.com/sharer/sharer.php?u=${encode(url)}`;

/** A mail that passes a URL on, its title as the subject (RFC 6068). */
export const mailShare = (title: string, url: string): string =>
  `mailto:?subject=${encode(title)}&body=${encode(`${title}\r\n${url}`)}`;
