import type { Bundle } from "../../infra/build/functions.ts";
import type { House } from "../../infra/local/house.ts";
import type { Names } from "../../infra/local/functions.ts";
import { type FunctionName, functions } from "../../infra/topology.ts";
import { type RuntimeHost, runtimeHost } from "./host.ts";

/** Every variable that a function of ours may be given, for this house; the topology says which function gets which. */
export const valuesOf = (names: Names): Record<string, string> => ({
  TABLE: names.table,
  CONTENT_BUCKET: names.contentBucket,
  MEDIA_BUCKET: names.mediaBucket,
  SITE_BUCKET: names.siteBucket,
  SITE_URL: names.siteUrl,
  RENDER_QUEUE_URL: names.renderQueueUrl,
  IMAGE_QUEUE_URL: names.imageQueueUrl,
  LATER_QUEUE_URL: names.laterQueueUrl,
  SCHEDULE_QUEUE_URL: names.scheduleQueueUrl,
  INBOX_QUEUE_URL: names.inboxQueueUrl,
  SEALING_KEY_PARAMETER: names.sealingKeyParameter,
  DISTRIBUTION_ID: names.distributionId,
  DEPLOY_EPOCH: String(names.epoch),
  NAMESPACE: "Broadsheet/local",
});

/** Where a bundle's own SDK clients find this house's services. By address and not by name: S3's client puts buckets before names. */
const endpointsOf = ({ surroundings, s3, sqs, cdn }: House): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      DYNAMODB: surroundings.dynamo,
      S3: s3.url,
      SQS: sqs.url,
      SSM: surroundings.ssm,
      CLOUDFRONT: cdn.controlUrl,
    }).map(([service, url]) => [`AWS_ENDPOINT_URL_${service}`, url.replace("//localhost:", "//127.0.0.1:")]),
  );

type Over = { timeoutSeconds?: number; without?: string; environment?: Record<string, string> };

/**
 * A function as it is deployed, on the services of a running house: its bundle, with the memory, the time and the environment
 * that the topology gives it. `without` leaves a variable out, and `environment` adds or changes some.
 */
export const hostFunction = (
  house: House,
  name: FunctionName,
  bundle: Bundle,
  { timeoutSeconds, without, environment }: Over = {},
): RuntimeHost => {
  const shape = functions[name];
  const values = valuesOf(house.surroundings.names);
  const own = shape.environment.flatMap((variable) => {
    const value = values[variable];
    return value === undefined || variable === without ? [] : [[variable, value]];
  });
  return runtimeHost({
    name,
    folder: bundle.folder,
    memoryMb: shape.memoryMb,
    timeoutSeconds: timeoutSeconds ?? shape.timeoutSeconds,
    environment: { ...Object.fromEntries(own), ...endpointsOf(house), ...environment },
  });
};
