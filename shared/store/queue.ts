import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import type { Key } from "./dynamo.ts";

/** The renderer's second trigger: the sweep names WORK that the stream's delivery did not finish. */
export type RenderQueue = {
  /** Throws when any of the references could not be sent. */
  send(refs: Key[]): Promise<void>;
};

const message = z.strictObject({ pk: z.string(), sk: z.string() });

/** Reads a queue message's body; undefined when it is none of ours. */
export const parseMessage = (body: string): Key | undefined => {
  try {
    return message.safeParse(JSON.parse(body)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** The queue over SQS, ten references a call. */
export const sqsQueue = (client: SQSClient, url: string): RenderQueue => ({
  send: async (refs) => {
    for (let from = 0; from < refs.length; from += 10) {
      const Entries = refs
        .slice(from, from + 10)
        .map((ref, n) => ({ Id: String(n), MessageBody: JSON.stringify(ref) }));
      const { Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
      if (Failed?.length)
        throw new Error(`${Failed.length} of ${Entries.length} messages were not taken by the render queue`, {
          cause: Failed,
        });
    }
  },
});
