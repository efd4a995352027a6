import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Key } from "./dynamo.ts";
import type { ImageMessage, InboxMessage, ReleaseMessage } from "./message.ts";

/** A queue of ours, by what its messages say. */
export type Queue<Message> = {
  /** Messages can be received `delaySeconds` (0 to 900, whole) from now. Throws when any of them could not be sent. */
  send(messages: readonly Message[], delaySeconds?: number): Promise<void>;
};
/** The renderer's second trigger: the sweep names WORK that the stream's delivery did not finish. */
export type RenderQueue = Queue<Key>;
/**
 * The picture function's triggers, beside S3's own events: what is to be done on a picture that is there. One queue makes
 * pictures visible, and what can wait goes through another.
 */
export type ImageQueue = Queue<ImageMessage>;
/** Wakes the schedule when a story is due, or on the way there. */
export type ScheduleQueue = Queue<ReleaseMessage>;
/** Wakes the worker for an event of a webhook that is stored. */
export type InboxQueue = Queue<InboxMessage>;

/**
 * A queue over SQS, ten messages a call. The client is made, and its code loaded, when the first message is sent: the API
 * seldom has one.
 */
export const sqsQueue = <Message>(connect: () => Promise<SQSClient>, url: string): Queue<Message> => {
  let client: Promise<SQSClient> | undefined;
  return {
    send: async (messages, delaySeconds = 0) => {
      if (!messages.length) return;
      const { SendMessageBatchCommand } = await import("@aws-sdk/client-sqs");
      const sqs = await (client ??= connect());
      for (let from = 0; from < messages.length; from += 10) {
        const Entries = messages.slice(from, from + 10).map((message, n) => ({
          Id: String(n),
          MessageBody: JSON.stringify(message),
          ...(delaySeconds > 0 ? { DelaySeconds: delaySeconds } : {}),
        }));
        const { Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
        if (Failed?.length)
          throw new Error(`${Failed.length} of ${Entries.length} messages were not taken by the queue`, {
            cause: Failed,
          });
      }
    },
  };
};
