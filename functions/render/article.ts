import { renderArticle } from "../../shared/pages/article.tsx";
import { cachePolicy } from "../../shared/pages/cache.ts";
import { renderMoved } from "../../shared/pages/moved.tsx";
import { renderNotFound } from "../../shared/pages/not-found.tsx";
import { formerPathsOf, pathOf } from "../../shared/site/impact.ts";
import { objectKey, tagOf } from "../../shared/site/paths.ts";
import { goLive, isPublic, type Live, type PublishedHead, type Shown, storyOf } from "../../shared/store/live.ts";
import type { Services } from "../../shared/store/services.ts";
import { type LoadedSite } from "../../shared/store/site.ts";
import { loadState } from "../../shared/store/state.ts";
import type { Work, WorkRef } from "../../shared/store/work.ts";
import { darken, publishPictures } from "./pictures.ts";
import { putOne, type Putter, RenderFault, type Rendered } from "./put.ts";
import { siteView } from "./view.ts";

type Renderer = Putter & Pick<Services, "bodies" | "pictures">;
type Story = WorkRef & { article: string; path: string };
/**
 * A story's state, and all its work that is still to be put: each of it is older than what was read with it. `shown` are the
 * pictures that its page was made with; none when it is withdrawn.
 */
type State = { head: PublishedHead; live: Live | undefined; open: Work[]; shown: Shown };

const NO_PICTURES: Shown = { pictures: {}, sets: [], pending: false };

const TRIES = 20;

/**
 * Brings one story's public objects to its current state: its pictures and its page, then the redirects of a move, then
 * tombstones for pictures that were taken off, then the receipt with the membership rows. Begins again from the state whenever that moved. `path` is where the page stood when the work was
 * made; each path that is put is told to `wrote`, so that a fault on the way does not hide it. Answers all work of the
 * story that is done with it; throws RenderFault, `work-gone` when there is nothing left to put.
 */
export const renderStory = async (services: Renderer, ref: Story, wrote: (path: string) => void): Promise<Work[]> => {
  const { clock, events, ids, table } = services;
  let { path } = ref;
  // On its way while the state is read; whether it is still the one that is published is decided there.
  if (ref.bodyDigest !== undefined) services.bodies.get(ref.article, ref.bodyDigest).catch(() => undefined);
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const state = await putPage(services, ref, path);
    const { head, open } = state;
    const current = pathOf(head);
    if (current !== path) {
      path = current;
      continue;
    }
    wrote(path);
    // Only now: a redirect must not be there before the page that it leads to.
    for (const old of redirectsOf(head, ref, open)) {
      await putRedirect(services, ref, old);
      wrote(old);
    }
    const dark = open
      .flatMap((work) => work.dark ?? [])
      .filter(({ image, gen }) => head.published.pictures[image] !== gen);
    await darken(services, ref.article, dark);
    const now = clock.now();
    if (await goLive(table, state, ids.ulid(now), now)) {
      const ms = now - Date.parse(head.updatedAt);
      events({ event: isPublic(head) ? "article.live" : "article.dark", article: ref.article, seq: head.siteSeq, ms });
      return open;
    }
  }
  throw new RenderFault("contended");
};

/** Where redirects (or tombstones) are due: every former path after a move, and the path that the work began with. */
const redirectsOf = (head: PublishedHead, ref: Story, open: Work[]): Set<string> => {
  const former = open.some((work) => work.moved) ? formerPathsOf(head) : [];
  return new Set([...former, ref.path].filter((path) => path !== pathOf(head)));
};

const stateOf = async (services: Renderer, ref: Story): Promise<State> => {
  const { head, live, works } = await loadState(services.table, ref.article);
  const open = works.filter((work) => work.phase === "put");
  if (!open.some((work) => work.id === ref.id)) throw new RenderFault("work-gone");
  const { published } = head ?? {};
  if (!head || !published) throw new RenderFault("not-public");
  return { head: { ...head, published }, live, open, shown: NO_PICTURES };
};

/** Writes the page, if `path` is where it stands now. */
const putPage = (services: Renderer, ref: Story, path: string): Promise<State> =>
  putOne(services, {
    key: objectKey(path),
    fresh: ref.fresh === true && ref.path === path,
    render: async (reads) => {
      for (let attempt = 1; attempt <= TRIES; attempt++) {
        const [state, site] = await Promise.all([stateOf(services, ref), reads.site()]);
        if (pathOf(state.head) !== path) return { state };
        if (!isPublic(state.head)) return { rendered: tombstone(ref.article, site), state };
        const made = await page(services, state, site);
        if (made) return made;
      }
      throw new RenderFault("contended");
    },
  });

/** Writes a redirect at a former path, unless the page has come back to it meanwhile; a tombstone when it is withdrawn. */
const putRedirect = (services: Renderer, ref: Story, path: string): Promise<State> =>
  putOne(services, {
    key: objectKey(path),
    render: async (reads) => {
      const state = await stateOf(services, ref);
      const location = pathOf(state.head);
      if (location === path) return { state };
      if (!isPublic(state.head)) return { rendered: tombstone(ref.article, await reads.site()), state };
      return { rendered: redirect(ref.article, location), state };
    },
  });

/** A story's page, its pictures public already; undefined when the story moved on while they were looked at. */
const page = async (
  services: Renderer,
  state: State,
  site: LoadedSite,
): Promise<{ rendered: Rendered; state: State } | undefined> => {
  const { head, live } = state;
  const { content, address } = head.published;
  if (!site.sections.some((section) => section.slug === address.section)) throw new RenderFault("section-removed");
  const body = await services.bodies.get(head.id, content.bodyDigest);
  if (!body) throw new RenderFault("body-unreadable");
  const shown = await publishPictures(services, head, live, body);
  if (!shown) return undefined;
  const { locale, tags, sourceLine, canonicalUrl, seo } = content;
  const { pictures, hero, lead } = shown;
  const view = { ...storyOf(head, lead), body, pictures, hero, locale, tags, sourceLine, canonicalUrl, seo };
  const policy = cachePolicy(shown.pending ? "waiting" : "article");
  const rendered = { ...policy, body: renderArticle(siteView(site), view), tags: [tagOf(head.id)] };
  return { rendered, state: { ...state, shown } };
};

const tombstone = (article: string, site: LoadedSite): Rendered => ({
  ...cachePolicy("gone"),
  body: renderNotFound(siteView(site)),
  tags: [tagOf(article)],
  status: 410,
});

const redirect = (article: string, location: string): Rendered => ({
  ...cachePolicy("moved"),
  body: renderMoved(location),
  tags: [tagOf(article)],
  status: 301,
  location,
});
