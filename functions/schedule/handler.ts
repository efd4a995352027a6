import { iso } from "../../shared/domain/time.ts";
import { dueImages } from "../../shared/store/images.ts";
import type { Services } from "../../shared/store/services.ts";
import { dueWork, keyOf, waitingWork } from "../../shared/store/work.ts";
import { overdue } from "./overdue.ts";

export type ScheduleServices = Pick<Services, "table" | "renderQueue" | "imageQueue" | "clock" | "events">;

/** Works that one sweep names, or looks at, at most: what is left over is due in the next minute as well. */
const MOST = 1000;

/**
 * The minute sweep: names all WORK that is due again, or older than a minute, to the render queue, and pictures that have not
 * got on to theirs. Bounded and idempotent: nothing is done for what is gone. Says how much WORK is overdue: what failed often
 * is due ever more seldom, so the index is asked for what waits as well, from the far end, where that stands: half a read unit a
 * minute while nothing does, $0.003 a month.
 */
export const createSchedule =
  ({ table, renderQueue, imageQueue, clock, events }: ScheduleServices) =>
  async (): Promise<void> => {
    const now = clock.now();
    const at = iso(now);
    const [due, images, waiting] = await Promise.all([
      dueWork(table, at, MOST),
      dueImages(table, at, MOST),
      waitingWork(table, at, MOST),
    ]);
    const late = overdue([...due, ...waiting], now);
    if (late) events({ event: "work.overdue", ...late });
    await Promise.all([renderQueue.send(due.map(keyOf)), imageQueue.send(images.map((image) => ({ image })))]);
    if (due.length + images.length) events({ event: "sweep.sent", works: due.length, images: images.length });
  };
