import { randomUUID } from "node:crypto";
import { iso } from "../../shared/domain/time.ts";
import { notifications } from "../topology.ts";
import type { LocalClock } from "./clock.ts";
import type { LocalS3 } from "./s3/s3.ts";
import type { LocalSqs } from "./sqs/sqs.ts";

/**
 * S3's events as EventBridge hands them to a queue, by the topology's rules; the answer ends it. `names` are the buckets as they
 * are called here. https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export const startEventBridge = (options: {
  s3: LocalS3;
  sqs: LocalSqs;
  clock: LocalClock;
  names: Record<(typeof notifications)[number]["bucket"], string>;
}): (() => void) => {
  const { s3, sqs, clock, names } = options;
  return s3.onObjectCreated(({ bucket, key, etag, size }) => {
    for (const rule of notifications) {
      if (bucket !== names[rule.bucket] || !key.startsWith(rule.prefix)) continue;
      const event = {
        version: "0",
        id: randomUUID(),
        "detail-type": "Object Created",
        source: "aws.s3",
        account: "000000000000",
        time: iso(clock.now()),
        region: "local",
        resources: [`arn:aws:s3:::${bucket}`],
        detail: { version: "0", bucket: { name: bucket }, object: { key, size, etag }, reason: "PutObject" },
      };
      sqs.accept(rule.queue, JSON.stringify(event));
    }
  });
};
