import type { Head } from "../../shared/domain/article.ts";
import type { Command } from "../../shared/domain/decide/command.ts";
import type { EventCommand } from "../../shared/senders/kind.ts";
import type { EventOutcome } from "../../shared/store/received.ts";
import { perform } from "../../shared/store/perform.ts";
import { loadSite } from "../../shared/store/site.ts";
import { loadSourced } from "../../shared/store/sources.ts";
import type { HooksServices } from "./context.ts";
import type { Job } from "./find.ts";
import { inOrder } from "./in-order.ts";

type Withdraw = Extract<EventCommand, { type: "withdraw" }>;

/** What takes a story off as it stands; undefined when readers neither see it nor are going to. */
const commandFor = ({ status }: Head, source: string): Command | undefined => {
  const reason = `Taken off by its source ${source}.`;
  if (status === "published") return { type: "withdraw", reason, mode: "gone" };
  return status === "scheduled" ? { type: "unschedule" } : undefined;
};

/** Withdraws a story that its sender took off, whatever its source may publish; one that is unknown is kept from coming back by an older event. */
export const takeOff = (services: HooksServices, job: Job<Withdraw>): Promise<EventOutcome> => {
  const { table, siteUrl } = services;
  const { source, command, key } = job;
  const { externalId } = command;
  return inOrder(services, job, async (stamp) => {
    const [head, site] = await Promise.all([
      loadSourced(table, { source: source.name, externalId }),
      loadSite(table, siteUrl),
    ]);
    const wanted = head && commandFor(head, source.name);
    if (!head || !wanted) {
      if (!(await table.transact([stamp])).ok) return undefined;
      const reason = head ? "Readers do not see the story." : "There is no such story.";
      return { externalId, action: "nothing", article: head?.id, reason };
    }
    const outcome = await perform(services, key, { command: wanted, before: head, site, beside: [stamp] });
    if (!outcome.ok) {
      const reason = "detail" in outcome.refusal ? outcome.refusal.detail : outcome.refusal.kind;
      return { externalId, action: "refused", article: head.id, reason };
    }
    return outcome.value.kind === "moved" ? undefined : { externalId, action: "withdrawn", article: head.id };
  });
};
