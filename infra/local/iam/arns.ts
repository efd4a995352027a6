import type { ArnOf, Target } from "../../policies.ts";
import type { FunctionName } from "../../topology.ts";
import { arnOf as queueArn } from "../sqs/record.ts";

/** Names of what there is, as the functions' environment gives them. */
export type ResourceNames = {
  table: string;
  contentBucket: string;
  mediaBucket: string;
  siteBucket: string;
  sealingKeyParameter: string;
  distributionId: string;
};

const REGION = "local";
const ACCOUNT = "000000000000";

/** ARNs of the local house (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html), by the names that SDK calls use. */
export const arns = {
  table: (name: string): string => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`,
  index: (table: string, name: string): string => `${arns.table(table)}/index/${name}`,
  bucket: (name: string): string => `arn:aws:s3:::${name}`,
  object: (bucket: string, key: string): string => `${arns.bucket(bucket)}/${key}`,
  /** A queue by its address, whose last part is its name. */
  queue: (url: string): string => queueArn(url.slice(url.lastIndexOf("/") + 1)),
  /** A parameter by its name, whose first slash is none of the ARN's. */
  parameter: (name: string): string => `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/${name.replace(/^\//, "")}`,
  distribution: (id: string): string => `arn:aws:cloudfront::${ACCOUNT}:distribution/${id}`,
};

/** What the topology names, as ARNs of the local house: what its policies are made with. */
export const localArnOf =
  (name: FunctionName, names: ResourceNames): ArnOf =>
  (target: Target): string => {
    const buckets = {
      content: names.contentBucket,
      media: names.mediaBucket,
      site: names.siteBucket,
      failures: "failures",
    };
    const parameters = { "sealing-key": names.sealingKeyParameter };
    switch (target.kind) {
      case "table":
        return arns.table(names.table);
      case "index":
        return arns.index(names.table, target.name);
      case "stream":
        return `${arns.table(names.table)}/stream/*`;
      case "bucket":
        return arns.bucket(buckets[target.bucket]);
      case "objects":
        return arns.object(buckets[target.bucket], `${target.prefix}*`);
      case "queue":
        return queueArn(target.queue);
      case "parameter":
        return arns.parameter(parameters[target.parameter]);
      case "distribution":
        return arns.distribution(names.distributionId);
      case "logs":
        return `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/lambda/${name}:*`;
    }
  };
