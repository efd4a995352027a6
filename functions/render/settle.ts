import { iso } from "../../shared/domain/time.ts";
import { doneWrite } from "../../shared/store/live.ts";
import type { Services } from "../../shared/store/services.ts";
import { type Phase, updateWork, type Work, workDone, workReplaced } from "../../shared/store/work.ts";
import { RenderFault } from "./put.ts";

type Settler = Pick<Services, "table" | "clock" | "events" | "purge">;

/** What became of a piece of work: the paths written, and the code of what went wrong, if anything did. */
export type Outcome = { work: Work; written: { path: string; at: string }[]; fault?: string };

/** A fill of the CDN that began before a purge may end after it; the second purge, this much later, forgets that one too. */
const SECOND_PURGE_MS = 60_000;
const BACKOFF_MS = { first: 60_000, longest: 3_600_000 };

/** What a fault is called in logs and on WORK: a code of ours, or the error's name; never its message. */
export const codeOf = (error: unknown): string =>
  error instanceof RenderFault ? error.code : error instanceof Error ? error.name : "unknown";

/**
 * Purges what has been put, though other pages failed; then closes the work, hands it on to its next phase, or notes
 * why it has to come again.
 */
export const settle = async (services: Settler, { work, written, fault }: Outcome): Promise<void> => {
  if (work.phase === "put" && written.length === 0 && fault) return postpone(services, work, "put", fault);
  try {
    await purge(services, work);
  } catch (error) {
    const phase = fault ? "put" : work.phase === "put" ? "purge1" : work.phase;
    return postpone(services, work, phase, codeOf(error));
  }
  return fault ? postpone(services, work, "put", fault) : close(services, work, written);
};

const purge = async ({ purge: ask, events }: Settler, work: Work): Promise<void> => {
  if (!work.tags.length) return;
  await ask(work.tags, `${work.id}-${work.phase}-${work.attempts}`);
  events({ event: "purge.asked", work: work.id, tags: work.tags.length, phase: work.phase });
};

const close = async ({ table, clock, events }: Settler, work: Work, written: Outcome["written"]): Promise<void> => {
  const now = clock.now();
  const ends = work.tags.length === 0 || work.phase === "purge2";
  const next: Work = { ...work, phase: "purge2", attempts: 0 };
  delete next.error;
  const closing = ends ? workDone(work) : workReplaced(work, next, iso(now + SECOND_PURGE_MS));
  if (work.article === undefined || work.phase === "purge2") {
    await table.transact([closing]);
    return;
  }
  const outcome = await table.transact([closing, doneWrite(work.article, work.seq, written, now)]);
  const ms = now - Date.parse(work.createdAt);
  if (outcome.ok) events({ event: "article.done", article: work.article, seq: work.seq, ms, objects: written.length });
  // A newer work's receipt stands already: this one closes without. (Or a twin closed it: then there is nothing to do.)
  else if (!outcome.failed.includes(0)) await table.transact([closing]);
};

const postpone = async ({ table, clock, events }: Settler, work: Work, phase: Phase, error: string): Promise<void> => {
  const attempt = work.attempts + 1;
  const wait = Math.min(BACKOFF_MS.longest, BACKOFF_MS.first * 2 ** (attempt - 1));
  const about = work.article === undefined ? {} : { article: work.article };
  events({ event: "render.failed", work: work.id, ...about, attempt, code: error });
  await updateWork(table, work, { ...work, phase, attempts: attempt, error }, iso(clock.now() + wait));
};
