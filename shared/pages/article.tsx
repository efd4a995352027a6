import type { Child } from "hono/jsx";
import { display, storyTime } from "../site/format.ts";
import { absolute, sectionPath } from "../site/paths.ts";
import { ArticleHead } from "./article-head.tsx";
import { BodyBlocks, isPlain } from "./body.tsx";
import { colourClass } from "./colours.ts";
import { Corrections, CorrectionsLink } from "./corrections.tsx";
import { figuresOf, pictureOf, StoryFigure } from "./figure.tsx";
import { documentOf } from "./layout.tsx";
import { styleOf } from "./styles.ts";
import { facebookShare, mailShare, seriesOf, sourceOf, titleOf } from "./text.ts";
import type { ArticleView, SiteView } from "./view.ts";

type Props = { site: SiteView; article: ArticleView };

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
      {article.series && <p class="source">{display(seriesOf(article.series))}</p>}
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
          <CorrectionsLink corrections={article.corrections} />
        </p>
      </div>
    </header>
  );
};

const Sharing = ({ site, article }: Props) => {
  const url = absolute(site.baseUrl, article.path);
  return (
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
  );
};

const Closing = ({ article, children }: Pick<Props, "article"> & { children?: Child }) => (
  <footer>
    {article.sourceLine && <p class="source">{display(sourceOf(article.sourceLine))}</p>}
    {article.tags.length > 0 && (
      <ul class="tags" aria-label="Từ khóa">
        {article.tags.map((tag) => (
          <li>{display(tag)}</li>
        ))}
      </ul>
    )}
    {children}
  </footer>
);

/** The picture above the text and the blocks; the first picture of the page is the one that does not wait. */
const Text = ({ site, article: { body, hero, pictures } }: Props) => {
  const [first] = figuresOf(body, pictures);
  return (
    <>
      {hero && <StoryFigure picture={hero} show={display} above eager />}
      <BodyBlocks
        body={body}
        show={display}
        zone={site.timeZone}
        figure={(block) => {
          const picture = pictureOf(block, pictures);
          const eager = !hero && block === first;
          return (
            picture && <StoryFigure picture={picture} show={display} above={eager && block === body[0]} eager={eager} />
          );
        }}
      />
    </>
  );
};

/** The style of a story's page: what it shows, and no more. */
export const styleOfStory = ({ body, hero, pictures, section, corrections }: ArticleView): string =>
  styleOf(isPlain(body) ? "article" : "richArticle", [section], {
    pictures: Boolean(hero) || figuresOf(body, pictures).length > 0,
    corrections: Boolean(corrections?.length),
  });

/** All that <main> has; `children` end it, under the tags. */
export const Story = ({ site, article, children }: Props & { children?: Child }) => (
  <article class={`story ${colourClass(article.section)}`}>
    <Opening site={site} article={article} />
    <Text site={site} article={article} />
    <Corrections corrections={article.corrections} zone={site.timeZone} />
    <Closing article={article}>{children}</Closing>
  </article>
);

/**
 * The page of a story: a whole HTML document, the same for the same data. Every text stands once in <main>; figures
 * without a picture are left off, caption and all. No script but the JSON-LD, which is data.
 */
export const renderArticle = (site: SiteView, article: ArticleView): string =>
  documentOf({
    site,
    locale: article.locale,
    title: `${article.seo?.title ?? titleOf(article)} | ${site.title}`,
    css: styleOfStory(article),
    head: <ArticleHead site={site} article={article} />,
    current: { path: `/${article.section}`, as: "true" },
    children: (
      <Story site={site} article={article}>
        <Sharing site={site} article={article} />
      </Story>
    ),
  });
