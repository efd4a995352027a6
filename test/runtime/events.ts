import { randomUUID } from "node:crypto";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record,
} from "@aws-sdk/client-dynamodb-streams";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { House } from "../../infra/local/house.ts";
import { functions, type QueueName } from "../../infra/topology.ts";

const client = { region: "local", credentials: { accessKeyId: "local", secretAccessKey: "local" } };

type Sent = { key?: string | null; headers?: Record<string, string>; body?: object | string };

/** A request as an HTTP API hands it over, of the route that it came by. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export const request = (
  method: string,
  path: string,
  { key, headers: given = {}, body }: Sent = {},
  routeKey = "$default",
): object => {
  const headers = {
    host: "api.example",
    ...(key ? { authorization: `Bearer ${key}` } : {}),
    ...(body ? { "content-type": "application/json" } : {}),
    ...given,
  };
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: "",
    headers,
    requestContext: {
      accountId: "000000000000",
      apiId: "local",
      domainName: "api.example",
      domainPrefix: "api",
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "203.0.113.9", userAgent: "test" },
      requestId: randomUUID(),
      routeKey,
      stage: "$default",
      time: new Date().toUTCString(),
      timeEpoch: Date.now(),
    },
    ...(body ? { body: typeof body === "string" ? body : JSON.stringify(body) } : {}),
    isBase64Encoded: false,
  };
};

/** What the minute's rule sends. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
export const minute = (): object => ({
  version: "0",
  id: randomUUID(),
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account: "000000000000",
  time: new Date().toISOString(),
  region: "local",
  resources: ["arn:aws:events:local:000000000000:rule/minute"],
  detail: {},
});

/** Everything that the table's stream holds so far, oldest first. */
const streamOf = async (house: House): Promise<_Record[]> => {
  const endpoint = house.surroundings.dynamo;
  const dynamo = new DynamoDBClient({ ...client, endpoint });
  const streams = new DynamoDBStreamsClient({ ...client, endpoint });
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: house.surroundings.names.table }));
  const StreamArn = Table?.LatestStreamArn;
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const from = { StreamArn, ShardId: StreamDescription?.Shards?.at(-1)?.ShardId };
  const first = await streams.send(new GetShardIteratorCommand({ ...from, ShardIteratorType: "TRIM_HORIZON" }));
  const all: _Record[] = [];
  for (let ShardIterator = first.ShardIterator; ShardIterator !== undefined;) {
    const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator }));
    all.push(...Records);
    ShardIterator = Records.length ? NextShardIterator : undefined;
  }
  dynamo.destroy();
  streams.destroy();
  return all;
};

/**
 * The records of new WORK on these stories (or of NEWS of them, for notify), as the event source mapping filters them and hands them
 * over: whole images in DynamoDB's JSON. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export const streamed = async (
  house: House,
  stories: string[],
  to: "render" | "notify" = "render",
): Promise<{ Records: object[] }> => {
  const { filter } = functions[to].triggers[0];
  const records = await streamOf(house);
  const wanted = records.filter(({ eventName, dynamodb }) => {
    const [pk = "", sk = ""] = [dynamodb?.Keys?.["pk"]?.S, dynamodb?.Keys?.["sk"]?.S];
    return eventName === filter.eventName && sk.startsWith(filter.sortPrefix) && stories.some((id) => pk.endsWith(id));
  });
  return {
    Records: wanted.map(({ eventID, eventName, dynamodb }) => ({
      eventID,
      eventName,
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "local",
      eventSourceARN: "arn:aws:dynamodb:local:000000000000:table/broadsheet/stream/2026-01-01T00:00:00.000",
      dynamodb: { ...dynamodb, ApproximateCreationDateTime: Math.floor(Date.now() / 1000) },
    })),
  };
};

/** The messages that a queue of the house holds, taken out of it, as Lambda hands them over. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export const queued = async (house: House, queue: QueueName): Promise<{ Records: { body: string }[] }> => {
  const sqs = new SQSClient({ ...client, endpoint: house.sqs.url });
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: house.sqs.urlOf(queue),
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ["All"],
    }),
  );
  sqs.destroy();
  return {
    Records: Messages.map(({ MessageId, ReceiptHandle, Body = "", Attributes, MD5OfBody }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes,
      messageAttributes: {},
      md5OfBody: MD5OfBody,
      eventSource: "aws:sqs",
      eventSourceARN: `arn:aws:sqs:local:000000000000:${queue}`,
      awsRegion: "local",
    })),
  };
};
