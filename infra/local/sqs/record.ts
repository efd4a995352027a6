import type { SQSRecord } from "aws-lambda";
import type { Received } from "./queue.ts";

const REGION = "us-east-1";
/** The account every local queue belongs to. */
export const ACCOUNT = "000000000000";

/** The ARN of a local queue. */
export const arnOf = (queue: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${queue}`;

/** What SQS says of a received message; times are ms since the epoch, as text. */
export const systemAttributesOf = ({ sentAt, receiveCount, firstReceivedAt }: Received) => ({
  SenderId: ACCOUNT,
  SentTimestamp: String(sentAt),
  ApproximateReceiveCount: String(receiveCount),
  ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
});

/** The names of {@link systemAttributesOf}. */
export const systemAttributes = [
  "SenderId",
  "SentTimestamp",
  "ApproximateReceiveCount",
  "ApproximateFirstReceiveTimestamp",
];

/** A message as Lambda hands it over: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export const recordOf = (queue: string, received: Received): SQSRecord => ({
  messageId: received.id,
  receiptHandle: received.receipt,
  body: received.body,
  attributes: systemAttributesOf(received),
  messageAttributes: {},
  md5OfBody: received.md5,
  eventSource: "aws:sqs",
  eventSourceARN: arnOf(queue),
  awsRegion: REGION,
});
