import { renderArticle } from "../../shared/pages/article.tsx";
import { cachePolicy } from "../../shared/pages/cache.ts";
import { oldPathsOf, pathOf } from "../../shared/site/impact.ts";
import { objectKey, tagOf } from "../../shared/site/paths.ts";
import { goLive, isPublic, type Live, type PublishedHead, type Shown, storyOf } from "../../shared/store/live.ts";
import type { Services } from "../../shared/store/services.ts";
import { type LoadedSite } from "../../shared/store/site.ts";
import { loadState } from "../../shared/store/state.ts";
import type { Work } from "../../shared/store/work.ts";
import { fileLed, type StoryRef } from "./led.ts";
import { putOldPaths } from "./old-paths.ts";
import { darken, publishPictures } from "./pictures.ts";
import { putOne, type Putter, RenderFault, type Rendered } from "./put.ts";
import { standingOf } from "./standing.ts";
import { siteView } from "./view.ts";

type Renderer = Putter & Pick<Services, "bodies" | "pictures">;
/**
 * A story's state, and all its work that is still to be put: each of it is older than what was read with it. `shown` are the
 * pictures that its page was made with; none when it is withdrawn.
 */
type State = { head: PublishedHead; live: Live | undefined; open: Work[]; led: string[]; shown: Shown };

const NO_PICTURES: Shown = { pictures: {}, sets: [], pending: false };

type Rendering = { works: Work[]; next: StoryRef[] };

const TRIES = 20;

/**
 * Brings one story's public objects to its current state: its pictures and its page, then its old paths after a move, then
 * tombstones for pictures that were taken off, then the receipt with the membership rows, then work for the stories that are
 * redirected to it. Begins again from the state whenever that moved. `path` is where the page stood when the work was
 * made; each path that is put is told to `wrote`, so that a fault on the way does not hide it. Answers all work of the
 * story that is done with it, and the work to go on with; throws RenderFault, `work-gone` when there is nothing left to put.
 */
export const renderStory = async (
  services: Renderer,
  ref: StoryRef,
  wrote: (path: string) => void,
): Promise<Rendering> => {
  const { clock, events, ids, table } = services;
  let { path } = ref;
  // On its way while the state is read; whether it is still the one that is published is decided there.
  if (ref.bodyDigest !== undefined) services.bodies.get(ref.article, ref.bodyDigest).catch(() => undefined);
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const state = await putPage(services, ref, path);
    const { head, led, open } = state;
    const current = pathOf(head);
    if (current !== path) {
      path = current;
      continue;
    }
    wrote(path);
    // Only now: a redirect must not be there before the page that it leads to.
    await putOldPaths(services, oldPathsDue(head, ref, open), () => stateOf(services, ref), wrote);
    const dark = open
      .flatMap((work) => work.dark ?? [])
      .filter(({ image, gen }) => head.published.pictures[image] !== gen);
    await darken(services, ref.article, dark);
    const now = clock.now();
    if (await goLive(table, state, ids.ulid(now), now)) {
      const next = await fileLed(services, ref.article, led, open);
      const ms = now - Date.parse(head.updatedAt);
      events({ event: isPublic(head) ? "article.live" : "article.dark", article: ref.article, seq: head.siteSeq, ms });
      return { works: open, next };
    }
  }
  throw new RenderFault("contended");
};

/** Which old paths are to be written: every one after a move, and the path that the work began with. */
const oldPathsDue = (head: PublishedHead, ref: StoryRef, open: Work[]): string[] => {
  const old = open.some((work) => work.moved) ? oldPathsOf(head) : [];
  return [...new Set([...old, ref.path])].filter((path) => path !== pathOf(head));
};

const stateOf = async (services: Renderer, ref: StoryRef): Promise<State> => {
  const { head, live, works, led } = await loadState(services.table, ref.article);
  const open = works.filter((work) => work.phase === "put");
  if (!open.some((work) => work.id === ref.id)) throw new RenderFault("work-gone");
  const { published } = head ?? {};
  if (!head || !published) throw new RenderFault("not-public");
  return { head: { ...head, published }, live, open, led, shown: NO_PICTURES };
};

/** Writes the page, if `path` is where it stands now. */
const putPage = (services: Renderer, ref: StoryRef, path: string): Promise<State> =>
  putOne(services, {
    key: objectKey(path),
    fresh: ref.fresh === true && ref.path === path,
    render: async (reads) => {
      for (let attempt = 1; attempt <= TRIES; attempt++) {
        const [state, site] = await Promise.all([stateOf(services, ref), reads.site()]);
        if (pathOf(state.head) !== path) return { state };
        if (!isPublic(state.head)) return { rendered: await standingOf(services.table, site, state.head), state };
        const made = await page(services, state, site);
        if (made) return made;
      }
      throw new RenderFault("contended");
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
  const { locale, tags, series, sourceLine, canonicalUrl, seo } = content;
  const { corrections = [] } = head.published;
  const { pictures, hero, lead } = shown;
  const view = {
    ...storyOf(head, lead),
    body,
    pictures,
    hero,
    locale,
    tags,
    corrections,
    series,
    sourceLine,
    canonicalUrl,
    seo,
  };
  const policy = cachePolicy(shown.pending ? "waiting" : "article");
  const rendered = { ...policy, body: renderArticle(siteView(site), view), tags: [tagOf(head.id)] };
  return { rendered, state: { ...state, shown } };
};
