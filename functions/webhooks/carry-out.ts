import type { EventCommand } from "../../shared/senders/kind.ts";
import type { EventOutcome } from "../../shared/store/received.ts";
import type { HooksServices } from "./context.ts";
import { fetchMarkdown } from "./fetch-markdown.ts";
import type { Job } from "./find.ts";
import { fileStory } from "./file-story.ts";
import { outdated } from "./in-order.ts";
import { takeOff } from "./take-off.ts";

const withdrawal = ({ externalId, version }: EventCommand) =>
  ({ type: "withdraw", externalId, ...(version !== undefined && { version }) }) as const;

/** Does what an event wants done of one story; doing it again does nothing more. Throws for faults of ours alone. */
export const carryOut = async (services: HooksServices, job: Job): Promise<EventOutcome> => {
  const { command } = job;
  // What is past has nothing fetched for it, and its faults are nobody's any more.
  const past = await outdated(services, job);
  if (past) return past;
  switch (command.type) {
    case "upsert":
    case "upsert-markdown":
      return fileStory(services, { ...job, command });
    case "withdraw":
      return takeOff(services, { ...job, command });
    case "fetch": {
      const fetched = await fetchMarkdown(services, { ...job, command });
      if ("action" in fetched) return fetched;
      // What its author has taken back, readers are not to see; what it says now is kept beside.
      if (!fetched.isPublic) await takeOff(services, { ...job, command: withdrawal(command) });
      return fileStory(services, { ...job, command: fetched }, command.url);
    }
  }
};
