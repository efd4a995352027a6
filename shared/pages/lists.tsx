import type { Section } from "../domain/site.ts";
import { display, listTime } from "../site/format.ts";
import { absolute, FRONT, sectionPath } from "../site/paths.ts";
import { colourClass } from "./colours.ts";
import { documentOf } from "./layout.tsx";
import { Metadata } from "./meta.tsx";
import { showsPictures, StoryList } from "./story-list.tsx";
import { styleOf } from "./styles.ts";
import type { SiteView, StoryView } from "./view.ts";

/** The latest moment the stories know of: what the front page's dateline says, since pages have no clock. */
const latest = (stories: readonly StoryView[]): string | undefined =>
  stories
    .flatMap((story) => [story.publishedAt, story.modifiedAt ?? story.publishedAt])
    .sort((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1);

/** The front page: the stories as given (newest first), each once: a lead, cards, then a river of headlines. */
export const renderFront = (site: SiteView, stories: readonly StoryView[]): string => {
  const at = latest(stories);
  const url = absolute(site.baseUrl, FRONT);
  return documentOf({
    site,
    locale: site.locale,
    title: site.title,
    css: styleOf(
      stories.length > 0 ? "list" : "emptyList",
      stories.map(({ section }) => section),
      { pictures: showsPictures(stories) },
    ),
    head: (
      <Metadata
        site={site}
        canonical={url}
        og={{ type: "website", title: site.title, url, description: site.description, locale: site.locale }}
      />
    ),
    current: { path: FRONT, as: "page" },
    front: {
      dateline: at && (
        <>
          {"Cập nhật "}
          <time datetime={at}>{listTime(at, site.timeZone)}</time>
        </>
      ),
    },
    children:
      stories.length > 0 ? (
        <StoryList site={site} stories={stories} label />
      ) : (
        <p class="empty">Chưa có bài nào. Tin đầu tiên sẽ hiện ở đây ngay khi được đăng.</p>
      ),
  });
};

/** The front of a section: its name and description, then its stories as {@link renderFront} shows them. */
export const renderSection = (site: SiteView, section: Section, stories: readonly StoryView[]): string => {
  const path = sectionPath(section.slug);
  const url = absolute(site.baseUrl, path);
  const title = `${section.title} | ${site.title}`;
  return documentOf({
    site,
    locale: site.locale,
    title,
    css: styleOf(stories.length > 0 ? "list" : "emptyList", [section.slug, ...stories.map((story) => story.section)], {
      pictures: showsPictures(stories),
    }),
    head: (
      <Metadata
        site={site}
        canonical={url}
        og={{ type: "website", title, url, description: section.description ?? site.description, locale: site.locale }}
      />
    ),
    current: { path, as: "page" },
    children: (
      <>
        <header class={`head ${colourClass(section.slug)}`}>
          <h1>{display(section.title)}</h1>
          {section.description && <p>{display(section.description)}</p>}
        </header>
        {stories.length > 0 ? (
          <StoryList site={site} stories={stories} />
        ) : (
          <p class="empty">Chuyên mục này chưa có bài. Mời bạn trở lại sau, hoặc đọc các chuyên mục khác.</p>
        )}
      </>
    ),
  });
};
