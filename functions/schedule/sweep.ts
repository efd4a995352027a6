import { iso } from "../../shared/domain/time.ts";
import { inParallel } from "../../shared/runtime/parallel.ts";
import { dueImages } from "../../shared/store/images.ts";
import { dueReleases } from "../../shared/store/release.ts";
import type { Services } from "../../shared/store/services.ts";
import { dueEvents } from "../../shared/store/received.ts";
import { dueWork, keyOf, waitingWork } from "../../shared/store/work.ts";
import { overdue } from "./overdue.ts";
import { endPins } from "./pins.ts";
import { GUARD_MS, release, type Releaser } from "./release.ts";

export type Sweeper = Releaser & Pick<Services, "renderQueue" | "imageQueue" | "inboxQueue">;

/** Works that one sweep names, or looks at, at most: what is left over is due in the next minute as well. */
const MOST = 1000;
/** Stories that one sweep publishes at most, and at once: as many as it has time for. */
const RELEASES = { most: 200, atOnce: 8 };

/**
 * The minute sweep: names all WORK that is due again, or older than a minute, to the render queue, and pictures that have not
 * got on to theirs, and events of webhooks that are to be tried again or were lost; and publishes the scheduled stories that are due still, whose message was lost or could not do it; and takes pins off whose time is up. Bounded
 * and idempotent: nothing is done for what is gone. Says how much WORK is overdue: what failed often
 * is due ever more seldom, so the index is asked for what waits as well, from the far end, where that stands: half a read unit a
 * minute while nothing does, $0.003 a month.
 */
export const sweep = async (services: Sweeper): Promise<void> => {
  const { table, renderQueue, imageQueue, inboxQueue, clock, events } = services;
  const now = clock.now();
  const at = iso(now);
  const [due, images, waiting, releases, hooks] = await Promise.all([
    dueWork(table, at, MOST),
    dueImages(table, at, MOST),
    waitingWork(table, at, MOST),
    dueReleases(table, iso(now - GUARD_MS), RELEASES.most),
    dueEvents(table, at, MOST),
  ]);
  const late = overdue([...due, ...waiting], now);
  if (late) events({ event: "work.overdue", ...late });
  await Promise.all([
    renderQueue.send(due.map(keyOf)),
    imageQueue.send(images.map((image) => ({ image }))),
    inboxQueue.send(hooks),
    inParallel(releases, RELEASES.atOnce, (article) => release(services, article)),
    endPins(services),
  ]);
  if (due.length + images.length + hooks.length)
    events({ event: "sweep.sent", works: due.length, images: images.length, hooks: hooks.length });
};
