import { iso } from "../../shared/domain/time.ts";
import { inParallel } from "../../shared/runtime/parallel.ts";
import { dropTurn, loadDelivery, turnsIn } from "../../shared/store/deliveries.ts";
import type { LoadedSite } from "../../shared/store/site.ts";
import { attempt } from "./attempt.ts";
import { type Notifier, receiverNow } from "./receivers.ts";

/** The deliveries of one article to one receiver, which go one after the other. `patient`: also to one who is failing. */
export type Lane = { target: string; lane: string; patient: boolean };

/** All receivers side by side, so that none waits for another, and lanes of each: nobody gets more at once than a small server takes. */
const [RECEIVERS, LANES] = [22, 4];

/**
 * No try is begun after `until` (ms): what is left is due, and the next round's. A fault of ours is told to `fault` and stops nothing
 * else; the invocation ends in it.
 */
export type Run = { site: LoadedSite; until: number; fault(error: unknown, about: About): void };
/** What a fault of ours happened to: a receiver, a subject of news or a lane. */
export type About = { target?: string; subject: string };

const nameOf = ({ target, lane }: Lane): string => `${target} ${lane}`;

/**
 * Makes what is due in these lanes, each from its first delivery on, as far as it goes. Answers by lane when its first delivery is due
 * that is not yet (ISO 8601).
 */
export const walk = async (notifier: Notifier, run: Run, lanes: readonly Lane[]): Promise<Map<string, string>> => {
  const waits = new Map<string, string>();
  const unique = new Map<string, Lane>();
  for (const lane of lanes) {
    const known = unique.get(nameOf(lane));
    unique.set(nameOf(lane), { ...lane, patient: lane.patient || known?.patient === true });
  }
  const receivers = [...Map.groupBy(unique.values(), ({ target }) => target).values()];
  await inParallel(receivers, RECEIVERS, (of) =>
    inParallel(of, LANES, async (lane) => {
      try {
        const at = await along(notifier, run, lane);
        if (at !== undefined) waits.set(nameOf(lane), at);
      } catch (error) {
        run.fault(error, { target: lane.target, subject: lane.lane });
      }
    }),
  );
  return waits;
};

/** When the first delivery of a lane is due that is not yet, as {@link walk} found. */
export const waitOf = (waits: ReadonlyMap<string, string>, lane: Omit<Lane, "patient">): string | undefined =>
  waits.get(nameOf({ ...lane, patient: false }));

const along = async (notifier: Notifier, { site, until }: Run, lane: Lane): Promise<string | undefined> => {
  const { table, clock } = notifier;
  while (clock.now() < until) {
    const [first, second] = await turnsIn(table, lane.target, lane.lane);
    if (!first) return undefined;
    const delivery = await loadDelivery(table, lane.target, first.delivery);
    // Both go after a month, in no order.
    if (!delivery) await dropTurn(table, first);
    // Otherwise it has ended between the two reads, and its turn with it.
    if (delivery?.state !== "pending") continue;
    if (delivery.notBefore > iso(clock.now())) return delivery.notBefore;
    const receiver = await receiverNow(notifier, site, lane.target);
    if (!receiver || (receiver.failingSince !== undefined && !lane.patient)) return undefined;
    const outcome = await attempt(notifier, { site, receiver, delivery, next: second?.delivery });
    if (outcome === "taken") return undefined;
  }
  return undefined;
};
