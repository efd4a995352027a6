import { iso } from "../../shared/domain/time.ts";
import type { Write } from "../../shared/store/dynamo.ts";
import { doneWrite } from "../../shared/store/live.ts";
import { newsPut } from "../../shared/store/outbox.ts";
import type { Services } from "../../shared/store/services.ts";
import { backoffMs, type Phase, updateWork, type Work, workDone, workReplaced } from "../../shared/store/work.ts";
import { RenderFault } from "./put.ts";

type Settler = Pick<Services, "table" | "clock" | "events" | "purge">;

/**
 * What became of a piece of work: the paths written, and the code of what went wrong, if anything did. `leased`: this try is
 * counted on the WORK already.
 */
export type Outcome = { work: Work; written: { path: string; at: string }[]; fault?: string; leased?: boolean };

/** A fill of the CDN that began before a purge may end after it; the second purge, this much later, forgets that one too. */
const SECOND_PURGE_MS = 60_000;

/** What a fault is called in logs and on WORK: a code of ours, or the error's name; never its message. */
export const codeOf = (error: unknown): string =>
  error instanceof RenderFault ? error.code : error instanceof Error ? error.name : "unknown";

/**
 * Purges what has been put, though other pages failed; then closes the work, hands it on to its next phase, or notes
 * why it has to come again.
 */
export const settle = async (services: Settler, outcome: Outcome): Promise<void> => {
  const { work, written, fault } = outcome;
  if (fault) services.events({ event: "render.failed", ...failure(outcome), code: fault });
  if (work.phase === "put" && written.length === 0 && fault) return postpone(services, outcome, "put", fault);
  try {
    await purge(services, work);
  } catch (error) {
    const code = codeOf(error);
    services.events({ event: "purge.failed", ...failure(outcome), phase: work.phase, code });
    const phase = fault ? "put" : work.phase === "put" ? "purge1" : work.phase;
    return postpone(services, outcome, phase, fault ?? code);
  }
  return fault ? postpone(services, outcome, "put", fault) : close(services, work, written);
};

const purge = async ({ purge: ask, events }: Settler, work: Work): Promise<void> => {
  if (!work.tags.length) return;
  // A picture's work hands its id on to a work of each story: only with the story it names one purge.
  await ask(work.tags, `${work.article ?? "site"}-${work.id}-${work.phase}-${work.attempts}`);
  events({ event: "purge.asked", work: work.id, tags: work.tags.length, phase: work.phase });
};

const close = async ({ table, clock, events }: Settler, work: Work, written: Outcome["written"]): Promise<void> => {
  const now = clock.now();
  const ends = work.tags.length === 0 || work.phase === "purge2";
  const { error: _error, written: _written, news: _news, ...rest } = work;
  const closing = ends
    ? workDone(work)
    : workReplaced(work, { ...rest, phase: "purge2", attempts: 0 }, iso(now + SECOND_PURGE_MS));
  if (work.article === undefined || work.phase === "purge2") {
    await table.transact([closing]);
    return;
  }
  const told = newsOf(work, now);
  const outcome = await table.transact([closing, doneWrite(work.article, work.seq, written, now), ...told]);
  const ms = now - Date.parse(work.createdAt);
  if (outcome.ok) events({ event: "article.done", article: work.article, seq: work.seq, ms, objects: written.length });
  // A newer work's receipt stands already: this one closes without. (Or a twin closed it: then there is nothing to do.)
  else if (!outcome.failed.includes(0)) await table.transact([closing, ...told]);
};

/** What is to be told of the work, from the moment on in which it is done: kept with it, or not at all. */
const newsOf = ({ id, article, seq, news }: Work, now: number): Write[] =>
  article === undefined || news === undefined ? [] : [newsPut({ id, article, type: news, seq, at: iso(now) }, now)];

/** The try that this was. */
const attemptOf = ({ work, leased }: Outcome): number => (leased ? work.attempts : work.attempts + 1);

/** What an event says of a try that failed. */
const failure = (outcome: Outcome): { work: string; article?: string; attempt: number } => {
  const { id, article } = outcome.work;
  return { work: id, ...(article === undefined ? {} : { article }), attempt: attemptOf(outcome) };
};

const postpone = async ({ table, clock }: Settler, outcome: Outcome, phase: Phase, error: string): Promise<void> => {
  const { work, written } = outcome;
  const attempt = attemptOf(outcome);
  // What is put is put: the receipt will name it once the purge is through.
  const kept = phase === "purge1" ? { written } : {};
  await updateWork(
    table,
    work,
    { ...work, ...kept, phase, attempts: attempt, error },
    iso(clock.now() + backoffMs(attempt)),
  );
};
