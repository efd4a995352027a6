/** Things to be handled: batches run side by side in lanes; things of one key keep their order, in one lane. */
export type Lanes<Thing> = {
  /** Queues a thing; one that is not `wanted` only moves the position on. `sequence` is where the stream stands after it. */
  add(thing: Thing, wanted: boolean, key: string, sequence: string): void;
  /** Looks again whether lanes may go on. */
  go(): void;
  idle(): boolean;
  /** Resolves when nothing is under way and nothing waits (or lanes are held). */
  drained(): Promise<void>;
};

type Entry<Thing> = { thing: Thing; sequence: string; done: boolean };

const laneOf = (key: string, count: number): number => {
  let hash = 0;
  for (const char of key) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003;
  return hash % count;
};

export const lanes = <Thing>(options: {
  count: number;
  batchSize: number;
  held: () => boolean;
  deliver: (things: Thing[]) => Promise<void>;
  /** Everything up to here has been handled. */
  passed: (sequence: string) => void;
}): Lanes<Thing> => {
  const queues = Array.from({ length: options.count }, (): Entry<Thing>[] => []);
  const running = new Set<number>();
  let order: Entry<Thing>[] = [];
  let waiters: (() => void)[] = [];

  const settle = (): void => {
    const open = order.findIndex((entry) => !entry.done);
    const through = open < 0 ? order.length : open;
    const last = order[through - 1];
    order = order.slice(through);
    if (last) options.passed(last.sequence);
    if (running.size === 0 && (options.held() || queues.every((queue) => queue.length === 0))) {
      for (const resolve of waiters) resolve();
      waiters = [];
    }
  };

  const run = async (lane: number): Promise<void> => {
    const queue = queues[lane];
    if (!queue || running.has(lane)) return;
    running.add(lane);
    // A turn of the loop later, so that what came in the same poll makes one batch.
    await Promise.resolve();
    while (queue.length && !options.held()) {
      const batch = queue.splice(0, options.batchSize);
      await options.deliver(batch.map((entry) => entry.thing));
      for (const entry of batch) entry.done = true;
      settle();
    }
    running.delete(lane);
    settle();
  };
  const go = (): void => queues.forEach((_, lane) => void run(lane));

  return {
    add: (thing, wanted, key, sequence) => {
      const entry = { thing, sequence, done: !wanted };
      order.push(entry);
      if (!wanted) return settle();
      const lane = laneOf(key, options.count);
      queues[lane]?.push(entry);
      void run(lane);
    },
    go,
    idle: () => running.size === 0 && (options.held() || queues.every((queue) => queue.length === 0)),
    drained: () =>
      new Promise((resolve) => {
        waiters.push(resolve);
        settle();
      }),
  };
};
