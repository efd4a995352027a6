import { Duration } from "aws-cdk-lib";
import * as events from "aws-cdk-lib/aws-events";
import * as targets from "aws-cdk-lib/aws-events-targets";
import type * as s3 from "aws-cdk-lib/aws-s3";
import * as sqs from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledged.ts";
import { type BucketName, notifications, type QueueName, queues } from "../topology.ts";
import { each } from "./each.ts";

type Shape = { visibilityTimeoutSeconds: number; maxReceiveCount?: number; deadLetter?: QueueName };

/** The longest that SQS keeps a message, and what it keeps one unless told otherwise. */
const RETENTION = { dead: Duration.days(14), live: Duration.days(4) };

/** The queues with their dead letters, and S3's word that an object has come, through EventBridge to a queue. */
export class Queues extends Construct {
  readonly queues: Record<QueueName, sqs.Queue>;

  constructor(scope: Construct, id: string, buckets: Record<BucketName, s3.IBucket>) {
    super(scope, id);
    const made = new Map<QueueName, sqs.Queue>();
    const make = (name: QueueName): sqs.Queue => {
      const standing = made.get(name);
      if (standing) return standing;
      const { visibilityTimeoutSeconds, maxReceiveCount, deadLetter }: Shape = queues[name];
      const queue = new sqs.Queue(this, name, {
        visibilityTimeout: Duration.seconds(visibilityTimeoutSeconds),
        retentionPeriod: deadLetter ? RETENTION.live : RETENTION.dead,
        encryption: sqs.QueueEncryption.SQS_MANAGED,
        enforceSSL: true,
        ...(deadLetter ? { deadLetterQueue: { queue: make(deadLetter), maxReceiveCount: maxReceiveCount ?? 5 } } : {}),
      });
      if (!deadLetter) acknowledge(queue, "SQS3");
      made.set(name, queue);
      return queue;
    };
    this.queues = each(queues, make);
    for (const { bucket, prefix, queue } of notifications)
      new events.Rule(this, `${bucket}-to-${queue}`, {
        description: `Objects under ${prefix} of the ${bucket} bucket wake the ${queue} queue`,
        eventPattern: {
          source: ["aws.s3"],
          detailType: ["Object Created"],
          detail: { bucket: { name: [buckets[bucket].bucketName] }, object: { key: [{ prefix }] } },
        },
        targets: [new targets.SqsQueue(this.queues[queue])],
      });
  }
}
