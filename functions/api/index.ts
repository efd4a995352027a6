import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { systemClock } from "../../shared/runtime/clock.ts";
import { readEnv, variables } from "../../shared/runtime/env.ts";
import { emf } from "../../shared/runtime/events.ts";
import { systemIds } from "../../shared/runtime/ids.ts";
import { CLIENT, lean } from "../../shared/store/client.ts";
import { dynamoTable } from "../../shared/store/dynamo.ts";
import { s3Bodies } from "../../shared/store/objects.ts";
import { createHandler } from "./handler.ts";

const env = readEnv(variables.pick({ TABLE: true, CONTENT_BUCKET: true, SITE_URL: true }));

export const handler = createHandler({
  clock: systemClock,
  ids: systemIds(),
  events: emf(console.log, systemClock.now),
  table: dynamoTable(lean(new DynamoDBClient(CLIENT)), env.TABLE, systemClock),
  bodies: s3Bodies(lean(new S3Client(CLIENT)), env.CONTENT_BUCKET),
  siteUrl: env.SITE_URL,
});
