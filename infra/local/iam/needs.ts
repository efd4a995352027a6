import * as z from "zod";
import { arns } from "./arns.ts";

/** One thing that IAM checks before a call is done. */
export type Need = {
  /** As policies name it: `s3:PutObject`. */
  action: string;
  /** ARN. */
  resource: string;
  /** Condition keys that the request has, `s3:prefix` among them. */
  keys?: Readonly<Record<string, string>>;
  /** `dynamodb:LeadingKeys`: the partition keys of the items that it is about. */
  leading?: readonly string[];
  /** What is needed besides to be told that there is nothing. */
  missing?: Need;
};

const partition = z.object({ pk: z.object({ S: z.string() }) }).transform(({ pk }) => pk.S);
/** A call about one item, by its key or as a whole. */
const onItem = z
  .object({ TableName: z.string(), Key: partition.optional(), Item: partition.optional() })
  .transform(({ TableName, Key, Item }) => ({ TableName, leading: [Key, Item].filter((pk) => pk !== undefined) }));
const onObject = z.object({ Bucket: z.string(), Key: z.string() });
const onQueue = z.object({ QueueUrl: z.string() });
const batchGet = z.object({ RequestItems: z.record(z.string(), z.object({ Keys: z.array(partition) })) });
const query = z.object({
  TableName: z.string(),
  IndexName: z.string().optional(),
  ExpressionAttributeValues: z.object({ ":pk": z.object({ S: z.string() }) }),
});
const transaction = z.object({ TransactItems: z.array(z.record(z.string(), onItem)) });
const put = onObject.extend({ IfMatch: z.string().optional() });
const copy = onObject.extend({ CopySource: z.string() });
const list = z.object({ Bucket: z.string(), Prefix: z.string().optional() });
const parameter = z.object({ Name: z.string() });
const invalidation = z.object({ DistributionId: z.string() });

const TRANSACT: Readonly<Record<string, string>> = {
  Put: "dynamodb:PutItem",
  Update: "dynamodb:UpdateItem",
  Delete: "dynamodb:DeleteItem",
  ConditionCheck: "dynamodb:ConditionCheckItem",
};

const table =
  (action: string) =>
  (input: unknown): Need[] => {
    const { TableName, leading } = onItem.parse(input);
    return [{ action, resource: arns.table(TableName), leading }];
  };

/** Without the right to list its bucket, nobody is told that an object is missing (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, Permissions). */
const reads = (bucket: string, key: string): Need => ({
  action: "s3:GetObject",
  resource: arns.object(bucket, key),
  missing: { action: "s3:ListBucket", resource: arns.bucket(bucket) },
});

const read = (input: unknown): Need[] => {
  const { Bucket, Key } = onObject.parse(input);
  return [reads(Bucket, Key)];
};

const object =
  (action: string) =>
  (input: unknown): Need[] => {
    const { Bucket, Key } = onObject.parse(input);
    return [{ action, resource: arns.object(Bucket, Key) }];
  };

/** `bucket/key`, percent-encoded or not, with or without a slash before it. */
const ofSource = (source: string): Need => {
  const [bucket = "", ...key] = decodeURIComponent(source).replace(/^\//, "").split("/");
  return reads(bucket, key.join("/"));
};

/**
 * By the name of each command that the functions send, the rights that the Service Authorization Reference asks for
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
 */
const NEEDS: Readonly<Record<string, (input: unknown) => Need[]>> = {
  GetItem: table("dynamodb:GetItem"),
  PutItem: table("dynamodb:PutItem"),
  UpdateItem: table("dynamodb:UpdateItem"),
  DeleteItem: table("dynamodb:DeleteItem"),
  BatchGetItem: (input) => {
    const { RequestItems } = batchGet.parse(input);
    return Object.entries(RequestItems).map(([name, { Keys }]) => ({
      action: "dynamodb:BatchGetItem",
      resource: arns.table(name),
      leading: Keys,
    }));
  },
  Query: (input) => {
    const { TableName, IndexName, ExpressionAttributeValues } = query.parse(input);
    const resource = IndexName === undefined ? arns.table(TableName) : arns.index(TableName, IndexName);
    return [{ action: "dynamodb:Query", resource, leading: [ExpressionAttributeValues[":pk"].S] }];
  },
  TransactWriteItems: (input) => {
    const { TransactItems } = transaction.parse(input);
    return TransactItems.flatMap((item) =>
      Object.entries(item).map(([kind, { TableName, leading }]) => {
        const action = TRANSACT[kind];
        if (!action) throw new Error(`nobody has said what rights a ${kind} of a transaction needs`);
        return { action, resource: arns.table(TableName), leading };
      }),
    );
  },
  GetObject: read,
  HeadObject: read,
  DeleteObject: object("s3:DeleteObject"),
  PutObject: (input) => {
    const { Bucket, Key, IfMatch } = put.parse(input);
    const resource = arns.object(Bucket, Key);
    // What compares reads (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
    const compares = IfMatch === undefined ? [] : [{ action: "s3:GetObject", resource }];
    return [{ action: "s3:PutObject", resource }, ...compares];
  },
  CopyObject: (input) => {
    const { Bucket, Key, CopySource } = copy.parse(input);
    return [ofSource(CopySource), { action: "s3:PutObject", resource: arns.object(Bucket, Key) }];
  },
  ListObjectsV2: (input) => {
    const { Bucket, Prefix } = list.parse(input);
    const keys = Prefix === undefined ? {} : { keys: { "s3:prefix": Prefix } };
    return [{ action: "s3:ListBucket", resource: arns.bucket(Bucket), ...keys }];
  },
  SendMessageBatch: (input) => [{ action: "sqs:SendMessage", resource: arns.queue(onQueue.parse(input).QueueUrl) }],
  // Under the account's own key nothing is asked of KMS: shared/store/parameters.ts says why.
  GetParameter: (input) => [{ action: "ssm:GetParameter", resource: arns.parameter(parameter.parse(input).Name) }],
  CreateInvalidation: (input) => {
    const { DistributionId } = invalidation.parse(input);
    return [{ action: "cloudfront:CreateInvalidation", resource: arns.distribution(DistributionId) }];
  },
};

/** What IAM checks for a call of the SDK, by its name (`PutObject`) and input; throws for a call that it does not know. */
export const needs = (call: string, input: unknown): Need[] => {
  const known = NEEDS[call];
  if (!known) throw new Error(`nobody has said what rights ${call} needs: infra/local/iam/needs.ts`);
  return known(input);
};
