import { Duration, RemovalPolicy } from "aws-cdk-lib";
import * as dynamodb from "aws-cdk-lib/aws-dynamodb";
import * as iam from "aws-cdk-lib/aws-iam";
import * as s3 from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledged.ts";
import type { Settings } from "../settings.ts";
import { type BucketName, buckets, type BucketShape, notifications, table } from "../topology.ts";
import { each } from "./each.ts";

const key = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.STRING });

const makeTable = (scope: Construct, isKept: boolean): dynamodb.Table => {
  const made = new dynamodb.Table(scope, "Table", {
    partitionKey: key(table.partition),
    sortKey: key(table.sort),
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    stream: dynamodb.StreamViewType[table.stream],
    timeToLiveAttribute: table.ttl,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: isKept,
    removalPolicy: isKept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  for (const { name, partition, sort } of table.indexes)
    made.addGlobalSecondaryIndex({ indexName: name, partitionKey: key(partition), sortKey: key(sort) });
  return made;
};

const rule = ({ prefix, days, former }: BucketShape["expire"][number]): s3.LifecycleRule => ({
  id: `expire-${prefix.replaceAll("/", "") || "all"}`,
  ...(prefix ? { prefix } : {}),
  ...(days ? { expiration: Duration.days(days) } : {}),
  ...(former ? { noncurrentVersionExpiration: Duration.days(former) } : {}),
});

/** Whoever may do anything at all still has to change the bucket's policy first: no slip of the hand removes what cannot be made again. */
const guard = (bucket: s3.Bucket): void =>
  void bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: "NobodyDeletesByAccident",
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: ["s3:DeleteBucket", "s3:DeleteObjectVersion"],
      resources: [bucket.bucketArn, bucket.arnForObjects("*")],
    }),
  );

const makeBucket = (scope: Construct, name: BucketName, isKept: boolean): s3.Bucket => {
  const { keep, expire }: BucketShape = buckets[name];
  const bucket = new s3.Bucket(scope, name[0]?.toUpperCase() + name.slice(1), {
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    versioned: keep,
    lifecycleRules: [
      ...expire.map(rule),
      { id: "abort-uploads", abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ...(keep ? [{ id: "expire-markers", expiredObjectDeleteMarker: true }] : []),
    ],
    removalPolicy: isKept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    autoDeleteObjects: !isKept,
  });
  acknowledge(bucket, "S1");
  if (isKept && keep) guard(bucket);
  // A bucket that stays keeps its policy, too: what forbids and what guards.
  if (isKept) bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
  // The L2's `eventBridgeEnabled` would bring a function of its own to set this very property.
  const cfn = bucket.node.defaultChild;
  if (cfn instanceof s3.CfnBucket && notifications.some((one) => one.bucket === name))
    cfn.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  return bucket;
};

/**
 * What outlives everything: the table and the buckets, with generated names. In stage prod they stay when the stack goes, and the table
 * refuses to be deleted; in dev they go with all that is in them. A restored table (settings `table`, `tableStream`) is used
 * instead of the stack's own.
 */
export class Storage extends Construct {
  readonly table: dynamodb.ITable;
  /** Of the table: what wakes the renderer. */
  readonly streamArn: string;
  readonly buckets: Record<BucketName, s3.Bucket>;

  constructor(scope: Construct, id: string, { stage, table: restored, tableStream }: Settings) {
    super(scope, id);
    const isKept = stage === "prod";
    this.table =
      restored !== undefined && tableStream !== undefined
        ? dynamodb.Table.fromTableAttributes(this, "Restored", {
            tableName: restored,
            tableStreamArn: tableStream,
            grantIndexPermissions: true,
          })
        : makeTable(this, isKept);
    this.streamArn = this.table.tableStreamArn ?? "";
    this.buckets = each(buckets, (name) => makeBucket(this, name, isKept));
  }
}
