import type { Decision } from "../../shared/domain/decide/command.ts";
import { sendRelease } from "../../shared/store/release.ts";
import type { ApiServices } from "./context.ts";

/**
 * The first message on a story's way to its time, once it is scheduled; nothing for any other decision. Never throws: the story
 * is due all the same, and the sweep publishes it within a minute of its time.
 */
export const announceSchedule = async (
  { scheduleQueue, clock, events }: Pick<ApiServices, "scheduleQueue" | "clock" | "events">,
  { action, after }: Decision,
): Promise<void> => {
  if (action !== "schedule" || !after.scheduled) return;
  try {
    await sendRelease(scheduleQueue, { article: after.id, at: after.scheduled.at }, clock.now());
  } catch (error) {
    events({ event: "release.unsent", article: after.id, code: error instanceof Error ? error.name : "unknown" });
  }
};
