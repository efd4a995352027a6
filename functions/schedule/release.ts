import { type ApiKey, actorOf } from "../../shared/domain/access.ts";
import type { Head, Scheduled } from "../../shared/domain/article.ts";
import { decide } from "../../shared/domain/decide/decide.ts";
import type { Fault, Refusal } from "../../shared/domain/error.ts";
import { iso } from "../../shared/domain/time.ts";
import type { Services } from "../../shared/store/services.ts";
import { loadHead } from "../../shared/store/articles.ts";
import { commit } from "../../shared/store/commit.ts";
import { knownPictures } from "../../shared/store/images.ts";
import { lookAt, noteFailedRelease } from "../../shared/store/release.ts";
import { loadSite } from "../../shared/store/site.ts";

export type Releaser = Pick<Services, "table" | "clock" | "ids" | "events" | "siteUrl">;

/** Who publishes what was scheduled; the page says who scheduled it. */
const SCHEDULE: ApiKey = { id: "schedule", name: "Schedule", role: "editor", createdAt: "1970-01-01T00:00:00.000Z" };

/**
 * A story goes up by this function's own clock, and so much after its time, in ms. A clock that is ahead of the world's publishes
 * early by as much; Lambda's are kept within a millisecond or so (https://aws.amazon.com/blogs/compute/, Amazon Time Sync), and
 * by this margin one that is a tenth of a second wrong still breaks no embargo. A clock that is behind makes it late.
 */
export const GUARD_MS = 100;

/** Times a release is decided again because somebody else was at the story. */
const TRIES = 8;
/** Faults that are kept with a failure. */
const MOST_FAULTS = 5;

export type Release =
  /** Up, by this call. */
  | { kind: "released" }
  /** Not scheduled any more, or never was: somebody was faster, or thought better of it. */
  | { kind: "over" }
  /** `ms` to go; `at` is what it is scheduled for, and `failed` whether this is the wait for another try. */
  | { kind: "early"; ms: number; at: string; failed: boolean }
  /** It could not go up; told, and tried again. */
  | { kind: "failed" };

/** A release that could not be: a refusal with what is in its way, or a fault of ours under its name. */
type Failure = { code: string; faults: Fault[] };

const failureOf = (refusal: Refusal): Failure =>
  "faults" in refusal
    ? { code: refusal.faults[0]?.pointer ?? refusal.kind, faults: refusal.faults }
    : { code: refusal.kind, faults: [] };

/**
 * Publishes a story whose time has come, if it still is to go up; never before its time by this clock, and once however often it is
 * called, at once or one after the other: the commit is conditional on the state that it was decided on. Never throws: what cannot go up
 * stays scheduled, says why, and is due again.
 */
export const release = async (services: Releaser, article: string): Promise<Release> => {
  let head: Head | undefined;
  try {
    for (let n = 1; n <= TRIES; n++) {
      head = await loadHead(services.table, article);
      const release = await attempt(services, head);
      if (release) return release;
      await services.clock.sleep(Math.random() * Math.min(500, 10 * 2 ** n));
    }
    return await failed(services, head, { code: "Crowded", faults: [] });
  } catch (error) {
    return failed(services, head, { code: error instanceof Error ? error.name : "unknown", faults: [] });
  }
};

/** One decision and its commit; undefined when the state has moved in between. */
const attempt = async (services: Releaser, head: Head | undefined): Promise<Release | undefined> => {
  const { table, clock, events, siteUrl } = services;
  const scheduled = scheduledOf(head);
  if (!head || !scheduled) return { kind: "over" };
  const { at, content } = scheduled;
  const ms = Date.parse(lookAt(scheduled)) + GUARD_MS - clock.now();
  if (ms > 0) return { kind: "early", ms, at, failed: scheduled.failed !== undefined };
  const images = content.pictures.map(({ image }) => image);
  const [site, pictures] = await Promise.all([loadSite(table, siteUrl), knownPictures(table, SCHEDULE, images)]);
  const decided = decide({ type: "release" }, head, { key: SCHEDULE, now: iso(clock.now()), site, pictures });
  if (!decided.ok) return failed(services, head, failureOf(decided.refusal));
  const committed = await commit(services, {
    decision: decided.value,
    by: actorOf(SCHEDULE),
    freezeZone: site.zoneFrozen ? undefined : site.timeZone,
    announces: site.announces,
  });
  switch (committed.kind) {
    case "committed":
      events({
        event: "article.released",
        article: head.id,
        seq: decided.value.after.seq,
        ms: clock.now() - Date.parse(at),
      });
      return { kind: "released" };
    case "taken":
      return failed(services, head, { code: "taken", faults: committed.faults });
    case "replay":
    case "moved":
      return undefined;
  }
};

const scheduledOf = (head: Head | undefined): Scheduled | undefined =>
  head?.status === "scheduled" ? head.scheduled : undefined;

/** Notes and tells it; what cannot even be noted is due as before, and the sweep comes every minute. */
const failed = async (
  { table, clock, events }: Releaser,
  head: Head | undefined,
  { code, faults }: Failure,
): Promise<Release> => {
  const scheduled = scheduledOf(head);
  if (!head || !scheduled) return { kind: "failed" };
  const now = clock.now();
  const attempt = (scheduled.failed?.attempts ?? 0) + 1;
  const noted = await noteFailedRelease(table, head, scheduled, faults.slice(0, MOST_FAULTS), now).catch(() => true);
  // A twin has told it, or somebody's try went through: this one's own, perhaps, whose answer was lost.
  if (!noted) return { kind: "over" };
  events({ event: "release.failed", article: head.id, attempt, code, ms: now - Date.parse(scheduled.at) });
  return { kind: "failed" };
};
