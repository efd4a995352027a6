import { iso } from "../../shared/domain/time.ts";
import { pagesOf, type SharedPage } from "../../shared/site/impact.ts";
import { doneWrite } from "../../shared/store/live.ts";
import type { Services } from "../../shared/store/services.ts";
import {
  loadWork,
  type Phase,
  updateWork,
  type Work,
  workDone,
  type WorkRef,
  workReplaced,
} from "../../shared/store/work.ts";
import { renderStory } from "./article.ts";
import { RenderFault } from "./put.ts";
import { renderShared } from "./shared.ts";

type Renderer = Pick<
  Services,
  "table" | "bodies" | "site" | "ids" | "clock" | "epoch" | "events" | "siteUrl" | "purge"
>;

/** A fill of the CDN that began before a purge may end after it; the second purge, this much later, forgets that one too. */
const SECOND_PURGE_MS = 60_000;
const BACKOFF_MS = { first: 60_000, longest: 3_600_000 };

type Written = { path: string; at: string };
type Outcome = { work: Work; written: Written[]; fault?: string };

/**
 * Does the work that is named, each piece to its end or to a noted failure; never throws for one piece's sake. Stories
 * first, then each shared page once for all of them, then purges and receipts. References to work that is gone do
 * nothing, so any delivery may come twice.
 */
export const doWork = async (services: Renderer, refs: WorkRef[]): Promise<void> => {
  const unique = [...new Map(refs.map((ref) => [`${ref.pk} ${ref.sk}`, ref])).values()];
  const works = (await Promise.all(unique.map((ref) => loadWork(services.table, ref)))).filter(
    (work) => work !== undefined,
  );
  const putting = works.filter((work) => work.phase === "put");
  const outcomes = await Promise.all(
    byArticle(putting).map((group) => eachInTurn(group, (work) => story(services, work))),
  );
  await Promise.all([
    ...(await sharedPages(services, outcomes.flat())).map((outcome) => settle(services, outcome)),
    ...works.filter((work) => work.phase !== "put").map((work) => settle(services, { work, written: [] })),
  ]);
};

/** Work of one story is done in the order in which it was committed; stories side by side. */
const byArticle = (works: Work[]): Work[][] =>
  [...Map.groupBy(works, (work) => work.article ?? work.id).values()].map((group) =>
    group.sort((a, b) => a.seq - b.seq),
  );

const eachInTurn = async (works: Work[], task: (work: Work) => Promise<Outcome>): Promise<Outcome[]> => {
  const done: Outcome[] = [];
  for (const work of works) done.push(await task(work));
  return done;
};

const codeOf = (error: unknown): string =>
  error instanceof RenderFault ? error.code : error instanceof Error ? error.name : "unknown";

const story = async (services: Renderer, work: Work): Promise<Outcome> => {
  const { article, path } = work;
  if (article === undefined || path === undefined) return { work, written: [] };
  try {
    const paths = await renderStory(services, { ...work, article, path });
    return { work, written: stampedAt(services, paths) };
  } catch (error) {
    return { work, written: [], fault: codeOf(error) };
  }
};

const stampedAt = ({ clock }: Renderer, paths: string[]): Written[] =>
  paths.map((path) => ({ path, at: iso(clock.now()) }));

/** Renders what the stories touch, once for all of them; a page that fails is noted on every work that wanted it. */
const sharedPages = async (services: Renderer, outcomes: Outcome[]): Promise<Outcome[]> => {
  const wanted = new Map<string, { page: SharedPage; by: Outcome[] }>();
  for (const outcome of outcomes) {
    if (outcome.fault) continue;
    for (const page of [...outcome.work.pages, ...outcome.work.lists.flatMap(pagesOf)]) {
      const name = JSON.stringify(page);
      const entry = wanted.get(name) ?? { page, by: [] };
      entry.by.push(outcome);
      wanted.set(name, entry);
    }
  }
  await Promise.all(
    [...wanted.values()].map(async ({ page, by }) => {
      try {
        const written = stampedAt(services, await renderShared(services, page));
        for (const outcome of by) outcome.written.push(...written);
      } catch (error) {
        for (const outcome of by) outcome.fault = codeOf(error);
      }
    }),
  );
  return outcomes;
};

/** Purges what has been put, then closes the work, hands it on to its next phase, or notes why it has to come again. */
const settle = async (services: Renderer, { work, written, fault }: Outcome): Promise<void> => {
  const { table, clock, events } = services;
  try {
    if (work.phase === "put" && written.length === 0 && fault) return await postpone(services, work, "put", fault);
    if (work.tags.length) {
      await services.purge(work.tags, `${work.id}-${work.phase}-${work.attempts}`);
      events({ event: "purge.asked", work: work.id, tags: work.tags.length, phase: work.phase });
    }
  } catch (error) {
    return postpone(services, work, fault ? "put" : work.phase === "put" ? "purge1" : work.phase, codeOf(error));
  }
  if (fault) return postpone(services, work, "put", fault);
  const now = clock.now();
  const close =
    work.tags.length && work.phase !== "purge2"
      ? workReplaced(work, { ...work, phase: "purge2", attempts: 0 }, iso(now + SECOND_PURGE_MS))
      : workDone(work);
  if (work.article === undefined || work.phase === "purge2") {
    await table.transact([close]);
    return;
  }
  const outcome = await table.transact([close, doneWrite(work.article, work.seq, written, now)]);
  // A newer work's receipt stands already, or a twin closed this one: the first needs closing without a receipt.
  if (!outcome.ok && !outcome.failed.includes(0)) await table.transact([close]);
  if (outcome.ok)
    events({
      event: "article.done",
      article: work.article,
      seq: work.seq,
      ms: now - Date.parse(work.createdAt),
      objects: written.length,
    });
};

const postpone = async ({ table, clock, events }: Renderer, work: Work, phase: Phase, error: string): Promise<void> => {
  const attempts = work.attempts + 1;
  const wait = Math.min(BACKOFF_MS.longest, BACKOFF_MS.first * 2 ** (attempts - 1));
  events({
    event: "render.failed",
    work: work.id,
    ...(work.article ? { article: work.article } : {}),
    attempt: attempts,
    code: error,
  });
  await updateWork(table, work, { ...work, phase, attempts, error }, iso(clock.now() + wait));
};
