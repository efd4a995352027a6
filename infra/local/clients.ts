import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";

/** SDK calls made so far, by name (`PutObject`, `TransactWriteItems`); the stream's polling is not counted. */
export type Calls = Record<string, number>;

const common = { region: "local", credentials: { accessKeyId: "local", secretAccessKey: "local" } };

/** The AWS clients of the functions, as on AWS but for their endpoints; each call is counted in `calls`. */
export const localClients = (
  endpoints: { dynamo: string; s3: string; sqs: string; cloudfront: string },
  calls: Calls,
) => {
  const noted = (entry: unknown): void => {
    const call =
      entry && typeof entry === "object" ? String(Reflect.get(entry, "commandName") ?? "").replace(/Command$/, "") : "";
    if (call) calls[call] = (calls[call] ?? 0) + 1;
  };
  // The SDK tells its logger of every command, done (info) or failed (error).
  const logger = { trace: () => {}, debug: () => {}, warn: () => {}, info: noted, error: noted };
  const counted = { ...common, logger };
  return {
    dynamo: new DynamoDBClient({ ...counted, endpoint: endpoints.dynamo }),
    s3: new S3Client({ ...counted, endpoint: endpoints.s3, forcePathStyle: true }),
    sqs: new SQSClient({ ...counted, endpoint: endpoints.sqs }),
    cloudfront: new CloudFrontClient({ ...counted, endpoint: endpoints.cloudfront }),
    streams: new DynamoDBStreamsClient({ ...common, endpoint: endpoints.dynamo }),
  };
};
export type LocalClients = ReturnType<typeof localClients>;
