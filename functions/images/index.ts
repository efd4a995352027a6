import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { systemClock } from "../../shared/runtime/clock.ts";
import { readEnv, variables } from "../../shared/runtime/env.ts";
import { emf, logLine } from "../../shared/runtime/events.ts";
import { systemIds } from "../../shared/runtime/ids.ts";
import { CLIENT, lean } from "../../shared/store/client.ts";
import { dynamoTable } from "../../shared/store/dynamo.ts";
import { s3Media } from "../../shared/store/media.ts";
import { sqsQueue } from "../../shared/store/queue.ts";
import { createImages } from "./handler.ts";

const env = readEnv(
  variables.pick({ TABLE: true, MEDIA_BUCKET: true, IMAGE_QUEUE_URL: true, LATER_QUEUE_URL: true, NAMESPACE: true }),
);

const sqs = async () => {
  const { SQSClient } = await import("@aws-sdk/client-sqs");
  return lean(new SQSClient(CLIENT));
};

export const handler = createImages({
  clock: systemClock,
  ids: systemIds(),
  events: emf(logLine, systemClock.now, env.NAMESPACE),
  table: dynamoTable(lean(new DynamoDBClient(CLIENT)), env.TABLE, systemClock),
  media: s3Media(lean(new S3Client(CLIENT)), env.MEDIA_BUCKET),
  imageQueue: sqsQueue(sqs, env.IMAGE_QUEUE_URL),
  laterQueue: sqsQueue(sqs, env.LATER_QUEUE_URL),
});
