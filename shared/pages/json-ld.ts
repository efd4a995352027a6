import { formatTime } from "../domain/time.ts";
import { absolute, FRONT } from "../site/paths.ts";
import { jpegOf, pathOf } from "./renditions.ts";
import { descriptionOf } from "./text.ts";
import type { ArticleView, PictureView, SiteView } from "./view.ts";

const stamp = (instant: string, zone: string): string => formatTime(Date.parse(instant), zone);

/** The shapes that Google asks for; each the largest there is. */
const SHAPES = ["16x9", "4x3", "1x1"] as const;

const imageObjects = (site: SiteView, picture: PictureView): Record<string, unknown>[] =>
  SHAPES.flatMap((crop) => {
    const jpeg = jpegOf(picture, crop);
    if (!jpeg) return [];
    const { width, height } = jpeg;
    return [
      {
        "@type": "ImageObject",
        url: absolute(site.baseUrl, pathOf(picture, jpeg)),
        width,
        height,
        ...(picture.caption && { caption: picture.caption }),
        ...(picture.credit && { creditText: picture.credit }),
      },
    ];
  });

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
    ...(article.picture && { image: imageObjects(site, article.picture) }),
    inLanguage: article.locale,
    datePublished: stamp(article.publishedAt, site.timeZone),
    dateModified: stamp(article.modifiedAt ?? article.publishedAt, site.timeZone),
    author: authors.length > 0 ? authors : [publisher],
    publisher,
    mainEntityOfPage: { "@type": "WebPage", "@id": absolute(site.baseUrl, article.path) },
    ...(section && { articleSection: section.title }),
    ...(article.tags.length > 0 && { keywords: article.tags }),
    ...(article.corrections?.length
      ? {
          correction: article.corrections.map(({ at, note }) => ({
            "@type": "CorrectionComment",
            text: note,
            datePublished: stamp(at, site.timeZone),
          })),
        }
      : {}),
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
