import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { type APIGatewayProxyResult, handle, type LambdaContext, type LambdaEvent } from "hono/aws-lambda";
import { createReceiver } from "./app.ts";
import type { HooksServices } from "./context.ts";

export type WebhooksEvent = LambdaEvent | SQSEvent;

export type WebhooksHandler = {
  (event: SQSEvent): Promise<SQSBatchResponse>;
  (event: LambdaEvent, context: LambdaContext): Promise<APIGatewayProxyResult>;
};

const isQueued = (event: WebhooksEvent): event is SQSEvent => "Records" in event;

/**
 * The way in for editors' tools: a request is verified, kept and answered (payload format 2.0), and its queue brings what was kept to the
 * worker, whose code is read with the first message: a sender that waits 2 s must not wait for it.
 */
export const createWebhooks = (services: HooksServices): WebhooksHandler => {
  const receive = handle(createReceiver(services));
  const take = async (event: WebhooksEvent, context?: LambdaContext) =>
    isQueued(event) ? (await import("./worker.ts")).takeEvents(services, event) : receive(event, context);
  // Each kind of event has its kind of answer: `take` decides by the event which it is.
  return take as WebhooksHandler;
};
