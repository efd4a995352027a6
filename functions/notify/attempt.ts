import { iso } from "../../shared/domain/time.ts";
import { DAY_MS } from "../../shared/notify/backoff.ts";
import { FAILING_MS, type Fate, fateOf, isHopeless } from "../../shared/notify/fate.ts";
import { pingFate, REFUSED_FOR_MS } from "../../shared/notify/pings.ts";
import { type Delivery, deliverAgain, deliveryEnded, leaseDelivery } from "../../shared/store/deliveries.ts";
import type { LoadedSite } from "../../shared/store/site.ts";
import { disableWrites, notePing, noteTry } from "../../shared/store/webhooks.ts";
import type { Notifier, Receiver } from "./receivers.ts";
import { type Answer, send } from "./requests.ts";

/** What became of a delivery: it ended, so the next in its lane is to go; it is to come again; somebody else has it. */
export type Outcome = "ended" | "waits" | "taken";

type Asked = { site: LoadedSite; receiver: Receiver; delivery: Delivery; next: string | undefined };

const fate = (receiver: Receiver, delivery: Delivery, { status, retryAfter }: Answer, now: number): Fate => {
  const attempt = delivery.attempts + 1;
  const standing = { attempt, since: Date.parse(delivery.since), now, chance: Math.random(), retryAfter };
  if (receiver.kind === "webhook") return fateOf(status, standing);
  const ping = pingFate(receiver.target, status);
  // What a search engine says of our settings it would say again: the tries go on by the day.
  if (ping === "refused" && attempt * DAY_MS < FAILING_MS) return { kind: "again", wait: REFUSED_FOR_MS };
  if (ping === "refused") return { kind: "failed" };
  return ping === "done" ? { kind: "delivered" } : fateOf(status === 410 ? undefined : status, standing);
};

/**
 * Makes one try of a delivery, if nobody else is at it, and notes what came of it. Killed at any point it loses nothing: what is not
 * noted comes again within a minute or two, under the same id.
 */
export const attempt = async (notifier: Notifier, { site, receiver, delivery, next }: Asked): Promise<Outcome> => {
  const { table, clock, events } = notifier;
  const leased = await leaseDelivery(table, delivery, clock.now());
  if (!leased) return "taken";
  const answer = await send(notifier, site, receiver, leased);
  if (!answer) return end(notifier, leased, "dropped", { next });
  const { one } = answer;
  const about = { target: receiver.id, delivery: leased.id };
  const tried = { attempt: leased.attempts + 1, code: one.status === undefined ? "no-answer" : String(one.status) };
  const outcome = fate(receiver, leased, answer, clock.now());
  switch (outcome.kind) {
    case "delivered": {
      const ended = await end(notifier, leased, "delivered", { one, next });
      events({ event: "notify.sent", ...about, type: leased.type, status: one.status ?? 0, ms: one.ms });
      await note(notifier, receiver, false);
      return ended;
    }
    case "unsubscribed": {
      // First, so that nothing else is sent to it: a delivery that is not ended then is dropped with the others.
      await disable(notifier, receiver, "gone", "It answered 410 Gone, by which a receiver unsubscribes.");
      return end(notifier, leased, "failed", { one, next });
    }
    case "again": {
      events({ event: "notify.tried", ...about, ...tried, ms: one.ms });
      const noted = await deliverAgain(table, leased, one, clock.now() + outcome.wait);
      await failed(notifier, receiver);
      return noted ? "waits" : "taken";
    }
    case "failed": {
      events({ event: "notify.failed", ...about, ...tried });
      const ended = await end(notifier, leased, "failed", { one, next });
      await failed(notifier, receiver);
      return ended;
    }
  }
};

type Ending = { one?: Answer["one"]; next: string | undefined };

const end = async (
  { table, clock }: Notifier,
  leased: Delivery,
  state: "delivered" | "failed" | "dropped",
  { one, next }: Ending,
): Promise<Outcome> => {
  const now = clock.now();
  const outcome = await table.transact(deliveryEnded(leased, state, { one, next, now }));
  if (outcome.ok) return "ended";
  if (outcome.failed.includes(0)) return "taken";
  // Only the next one has ended meanwhile: it was dropped, and waits for nobody.
  return (await table.transact(deliveryEnded(leased, state, { one, now }))).ok ? "ended" : "taken";
};

const note = async ({ table, clock }: Notifier, receiver: Receiver, isFailure: boolean): Promise<void> => {
  if (receiver.kind === "webhook") return noteTry(table, receiver.webhook, isFailure, clock.now());
  const { id, failingSince } = receiver;
  if (isFailure !== (failingSince !== undefined)) await notePing(table, id, isFailure ? iso(clock.now()) : undefined);
};

/** Notes that a try failed; a webhook that has failed for days is told nothing any more. */
const failed = async (notifier: Notifier, receiver: Receiver): Promise<void> => {
  const { failingSince } = receiver;
  if (failingSince !== undefined && receiver.kind === "webhook" && isHopeless(failingSince, notifier.clock.now()))
    return disable(notifier, receiver, "failing", `Every try since ${failingSince} has failed.`);
  return note(notifier, receiver, true);
};

const disable = async (notifier: Notifier, receiver: Receiver, code: string, why: string): Promise<void> => {
  if (receiver.kind !== "webhook") return;
  const { ok } = await notifier.table.transact(disableWrites(notifier, receiver.webhook, why));
  // Otherwise somebody has changed it since, and the answer was the old one's.
  if (ok) notifier.events({ event: "notify.disabled", target: receiver.id, code });
};
