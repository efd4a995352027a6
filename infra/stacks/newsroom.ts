import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { Alarms } from "../constructs/alarms.ts";
import { Dashboard } from "../constructs/dashboard.ts";
import { Functions } from "../constructs/functions.ts";
import { HttpApi } from "../constructs/http-api.ts";
import { namespaceOf } from "../constructs/metrics.ts";
import { parametersOf } from "../constructs/parameters.ts";
import { Queues } from "../constructs/queues.ts";
import { Site } from "../constructs/site.ts";
import { Storage } from "../constructs/storage.ts";
import { type Settings, stackName } from "../settings.ts";

type Props = StackProps & {
  settings: Settings;
  /** The settings that were given, without defaults: the next deployment reads them back. */
  given: Record<string, unknown>;
  /** The folder of the functions' bundles. */
  artefacts: string;
  /** A digest of what pages are made of. */
  pagesDigest: string;
};

/**
 * A newsroom: all of a stage in one stack. The bucket and the distribution that reads it name each other, and one stack goes
 * forward and back as a whole (decision 009).
 */
export class Newsroom extends Stack {
  constructor(scope: Construct, { settings, given, artefacts, pagesDigest, ...props }: Props) {
    super(scope, stackName(settings.stage), { terminationProtection: settings.stage === "prod", ...props });
    const storage = new Storage(this, "Storage", settings);
    const { queues } = new Queues(this, "Queues", storage.buckets);
    const parameters = parametersOf(this, settings);
    const site = new Site(this, "Site", storage.buckets.site, settings);
    const { functions } = new Functions(this, "Functions", {
      settings,
      artefacts,
      things: { storage, queues, parameters, distribution: site.distribution },
      environment: {
        TABLE: storage.table.tableName,
        CONTENT_BUCKET: storage.buckets.content.bucketName,
        MEDIA_BUCKET: storage.buckets.media.bucketName,
        SITE_BUCKET: storage.buckets.site.bucketName,
        SITE_URL: site.url,
        RENDER_QUEUE_URL: queues.render.queueUrl,
        IMAGE_QUEUE_URL: queues.images.queueUrl,
        LATER_QUEUE_URL: queues["images-later"].queueUrl,
        SCHEDULE_QUEUE_URL: queues.schedule.queueUrl,
        INBOX_QUEUE_URL: queues.inbox.queueUrl,
        SEALING_KEY_PARAMETER: parameters["sealing-key"].name,
        DISTRIBUTION_ID: site.distribution.distributionId,
        DEPLOY_EPOCH: String(settings.epoch),
        NAMESPACE: namespaceOf(settings.stage),
      },
    });
    const { api, url, target } = new HttpApi(this, "HttpApi", functions, settings);
    const { stage } = settings;
    const { distributionId } = site.distribution;
    const watched = { stage, settings, functions, table: storage.table, queues, api, distributionId };
    const { alarms } = new Alarms(this, "Alarms", watched);
    new Dashboard(this, "Dashboard", watched, alarms);

    const outputs = {
      SiteUrl: site.url,
      ApiUrl: url,
      TableName: storage.table.tableName,
      SiteBucketName: storage.buckets.site.bucketName,
      DistributionId: site.distribution.distributionId,
      DistributionDomain: site.distribution.distributionDomainName,
      ...(target === undefined ? {} : { ApiTarget: target }),
      DeployEpoch: String(settings.epoch),
      PagesDigest: pagesDigest,
      Settings: JSON.stringify(given),
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
