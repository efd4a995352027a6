import { iso } from "../../shared/domain/time.ts";
import { dueImages } from "../../shared/store/images.ts";
import type { Services } from "../../shared/store/services.ts";
import { dueWork } from "../../shared/store/work.ts";

export type ScheduleServices = Pick<Services, "table" | "renderQueue" | "imageQueue" | "clock" | "events">;

/** Works that one sweep names at most: what is left over is due in the next minute as well. */
const MOST = 1000;

/**
 * The minute sweep: names all WORK that is due again, or older than a minute, to the render queue, and pictures that have not
 * got on to theirs. Bounded and idempotent: nothing is done for what is gone.
 */
export const createSchedule =
  ({ table, renderQueue, imageQueue, clock, events }: ScheduleServices) =>
  async (): Promise<void> => {
    const now = iso(clock.now());
    const [{ refs }, images] = await Promise.all([dueWork(table, now, MOST), dueImages(table, now, MOST)]);
    await Promise.all([renderQueue.send(refs), imageQueue.send(images.map((image) => ({ image })))]);
    if (refs.length + images.length) events({ event: "sweep.sent", works: refs.length, images: images.length });
  };
