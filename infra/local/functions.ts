import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { LambdaContext, LambdaEvent } from "hono/aws-lambda";
import { createHandler, type HttpHandler } from "../../functions/api/handler.ts";
import { createNotify, type NotifyEvent } from "../../functions/notify/handler.ts";
import { createImages } from "../../functions/images/handler.ts";
import { createRender, type RenderEvent } from "../../functions/render/handler.ts";
import { createSchedule } from "../../functions/schedule/handler.ts";
import { createWebhooks, type WebhooksHandler } from "../../functions/webhooks/handler.ts";
import { emf } from "../../shared/runtime/events.ts";
import { guardedFetch } from "../../shared/runtime/guarded-fetch.ts";
import type { Allow } from "../../shared/runtime/guarded/target.ts";
import { systemIds } from "../../shared/runtime/ids.ts";
import { uploadKey } from "../../shared/site/paths.ts";
import { dynamoTable } from "../../shared/store/dynamo.ts";
import { s3Inbox } from "../../shared/store/inbox.ts";
import { s3Media } from "../../shared/store/media.ts";
import { s3Bodies, s3Site } from "../../shared/store/objects.ts";
import { ssmParameters } from "../../shared/store/parameters.ts";
import { s3Pictures } from "../../shared/store/pictures.ts";
import { cloudfrontPurge } from "../../shared/store/purge.ts";
import { sqsQueue } from "../../shared/store/queue.ts";
import { s3Renditions } from "../../shared/store/renditions.ts";
import { sealingKey } from "../../shared/store/sealing-key.ts";
import type { Services } from "../../shared/store/services.ts";
import { s3Uploads, type Uploads } from "../../shared/store/uploads.ts";
import { denials, type LocalClients } from "./clients.ts";
import type { FunctionName } from "../topology.ts";
import type { LocalClock } from "./clock.ts";
import type { Guard } from "./iam/guard.ts";
import { permit } from "./iam/refusing.ts";

/** Lets a test stand between the functions and their ports. */
export type Wrap = (services: Services) => Services;

/** Names of what the functions work on, as their environment would give them. */
export type Names = {
  table: string;
  contentBucket: string;
  siteBucket: string;
  mediaBucket: string;
  renderQueueUrl: string;
  imageQueueUrl: string;
  laterQueueUrl: string;
  scheduleQueueUrl: string;
  inboxQueueUrl: string;
  sealingKeyParameter: string;
  distributionId: string;
  siteUrl: string;
  epoch: number;
};

export type LocalFunctions = {
  services: Services;
  api: HttpHandler;
  render(event: RenderEvent): Promise<unknown>;
  images(event: SQSEvent): Promise<SQSBatchResponse>;
  schedule(event?: SQSEvent): Promise<SQSBatchResponse | void>;
  webhooks: WebhooksHandler;
  notify(event?: NotifyEvent): Promise<unknown>;
  /** How often each has been invoked. */
  invocations: Record<FunctionName, number>;
};

/**
 * Forms, whose maker must have the right that they hand on: S3 asks for it when one is used, with the maker's name on it; here
 * it is asked for when one is made.
 */
const guardedForms = (uploads: Uploads, guard: Guard, Bucket: string): Uploads => ({
  ...uploads,
  form: async (image, declared) => {
    permit(guard, denials.s3, "PutObject", { Bucket, Key: uploadKey(image) });
    return uploads.form(image, declared);
  },
});

/** The very handlers that run on AWS, over the local clients, each as `guard` knows it; `write` takes their log lines. */
export const localFunctions = (
  clients: LocalClients,
  guard: Guard,
  names: Names,
  clock: LocalClock,
  write: (line: string) => void,
  { wrap = (services) => services, allow }: { wrap?: Wrap | undefined; allow?: Allow | undefined } = {},
): LocalFunctions => {
  const services = wrap({
    clock,
    ids: systemIds(),
    events: emf(write, clock.now, "Broadsheet/local"),
    table: dynamoTable(clients.dynamo, names.table, clock),
    bodies: s3Bodies(clients.s3, names.contentBucket),
    site: s3Site(clients.s3, names.siteBucket, names.epoch),
    purge: cloudfrontPurge(() => Promise.resolve(clients.cloudfront), names.distributionId),
    media: s3Media(clients.s3, names.mediaBucket),
    uploads: guardedForms(s3Uploads(clients.s3, names.mediaBucket, clock), guard, names.mediaBucket),
    pictures: s3Pictures(clients.s3, names.mediaBucket, names.siteBucket, clock),
    renditions: s3Renditions(clients.s3, names.mediaBucket),
    renderQueue: sqsQueue(async () => clients.sqs, names.renderQueueUrl),
    imageQueue: sqsQueue(async () => clients.sqs, names.imageQueueUrl),
    laterQueue: sqsQueue(async () => clients.sqs, names.laterQueueUrl),
    scheduleQueue: sqsQueue(async () => clients.sqs, names.scheduleQueueUrl),
    inboxQueue: sqsQueue(async () => clients.sqs, names.inboxQueueUrl),
    inbox: s3Inbox(clients.s3, names.contentBucket),
    fetch: guardedFetch(allow ? { allow } : {}),
    sealingKeys: sealingKey(async () => ssmParameters(clients.ssm), names.sealingKeyParameter),
    siteUrl: names.siteUrl,
    epoch: names.epoch,
  });
  const invocations = { api: 0, render: 0, images: 0, schedule: 0, webhooks: 0, notify: 0 };
  const api = createHandler(services);
  const render = createRender(services);
  const images = createImages(services);
  const schedule = createSchedule(services);
  const webhooks = createWebhooks(services);
  const notify = createNotify(services);
  return {
    services,
    invocations,
    api: (event, context) => {
      invocations.api++;
      return guard.as("api", () => api(event, context));
    },
    render: (event) => {
      invocations.render++;
      return guard.as("render", () => render(event));
    },
    images: (event) => {
      invocations.images++;
      return guard.as("images", () => images(event));
    },
    schedule: (event) => {
      invocations.schedule++;
      return guard.as("schedule", () => schedule(event));
    },
    webhooks: ((event: SQSEvent & LambdaEvent, context: LambdaContext) => {
      invocations.webhooks++;
      return guard.as("webhooks", () => webhooks(event, context));
    }) as WebhooksHandler,
    notify: (event) => {
      invocations.notify++;
      return guard.as("notify", () => notify(event));
    },
  };
};
