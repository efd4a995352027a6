import type * as cloudfront from "aws-cdk-lib/aws-cloudfront";
import type * as logs from "aws-cdk-lib/aws-logs";
import type * as sqs from "aws-cdk-lib/aws-sqs";
import type { Target } from "../policies.ts";
import type { ParameterName, QueueName } from "../topology.ts";
import type { Parameter } from "./parameters.ts";
import type { Storage } from "./storage.ts";

/** What policies are about, as the stack has it. */
export type Things = {
  storage: Storage;
  queues: Record<QueueName, sqs.IQueue>;
  parameters: Record<ParameterName, Parameter>;
  distribution: cloudfront.Distribution;
};

/** The ARN of a policy's target; `log` is the function's own group. */
export const arnIn =
  ({ storage, queues, parameters, distribution }: Things, log: logs.ILogGroup) =>
  (target: Target): string => {
    switch (target.kind) {
      case "table":
        return storage.table.tableArn;
      case "index":
        return `${storage.table.tableArn}/index/${target.name}`;
      case "stream":
        return storage.streamArn;
      case "bucket":
        return storage.buckets[target.bucket].bucketArn;
      case "objects":
        return storage.buckets[target.bucket].arnForObjects(`${target.prefix}*`);
      case "queue":
        return queues[target.queue].queueArn;
      case "parameter":
        return parameters[target.parameter].arn;
      case "distribution":
        return distribution.distributionArn;
      case "logs":
        // An L2 group's ARN ends in `:*`, its streams.
        return log.logGroupArn;
    }
  };
