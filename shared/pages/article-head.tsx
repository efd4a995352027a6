import { raw } from "hono/html";
import { isWebUrl } from "../domain/body.ts";
import { formatTime } from "../domain/time.ts";
import { absolute } from "../site/paths.ts";
import { newsArticle, scriptJson } from "./json-ld.ts";
import { Metadata, type ShareImage } from "./meta.tsx";
import { jpegOf, pathOf } from "./renditions.ts";
import { descriptionOf, titleOf } from "./text.ts";
import type { ArticleView, SiteView } from "./view.ts";

type Props = { site: SiteView; article: ArticleView };

const shareImage = ({ site, article: { picture } }: Props): ShareImage | undefined => {
  const jpeg = picture && jpegOf(picture, "card");
  if (!picture || !jpeg) return undefined;
  const { width, height } = jpeg;
  return { url: absolute(site.baseUrl, pathOf(picture, jpeg)), width, height, alt: picture.alt };
};

/** What machines read of a story: canonical link, OpenGraph, times, section, tags, JSON-LD. */
export const ArticleHead = ({ site, article }: Props) => {
  const url = absolute(site.baseUrl, article.path);
  const canonical = article.canonicalUrl && isWebUrl(article.canonicalUrl) ? article.canonicalUrl : url;
  const stamp = (instant: string): string => formatTime(Date.parse(instant), site.timeZone);
  const section = site.sections.find(({ slug }) => slug === article.section);
  const og = {
    type: "article" as const,
    title: titleOf(article),
    url,
    description: descriptionOf(article),
    locale: article.locale,
    image: shareImage({ site, article }),
  };
  return (
    <>
      <Metadata site={site} canonical={canonical} og={og} />
      <meta property="article:published_time" content={stamp(article.publishedAt)} />
      <meta property="article:modified_time" content={stamp(article.modifiedAt ?? article.publishedAt)} />
      {section && <meta property="article:section" content={section.title} />}
      {article.tags.map((tag) => (
        <meta property="article:tag" content={tag} />
      ))}
      <meta name="robots" content="max-image-preview:large" />
      <script type="application/ld+json">{raw(scriptJson(newsArticle(site, article)))}</script>
    </>
  );
};
