import { cachePolicy, cacheTags } from "../../shared/pages/cache.ts";
import { renderFeed } from "../../shared/pages/feed.ts";
import { assets } from "../../shared/pages/fonts.ts";
import { renderFront, renderSection } from "../../shared/pages/lists.tsx";
import { renderNotFound } from "../../shared/pages/not-found.tsx";
import { renderRobots } from "../../shared/pages/robots.ts";
import type { FeedItemView } from "../../shared/pages/view.ts";
import type { SharedPage } from "../../shared/site/impact.ts";
import { FEED, FRONT, NOT_FOUND, objectKey, ROBOTS, sectionPath } from "../../shared/site/paths.ts";
import { loadBody } from "../../shared/store/articles.ts";
import { newestRows, type Row } from "../../shared/store/live.ts";
import type { Services } from "../../shared/store/services.ts";
import { loadSite } from "../../shared/store/site.ts";
import { putCurrent, type Rendered } from "./put.ts";
import { siteView } from "./view.ts";

type Renderer = Pick<Services, "table" | "bodies" | "site" | "ids" | "clock" | "epoch" | "events" | "siteUrl">;

/** Stories on a front, and in a feed. */
const FRONT_STORIES = 30;
const FEED_ITEMS = 20;

/** The public path of a shared page; the same for a section that is no more. */
export const pathOfShared = (page: Exclude<SharedPage, { kind: "assets" }>): string => {
  switch (page.kind) {
    case "front":
      return FRONT;
    case "feed":
      return FEED;
    case "robots":
      return ROBOTS;
    case "not-found":
      return NOT_FOUND;
    case "section":
      return sectionPath(page.slug);
  }
};

/** Writes a page that no single story owns, from the current state. Answers the path written. Throws RenderFault. */
export const renderShared = async (services: Renderer, page: SharedPage): Promise<string[]> => {
  if (page.kind === "assets") return putAssets(services);
  const path = pathOfShared(page);
  await putCurrent(services, objectKey(path), async () => ({
    rendered: await renderedShared(services, page),
    state: undefined,
  }));
  return [path];
};

const renderedShared = async (services: Renderer, page: Exclude<SharedPage, { kind: "assets" }>): Promise<Rendered> => {
  const { table } = services;
  const site = await loadSite(table, services.siteUrl);
  const view = siteView(site);
  switch (page.kind) {
    case "front": {
      const rows = await newestRows(table, "front", FRONT_STORIES);
      return { ...cachePolicy("front"), body: renderFront(view, storiesOf(rows)), tags: cacheTags(idsOf(rows)) };
    }
    case "section": {
      const section = site.sections.find((one) => one.slug === page.slug);
      if (!section) return { ...cachePolicy("not-found"), body: renderNotFound(view), tags: [], status: 410 };
      const rows = await newestRows(table, `section:${page.slug}`, FRONT_STORIES);
      return {
        ...cachePolicy("section"),
        body: renderSection(view, section, storiesOf(rows)),
        tags: cacheTags(idsOf(rows)),
      };
    }
    case "feed": {
      const rows = await newestRows(table, "front", FEED_ITEMS);
      const items = await Promise.all(rows.map((row) => feedItem(services, row)));
      return { ...cachePolicy("feed"), body: renderFeed(view, items), tags: cacheTags(idsOf(rows)) };
    }
    case "robots":
      return { ...cachePolicy("robots"), body: renderRobots(view), tags: [] };
    case "not-found":
      return { ...cachePolicy("not-found"), body: renderNotFound(view), tags: [], bare: true };
  }
};

const storiesOf = (rows: Row[]) => rows.map((row) => row.story);
const idsOf = (rows: Row[]) => rows.map((row) => row.story.id);

/** A story whose body cannot be read stands in the feed with its standfirst alone: one bad object stops nobody else. */
const feedItem = async ({ bodies, events }: Renderer, { story, bodyDigest }: Row): Promise<FeedItemView> => {
  const body = await loadBody(bodies, story.id, bodyDigest);
  if (!body) events({ event: "render.body-unreadable", article: story.id, digest: bodyDigest });
  return { ...story, body };
};

/** Assets are named by their digest: what stands there is right, whoever put it. */
const putAssets = async ({ site, epoch }: Renderer): Promise<string[]> => {
  const all = assets();
  for (const { path, contentType, body } of all)
    await site.put(
      {
        key: objectKey(path),
        body,
        contentType,
        cacheControl: cachePolicy("asset").cacheControl,
        metadata: { epoch: String(epoch) },
      },
      undefined,
    );
  return all.map((asset) => asset.path);
};
