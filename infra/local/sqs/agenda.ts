import type { LocalClock } from "../clock.ts";

/** Things to be done at their time, on one timer of the clock however many they are. */
export type Agenda = {
  /** Does `task` once the clock has passed `at` (ms since the epoch); those of one moment in the order they came. */
  add: (at: number, task: () => void) => void;
  /** Forgets everything. */
  close: () => void;
};

type Item = { at: number; task: () => void };

/** How many of the sorted `items` are due at `at` or before. */
const countUntil = (items: readonly Item[], at: number): number => {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle]?.at ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** An empty agenda on `clock`. */
export const agenda = (clock: LocalClock): Agenda => {
  const items: Item[] = [];
  let armed: { at: number; cancel: () => void } | undefined;

  const arm = (): void => {
    const [next] = items;
    if (next?.at === armed?.at) return;
    armed?.cancel();
    armed = next && { at: next.at, cancel: clock.at(next.at, fire) };
  };
  const fire = (): void => {
    armed = undefined;
    for (const { task } of items.splice(0, countUntil(items, clock.now()))) task();
    arm();
  };
  return {
    add: (at, task) => {
      items.splice(countUntil(items, at), 0, { at, task });
      arm();
    },
    close: () => {
      items.length = 0;
      arm();
    },
  };
};
