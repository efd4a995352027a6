import { inParallel } from "../../shared/runtime/parallel.ts";
import { type Delivery, deliveryEnded, dueOf, putBehind } from "../../shared/store/deliveries.ts";
import { lostSubjects } from "../../shared/store/outbox.ts";
import type { Webhook } from "../../shared/store/webhooks.ts";
import { type Run, waitOf, walk } from "./lanes.ts";
import { makeDeliveries } from "./news.ts";
import { type Notifier, receiversOf } from "./receivers.ts";

/** What one round looks at, at most: subjects of lost news, and deliveries of each receiver. */
const MOST = { subjects: 100, deliveries: 50 };
const AT_ONCE = 8;

/**
 * The minute's round: news that nobody has seen to, and deliveries that are due again, to each receiver its share, so that one who
 * is down holds nobody up. What waits behind another is looked at again when that one is due; what waits for a webhook that was
 * disabled is dropped. Bounded, and done twice it does nothing twice but a try that was due.
 */
export const round = async (notifier: Notifier, run: Run): Promise<void> => {
  const { table, clock } = notifier;
  const { active, disabled } = await receiversOf(notifier, run.site);
  const now = clock.now();
  const subjects = await lostSubjects(table, now, MOST.subjects);
  const lost = await makeDeliveries(notifier, run, { receivers: active, subjects });
  const due = (await inParallel(active, AT_ONCE, ({ id }) => dueOf(table, id, now, MOST.deliveries))).flat();
  const lanes = due.map(({ target, lane }) => ({ target, lane, patient: true }));
  const waits = await walk(notifier, run, [...lost, ...lanes]);
  await inParallel(due, AT_ONCE, async (delivery) => {
    const at = waitOf(waits, delivery);
    if (at !== undefined) await putBehind(table, delivery, at);
  });
  await inParallel(disabled, AT_ONCE, (webhook) => drop(notifier, webhook));
};

/** As far ahead as a delivery is ever due, in ms. */
const AHEAD_MS = 7 * 24 * 3_600_000;

const drop = async ({ table, clock }: Notifier, { id }: Webhook): Promise<void> => {
  const now = clock.now();
  const pending: Delivery[] = await dueOf(table, id, now + AHEAD_MS, MOST.deliveries);
  await inParallel(pending, AT_ONCE, (delivery) => table.transact(deliveryEnded(delivery, "dropped", { now })));
};
