import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { systemClock } from "../../shared/runtime/clock.ts";
import { readEnv, variables } from "../../shared/runtime/env.ts";
import { emf } from "../../shared/runtime/events.ts";
import { dynamoTable } from "../../shared/store/dynamo.ts";
import { sqsQueue } from "../../shared/store/queue.ts";
import { createSchedule } from "./handler.ts";

const env = readEnv(variables.pick({ TABLE: true, RENDER_QUEUE_URL: true }));

export const handler = createSchedule({
  clock: systemClock,
  events: emf(console.log, systemClock.now),
  table: dynamoTable(new DynamoDBClient(), env.TABLE, systemClock),
  queue: sqsQueue(new SQSClient(), env.RENDER_QUEUE_URL),
});
