import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb";
import { table as shape } from "../topology.ts";
import { plainError } from "./plain-error.ts";

export type LocalDynamo = {
  endpoint: string;
  /** Call once the table stands: gives its stream an index, where the file is ours. */
  quicken(): void;
  close(): Promise<void>;
};

const HOW =
  "No DynamoDB to run on: install dynoxide (npm i -g dynoxide, or brew install dynoxide) so that it is on PATH, or set BROADSHEET_DYNAMODB_ENDPOINT to a DynamoDB Local with streams.";

/** The database's binary: on PATH, else from its npm platform package. */
const findBinary = (): string => {
  const onPath = (process.env["PATH"] ?? "")
    .split(":")
    .map((dir) => join(dir, "dynoxide"))
    .find((path) => existsSync(path));
  if (onPath) return onPath;
  try {
    return createRequire(join(process.cwd(), "package.json")).resolve(
      `@dynoxide/${process.platform}-${process.arch}/dynoxide`,
    );
  } catch {
    throw plainError(HOW);
  }
};

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

/**
 * Starts dynoxide over a file, or names the endpoint that BROADSHEET_DYNAMODB_ENDPOINT gives. A small shell stands between:
 * when this process goes, kill -9 included, its pipe closes and the database ends too.
 */
export const startDynamo = async (file: string): Promise<LocalDynamo> => {
  const given = process.env["BROADSHEET_DYNAMODB_ENDPOINT"];
  if (given) return { endpoint: given, quicken: () => {}, close: async () => {} };
  const binary = findBinary();
  const port = await freePort();
  const child = spawn(
    "sh",
    [
      "-c",
      'exec 3<&0; "$0" serve --port "$1" --db-path "$2" >/dev/null 2>&1 3<&- & pid=$!; cat <&3 >/dev/null; kill "$pid"; wait "$pid"',
      binary,
      String(port),
      file,
    ],
    { stdio: ["pipe", "ignore", "ignore"], detached: true },
  );
  child.unref();
  const endpoint = `http://127.0.0.1:${port}`;
  await answers(endpoint, child);
  return {
    endpoint,
    quicken: () => indexStream(file),
    close: () =>
      new Promise((resolve) => {
        // Nothing else may keep the process alive until then.
        child.ref();
        child.once("exit", () => resolve());
        child.stdin?.end();
      }),
  };
};

/**
 * dynoxide looks for a stream's highest sequence number at each write, by reading every record: 34 ms a transaction after
 * 12,000 records, instead of 3. An index on that very expression ends it (SQLite, "Indexes On Expressions").
 */
const indexStream = (file: string): void => {
  const database = new DatabaseSync(file);
  try {
    database.exec("PRAGMA busy_timeout = 5000");
    // Another version may keep its records elsewhere, or know better.
    if (!database.prepare("SELECT 1 FROM sqlite_master WHERE name = '_stream_records'").get()) return;
    database.exec(
      "CREATE INDEX IF NOT EXISTS broadsheet_stream ON _stream_records (table_name, CAST(sequence_number AS INTEGER))",
    );
  } finally {
    database.close();
  }
};

const answers = async (endpoint: string, child: ChildProcess): Promise<void> => {
  for (let n = 0; n < 400; n++) {
    if (child.exitCode !== null) break;
    const up = await fetch(endpoint, { method: "GET" }).then(
      () => true,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw plainError("The local database did not start; is its file damaged? Remove the data folder to begin anew.");
};

/** Makes the table, its indexes and its stream, unless they stand. Answers the stream's ARN. */
export const ensureTable = async (client: DynamoDBClient, TableName: string): Promise<string> => {
  const names = [shape.partition, shape.sort, ...shape.indexes.flatMap((index) => [index.partition, index.sort])];
  const keys = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: "HASH" as const },
    { AttributeName: sort, KeyType: "RANGE" as const },
  ];
  const describe = async () =>
    (await client.send(new DescribeTableCommand({ TableName }))).Table?.LatestStreamArn ?? "";
  try {
    return await describe();
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: keys(shape.partition, shape.sort),
      GlobalSecondaryIndexes: shape.indexes.map(({ name, partition, sort }) => ({
        IndexName: name,
        KeySchema: keys(partition, sort),
        Projection: { ProjectionType: "ALL" },
      })),
      StreamSpecification: { StreamEnabled: true, StreamViewType: shape.stream },
    }),
  );
  return describe();
};
