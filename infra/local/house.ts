import { closeSync, openSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Allow } from "../../shared/runtime/guarded/target.ts";
import { newSealingKey } from "../../shared/store/sealing-key.ts";
import { foundSite } from "../../shared/store/site.ts";
import { cdn as cdnShape, functions, type QueueName, queues, type Trigger } from "../topology.ts";
import { type Calls, type Filed, localClients } from "./clients.ts";
import { type LocalCdn, startCdn } from "./cdn/cdn.ts";
import { type LocalClock, localClock } from "./clock.ts";
import { ensureTable, startDynamo } from "./dynamo.ts";
import { startEventBridge } from "./event-bridge.ts";
import { type LocalFunctions, localFunctions, type Names, type Wrap } from "./functions.ts";
import { startGateway } from "./gateway.ts";
import { type Access, type Guard, iamGuard } from "./iam/guard.ts";
import {
  type DevKeys,
  ensureKeys,
  fileSamples,
  forgetAddresses,
  lockFolder,
  makeFolder,
  writeAddresses,
} from "./folder.ts";
import { type Pump, startPump } from "./pump.ts";
import { type LocalS3, startS3 } from "./s3/s3.ts";
import { type LocalSqs, startSqs } from "./sqs/sqs.ts";
import { startSsm } from "./ssm.ts";

export type HouseOptions = {
  /** Where all state lives; made when missing. */
  dir: string;
  /** 0 takes any free port. */
  apiPort: number;
  sitePort: number;
  /** No sample stories. */
  empty: boolean;
  /** The deployment's number (DEPLOY_EPOCH). */
  epoch?: number;
  wrap?: Wrap;
  allow?: Allow;
  /** Is told of every single thing that a function does, or may not do. */
  seen?: (access: Access) => void;
};

/** The whole system in one process (and the database's), as `npm start` and the tests run it. */
export type House = DevKeys & {
  apiUrl: string;
  siteUrl: string;
  clock: LocalClock;
  s3: LocalS3;
  sqs: LocalSqs;
  cdn: LocalCdn;
  /** The stream's way to the renderer, and that to who tells the world. */
  pump: Pump;
  newsPump: Pump;
  functions: LocalFunctions;
  guard: Guard;
  calls: Calls;
  /** What a function's environment would name, and the endpoints of the database and of the parameters. */
  surroundings: { names: Names; dynamo: string; ssm: string };
  /** The file that the functions' log lines go to. */
  logFile: string;
  /** Waits until everything that was asked for is done: stream and queues are empty. Work that is due later stays. */
  quiet(): Promise<void>;
  /** The minute's rule; while it is held, no minute brings a sweep. */
  rule: { held: boolean };
  /** Runs the minute sweep now, and waits for what it woke. */
  sweep(): Promise<void>;
  close(): Promise<void>;
};

type Triggers<Type extends Trigger["type"]> = Extract<Trigger, { type: Type }>;
type StreamTrigger = Triggers<"stream">;
type QueueTrigger = Triggers<"queue">;
type StreamInvoke = Parameters<typeof startPump>[0]["invoke"];
type QueueInvoke = Parameters<LocalSqs["subscribe"]>[2];

const TABLE = "broadsheet";
const BUCKETS = { content: "content", media: "media", site: "site" };
const DISTRIBUTION = "LOCAL";
const SEALING_KEY = "/Broadsheet-local/sealing-key";

const source = (path: string): Promise<string> => readFile(join(process.cwd(), path), "utf8");

