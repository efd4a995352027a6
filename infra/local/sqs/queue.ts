import { hash, randomUUID } from "node:crypto";
import type { LocalClock } from "../clock.ts";
import type { Agenda } from "./agenda.ts";

/** What was sent. `sentAt` is ms since the epoch, `md5` the hex digest of the body. */
export type Message = { id: string; body: string; md5: string; sentAt: number };

/** A message as one consumer got it; `firstReceivedAt` is ms since the epoch. */
export type Received = Message & { receipt: string; receiveCount: number; firstReceivedAt: number };

export type Depth = { visible: number; inFlight: number; delayed: number };

export type Queue = {
  readonly name: string;
  readonly visibilityMs: number;
  /** Takes a new message in; it can be received `delayMs` from now. */
  send: (body: string, delayMs: number) => Message;
  /** Takes in a message that another queue gave up. */
  take: (message: Message) => void;
  /** At most `limit` messages, oldest first; nobody else gets them for `visibilityMs`. */
  receive: (limit: number, visibilityMs?: number) => Received[];
  /**
   * Deletes what was received under this receipt. Nothing happens if the message has been received again since, or is
   * gone (as SQS has it); false if the receipt is none of this queue's.
   */
  delete: (receipt: string) => boolean;
  /** Lets a received message be seen `ms` from now; "idle" if it is not in flight under this receipt. */
  changeVisibility: (receipt: string, ms: number) => "changed" | "idle" | "unknown";
  depth: () => Depth;
};

export type QueueSettings = {
  name: string;
  visibilityMs: number;
  /** Where a message goes that was received `maxReceiveCount` times and not deleted. */
  deadLetter: { maxReceiveCount: number; take: (message: Message) => void } | undefined;
  clock: LocalClock;
  agenda: Agenda;
  /** Whether to deliver each message twice, as SQS may. */
  duplicate: () => boolean;
  /** Told after every change. */
  changed: () => void;
};

type Held = {
  key: string;
  message: Message;
  state: "delayed" | "visible" | "in-flight";
  receiveCount: number;
  firstReceivedAt: number;
  /** When it is seen again, if in flight. */
  seenAt: number;
  /** Whether it is one of a pair already. */
  twin: boolean;
};

/** The first `limit` of a set that may be long. */
const firstOf = <Item>(items: ReadonlySet<Item>, limit: number): Item[] => {
  const first: Item[] = [];
  for (const item of items) {
    if (first.length === limit) break;
    first.push(item);
  }
  return first;
};

/**
 * A standard queue in memory, on the local clock. A message that was received too often moves to the dead letters when
 * it would be seen again; SQS does so a little later, in the background.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
export const openQueue = (settings: QueueSettings): Queue => {
  const { name, visibilityMs, clock, agenda, deadLetter, changed } = settings;
  const held = new Map<string, Held>();
  const visible = new Set<Held>();
  let delayed = 0;

  const show = (one: Held): void => {
    one.state = "visible";
    visible.add(one);
    changed();
  };
  const hold = (message: Message, twin = false): Held => {
    const fresh = { receiveCount: 0, firstReceivedAt: 0, seenAt: 0, twin };
    const one: Held = { key: randomUUID(), message, state: "delayed", ...fresh };
    held.set(one.key, one);
    return one;
  };
  const drop = (one: Held): void => {
    held.delete(one.key);
    visible.delete(one);
    changed();
  };
  const comeBack = (one: Held): void => {
    if (!deadLetter || one.receiveCount < deadLetter.maxReceiveCount) return show(one);
    drop(one);
    return deadLetter.take(one.message);
  };
  const hide = (one: Held, ms: number): void => {
    const until = clock.now() + ms;
    one.seenAt = until;
    if (ms === 0) return comeBack(one);
    // By the time it may have been deleted, received again, or hidden for longer or shorter.
    const unchanged = (): boolean => held.has(one.key) && one.state === "in-flight" && one.seenAt === until;
    return agenda.add(until, () => unchanged() && comeBack(one));
  };

  // Each receiving of a message has its own receipt; the newest alone counts.
  const receiptOf = (one: Held): string => Buffer.from(`${name} ${one.key} ${one.receiveCount}`).toString("base64url");
  const byReceipt = (receipt: string): Held | "stale" | undefined => {
    const [queue, key = "", count] = Buffer.from(receipt, "base64url").toString().split(" ");
    if (queue !== name || count === undefined) return undefined;
    const one = held.get(key);
    return one && String(one.receiveCount) === count ? one : "stale";
  };

  return {
    name,
    visibilityMs,
    send: (body, delayMs) => {
      const message = { id: randomUUID(), body, md5: hash("md5", body), sentAt: clock.now() };
      const one = hold(message);
      if (delayMs === 0) {
        show(one);
        return message;
      }
      delayed++;
      agenda.add(clock.now() + delayMs, () => {
        delayed--;
        show(one);
      });
      return message;
    },
    take: (message) => show(hold(message)),
    receive: (limit, ms = visibilityMs) => {
      const taken = firstOf(visible, limit);
      const twins = settings.duplicate() ? taken.filter(({ twin }) => !twin) : [];
      const received = taken.map((one) => {
        visible.delete(one);
        one.state = "in-flight";
        one.receiveCount++;
        one.firstReceivedAt ||= clock.now();
        const { message, receiveCount, firstReceivedAt } = one;
        return { ...message, receipt: receiptOf(one), receiveCount, firstReceivedAt };
      });
      for (const one of twins) {
        one.twin = true;
        show(hold(one.message, true));
      }
      for (const one of taken) hide(one, ms);
      return received;
    },
    delete: (receipt) => {
      const one = byReceipt(receipt);
      if (one !== undefined && one !== "stale") drop(one);
      return one !== undefined;
    },
    changeVisibility: (receipt, ms) => {
      const one = byReceipt(receipt);
      if (one === undefined) return "unknown";
      if (one === "stale" || one.state !== "in-flight") return "idle";
      hide(one, ms);
      return "changed";
    },
    depth: () => ({ visible: visible.size, inFlight: held.size - visible.size - delayed, delayed }),
  };
};
