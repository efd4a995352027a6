import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { type Messenger, takeMessages } from "./messages.ts";
import { sweep, type Sweeper } from "./sweep.ts";

export type ScheduleServices = Messenger & Sweeper;

/** What the minute's rule sends, or nothing: somebody who invokes it by hand; or messages of the delayed queue. */
export type ScheduleEvent = SQSEvent | object;

/**
 * The schedule: by the delayed queue at a story's time, by the minute sweep for what that missed. Truth is the due entry, which is the
 * scheduled head itself; either may come first, or twice, and one publication results.
 */
export const createSchedule =
  (services: ScheduleServices) =>
  async (event: ScheduleEvent = {}): Promise<SQSBatchResponse | void> =>
    "Records" in event ? takeMessages(services, event) : sweep(services);
