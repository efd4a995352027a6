import type { LocalClock } from "../clock.ts";
import { agenda } from "./agenda.ts";
import { type BatchHandler, type Mapping, openMapping } from "./mapping.ts";
import { checkQueues, type QueueOptions } from "./options.ts";
import { type Depth, type Message, openQueue, type Queue } from "./queue.ts";
import { ACCOUNT } from "./record.ts";
import { serveActions } from "./serve.ts";
import { waitingRoom } from "./waiting.ts";

export type LocalSqs = {
  url: string;
  urlOf(name: string): string;
  /** Ends deliveries, lets the handlers at work come to their end, then ends connections and timers. */
  close(): Promise<void>;
  /**
   * Lambda's event source mapping: up to `concurrency` handlers at once, each with up to `batchSize` (1-10) messages.
   * What succeeds is deleted; what fails is seen again after the visibility timeout on the local clock. The answer ends
   * it; a handler at work comes to its end. `after` names a queue that goes first while it has anything: Lambda starts as many
   * functions as there is work, and this machine has few processors.
   */
  subscribe(
    name: string,
    options: { batchSize: number; concurrency: number; after?: string },
    handler: BatchHandler,
  ): () => void;
  depth(name: string): Depth;
  /** Takes a message in from another service of AWS, as EventBridge's rules send them. */
  accept(name: string, body: string): void;
  /**
   * Resolves when nothing is visible or in flight and no handler is at work; delayed messages aside, and dead letters
   * that nobody reads. What failed is in flight until the clock has passed its visibility timeout. Rejects at `close`.
   */
  idle(): Promise<void>;
  /** As {@link LocalSqs.idle}, but does not wait for what only the clock, a new reader or the end of a pause can bring on. */
  quiet(): Promise<void>;
  /** While true, no handler is started. */
  paused: boolean;
  /** While true, every message is delivered twice. */
  duplicate: boolean;
};

/**
 * SQS as far as this project uses it, on 127.0.0.1: standard queues, in memory, on the local clock, and Lambda's event
 * source mapping. `onError` is told of handlers that reject; without it they are printed. Rejects when the queues are
 * not described rightly (RangeError naming every fault) or the port is taken.
 */
export const startSqs = async (options: {
  queues: QueueOptions[];
  clock: LocalClock;
  port?: number;
  onError?: (queue: string, error: unknown) => void;
}): Promise<LocalSqs> => {
  const { clock, onError = (queue, error) => console.error(`A handler of ${queue} failed:`, error) } = options;
  checkQueues(options.queues);
  const later = agenda(clock);
  const room = waitingRoom(clock);
  const queues = new Map<string, Queue>();
  const mappings = new Set<Mapping>();
  let [paused, duplicate, scheduled] = [false, false, false];

  const settle = (): void => {
    scheduled = false;
    for (const mapping of mappings) {
      mapping.pump();
      if (mapping.isOver()) mappings.delete(mapping);
    }
    room.stir();
  };
  // Once for all that happens in one step, so that a batch sent together is delivered together.
  const changed = (): void => {
    if (!scheduled) queueMicrotask(settle);
    scheduled = true;
  };

  const atWork = (): boolean => [...mappings].some((mapping) => mapping.running() > 0);
  const isBusy = (name: string): boolean =>
    queueOf(name).depth().visible > 0 ||
    [...mappings].some((mapping) => mapping.queue.name === name && mapping.running() > 0);
  const isRead = (queue: Queue): boolean => [...mappings].some((mapping) => mapping.queue === queue);
  const deadLetters = new Set(options.queues.map(({ deadLetter }) => deadLetter));
  const isAtRest = (queue: Queue): boolean => {
    const { visible, inFlight } = queue.depth();
    return inFlight === 0 && (visible === 0 || (deadLetters.has(queue.name) && !isRead(queue)));
  };
  const isIdle = (): boolean => !atWork() && [...queues.values()].every(isAtRest);
  const isQuiet = (): boolean =>
    !atWork() && (paused || [...mappings].every(({ queue }) => queue.depth().visible === 0));
  const when = (condition: () => boolean): Promise<void> => {
    changed();
    return room.until(condition);
  };

  const queueOf = (name: string): Queue => {
    const queue = queues.get(name);
    if (!queue) throw new Error(`There is no queue ${name}.`);
    return queue;
  };
  for (const { name, visibilityTimeoutSeconds, maxReceiveCount = 0, deadLetter } of options.queues) {
    const settings = { name, visibilityMs: visibilityTimeoutSeconds * 1000, clock, agenda: later, changed };
    const take = (message: Message): void => queueOf(deadLetter ?? "").take(message);
    const dead = deadLetter === undefined ? undefined : { maxReceiveCount, take };
    queues.set(name, openQueue({ ...settings, deadLetter: dead, duplicate: () => duplicate }));
  }

  const urlOf = (name: string): string => `${server.url}/${ACCOUNT}/${queueOf(name).name}`;
  const desk = { clock, find: (name: string) => queues.get(name), urlOf, changeUntil: room.changeUntil };
  const server = await serveActions(desk, options.port);

  return {
    url: server.url,
    urlOf,
    close: async () => {
      for (const mapping of mappings) mapping.stop();
      await when(() => !atWork());
      later.close();
      await server.close();
      room.close();
    },
    subscribe: (name, { batchSize, concurrency, after }, handler) => {
      const mapping = openMapping(queueOf(name), handler, {
        batchSize,
        concurrency,
        paused: () => paused || (after !== undefined && isBusy(after)),
        failed: (error) => onError(name, error),
        changed,
      });
      mappings.add(mapping);
      changed();
      return () => {
        mapping.stop();
        changed();
      };
    },
    depth: (name) => queueOf(name).depth(),
    accept: (name, body) => void queueOf(name).send(body, 0),
    idle: () => when(isIdle),
    quiet: () => when(isQuiet),
    get paused() {
      return paused;
    },
    set paused(value) {
      paused = value;
      changed();
    },
    get duplicate() {
      return duplicate;
    },
    set duplicate(value) {
      duplicate = value;
    },
  };
};
