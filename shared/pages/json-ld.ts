import { formatTime } from "../domain/time.ts";
import { absolute, FRONT } from "../site/paths.ts";
import { descriptionOf } from "./text.ts";
import type { ArticleView, SiteView } from "./view.ts";

const stamp = (instant: string, zone: string): string => formatTime(Date.parse(instant), zone);

/**
 * A story as schema.org's NewsArticle (https://developers.google.com/search/docs/appearance/structured-data/article):
 * plain data, raw text, times with the offset of the site's zone. Without a byline the newsroom is the author.
 */
export const newsArticle = (site: SiteView, article: ArticleView): Record<string, unknown> => {
  const publisher = {
    "@type": "NewsMediaOrganization",
    name: site.title,
    url: absolute(site.baseUrl, FRONT),
    ...(site.logo && { logo: { "@type": "ImageObject", url: site.logo } }),
  };
  const description = descriptionOf(article);
  const section = site.sections.find(({ slug }) => slug === article.section);
  const authors = article.bylines.map(({ name }) => ({ "@type": "Person", name }));
  return {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    headline: article.headline,
    ...(article.kicker && { alternativeHeadline: `${article.kicker} ${article.headline}` }),
    ...(description && { description }),
    inLanguage: article.locale,
    datePublished: stamp(article.publishedAt, site.timeZone),
    dateModified: stamp(article.modifiedAt ?? article.publishedAt, site.timeZone),
    author: authors.length > 0 ? authors : [publisher],
    publisher,
    mainEntityOfPage: { "@type": "WebPage", "@id": absolute(site.baseUrl, article.path) },
    ...(section && { articleSection: section.title }),
    ...(article.tags.length > 0 && { keywords: article.tags }),
  };
};

/**
 * JSON that can stand inside a script element: what could end it or break a line of script is written \uXXXX, which
 * JSON.parse reads back as the same text (https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements).
 */
export const scriptJson = (data: unknown): string =>
  JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
