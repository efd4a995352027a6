import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  TransactionCanceledException,
  UpdateItemCommand,
  ConditionalCheckFailedException,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Clock } from "../runtime/clock.ts";
import { type Condition, conditionOf, settingOf } from "./expression.ts";

export type Key = { pk: string; sk: string };
export type Item = Key & Record<string, unknown>;

/** One write of a transaction (or a check); it happens only `if` its condition holds, and only with all the others. */
export type Write =
  | { put: Item; if?: Condition }
  | { update: Key; set: Record<string, unknown>; if?: Condition }
  | { delete: Key; if?: Condition }
  | { check: Key; if: Condition };

export type TransactResult = { ok: true } | { ok: false; failed: number[] };

export type Page = { items: Item[]; more: boolean };

/** Part of a partition by its sort key: all of it, what begins with `prefix`, or what lies between two keys inclusive. */
export type Range =
  | { prefix?: string; from?: undefined; to?: undefined }
  | { prefix?: undefined; from: string; to: string };

/** The single table, as the store needs it: consistent reads, conditional writes, transactions. */
export type Table = {
  get(key: Key): Promise<Item | undefined>;
  /** Those of these (different) keys that there are, in no order, strongly consistent; a call for each hundred. */
  getMany(keys: readonly Key[]): Promise<Item[]>;
  /** Items of one partition in the order of `sk`, strongly consistent. */
  query(ask: Range & { pk: string; limit?: number; newestFirst?: boolean }): Promise<Item[]>;
  /** One page of an index (eventually consistent), in the order of its sort key, between `from` and `to` inclusive. */
  index(ask: {
    name: "due" | "desk";
    pk: string;
    from?: string;
    to?: string;
    limit: number;
    newestFirst?: boolean;
  }): Promise<Page>;
  /** All or nothing; `failed` are the places of the writes whose conditions did not hold. Conflicts are tried again. */
  transact(writes: Write[]): Promise<TransactResult>;
  /** One conditional write; false when its condition did not hold. */
  write(write: Exclude<Write, { check: Key }>): Promise<boolean>;
};

const OPTIONS = { marshallOptions: { removeUndefinedValues: true } };
const encode = (item: object) => marshall(item, OPTIONS.marshallOptions);
const encodeKey = ({ pk, sk }: Key) => encode({ pk, sk });
/** Every stored item carries the version of its layout. */
const versioned = (item: Item) => encode({ ...item, v: 1 });

const asItem = (raw: Record<string, AttributeValue>): Item => unmarshall(raw) as Item;

const toTransact = (table: string, write: Write): TransactWriteItem => {
  const TableName = table;
  const condition = write.if === undefined ? {} : conditionOf(write.if);
  if ("put" in write) return { Put: { TableName, Item: versioned(write.put), ...condition } };
  if ("delete" in write) return { Delete: { TableName, Key: encodeKey(write.delete), ...condition } };
  if ("update" in write)
    return { Update: { TableName, Key: encodeKey(write.update), ...settingOf(write.set, write.if) } };
  return { ConditionCheck: { TableName, Key: encodeKey(write.check), ...conditionOf(write.if) } };
};

const withinRange = ({ prefix, from, to }: Range): { text: string[]; values: Record<string, string> } => {
  if (prefix !== undefined) return { text: ["begins_with(sk, :prefix)"], values: { ":prefix": prefix } };
  return from === undefined
    ? { text: [], values: {} }
    : { text: ["sk BETWEEN :from AND :to"], values: { ":from": from, ":to": to } };
};

/** Times a transaction is tried against others that hold the same items, before the fault is ours. */
const TRIES = 12;

/** What one BatchGetItem takes (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html). */
const MOST_KEYS = 100;

