import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { inParallel } from "../../shared/runtime/parallel.ts";
import { parseReleaseMessage, type ReleaseMessage } from "../../shared/store/message.ts";
import { sendRelease } from "../../shared/store/release.ts";
import type { Services } from "../../shared/store/services.ts";
import { GUARD_MS, release, type Releaser } from "./release.ts";

export type Messenger = Releaser & Pick<Services, "scheduleQueue">;

/** As many as a batch has. */
const AT_ONCE = 10;
/** The rest of the way that is waited for, in ms: SQS counts in whole seconds, and knows nothing of the margin. */
const WAIT_MS = 1000 + GUARD_MS;

/**
 * What the delayed queue says: a story may be due. A message is only a hint where to look, so one that comes twice, late or for
 * nothing does no harm, and none is given back to the queue: what is lost, or could not go up, is the sweep's, which comes sooner.
 */
export const takeMessages = async (services: Messenger, { Records }: SQSEvent): Promise<SQSBatchResponse> => {
  await inParallel(Records, AT_ONCE, async ({ body }) => {
    const message = parseReleaseMessage(body);
    if (message) await take(services, message);
  });
  return { batchItemFailures: [] };
};

/** Sends it on while there is far to go, waits for the last second, and ends a message whose time is not the story's any more. */
const take = async (services: Messenger, message: ReleaseMessage): Promise<void> => {
  const { clock } = services;
  for (;;) {
    const outcome = await release(services, message.article);
    if (outcome.kind !== "early" || outcome.failed || outcome.at !== message.at) return;
    if (outcome.ms > WAIT_MS) return sendRelease(services, message);
    await clock.sleep(outcome.ms);
  }
};
