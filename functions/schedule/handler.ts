import { iso } from "../../shared/domain/time.ts";
import type { Services } from "../../shared/store/services.ts";
import { dueWork } from "../../shared/store/work.ts";

export type ScheduleServices = Pick<Services, "table" | "queue" | "clock" | "events">;

/** Works that one sweep names at most: what is left over is due in the next minute as well. */
const MOST = 1000;

/**
 * The minute sweep: names all WORK that is due again, or older than a minute, to the render queue. Bounded and
 * idempotent: the renderer does nothing for work that is gone.
 */
export const createSchedule = (services: ScheduleServices) => async (): Promise<void> => {
  const { refs } = await dueWork(services.table, iso(services.clock.now()), MOST);
  await services.queue.send(refs);
  if (refs.length) services.events({ event: "sweep.sent", works: refs.length });
};
