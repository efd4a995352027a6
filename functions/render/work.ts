import { iso } from "../../shared/domain/time.ts";
import { inParallel } from "../../shared/runtime/parallel.ts";
import { pagesOf, type SharedPage } from "../../shared/site/impact.ts";
import type { Services } from "../../shared/store/services.ts";
import { loadWork, type Work, type WorkRef } from "../../shared/store/work.ts";
import { renderStory } from "./article.ts";
import { type Putter, RenderFault } from "./put.ts";
import { codeOf, type Outcome, settle } from "./settle.ts";
import { renderShared } from "./shared.ts";

/** Stories under way side by side in one invocation; the SDK has 50 sockets, and a story uses two or three. */
const AT_ONCE = 16;

export type Renderer = Putter & Pick<Services, "bodies" | "purge">;

/**
 * Does the work that is named, each piece to its end or to a noted failure; never throws for one piece's sake. Stories
 * first, then each shared page once for all of them, then purges and receipts. References to work that is gone do
 * nothing, so any delivery may come twice.
 */
export const doWork = async (services: Renderer, refs: WorkRef[]): Promise<void> => {
  const unique = [...new Map(refs.map((ref) => [`${ref.pk} ${ref.sk}`, ref])).values()];
  const groups = [...Map.groupBy(unique, (ref) => ref.article ?? ref.id).values()];
  const outcomes = (await inParallel(groups, AT_ONCE, (group) => inTurn(services, group))).flat();
  await sharedPages(services, outcomes);
  await inParallel(outcomes, AT_ONCE, (outcome) => settle(services, outcome));
};

/** Work of one story is done in the order in which it was committed (ULIDs sort by time); stories side by side. */
const inTurn = async (services: Renderer, refs: WorkRef[]): Promise<Outcome[]> => {
  const outcomes: Outcome[] = [];
  for (const ref of refs.sort((a, b) => (a.id < b.id ? -1 : 1))) outcomes.push(...(await story(services, ref)));
  return outcomes;
};

/** Renders the story that a piece of work is about; nothing to say when the work is gone. */
const story = async (services: Renderer, ref: WorkRef): Promise<Outcome[]> => {
  const known = ref.path === undefined ? await loadWork(services.table, ref) : undefined;
  if (ref.path === undefined && !known) return [];
  const { article } = ref;
  const path = ref.path ?? known?.path;
  if (known && (known.phase !== "put" || article === undefined || path === undefined))
    return [{ work: known, written: [] }];
  try {
    const { work, paths } = await renderStory(services, { ...ref, article: article ?? "", path: path ?? "" });
    return [{ work, written: stampedAt(services, paths) }];
  } catch (error) {
    if (error instanceof RenderFault && error.code === "work-gone") return [];
    const work = known ?? (await loadWork(services.table, ref));
    return work ? [{ work, written: [], fault: codeOf(error) }] : [];
  }
};

const stampedAt = ({ clock }: Renderer, paths: string[]) => paths.map((path) => ({ path, at: iso(clock.now()) }));

const sharedOf = (work: Work): SharedPage[] => [...work.pages, ...work.lists.flatMap(pagesOf)];

/** Renders what the work touches, once for all of it; a page that fails is noted on every piece that wanted it. */
const sharedPages = async (services: Renderer, outcomes: Outcome[]): Promise<void> => {
  const wanted = new Map<string, { page: SharedPage; by: Outcome[] }>();
  for (const outcome of outcomes.filter(({ work, fault }) => work.phase === "put" && fault === undefined)) {
    for (const page of sharedOf(outcome.work)) {
      const name = JSON.stringify(page);
      const entry = wanted.get(name) ?? { page, by: [] };
      entry.by.push(outcome);
      wanted.set(name, entry);
    }
  }
  const pages = [...wanted.values()];
  for (const done of await renderShared(
    services,
    pages.map(({ page }) => page),
  )) {
    for (const outcome of wanted.get(JSON.stringify(done.page))?.by ?? []) {
      if ("fault" in done) outcome.fault = codeOf(done.fault);
      else outcome.written.push(...stampedAt(services, done.paths));
    }
  }
};
