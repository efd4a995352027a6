import { raw } from "hono/html";
import { isWebUrl } from "../domain/body.ts";
import { formatTime } from "../domain/time.ts";
import { display, storyTime } from "../site/format.ts";
import { absolute, sectionPath } from "../site/paths.ts";
import { BodyBlocks, isPlain } from "./body.tsx";
import { colourClass } from "./colours.ts";
import { newsArticle, scriptJson } from "./json-ld.ts";
import { documentOf } from "./layout.tsx";
import { Metadata } from "./meta.tsx";
import { styleOf } from "./styles.ts";
import { descriptionOf, facebookShare, mailShare, sourceOf, titleOf } from "./text.ts";
import type { ArticleView, SiteView } from "./view.ts";

type Props = { site: SiteView; article: ArticleView };

const Head = ({ site, article }: Props) => {
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

const Opening = ({ site, article }: Props) => {
  const section = site.sections.find(({ slug }) => slug === article.section);
  return (
    <header>
      {section && (
        <p class="section">
          <a href={sectionPath(section.slug)}>{display(section.title)}</a>
        </p>
      )}
      <hgroup>
        {article.kicker && <p class="kicker">{display(article.kicker)}</p>}
        <h1>{display(article.headline)}</h1>
      </hgroup>
      {article.standfirst && <p class="standfirst">{display(article.standfirst)}</p>}
      <div class="byline">
        {article.bylines.length > 0 && <p class="by">{display(article.bylines.map(({ name }) => name).join(", "))}</p>}
        <p>
          <time datetime={article.publishedAt}>{storyTime(article.publishedAt, site.timeZone)}</time>
          {article.modifiedAt && (
            <span>
              {"Cập nhật "}
              <time datetime={article.modifiedAt}>{storyTime(article.modifiedAt, site.timeZone)}</time>
            </span>
          )}
        </p>
      </div>
    </header>
  );
};

const Closing = ({ site, article }: Props) => {
  const url = absolute(site.baseUrl, article.path);
  return (
    <footer>
      {article.sourceLine && <p class="source">{display(sourceOf(article.sourceLine))}</p>}
      {article.tags.length > 0 && (
        <ul class="tags" aria-label="Từ khóa">
          {article.tags.map((tag) => (
            <li>{display(tag)}</li>
          ))}
        </ul>
      )}
      <div class="share">
        <ul aria-label="Chia sẻ">
          <li>
            <a href={facebookShare(url)}>Chia sẻ Facebook</a>
          </li>
          <li>
            <a href={mailShare(titleOf(article), url)}>Gửi e-mail</a>
          </li>
        </ul>
        <p class="url">{url}</p>
      </div>
    </footer>
  );
};

/**
 * The page of a story: a whole HTML document, the same for the same data. Every text stands once in <main>; figures
 * are left off while they have no picture. No script but the JSON-LD, which is data.
 */
export const renderArticle = (site: SiteView, article: ArticleView): string =>
  documentOf({
    site,
    locale: article.locale,
    title: `${article.seo?.title ?? titleOf(article)} | ${site.title}`,
    css: styleOf(isPlain(article.body) ? "article" : "richArticle", [article.section]),
    head: <Head site={site} article={article} />,
    current: { path: `/${article.section}`, as: "true" },
    children: (
      <article class={`story ${colourClass(article.section)}`}>
        <Opening site={site} article={article} />
        <BodyBlocks body={article.body} show={display} zone={site.timeZone} />
        <Closing site={site} article={article} />
      </article>
    ),
  });
