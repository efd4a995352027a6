import { renderArticle } from "../../shared/pages/article.tsx";
import { cachePolicy } from "../../shared/pages/cache.ts";
import { renderMoved } from "../../shared/pages/moved.tsx";
import { formerPathsOf, pathOf } from "../../shared/site/impact.ts";
import { objectKey, tagOf } from "../../shared/site/paths.ts";
import { goLive, isPublic, type Live, type PublishedHead, storyOf } from "../../shared/store/live.ts";
import type { Services } from "../../shared/store/services.ts";
import { loadState } from "../../shared/store/state.ts";
import type { Work, WorkRef } from "../../shared/store/work.ts";
import { putOne, type Putter, RenderFault, type Rendered } from "./put.ts";
import { siteView } from "./view.ts";

type Renderer = Putter & Pick<Services, "bodies">;
type State = { head: PublishedHead; live: Live | undefined; work: Work };

const TRIES = 20;

/**
 * Brings one story's public objects to its current state: its page, the redirects of a move, then the receipt with the
 * membership rows. Begins again from the state whenever that moved. `path` is where the page stood when the work was
 * made. Answers the work and the paths written; throws RenderFault.
 */
export const renderStory = async (
  services: Renderer,
  ref: WorkRef & { article: string; path: string },
): Promise<{ work: Work; paths: string[] }> => {
  const { clock, events, ids, table } = services;
  let { path } = ref;
  // On its way while the state is read; whether it is still the one that is published is decided there.
  if (ref.bodyDigest !== undefined) services.bodies.get(ref.article, ref.bodyDigest).catch(() => undefined);
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const { head, live, work } = await putPath(services, ref, path);
    const current = pathOf(head);
    if (current !== path) {
      path = current;
      continue;
    }
    const former = work.moved ? formerPathsOf(head) : [];
    for (const old of former) await putPath(services, ref, old);
    const now = clock.now();
    if (await goLive(table, head, live, ids.ulid(now), now)) {
      events({
        event: "article.live",
        article: ref.article,
        seq: head.siteSeq,
        ms: now - Date.parse(head.published.at),
      });
      return { work, paths: [path, ...former] };
    }
  }
  throw new RenderFault("contended");
};

/** Writes what the story's state makes of one of its paths: the page at the present one, a redirect at a former one. */
const putPath = (services: Renderer, ref: WorkRef & { article: string }, path: string): Promise<State> =>
  putOne(services, {
    key: objectKey(path),
    fresh: ref.fresh === true && ref.path === path,
    render: async (reads) => {
      const [{ head, live, works }, site] = await Promise.all([loadState(services.table, ref.article), reads.site()]);
      const work = works.find((one) => one.id === ref.id);
      if (!work) throw new RenderFault("work-gone");
      if (!isPublic(head)) throw new RenderFault("not-public");
      const state = { head, live, work };
      const location = pathOf(head);
      if (location !== path) return { rendered: redirect(ref.article, location), state };
      if (!site.sections.some((section) => section.slug === head.published.address.section))
        throw new RenderFault("section-removed");
      const { content } = head.published;
      const body = await services.bodies.get(ref.article, content.bodyDigest);
      if (!body) throw new RenderFault("body-unreadable");
      const { locale, tags, sourceLine, canonicalUrl, seo } = content;
      const view = { ...storyOf(head), body, locale, tags, sourceLine, canonicalUrl, seo };
      const page = renderArticle(siteView(site), view);
      return { rendered: { ...cachePolicy("article"), body: page, tags: [tagOf(ref.article)] }, state };
    },
  });

const redirect = (article: string, location: string): Rendered => ({
  ...cachePolicy("moved"),
  body: renderMoved(location),
  tags: [tagOf(article)],
  status: 301,
  location,
});
