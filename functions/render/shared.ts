import { cachePolicy, cacheTags } from "../../shared/pages/cache.ts";
import { renderFeed } from "../../shared/pages/feed.ts";
import { assets } from "../../shared/pages/fonts.ts";
import { renderFront, renderSection } from "../../shared/pages/lists.tsx";
import { renderNotFound } from "../../shared/pages/not-found.tsx";
import { renderRobots } from "../../shared/pages/robots.ts";
import type { FeedItemView } from "../../shared/pages/view.ts";
import type { SharedPage } from "../../shared/site/impact.ts";
import { FEED, FRONT, keyFilePath, NOT_FOUND, objectKey, ROBOTS, sectionPath } from "../../shared/site/paths.ts";
import type { Row } from "../../shared/store/live.ts";
import type { Services } from "../../shared/store/services.ts";
import { putCurrent, type Putter, type Rendered } from "./put.ts";
import type { Reads } from "./reads.ts";
import { siteView } from "./view.ts";

type Renderer = Putter & Pick<Services, "bodies">;
type Rendering = Exclude<SharedPage, { kind: "assets" }>;

const FEED_ITEMS = 20;

/** The public path of a shared page; the same for a section, or a key, that is no more. */
const pathOfShared = (page: Rendering): string => {
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
    case "index-now":
      return keyFilePath(page.key);
  }
};

/** The paths that were written for a page, or why it could not be. */
export type SharedOutcome = { page: SharedPage; paths: string[] } | { page: SharedPage; fault: unknown };

/** Writes pages that no single story owns, from the current state, together. */
export const renderShared = async (services: Renderer, pages: SharedPage[]): Promise<SharedOutcome[]> => {
  const rendering = pages.filter((page) => page.kind !== "assets");
  const paths = rendering.map(pathOfShared);
  const put = putCurrent(
    services,
    rendering.map((page, n) => ({
      key: objectKey(paths[n] ?? ""),
      exact: page.kind === "index-now",
      render: async (reads) => ({ rendered: await renderedShared(services, page, reads), state: undefined }),
    })),
  );
  const files = pages.filter((page) => page.kind === "assets").map((page) => putAssets(services, page));
  const byKey = new Map((await put).map((outcome) => [outcome.key, outcome]));
  const outcomes = rendering.map((page, n): SharedOutcome => {
    const outcome = byKey.get(objectKey(paths[n] ?? ""));
    return outcome && "fault" in outcome ? { page, fault: outcome.fault } : { page, paths: paths.slice(n, n + 1) };
  });
  return [...outcomes, ...(await Promise.all(files))];
};

const renderedShared = async (services: Renderer, page: Rendering, reads: Reads): Promise<Rendered> => {
  const [site, rows] = await Promise.all([reads.site(), rowsOf(page, reads)]);
  const view = siteView(site);
  const stories = rows.map((row) => row.story);
  const tags = cacheTags(stories.map((story) => story.id));
  switch (page.kind) {
    case "front":
      return { ...cachePolicy("front"), body: renderFront(view, stories), tags };
    case "section": {
      const section = site.sections.find((one) => one.slug === page.slug);
      if (!section) return { ...cachePolicy("not-found"), body: renderNotFound(view), tags: [], status: 410 };
      return { ...cachePolicy("section"), body: renderSection(view, section, stories), tags };
    }
    case "feed": {
      const items = await Promise.all(rows.map((row) => feedItem(services, row)));
      return { ...cachePolicy("feed"), body: renderFeed(view, items), tags };
    }
    case "robots":
      return { ...cachePolicy("robots"), body: renderRobots(view), tags: [] };
    case "index-now":
      if (site.indexNow?.key !== page.key)
        return { ...cachePolicy("not-found"), body: renderNotFound(view), tags: [], status: 410 };
      return { ...cachePolicy("key"), body: page.key, tags: [] };
    case "not-found":
      return { ...cachePolicy("not-found"), body: renderNotFound(view), tags: [], bare: true };
  }
};

const rowsOf = async (page: Rendering, reads: Reads): Promise<Row[]> => {
  if (page.kind === "front") return reads.led("front");
  if (page.kind === "feed") return (await reads.rows("front")).slice(0, FEED_ITEMS);
  return page.kind === "section" ? reads.led(`section:${page.slug}`) : [];
};

/** A story whose body cannot be read stands in the feed with its standfirst alone: one bad object stops nobody else. */
const feedItem = async (
  { bodies, events }: Renderer,
  { story, bodyDigest, pictures, hero }: Row,
): Promise<FeedItemView> => {
  const body = await bodies.get(story.id, bodyDigest);
  if (!body) events({ event: "render.body-unreadable", article: story.id, digest: bodyDigest });
  return { ...story, body, pictures, hero };
};

/** Assets are named by their digest: what stands there is right, whoever put it. */
const putAssets = async ({ site, epoch }: Renderer, page: SharedPage): Promise<SharedOutcome> => {
  const { cacheControl } = cachePolicy("asset");
  try {
    const all = assets();
    for (const { path, contentType, body } of all)
      await site.put(
        { key: objectKey(path), body, contentType, cacheControl, metadata: { epoch: String(epoch) } },
        undefined,
      );
    return { page, paths: all.map((asset) => asset.path) };
  } catch (fault) {
    return { page, fault };
  }
};
