import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { systemClock } from "../../shared/runtime/clock.ts";
import { readEnv, variables } from "../../shared/runtime/env.ts";
import { emf, logLine } from "../../shared/runtime/events.ts";
import { systemIds } from "../../shared/runtime/ids.ts";
import { CLIENT, lean } from "../../shared/store/client.ts";
import { dynamoTable } from "../../shared/store/dynamo.ts";
import { sqsQueue } from "../../shared/store/queue.ts";
import { createSchedule } from "./handler.ts";

const env = readEnv(
  variables.pick({
    TABLE: true,
    RENDER_QUEUE_URL: true,
    IMAGE_QUEUE_URL: true,
    SCHEDULE_QUEUE_URL: true,
    INBOX_QUEUE_URL: true,
    SITE_URL: true,
    NAMESPACE: true,
  }),
);

const sqs = lean(new SQSClient(CLIENT));

export const handler = createSchedule({
  clock: systemClock,
  ids: systemIds(),
  events: emf(logLine, systemClock.now, env.NAMESPACE),
  table: dynamoTable(lean(new DynamoDBClient(CLIENT)), env.TABLE, systemClock),
  renderQueue: sqsQueue(async () => sqs, env.RENDER_QUEUE_URL),
  imageQueue: sqsQueue(async () => sqs, env.IMAGE_QUEUE_URL),
  scheduleQueue: sqsQueue(async () => sqs, env.SCHEDULE_QUEUE_URL),
  inboxQueue: sqsQueue(async () => sqs, env.INBOX_QUEUE_URL),
  siteUrl: env.SITE_URL,
});