/** The table over DynamoDB. Throws for anything but an unmet condition. */
export const dynamoTable = (client: DynamoDBClient, table: string, clock: Clock): Table => {
  const TableName = table;

  const transact = async (writes: Write[]): Promise<TransactResult> => {
    const TransactItems = writes.map((write) => toTransact(table, write));
    for (let attempt = 1; ; attempt++) {
      try {
        await client.send(new TransactWriteItemsCommand({ TransactItems }));
        return { ok: true };
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const codes = error.CancellationReasons?.map((reason) => reason.Code) ?? [];
        const failed = codes.flatMap((code, n) => (code === "ConditionalCheckFailed" ? [n] : []));
        if (failed.length) return { ok: false, failed };
        const passing = codes.some(
          (code) =>
            code === "TransactionConflict" || code === "ThrottlingError" || code === "ProvisionedThroughputExceeded",
        );
        if (!passing || attempt === TRIES) throw error;
        // Full jitter: writers that met once must not meet again in step (AWS Builders' Library, "Timeouts, retries, and backoff with jitter").
        await clock.sleep(Math.random() * Math.min(1000, 10 * 2 ** attempt));
      }
    }
  };

  const send = (write: Exclude<Write, { check: Key }>): Promise<unknown> => {
    const condition = write.if === undefined ? {} : conditionOf(write.if);
    if ("put" in write) return client.send(new PutItemCommand({ TableName, Item: versioned(write.put), ...condition }));
    if ("delete" in write)
      return client.send(new DeleteItemCommand({ TableName, Key: encodeKey(write.delete), ...condition }));
    return client.send(
      new UpdateItemCommand({ TableName, Key: encodeKey(write.update), ...settingOf(write.set, write.if) }),
    );
  };

  return {
    get: async (key) => {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: encodeKey(key), ConsistentRead: true }));
      return Item && asItem(Item);
    },
    getMany: async (keys) => {
      const items: Item[] = [];
      let waiting = keys.map(encodeKey);
      for (let attempt = 1; waiting.length > 0; attempt++) {
        const asked = waiting.splice(0, MOST_KEYS);
        const { Responses, UnprocessedKeys } = await client.send(
          new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: asked, ConsistentRead: true } } }),
        );
        items.push(...(Responses?.[TableName] ?? []).map(asItem));
        // What DynamoDB had no time for (16 MB, or throttled) is asked for again, after a pause.
        const unread = UnprocessedKeys?.[TableName]?.Keys ?? [];
        if (unread.length && attempt > TRIES) throw new Error("items of a batch stayed unread");
        if (unread.length) await clock.sleep(Math.random() * Math.min(1000, 10 * 2 ** attempt));
        waiting = [...unread, ...waiting];
      }
      return items;
    },
    query: async ({ pk, limit, newestFirst, ...range }) => {
      const within = withinRange(range);
      const items: Item[] = [];
      let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName,
            ConsistentRead: true,
            KeyConditionExpression: ["pk = :pk", ...within.text].join(" AND "),
            ExpressionAttributeValues: encode({ ":pk": pk, ...within.values }),
            ScanIndexForward: !newestFirst,
            Limit: limit,
            ExclusiveStartKey,
          }),
        );
        items.push(...(page.Items ?? []).map(asItem));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey && (limit === undefined || items.length < limit));
      return limit === undefined ? items : items.slice(0, limit);
    },
    index: async ({ name, pk, from = "\u0000", to = "\uFFFF", limit, newestFirst }) => {
      const page = await client.send(
        new QueryCommand({
          TableName,
          IndexName: name,
          KeyConditionExpression: "#pk = :pk AND #sk BETWEEN :from AND :to",
          ExpressionAttributeNames: { "#pk": `${name}Pk`, "#sk": `${name}Sk` },
          ExpressionAttributeValues: encode({ ":pk": pk, ":from": from, ":to": to }),
          ScanIndexForward: !newestFirst,
          Limit: limit,
        }),
      );
      return { items: (page.Items ?? []).map(asItem), more: page.LastEvaluatedKey !== undefined };
    },
    transact,
    write: async (write) => {
      try {
        await send(write);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
};
