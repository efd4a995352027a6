import {
  type BucketName,
  buckets,
  type FunctionName,
  type FunctionShape,
  functions,
  type Grant,
  type ParameterName,
  parameters,
  type QueueName,
  queues,
  type Trigger,
} from "./topology.ts";

/** What a statement is about, by its name in the topology; CDK makes an ARN of it, and so does the local house. */
export type Target =
  | { kind: "table" }
  | { kind: "index"; name: string }
  | { kind: "stream" }
  | { kind: "bucket"; bucket: BucketName }
  /** The keys that begin with `prefix`; "" is every key. */
  | { kind: "objects"; bucket: BucketName; prefix: string }
  | { kind: "queue"; queue: QueueName }
  | { kind: "parameter"; parameter: ParameterName }
  | { kind: "distribution" }
  /** The streams of the function's own log group. */
  | { kind: "logs" };

export type Statement = {
  /** Letters and digits, unique within the function. */
  sid: string;
  actions: readonly string[];
  targets: readonly Target[];
  /** Only for s3:ListBucket: beginnings of keys that may be listed; none: all may. */
  listPrefixes?: readonly string[];
  /** Only for the table: partition keys that may be read and written, `*` at the end for a prefix; none: all may. */
  leadingKeys?: readonly string[];
  why: string;
  /** Who uses it: our code, or the Lambda service in the function's name (event source mappings, logs). */
  by: "function" | "lambda";
};

export type ArnOf = (target: Target) => string;

/** One statement of an IAM policy (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html). */
export type PolicyStatementJson = {
  Sid: string;
  Effect: "Allow";
  Action: string[];
  Resource: string[];
  /**
   * Of the table by its items' partition keys
   * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html), of a bucket by the prefix that is listed.
   */
  Condition?:
    | { StringLike: { "s3:prefix": string[] } }
    | { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": string[] } };
};

/** Rights on a bucket itself; all others of S3 that are granted are on its objects. */
const ON_BUCKET = new Set(["s3:ListBucket"]);

const knownIn = <Name extends string>(names: Record<Name, unknown>, name: string): Name => {
  for (const known in names) if (known === name) return known;
  throw new Error(`the topology has no ${name}`);
};

/** `images-later` and `body/` as part of a Sid. */
const titled = (name: string): string =>
  name
    .split(/[^a-z0-9]+/i)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");

const textOf = (target: Target): string => JSON.stringify(target);
const inOrder = <Thing>(things: readonly Thing[], keyOf: (thing: Thing) => string): Thing[] =>
  things.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

/** A grant on a bucket is two statements where it allows to list: that right is the bucket's, the others are its objects'. */
const onBucket = (bucket: BucketName, { prefixes, actions, why }: Grant): Statement[] => {
  const sid = titled(bucket) + (prefixes ?? []).toSorted().map(titled).join("");
  const objects = actions.filter((action) => !ON_BUCKET.has(action));
  const lists = actions.filter((action) => ON_BUCKET.has(action));
  const statements: Statement[] = [
    {
      sid: `${sid}Objects`,
      actions: objects,
      targets: (prefixes ?? [""]).map((prefix) => ({ kind: "objects", bucket, prefix })),
      why,
      by: "function",
    },
    {
      sid: `${sid}List`,
      actions: lists,
      targets: [{ kind: "bucket", bucket }],
      ...(prefixes === undefined ? {} : { listPrefixes: prefixes.toSorted() }),
      why,
      by: "function",
    },
  ];
  return statements.filter((statement) => statement.actions.length > 0);
};

const READS: ReadonlySet<string> = new Set(["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"]);

const ofGrant = (grant: Grant): Statement[] => {
  const { on, actions, why, partitions } = grant;
  const [kind = "", name = ""] = on.split(":");
  const one = (target: Target): Statement[] => [{ sid: titled(on), actions, targets: [target], why, by: "function" }];
  switch (kind) {
    case "table":
      return one({ kind }).map((statement) => ({
        ...statement,
        // What may only be looked at stands apart from what may be written.
        sid: actions.every((action) => READS.has(action)) ? `${statement.sid}Read` : statement.sid,
        ...(partitions ? { leadingKeys: partitions.toSorted() } : {}),
      }));
    case "distribution":
      return one({ kind });
    case "index":
      return one({ kind, name });
    case "queue":
      return one({ kind, queue: knownIn(queues, name) });
    case "parameter":
      return one({ kind, parameter: knownIn(parameters, name) });
    case "bucket":
      return onBucket(knownIn(buckets, name), grant);
    default:
      throw new Error(`nobody knows what a grant on ${on} is about`);
  }
};

/**
 * What the Lambda service does with the function's role to bring it its events. Of a stream: that ListStreams is among the four
 * is AWS's own example, on the stream's ARN (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html);
 * of what is given up (https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html); of a queue, which takes
 * no ChangeMessageVisibility (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
 */
const ofTrigger = (trigger: Trigger): Statement[] => {
  switch (trigger.type) {
    case "http":
    case "rate":
      return [];
    case "queue":
      return [
        {
          sid: `Poll${titled(trigger.queue)}`,
          actions: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
          targets: [{ kind: "queue", queue: trigger.queue }],
          why: "messages that invoke it",
          by: "lambda",
        },
      ];
    case "stream":
      return [
        {
          sid: "PollStream",
          actions: [
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
          ],
          targets: [{ kind: "stream" }],
          why: "records that invoke it",
          by: "lambda",
        },
        {
          sid: "KeepFailed",
          actions: ["s3:PutObject"],
          targets: [{ kind: "objects", bucket: trigger.onFailure, prefix: "aws/lambda/" }],
          why: "batches that failed for good, under the service's own prefix",
          by: "lambda",
        },
        {
          sid: "KeepFailedList",
          actions: ["s3:ListBucket"],
          targets: [{ kind: "bucket", bucket: trigger.onFailure }],
          why: "batches that failed for good",
          by: "lambda",
        },
      ];
  }
};

const LOGS: Statement = {
  sid: "Logs",
  actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
  targets: [{ kind: "logs" }],
  why: "its log lines",
  by: "lambda",
};

/**
 * All that a function may do, and nothing else: the topology's grants, and what the Lambda service needs to invoke it. In the
 * order of the Sids, with actions and targets in order too. Throws when two grants have one Sid: they are to be one grant.
 */
export const statementsOf = (name: FunctionName): Statement[] => {
  const { grants, triggers }: FunctionShape = functions[name];
  const all = [...grants.flatMap(ofGrant), ...triggers.flatMap(ofTrigger), LOGS];
  const sids = new Set(all.map(({ sid }) => sid));
  if (sids.size !== all.length) throw new Error(`two grants of ${name} are on the same thing: make them one`);
  return inOrder(all, ({ sid }) => sid).map((statement) => ({
    ...statement,
    actions: statement.actions.toSorted(),
    targets: inOrder(statement.targets, textOf),
  }));
};

/** The statements of a function's policy as IAM's JSON, with the ARNs that `arnOf` makes; one `*` ends what is a prefix. */
export const policyOf = (name: FunctionName, arnOf: ArnOf): PolicyStatementJson[] =>
  statementsOf(name).map(({ sid, actions, targets, listPrefixes, leadingKeys }) => ({
    Sid: sid,
    Effect: "Allow",
    Action: [...actions],
    Resource: targets.map(arnOf),
    ...(leadingKeys && { Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [...leadingKeys] } } }),
    ...(listPrefixes && { Condition: { StringLike: { "s3:prefix": listPrefixes.map((prefix) => `${prefix}*`) } } }),
  }));
