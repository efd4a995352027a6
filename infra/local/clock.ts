import type { Clock } from "../../shared/runtime/clock.ts";

/** A clock that runs like the machine's, and that a test can move ahead; timers due meanwhile fire at once, in order. */
export type LocalClock = Clock & {
  /** Moves the time ahead by `ms`; resolves when every timer that became due has been started. */
  move(ms: number): Promise<void>;
  /** Runs `task` once this clock has passed `at` (ms since the epoch); the answer cancels it. */
  at(at: number, task: () => void): () => void;
  /** Cancels every timer. */
  close(): void;
};

type Timer = { at: number; task: () => void };

/** setTimeout takes at most 2^31 - 1 ms; longer waits are taken in steps. */
const LONGEST = 2 ** 31 - 1;

export const localClock = (): LocalClock => {
  let offset = 0;
  const timers = new Set<Timer>();
  let wake: NodeJS.Timeout | undefined;
  const now = (): number => Date.now() + offset;

  const arm = (): void => {
    clearTimeout(wake);
    const next = Math.min(...[...timers].map((timer) => timer.at));
    if (Number.isFinite(next)) wake = setTimeout(fire, Math.min(Math.max(0, next - now()), LONGEST));
  };
  const fire = (): void => {
    const due = [...timers].filter((timer) => timer.at <= now()).sort((a, b) => a.at - b.at);
    for (const timer of due) {
      timers.delete(timer);
      timer.task();
    }
    arm();
  };
  const at = (when: number, task: () => void): (() => void) => {
    const timer = { at: when, task };
    timers.add(timer);
    arm();
    return () => {
      timers.delete(timer);
      arm();
    };
  };

  return {
    now,
    sleep: (ms) => new Promise((resolve) => at(now() + ms, resolve)),
    move: async (ms) => {
      offset += ms;
      fire();
      await new Promise((resolve) => setImmediate(resolve));
    },
    at,
    close: () => {
      timers.clear();
      clearTimeout(wake);
    },
  };
};
