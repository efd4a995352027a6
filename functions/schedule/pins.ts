import { iso } from "../../shared/domain/time.ts";
import { inParallel } from "../../shared/runtime/parallel.ts";
import { dueLeads, expirePins, leadName } from "../../shared/store/pins.ts";
import type { Services } from "../../shared/store/services.ts";

/** Pinned orders that one sweep looks at, of which there is one a section and one of the front; and how many side by side. */
const MOST = 100;
const AT_ONCE = 8;

/** Takes pins off whose time is up. Done twice, or beside an editor's change, it changes nothing: the next sweep looks again. */
export const endPins = async (services: Pick<Services, "table" | "clock" | "ids" | "events">): Promise<void> => {
  const { table, clock, events } = services;
  const at = iso(clock.now());
  await inParallel(await dueLeads(table, at, MOST), AT_ONCE, async (due) => {
    if (await expirePins(services, due, at))
      events({ event: "site.changed", what: leadName(due.list), by: "schedule" });
  });
};
