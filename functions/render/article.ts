import { renderArticle } from "../../shared/pages/article.tsx";
import { cachePolicy } from "../../shared/pages/cache.ts";
import { renderMoved } from "../../shared/pages/moved.tsx";
import { formerPathsOf, pathOf } from "../../shared/site/impact.ts";
import { objectKey, tagOf } from "../../shared/site/paths.ts";
import { loadBody, loadHead } from "../../shared/store/articles.ts";
import { goLive, isPublic, type Live, loadLive, type PublishedHead, storyOf } from "../../shared/store/live.ts";
import type { Services } from "../../shared/store/services.ts";
import { loadSite } from "../../shared/store/site.ts";
import type { Work } from "../../shared/store/work.ts";
import { putCurrent, RenderFault, type Rendered } from "./put.ts";
import { siteView } from "./view.ts";

type Renderer = Pick<Services, "table" | "bodies" | "site" | "ids" | "clock" | "epoch" | "events" | "siteUrl">;
type State = { head: PublishedHead; live: Live | undefined };

const TRIES = 20;

/**
 * Brings one story's public objects to its current state: its page, the redirects of a move, then the receipt with the
 * membership rows. Begins again from the state whenever that moved. Answers the paths written. Throws RenderFault.
 */
export const renderStory = async (
  services: Renderer,
  work: Work & { article: string; path: string },
): Promise<string[]> => {
  const { clock, events, ids, table } = services;
  let path = work.path;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const { head, live } = await putPath(services, work.article, path);
    const current = pathOf(head);
    if (current !== path) {
      path = current;
      continue;
    }
    const former = work.moved ? formerPathsOf(head) : [];
    for (const old of former) await putPath(services, work.article, old);
    const now = clock.now();
    if (await goLive(table, head, live, ids.ulid(now), now)) {
      events({
        event: "article.live",
        article: work.article,
        seq: head.siteSeq,
        ms: now - Date.parse(head.published.at),
      });
      return [path, ...former];
    }
  }
  throw new RenderFault("contended");
};

const putPath = (services: Renderer, article: string, path: string): Promise<State> =>
  putCurrent(services, objectKey(path), async () => {
    const [head, live, site] = await Promise.all([
      loadHead(services.table, article),
      loadLive(services.table, article),
      loadSite(services.table, services.siteUrl),
    ]);
    if (!isPublic(head)) throw new RenderFault("not-public");
    const view = siteView(site);
    const location = pathOf(head);
    if (location !== path) return { rendered: moved(article, location), state: { head, live } };
    if (!site.sections.some((section) => section.slug === head.published.address.section))
      throw new RenderFault("section-removed");
    const { content } = head.published;
    const body = await loadBody(services.bodies, article, content.bodyDigest);
    if (!body) throw new RenderFault("body-unreadable");
    const { locale, tags, sourceLine, canonicalUrl, seo } = content;
    const page = renderArticle(view, { ...storyOf(head), body, locale, tags, sourceLine, canonicalUrl, seo });
    return { rendered: { ...cachePolicy("article"), body: page, tags: [tagOf(article)] }, state: { head, live } };
  });

const moved = (article: string, location: string): Rendered => ({
  ...cachePolicy("moved"),
  body: renderMoved(location),
  tags: [tagOf(article)],
  status: 301,
  location,
});
