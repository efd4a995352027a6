import type { LocalClock } from "../clock.ts";

/** Those who wait for the queues to change. */
export type WaitingRoom = {
  /** Resolves when `condition` holds after some change; rejects at `close`. */
  until: (condition: () => boolean) => Promise<void>;
  /** Resolves at the next change, or at `at` on the local clock, with true; with false at `close`. */
  changeUntil: (at: number) => Promise<boolean>;
  /** Something has changed. */
  stir: () => void;
  close: () => void;
};

type Waiter = { condition: () => boolean; resolve: () => void; reject: (reason: Error) => void };

/** An empty waiting room on `clock`. */
export const waitingRoom = (clock: LocalClock): WaitingRoom => {
  const waiters = new Set<Waiter>();
  const pollers = new Set<(open: boolean) => void>();
  return {
    until: (condition) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiters.add({ condition, resolve, reject });
      return promise;
    },
    changeUntil: (at) => {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const cancel = clock.at(at, () => wake(true));
      const wake = (open: boolean): void => {
        cancel();
        pollers.delete(wake);
        resolve(open);
      };
      pollers.add(wake);
      return promise;
    },
    stir: () => {
      for (const wake of pollers) wake(true);
      for (const waiter of waiters) {
        if (!waiter.condition()) continue;
        waiters.delete(waiter);
        waiter.resolve();
      }
    },
    close: () => {
      for (const wake of pollers) wake(false);
      for (const { reject } of waiters) reject(new Error("The queues were closed."));
      waiters.clear();
    },
  };
};
