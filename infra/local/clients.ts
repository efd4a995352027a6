import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { InitializeMiddleware } from "@smithy/types";

/** SDK calls made so far, by name (`PutObject`, `TransactWriteItems`); the stream's polling is not counted. */
export type Calls = Record<string, number>;

const common = { region: "local", credentials: { accessKeyId: "local", secretAccessKey: "local" } };

/** Counts commands by name. (A logger would be told them too, but the SDK then filters every input and output for it: 4 % of a publish.) */
const counting =
  <Input extends object, Output extends object>(calls: Calls): InitializeMiddleware<Input, Output> =>
  (next, context) =>
  (args) => {
    const call = String(context["commandName"] ?? "").replace(/Command$/, "");
    calls[call] = (calls[call] ?? 0) + 1;
    return next(args);
  };

/** The AWS clients of the functions, as on AWS but for their endpoints; each call is counted in `calls`. */
export const localClients = (
  endpoints: { dynamo: string; s3: string; sqs: string; cloudfront: string },
  calls: Calls,
) => {
  const clients = {
    dynamo: new DynamoDBClient({ ...common, endpoint: endpoints.dynamo }),
    s3: new S3Client({ ...common, endpoint: endpoints.s3, forcePathStyle: true }),
    sqs: new SQSClient({ ...common, endpoint: endpoints.sqs }),
    cloudfront: new CloudFrontClient({ ...common, endpoint: endpoints.cloudfront }),
  };
  const first = { step: "initialize" } as const;
  clients.dynamo.middlewareStack.add(counting(calls), first);
  clients.s3.middlewareStack.add(counting(calls), first);
  clients.sqs.middlewareStack.add(counting(calls), first);
  clients.cloudfront.middlewareStack.add(counting(calls), first);
  return { ...clients, streams: new DynamoDBStreamsClient({ ...common, endpoint: endpoints.dynamo }) };
};
export type LocalClients = ReturnType<typeof localClients>;
