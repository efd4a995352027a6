import { readFileSync, writeFileSync } from "node:fs";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record,
} from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { Trigger } from "../topology.ts";
import { type Lanes, lanes } from "./lanes.ts";

/**
 * The stream's event source mapping: polls, filters, and invokes several times at once, in order per partition key, at
 * least once. Where it had got to is kept in a file; after kill -9 some batches come again.
 */
export type Pump = {
  /** Looks now instead of at the next tick: something was written. */
  nudge(): void;
  /** While true nothing is delivered. */
  held: boolean;
  /** Delivers each batch twice, at the same time. */
  twice: boolean;
  /** Shuffles the records of each batch, keeping the order of each key. */
  shuffled: boolean;
  /** Resolves when everything written before the call has been delivered and handled. */
  quiet(): Promise<void>;
  close(): Promise<void>;
};

type StreamTrigger = Extract<Trigger, { type: "stream" }>;

/** Records one look asks for; a page that is not full was the last for now. */
const PAGE = 1000;
const IDLE_MS = 200;

export const startPump = async (options: {
  client: DynamoDBStreamsClient;
  arn: string;
  checkpoint: string;
  trigger: StreamTrigger;
  invoke: (event: DynamoDBStreamEvent) => Promise<unknown>;
  /** A batch that failed for good, after all retries. */
  lost: (error: unknown) => void;
}): Promise<Pump> => {
  const { client, arn, trigger } = options;
  const switches = { held: false, twice: false, shuffled: false };
  let closed = false;
  let wake: (() => void) | undefined;
  let nudged = false;
  let polls = 0;
  let emptyPolls = 0;

  const position = checkpoint(options.checkpoint);
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: arn }));
  const ShardId = StreamDescription?.Shards?.at(-1)?.ShardId;
  const from =
    position.start === undefined
      ? ({ ShardIteratorType: "TRIM_HORIZON" } as const)
      : ({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: position.start } as const);
  const iteratorOf = async (): Promise<string | undefined> =>
    (await client.send(new GetShardIteratorCommand({ StreamArn: arn, ShardId, ...from }))).ShardIterator;

  const deliver = async (records: DynamoDBRecord[]): Promise<void> => {
    const event = { Records: switches.shuffled ? shuffledByKey(records) : records };
    const once = async (): Promise<void> => {
      for (let attempt = 0; ; attempt++) {
        try {
          await options.invoke(event);
          return;
        } catch (error) {
          if (attempt === trigger.retries || closed) return options.lost(error);
          await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** attempt));
        }
      }
    };
    await Promise.all(switches.twice ? [once(), once()] : [once()]);
  };
  const work: Lanes<DynamoDBRecord> = lanes({
    count: trigger.parallel,
    batchSize: trigger.batchSize,
    held: () => switches.held,
    deliver,
    passed: position.set,
  });

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const run = async (): Promise<void> => {
    let iterator = await iteratorOf();
    while (!closed) {
      nudged = false;
      const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: PAGE }));
      iterator = page.NextShardIterator ?? iterator;
      const records = page.Records ?? [];
      polls++;
      emptyPolls = records.length ? 0 : emptyPolls + 1;
      for (const record of records)
        work.add(
          toLambda(record),
          wanted(record, trigger),
          record.dynamodb?.Keys?.["pk"]?.S ?? "",
          record.dynamodb?.SequenceNumber ?? "",
        );
      if (records.length < PAGE && !nudged && !closed) await pause(IDLE_MS);
    }
  };
  const running = run();

  const nudge = (): void => {
    nudged = true;
    wake?.();
  };
  return {
    nudge,
    get held() {
      return switches.held;
    },
    set held(value) {
      switches.held = value;
      work.go();
    },
    get twice() {
      return switches.twice;
    },
    set twice(value) {
      switches.twice = value;
    },
    get shuffled() {
      return switches.shuffled;
    },
    set shuffled(value) {
      switches.shuffled = value;
    },
    quiet: async () => {
      for (;;) {
        const before = polls;
        // One poll that began after now, and found nothing.
        while (polls < before + 2 || emptyPolls < 1) {
          nudge();
          await new Promise((resolve) => setTimeout(resolve, 2));
          if (closed) return;
        }
        if (work.idle()) return;
        await work.drained();
      }
    },
    close: async () => {
      closed = true;
      nudge();
      await running;
      await work.drained();
      position.write();
    },
  };
};

const wanted = (record: _Record, { filter }: StreamTrigger): boolean =>
  record.eventName === filter.eventName && (record.dynamodb?.Keys?.["sk"]?.S ?? "").startsWith(filter.sortPrefix);

/** The SDK's record as the event source mapping hands it to a function; of the image, texts and truths. */
const toLambda = (record: _Record): DynamoDBRecord => {
  const { Keys, NewImage, SequenceNumber = "" } = record.dynamodb ?? {};
  const text = (name: string) => ({ S: Keys?.[name]?.S ?? "" });
  const image: NonNullable<DynamoDBRecord["dynamodb"]>["NewImage"] = {};
  for (const [name, { S, BOOL }] of Object.entries(NewImage ?? {})) {
    if (S !== undefined) image[name] = { S };
    if (BOOL !== undefined) image[name] = { BOOL };
  }
  return {
    eventID: record.eventID ?? SequenceNumber,
    eventName: record.eventName ?? "INSERT",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: record.awsRegion ?? "local",
    dynamodb: {
      Keys: { pk: text("pk"), sk: text("sk") },
      NewImage: image,
      SequenceNumber,
      StreamViewType: "NEW_IMAGE",
    },
  };
};

const shuffledByKey = (records: DynamoDBRecord[]): DynamoDBRecord[] => {
  const groups = [...Map.groupBy(records, (record) => record.dynamodb?.Keys?.["pk"]?.S ?? "").values()];
  return groups
    .map((group) => ({ group, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .flatMap(({ group }) => group);
};

const readCheckpoint = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
};

/** How often the position is written: what lies between may come again after a crash, and does no harm. */
const CHECKPOINT_MS = 250;

const checkpoint = (file: string) => {
  let latest: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (latest !== undefined) writeFileSync(file, latest);
  };
  return {
    start: readCheckpoint(file),
    set: (sequence: string): void => {
      latest = sequence;
      timer ??= setTimeout(write, CHECKPOINT_MS);
    },
    write,
  };
};
