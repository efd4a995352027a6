import { LOST_AFTER_MS } from "../../shared/store/work.ts";
import { deliveryPuts, newDelivery } from "../../shared/store/deliveries.ts";
import { loadOutgoing, type News, outgoingTaken, putOff } from "../../shared/store/outbox.ts";
import { type ArticleState, loadState } from "../../shared/store/state.ts";
import { inParallel } from "../../shared/runtime/parallel.ts";
import type { Lane, Run } from "./lanes.ts";
import { type Notifier, type Receiver, wants } from "./receivers.ts";

/** Subjects seen to side by side. */
const AT_ONCE = 8;

/**
 * Makes deliveries of all news of these subjects, each subject's in order, each in one transaction: news becomes its deliveries once,
 * and is never lost between the two. Answers the lanes in which something is to be sent now.
 */
export const makeDeliveries = async (
  notifier: Notifier,
  run: Run,
  { receivers, subjects }: { receivers: readonly Receiver[]; subjects: readonly string[] },
): Promise<Lane[]> => {
  const lanes = await inParallel(subjects, AT_ONCE, async (subject): Promise<Lane[]> => {
    try {
      return await deliveriesFor(notifier, receivers, subject);
    } catch (error) {
      run.fault(error, { subject });
      return [];
    }
  });
  return lanes.flat();
};

const deliveriesFor = async (notifier: Notifier, receivers: readonly Receiver[], subject: string): Promise<Lane[]> => {
  const { table, clock } = notifier;
  // In this order: work that is done when it is looked at has put its news.
  const state = await loadState(table, subject);
  const waiting = await loadOutgoing(table, subject);
  const lanes: Lane[] = [];
  for (const call of waiting.filter((out) => "target" in out)) {
    // The delivery is due of its own; the call says no more than that it is due now.
    if ((await table.transact([outgoingTaken(call)])).ok)
      lanes.push({ target: call.target, lane: call.lane, patient: true });
  }
  for (const one of waiting.filter((out) => "article" in out)) {
    if (isEarly(one, state)) await putOff(table, one, clock.now());
    else lanes.push(...(await deliver(notifier, receivers, one)));
  }
  return lanes;
};

/** Whether something older is yet to be told, whose work is not done: what is told of a story is told in order. */
const isEarly = ({ seq }: News, { works }: ArticleState): boolean =>
  works.some((work) => work.news !== undefined && work.phase !== "purge2" && work.seq < seq);

const deliver = async ({ table, clock }: Notifier, receivers: readonly Receiver[], news: News): Promise<Lane[]> => {
  const now = clock.now();
  const told = receivers.filter((receiver) => wants(receiver, news.type));
  const writes = told.flatMap(({ id, failingSince }) => {
    const delivery = newDelivery({ ...news, target: id, lane: news.article }, now);
    // Who fails is the round's affair; to all others it goes now, and the round looks after what that missed.
    return deliveryPuts(delivery, now, failingSince === undefined ? now + LOST_AFTER_MS : now);
  });
  const { ok } = await table.transact([outgoingTaken(news), ...writes]);
  // Otherwise a twin has done it, and sends.
  return ok ? told.map(({ id }) => ({ target: id, lane: news.article, patient: false })) : [];
};
