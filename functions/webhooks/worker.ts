import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { inParallel } from "../../shared/runtime/parallel.ts";
import { type InboxMessage, parseInboxMessage } from "../../shared/store/message.ts";
import {
  type Finding,
  isOpen,
  leaseEvent,
  loadEvent,
  type ReceivedEvent,
  settleEvent,
} from "../../shared/store/received.ts";
import { backoffMs } from "../../shared/store/work.ts";
import type { HooksServices } from "./context.ts";
import { find } from "./find.ts";

/** Longer than this function runs at all. */
const LEASE_MS = 150_000;
/** With the backoff between them, some four hours. */
export const MOST_TRIES = 10;
/** As many messages as a batch has, at most. */
const AT_ONCE = 10;

/**
 * What the inbox' queue says: there is an event to be worked on. A message is only a hint where to look, and none is given back to the
 * queue: what could not be done is noted on the event, which is due again. Who ends its process with it is found by its lease's end.
 */
export const takeEvents = async (services: HooksServices, { Records }: SQSEvent): Promise<SQSBatchResponse> => {
  await inParallel(Records, AT_ONCE, async ({ body }) => {
    const message = parseInboxMessage(body);
    if (message) await work(services, message);
  });
  return { batchItemFailures: [] };
};

const work = async (services: HooksServices, { source, event: id }: InboxMessage): Promise<void> => {
  const { table, clock, events } = services;
  const found = await loadEvent(table, source, id);
  const event = found && (await leaseEvent(table, found, { now: clock.now(), ms: LEASE_MS }));
  if (!event) return;
  const finding = await tried(services, event);
  const now = clock.now();
  const next = isOpen(finding) ? now + backoffMs(event.attempts) : undefined;
  if (!(await settleEvent(table, event, finding, { now, next }))) return;
  if (finding.state === "dead") events({ event: "hook.dead", source, id, code: codeOf(finding) });
  const ms = now - Date.parse(event.receivedAt);
  if (!isOpen(finding)) events({ event: "hook.done", source, id, state: finding.state, ms });
};

/** No pointer: what a sender calls its fields is its payload's text. */
const codeOf = ({ faults, outcomes }: Finding): string => (faults ? "faults" : outcomes ? "not-done" : "not-read");

/** A try; the last one leaves nothing open. A fault of ours is told by its name, and tried again. */
const tried = async (services: HooksServices, event: ReceivedEvent): Promise<Finding> => {
  const isLast = event.attempts >= MOST_TRIES;
  // Whatever ends the process each time is not to go on for ever.
  if (event.attempts > MOST_TRIES)
    return { state: "dead", reason: "It was begun ten times and never came to an end.", outcomes: event.outcomes };
  const finding = await find(services, event, isLast).catch((error: unknown): Finding => {
    const code = error instanceof Error ? error.name : "unknown";
    services.events({ event: "hook.failed", source: event.source, id: event.id, attempt: event.attempts, code });
    return { state: "retrying", reason: `Something went wrong on our side (${code}).`, outcomes: event.outcomes };
  });
  return isLast && isOpen(finding) ? { ...finding, state: "dead" } : finding;
};