export const startHouse = async (options: HouseOptions): Promise<House> => {
  const { dir } = options;
  makeFolder(dir);
  const closers: (() => unknown)[] = [lockFolder(dir)];
  /** Ends what has been started, last first. */
  const close = async (): Promise<void> => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  try {
    return await open(options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
};

const open = async (
  { dir, apiPort, sitePort, empty, epoch = 1, wrap, allow, seen }: HouseOptions,
  closers: (() => unknown)[],
  close: () => Promise<void>,
): Promise<House> => {
  forgetAddresses(dir);
  const clock = localClock();
  closers.push(() => clock.close());
  const log = openSync(join(dir, "log.ndjson"), "a");
  closers.push(() => closeSync(log));

  const dynamo = await startDynamo(join(dir, "dynamo.db"));
  closers.push(() => dynamo.close());
  const s3 = await startS3({ dir: join(dir, "s3"), buckets: Object.values(BUCKETS), clock });
  closers.push(() => s3.close());
  const sqs = await startSqs({ queues: Object.entries(queues).map(([name, queue]) => ({ name, ...queue })), clock });
  closers.push(() => sqs.close());
  const ssm = await startSsm({
    file: join(dir, "parameters.json"),
    parameters: [{ name: SEALING_KEY, value: newSealingKey }],
    now: clock.now,
  });
  closers.push(() => ssm.close());
  const cdn = await startCdn({
    origin: { url: s3.url, bucket: BUCKETS.site },
    clock,
    port: sitePort,
    edge: {
      viewerRequest: await source(cdnShape.edge.viewerRequest),
      viewerResponse: await source(cdnShape.edge.viewerResponse),
    },
    responseHeaders: { ...cdnShape.responseHeaders },
    removeHeaders: cdnShape.removeHeaders,
    errorPage: { key: cdnShape.errorKey, ttlSeconds: cdnShape.errorTtlSeconds },
    distributionId: DISTRIBUTION,
  });
  closers.push(() => cdn.close());

  const names = {
    table: TABLE,
    contentBucket: BUCKETS.content,
    siteBucket: BUCKETS.site,
    mediaBucket: BUCKETS.media,
    renderQueueUrl: sqs.urlOf("render"),
    imageQueueUrl: sqs.urlOf("images"),
    laterQueueUrl: sqs.urlOf("images-later"),
    scheduleQueueUrl: sqs.urlOf("schedule"),
    inboxQueueUrl: sqs.urlOf("inbox"),
    sealingKeyParameter: SEALING_KEY,
    distributionId: DISTRIBUTION,
    siteUrl: cdn.url,
    epoch,
  };
  const note = (line: object): void => void writeSync(log, `${JSON.stringify(line)}\n`);
  const guard = iamGuard(names, (access) => {
    if (!access.allowed) note({ event: "local.denied", ...access });
    seen?.(access);
  });

  const calls: Calls = {};
  let filed: (what: Filed) => void = () => {};
  const endpoints = { dynamo: dynamo.endpoint, s3: s3.url, sqs: sqs.url, ssm: ssm.url, cloudfront: cdn.controlUrl };
  const clients = localClients(endpoints, { calls, filed: (what) => filed(what), guard });
  closers.push(() => Object.values(clients).forEach((client) => client.destroy()));
  const arn = await ensureTable(clients.dynamo, TABLE);
  dynamo.quicken();
  const run = localFunctions(clients, guard, names, clock, (line) => writeSync(log, `${line}\n`), { wrap, allow });
  const fault = (error: unknown): void => note({ event: "local.fault", error: String(error) });

  await foundSite(run.services);
  const keys = await ensureKeys(run.services, dir);

  const [stream, queue] = functions.render.triggers;
  const [newsStream] = functions.notify.triggers;
  const streaming = async (trigger: StreamTrigger, file: string, invoke: StreamInvoke): Promise<Pump> => {
    const checkpoint = join(dir, file);
    const one = await startPump({ client: clients.streams, arn, checkpoint, trigger, invoke, lost: fault });
    closers.push(() => one.close());
    return one;
  };
  const pump = await streaming(stream, "stream-position", run.render);
  const newsPump = await streaming(newsStream, "news-position", run.notify);
  // What a former house has filed may still be in the stream.
  let hasNews = true;
  filed = ({ work, news }) => {
    if (work) pump.nudge();
    if (!news) return;
    hasNews = true;
    newsPump.nudge();
  };
  const queued = (
    { queue: name, batchSize, parallel: concurrency }: QueueTrigger,
    invoke: QueueInvoke,
    after?: QueueName,
  ) => closers.push(sqs.subscribe(name, { batchSize, concurrency, ...(after ? { after } : {}) }, invoke));
  queued(queue, async (event) => void (await run.render(event)));

  const [first, behind] = functions.images.triggers;
  queued(first, (event) => run.images(event));
  queued(behind, (event) => run.images(event), first.queue);
  closers.push(startEventBridge({ s3, sqs, clock, names: BUCKETS }));

  const [rate, delayed] = functions.schedule.triggers;
  queued(delayed, (event) => run.schedule(event));
  const [hooks, inbox] = functions.webhooks.triggers;
  queued(inbox, (event) => run.webhooks(event));
  const minute = async (): Promise<void> => {
    await Promise.all([run.schedule().catch(fault), run.notify().catch(fault)]);
  };
  let sweeping: Promise<void> = Promise.resolve();
  const rule = { held: false };
  const sweep = (): Promise<void> => (sweeping = minute());
  const tick = (): void => {
    clock.at(clock.now() + rate.everySeconds * 1000, () => {
      if (!rule.held) void sweep();
      tick();
    });
  };
  tick();

  const gateway = await startGateway({
    port: apiPort,
    handler: run.api,
    others: hooks.routes.map((route) => ({ route, handler: run.webhooks })),
  });
  closers.push(() => gateway.close());

  const invoked = (): number => Object.values({ ...run.invocations, api: 0 }).reduce((sum, count) => sum + count, 0);
  const quiet = async (): Promise<void> => {
    await sweeping;
    // Only where there is news is anybody to be waited for who tells it: nearly always there is none.
    const told = async (): Promise<void> => {
      if (!hasNews) return;
      hasNews = newsPump.held;
      await newsPump.quiet();
    };
    // All wake the renderer, and the renderer who tells the world: when they have had nothing to do after the others, all is done.
    for (let before = -1; before !== invoked();) {
      await sqs.quiet();
      before = invoked();
      await pump.quiet();
      await told();
    }
  };
  const house: House = {
    ...keys,
    apiUrl: gateway.url,
    siteUrl: cdn.url,
    clock,
    s3,
    sqs,
    cdn,
    pump,
    newsPump,
    functions: run,
    guard,
    calls,
    surroundings: { names, dynamo: dynamo.endpoint, ssm: ssm.url },
    logFile: join(dir, "log.ndjson"),
    rule,
    quiet,
    sweep: async () => {
      await sweep();
      await quiet();
    },
    close,
  };
  if (!empty) await fileSamples(house, dir);
  // The first pages; AVIF comes behind, and nobody has to wait for it.
  await pump.quiet();
  writeAddresses(dir, house);
  closers.push(() => forgetAddresses(dir));
  return house;
};
