import type { DynamoDBStreamEvent } from "aws-lambda";
import { NEWS_PREFIX } from "../../shared/store/layout.ts";
import { loadSite } from "../../shared/store/site.ts";
import { type Run, walk } from "./lanes.ts";
import { makeDeliveries } from "./news.ts";
import { type Notifier, receiversOf } from "./receivers.ts";
import { round } from "./round.ts";

export type NotifyServices = Notifier;

/** NEWS that the stream brings; or what the minute's rule sends. */
export type NotifyEvent = DynamoDBStreamEvent | object;

/** So long after it began an invocation begins no more tries, in ms: the last one has its time, and its outcome is noted. */
const BUDGET_MS = 35_000;

const subjectsOf = ({ Records }: DynamoDBStreamEvent): string[] => [
  ...new Set(
    Records.map((record) => record.dynamodb?.Keys?.["pk"]?.S ?? "")
      .filter((pk) => pk.startsWith(NEWS_PREFIX))
      .map((pk) => pk.slice(NEWS_PREFIX.length)),
  ),
];

/** What the stream says is only where to look: news comes out of the table, and a round may have taken it. */
const tell = async (notifier: Notifier, run: Run, subjects: string[]): Promise<void> => {
  const { active: receivers } = await receiversOf(notifier, run.site);
  await walk(notifier, run, await makeDeliveries(notifier, run, { receivers, subjects }));
};

/**
 * Tells the world what is up: woken by the table's stream when there is news, and each minute for what is due again or was lost. News
 * stays in the table until it has become deliveries, and a delivery until it has been made; throws, after all else is done, for a
 * fault of ours, and never for a receiver's.
 */
export const createNotify =
  (services: NotifyServices) =>
  async (event: NotifyEvent = {}): Promise<void> => {
    const { table, clock, events, siteUrl } = services;
    const until = clock.now() + BUDGET_MS;
    const faults: unknown[] = [];
    const fault: Run["fault"] = (error, about) => {
      faults.push(error);
      events({ event: "notify.failed", ...about, attempt: 0, code: error instanceof Error ? error.name : "unknown" });
    };
    const run: Run = { site: await loadSite(table, siteUrl), until, fault };
    await ("Records" in event ? tell(services, run, subjectsOf(event)) : round(services, run));
    if (faults.length) throw new Error(`${faults.length} things could not be seen to.`, { cause: faults[0] });
  };
