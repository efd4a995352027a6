import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { systemClock } from "../../shared/runtime/clock.ts";
import { readEnv, variables } from "../../shared/runtime/env.ts";
import { emf, logLine } from "../../shared/runtime/events.ts";
import { systemIds } from "../../shared/runtime/ids.ts";
import { CLIENT, lean } from "../../shared/store/client.ts";
import { dynamoTable } from "../../shared/store/dynamo.ts";
import { s3Bodies, s3Site } from "../../shared/store/objects.ts";
import { s3Pictures } from "../../shared/store/pictures.ts";
import { cloudfrontPurge } from "../../shared/store/purge.ts";
import { createRender } from "./handler.ts";

const env = readEnv(
  variables.pick({
    TABLE: true,
    CONTENT_BUCKET: true,
    MEDIA_BUCKET: true,
    SITE_BUCKET: true,
    SITE_URL: true,
    DISTRIBUTION_ID: true,
    DEPLOY_EPOCH: true,
    NAMESPACE: true,
  }),
);
const s3 = lean(new S3Client(CLIENT));

export const handler = createRender({
  clock: systemClock,
  ids: systemIds(),
  events: emf(logLine, systemClock.now, env.NAMESPACE),
  table: dynamoTable(lean(new DynamoDBClient(CLIENT)), env.TABLE, systemClock),
  bodies: s3Bodies(s3, env.CONTENT_BUCKET),
  pictures: s3Pictures(s3, env.MEDIA_BUCKET, env.SITE_BUCKET, systemClock),
  site: s3Site(s3, env.SITE_BUCKET, env.DEPLOY_EPOCH),
  purge: cloudfrontPurge(
    async () => new (await import("@aws-sdk/client-cloudfront")).CloudFrontClient(CLIENT),
    env.DISTRIBUTION_ID,
  ),
  siteUrl: env.SITE_URL,
  epoch: env.DEPLOY_EPOCH,
});
