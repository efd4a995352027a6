import { Stack, Validations } from "aws-cdk-lib";
import type * as iam from "aws-cdk-lib/aws-iam";
import type * as s3 from "aws-cdk-lib/aws-s3";
import type { IConstruct } from "constructs";
import type { Statement } from "./policies.ts";
import type { BucketName } from "./topology.ts";

type Rule = "S1" | "SQS3" | "APIG4" | "CFR1" | "CFR2" | "CFR3" | "CFR4";

/** What AwsSolutions would have otherwise, and why it is as it is. */
const REASONS: Record<Rule, string> = {
  S1: "Only our roles, and CloudFront, can reach the bucket, and each says in its own log what it did; a log of every request would cost more than the bucket, and hold readers' habits.",
  SQS3: "It is a dead-letter queue itself.",
  APIG4:
    "The function checks the bearer key itself, before any other work, and answers by it; an authorizer would be a second function for the same look-up.",
  CFR1: "A newspaper is read from anywhere.",
  CFR2: "What is cached is public, static and the same for all: a firewall protects nothing here, and costs by the month and by the request.",
  CFR3: "No log of who read what is kept: a newspaper protects its readers, too. CloudFront's metrics tell how many there are.",
  CFR4: "CloudFront's own domain takes no other setting; with a domain of the newsroom's (siteDomain) TLS 1.2 of 2021 is the least.",
};

const idOf = (rule: string): string => `AwsSolutions::AwsSolutions-${rule}`;

/** Notes on a construct why a rule of AwsSolutions does not hold for it (https://github.com/cdklabs/cdk-nag). */
export const acknowledge = (on: IConstruct, ...rules: Rule[]): void =>
  Validations.of(on).acknowledge(...rules.map((rule) => ({ id: idOf(rule), reason: REASONS[rule] })));

/** Of CDK's own warnings. */
export const acknowledgeListing = (on: IConstruct): void =>
  Validations.of(on).acknowledge({
    id: "Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk",
    reason: "A default root object is set, and the edge function lets neither `/` nor a query through to the bucket.",
  });

/** Notes on a role why each of its rights ends in a wildcard: objects are many, and what begins with a prefix is the least that can be said. */
export const acknowledgePrefixes = (
  role: iam.IRole,
  statements: readonly Statement[],
  buckets: Record<BucketName, s3.Bucket>,
): void => {
  const nameOf = (bucket: s3.Bucket): string => {
    const cfn = bucket.node.defaultChild;
    return cfn ? Stack.of(bucket).getLogicalId(cfn as s3.CfnBucket) : "";
  };
  for (const { targets, why } of statements)
    for (const target of targets)
      if (target.kind === "objects")
        Validations.of(role).acknowledge({
          id: idOf(`IAM5[Resource::<${nameOf(buckets[target.bucket])}.Arn>/${target.prefix}*]`),
          reason: `Objects of one kind, by their prefix: ${why}.`,
        });
};
