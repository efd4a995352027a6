import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { createHandler, type HttpHandler } from "../../functions/api/handler.ts";
import { createImages } from "../../functions/images/handler.ts";
import { createRender, type RenderEvent } from "../../functions/render/handler.ts";
import { createSchedule } from "../../functions/schedule/handler.ts";
import { emf } from "../../shared/runtime/events.ts";
import { systemIds } from "../../shared/runtime/ids.ts";
import { dynamoTable } from "../../shared/store/dynamo.ts";
import { s3Media } from "../../shared/store/media.ts";
import { s3Bodies, s3Site } from "../../shared/store/objects.ts";
import { s3Pictures } from "../../shared/store/pictures.ts";
import { cloudfrontPurge } from "../../shared/store/purge.ts";
import { sqsQueue } from "../../shared/store/queue.ts";
import type { Services } from "../../shared/store/services.ts";
import { s3Uploads } from "../../shared/store/uploads.ts";
import type { LocalClients } from "./clients.ts";
import type { LocalClock } from "./clock.ts";

/** Names of what the functions work on, as their environment would give them. */
export type Names = {
  table: string;
  contentBucket: string;
  siteBucket: string;
  mediaBucket: string;
  renderQueueUrl: string;
  imageQueueUrl: string;
  laterQueueUrl: string;
  distributionId: string;
  siteUrl: string;
  epoch: number;
};

export type LocalFunctions = {
  services: Services;
  api: HttpHandler;
  render(event: RenderEvent): Promise<unknown>;
  images(event: SQSEvent): Promise<SQSBatchResponse>;
  schedule(): Promise<void>;
  /** How often each has been invoked. */
  invocations: Record<"api" | "render" | "images" | "schedule", number>;
};

/** The very handlers that run on AWS, over the local clients; `write` takes their log lines. */
export const localFunctions = (
  clients: LocalClients,
  names: Names,
  clock: LocalClock,
  write: (line: string) => void,
  wrap: (services: Services) => Services = (services) => services,
): LocalFunctions => {
  const services = wrap({
    clock,
    ids: systemIds(),
    events: emf(write, clock.now),
    table: dynamoTable(clients.dynamo, names.table, clock),
    bodies: s3Bodies(clients.s3, names.contentBucket),
    site: s3Site(clients.s3, names.siteBucket, names.epoch),
    purge: cloudfrontPurge(() => Promise.resolve(clients.cloudfront), names.distributionId),
    media: s3Media(clients.s3, names.mediaBucket),
    uploads: s3Uploads(clients.s3, names.mediaBucket, clock),
    pictures: s3Pictures(clients.s3, names.mediaBucket, names.siteBucket, clock),
    renderQueue: sqsQueue(async () => clients.sqs, names.renderQueueUrl),
    imageQueue: sqsQueue(async () => clients.sqs, names.imageQueueUrl),
    laterQueue: sqsQueue(async () => clients.sqs, names.laterQueueUrl),
    siteUrl: names.siteUrl,
    epoch: names.epoch,
  });
  const invocations = { api: 0, render: 0, images: 0, schedule: 0 };
  const api = createHandler(services);
  const render = createRender(services);
  const images = createImages(services);
  const schedule = createSchedule(services);
  return {
    services,
    invocations,
    api: (event, context) => {
      invocations.api++;
      return api(event, context);
    },
    render: (event) => {
      invocations.render++;
      return render(event);
    },
    images: (event) => {
      invocations.images++;
      return images(event);
    },
    schedule: () => {
      invocations.schedule++;
      return schedule();
    },
  };
};
