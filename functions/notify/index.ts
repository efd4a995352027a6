import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { systemClock } from "../../shared/runtime/clock.ts";
import { readEnv, variables } from "../../shared/runtime/env.ts";
import { emf, logLine } from "../../shared/runtime/events.ts";
import { guardedFetch } from "../../shared/runtime/guarded-fetch.ts";
import { systemIds } from "../../shared/runtime/ids.ts";
import { CLIENT, lean } from "../../shared/store/client.ts";
import { dynamoTable } from "../../shared/store/dynamo.ts";
import { sealingKey } from "../../shared/store/sealing-key.ts";
import { createNotify } from "./handler.ts";

const env = readEnv(variables.pick({ TABLE: true, SEALING_KEY_PARAMETER: true, SITE_URL: true, NAMESPACE: true }));

/** With no webhook there is no secret to read. */
const ssm = async () => (await import("../../shared/store/parameters.ts")).ssmParameters();

export const handler = createNotify({
  clock: systemClock,
  ids: systemIds(),
  events: emf(logLine, systemClock.now, env.NAMESPACE),
  table: dynamoTable(lean(new DynamoDBClient(CLIENT)), env.TABLE, systemClock),
  fetch: guardedFetch(),
  sealingKeys: sealingKey(ssm, env.SEALING_KEY_PARAMETER),
  siteUrl: env.SITE_URL,
});
