import type { SQSEvent } from "aws-lambda";
import type { Queue, Received } from "./queue.ts";
import { recordOf } from "./record.ts";

/** What a handler answers: which messages it could not handle; nothing, or an empty list, means that it handled all. */
export type BatchAnswer = { batchItemFailures?: { itemIdentifier: string }[] } | void;

export type BatchHandler = (event: SQSEvent) => Promise<BatchAnswer>;

export type MappingSettings = {
  batchSize: number;
  concurrency: number;
  paused: () => boolean;
  /** Told of a handler's rejection; its messages stay in flight until their visibility timeout. */
  failed: (error: unknown) => void;
  /** Told when a handler has come to its end. */
  changed: () => void;
};

export type Mapping = {
  queue: Queue;
  /** Starts handlers for what is visible, as far as the concurrency goes. */
  pump: () => void;
  /** Starts no further handler. */
  stop: () => void;
  /** How many handlers are at work. */
  running: () => number;
  /** Whether it was stopped and no handler is at work any more. */
  isOver: () => boolean;
};

/**
 * Which messages of a batch failed. A name that is none of the batch's, or no name, fails it whole.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
const failuresOf = (answer: BatchAnswer, batch: readonly Received[]): Set<string> => {
  const all = new Set(batch.map(({ id }) => id));
  const failed = (answer?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return failed.every((id) => all.has(id)) ? new Set(failed) : all;
};

/**
 * Lambda's event source mapping for one queue and one function, without a batching window; RangeError for a batch
 * outside 1-10 or a concurrency below 1.
 */
export const openMapping = (queue: Queue, handler: BatchHandler, settings: MappingSettings): Mapping => {
  const { batchSize, concurrency, paused, failed, changed } = settings;
  if (!(batchSize >= 1 && batchSize <= 10)) throw new RangeError(`A batch of ${batchSize} messages.`);
  if (!(concurrency >= 1)) throw new RangeError(`A concurrency of ${concurrency}.`);
  let running = 0;
  let stopped = false;

  const outcomeOf = async (batch: readonly Received[]): Promise<Set<string>> => {
    try {
      return failuresOf(await handler({ Records: batch.map((one) => recordOf(queue.name, one)) }), batch);
    } catch (error) {
      failed(error);
      return new Set(batch.map(({ id }) => id));
    }
  };
  const deliver = async (batch: readonly Received[]): Promise<void> => {
    running++;
    const failures = await outcomeOf(batch);
    for (const { id, receipt } of batch) if (!failures.has(id)) queue.delete(receipt);
    running--;
    changed();
  };
  const next = (): readonly Received[] =>
    stopped || paused() || running >= concurrency ? [] : queue.receive(batchSize);
  return {
    queue,
    pump: () => {
      for (let batch = next(); batch.length > 0; batch = next()) void deliver(batch);
    },
    stop: () => {
      stopped = true;
    },
    running: () => running,
    isOver: () => stopped && running === 0,
  };
};
