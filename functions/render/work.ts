import { iso } from "../../shared/domain/time.ts";
import { inParallel } from "../../shared/runtime/parallel.ts";
import { pagesOf, type SharedPage } from "../../shared/site/impact.ts";
import type { Services } from "../../shared/store/services.ts";
import { leaseWork, loadWork, type Work, type WorkRef } from "../../shared/store/work.ts";
import { renderStory } from "./article.ts";
import { fanOut } from "./fan-out.ts";
import { type Putter, RenderFault } from "./put.ts";
import type { StoryRef } from "./led.ts";
import { codeOf, type Outcome, settle } from "./settle.ts";
import { renderShared } from "./shared.ts";

/** Stories under way side by side in one invocation; the SDK has 50 sockets, and a story uses two or three. */
const AT_ONCE = 16;

export type Renderer = Putter & Pick<Services, "bodies" | "pictures" | "purge">;

/**
 * Does the work that is named, each piece to its end or to a noted failure; never throws for one piece's sake. Stories
 * first, then each shared page once for all of them, then purges and receipts. References to work that is gone do
 * nothing, so any delivery may come twice. What could not even be noted is told as an event, and comes again by the sweep.
 */
export const doWork = async (services: Renderer, refs: WorkRef[]): Promise<void> => {
  const unique = [...new Map(refs.map((ref) => [`${ref.pk} ${ref.sk}`, ref])).values()];
  const groups = [...Map.groupBy(unique, (ref) => ref.article ?? ref.image ?? ref.id).values()];
  const outcomes = (await inParallel(groups, AT_ONCE, (group) => inTurn(services, group))).flat();
  await sharedPages(services, outcomes);
  await inParallel(outcomes, AT_ONCE, (outcome) => settle(services, outcome).catch(lost(services, outcome.work.id)));
};

/** Notes a fault that left no trace on any WORK. */
const lost =
  ({ events }: Renderer, work: string) =>
  (error: unknown): void =>
    events({ event: "render.failed", work, attempt: 0, code: codeOf(error) });

/** Work of one story is done in the order in which it was committed (ULIDs sort by time), each piece once. */
const inTurn = async (services: Renderer, refs: WorkRef[]): Promise<Outcome[]> => {
  const outcomes: Outcome[] = [];
  for (const ref of refs.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (outcomes.some(({ work }) => work.id === ref.id)) continue;
    try {
      outcomes.push(...(await piece(services, ref)));
    } catch (error) {
      lost(services, ref.id)(error);
    }
  }
  return outcomes;
};

/** What becomes of one reference: the stream's, which says where to begin, or the queue's, whose work is looked up first. */
const piece = async (services: Renderer, ref: WorkRef): Promise<Outcome[]> => {
  const { article, path } = ref;
  if (article !== undefined && path !== undefined) return story(services, { ...ref, article, path });
  const found = await loadWork(services.table, ref);
  const now = services.clock.now();
  // A second purge asked too early would meet the very fill that it is there for.
  if (!found || (found.phase === "purge2" && found.notBefore > iso(now))) return [];
  const work = await leaseWork(services.table, found, now);
  if (work && ref.image !== undefined) return spread(services, { ...work, image: ref.image });
  if (work?.phase !== "put" || article === undefined || work.path === undefined)
    return work ? [{ work, written: work.written ?? [], leased: true }] : [];
  return story(services, { ...ref, article, path: work.path }, work);
};

/** A picture's work closes itself with its last write; one that failed is noted like any other. */
const spread = async (services: Renderer, work: Work & { image: string }): Promise<Outcome[]> => {
  try {
    await fanOut(services, work);
    return [];
  } catch (error) {
    return [{ work, written: [], fault: codeOf(error), leased: true }];
  }
};

/** Renders the story that a piece of work is about, and all its other work along with it. */
const story = async (services: Renderer, ref: StoryRef, leased?: Work): Promise<Outcome[]> => {
  const written: Outcome["written"] = [];
  const wrote = (path: string): void => void written.push(...stampedAt(services, [path]));
  try {
    const { works, next } = await renderStory(services, ref, wrote);
    const outcomes = works.map((work) => ({ work, written: [...written], leased: work.id === leased?.id }));
    // Before this work is said to be done: a redirect names the words of the address that it leads to.
    const led = await inParallel(next, AT_ONCE, (one) => story(services, one));
    return [...outcomes, ...led.flat()];
  } catch (error) {
    if (error instanceof RenderFault && error.code === "work-gone") return [];
    const work = leased ?? (await loadWork(services.table, ref));
    return work?.phase === "put" ? [{ work, written, fault: codeOf(error), leased: leased !== undefined }] : [];
  }
};

const stampedAt = ({ clock }: Renderer, paths: string[]) => paths.map((path) => ({ path, at: iso(clock.now()) }));

const sharedOf = ({ pages, lists }: Work): SharedPage[] => [...pages, ...lists.flatMap(pagesOf)];

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
  const pages = [...wanted.values()].map(({ page }) => page);
  for (const done of await renderShared(services, pages)) {
    for (const outcome of wanted.get(JSON.stringify(done.page))?.by ?? []) {
      if ("fault" in done) outcome.fault = codeOf(done.fault);
      else outcome.written.push(...stampedAt(services, done.paths));
    }
  }
};
