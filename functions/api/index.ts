import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { systemClock } from "../../shared/runtime/clock.ts";
import { readEnv, variables } from "../../shared/runtime/env.ts";
import { emf, logLine } from "../../shared/runtime/events.ts";
import { systemIds } from "../../shared/runtime/ids.ts";
import { CLIENT, lean } from "../../shared/store/client.ts";
import { dynamoTable } from "../../shared/store/dynamo.ts";
import { s3Inbox } from "../../shared/store/inbox.ts";
import { s3Bodies } from "../../shared/store/objects.ts";
import { sqsQueue } from "../../shared/store/queue.ts";
import { s3Renditions } from "../../shared/store/renditions.ts";
import { sealingKey } from "../../shared/store/sealing-key.ts";
import { s3Uploads } from "../../shared/store/uploads.ts";
import { createHandler } from "./handler.ts";

const env = readEnv(
  variables.pick({
    TABLE: true,
    CONTENT_BUCKET: true,
    MEDIA_BUCKET: true,
    IMAGE_QUEUE_URL: true,
    SCHEDULE_QUEUE_URL: true,
    INBOX_QUEUE_URL: true,
    SEALING_KEY_PARAMETER: true,
    SITE_URL: true,
    NAMESPACE: true,
  }),
);

const s3 = lean(new S3Client(CLIENT));

const sqs = async () => {
  const { SQSClient } = await import("@aws-sdk/client-sqs");
  return lean(new SQSClient(CLIENT));
};

/** Most processes never see a secret: the client's code is read with the first one. */
const ssm = async () => (await import("../../shared/store/parameters.ts")).ssmParameters();

export const handler = createHandler({
  clock: systemClock,
  ids: systemIds(),
  events: emf(logLine, systemClock.now, env.NAMESPACE),
  table: dynamoTable(lean(new DynamoDBClient(CLIENT)), env.TABLE, systemClock),
  bodies: s3Bodies(s3, env.CONTENT_BUCKET),
  renditions: s3Renditions(s3, env.MEDIA_BUCKET),
  uploads: s3Uploads(s3, env.MEDIA_BUCKET, systemClock),
  imageQueue: sqsQueue(sqs, env.IMAGE_QUEUE_URL),
  scheduleQueue: sqsQueue(sqs, env.SCHEDULE_QUEUE_URL),
  inboxQueue: sqsQueue(sqs, env.INBOX_QUEUE_URL),
  inbox: s3Inbox(s3, env.CONTENT_BUCKET),
  // Asked for with a webhook's address alone: not read at a cold start.
  fetch: { judge: async (url) => (await import("../../shared/runtime/guarded-fetch.ts")).guardedFetch().judge(url) },
  sealingKeys: sealingKey(ssm, env.SEALING_KEY_PARAMETER),
  siteUrl: env.SITE_URL,
});
