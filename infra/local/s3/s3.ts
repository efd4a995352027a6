import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { LocalClock } from "../clock.ts";
import { readBody, serve } from "../http.ts";
import { type Answer, type Refused, refused } from "./answer.ts";
import { allKeys } from "./list.ts";
import { type Operation, operationOf } from "./operation.ts";
import { type Gate, type House, perform } from "./perform.ts";
import { receivePost } from "./post.ts";
import type { Credentials } from "./post-signature.ts";
import { errorAnswer, send } from "./send.ts";
import { openStore } from "./store.ts";
import { noSuchBucket, uploadOf, wholeSeconds } from "./write.ts";

export type { Gate } from "./perform.ts";

/** A write that took place (PutObject, PostObject or CopyObject); `etag` without quotes, as in S3's own events. */
export type ObjectCreated = { bucket: string; key: string; etag: string; size: number };

export type LocalS3 = {
  url: string;
  /** Ends all connections and closes the store. What was stalled or on its way is not carried out. */
  close(): Promise<void>;
  /** Keys in the order of UTF-8 bytes. */
  keys(bucket: string): string[];
  /** Calls `listener` after each write through the API; the answer takes it off again. */
  onObjectCreated(listener: (event: ObjectCreated) => void): () => void;
  /** How many requests of each operation came, refused ones included. */
  requests: Record<string, number>;
  gate?: Gate;
  /** When false, writes ignore If-Match and If-None-Match, as if they were blind. */
  honourPreconditions: boolean;
  /** Straight to the store, neither counted nor gated, and no event: for tests that damage and repair. */
  put(bucket: string, key: string, bytes: string | Uint8Array, headers?: Record<string, string>): Promise<void>;
  /** As {@link LocalS3.put}: removes an object, if it is there. */
  remove(bucket: string, key: string): void;
};

/** The largest body taken: it is held in memory. S3 takes 5 GiB. */
const LARGEST = 512 * 1024 * 1024;

const tooLarge = refused(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");

/**
 * S3 as far as this project uses it, on 127.0.0.1 and kept under `dir`: Put, Post, Get, Head, Delete, Copy,
 * ListObjectsV2, path style, with S3's conditions, digests and errors. Signatures are not checked, but for that of a
 * form's policy, which is the only thing that stands between a browser and the bucket: it has to be by `credentials`.
 * Whatever it does not know it answers with 501. Rejects when another process has `dir` open or the port is taken.
 */
export const startS3 = async (options: {
  dir: string;
  buckets: string[];
  clock: LocalClock;
  port?: number;
  /** Those of infra/local/clients.ts unless given. */
  credentials?: Credentials;
}): Promise<LocalS3> => {
  const { buckets, clock, credentials = { accessKeyId: "local", secretAccessKey: "local" } } = options;
  const store = openStore(options.dir);
  const listeners = new Set<(event: ObjectCreated) => void>();
  let closed = false;

  const house: House = {
    store,
    buckets,
    clock,
    gate: () => s3.gate,
    honoured: () => s3.honourPreconditions,
    closed: () => closed,
    created: ({ bucket, key }, { etag, size }) => {
      // A listener that throws is no fault of the write, and is not swallowed either.
      for (const listener of listeners) queueMicrotask(() => listener({ bucket, key, etag: etag.slice(1, -1), size }));
    },
  };
  const outcomeOf = async (operation: Operation, request: IncomingMessage): Promise<Answer | Refused> => {
    s3.requests[operation.name] = (s3.requests[operation.name] ?? 0) + 1;
    if (!buckets.includes(operation.bucket)) return noSuchBucket(operation.bucket);
    if (operation.name === "PostObject") {
      const post = await receivePost(request, operation, { credentials, now: clock.now(), largest: LARGEST });
      return post.kind === "refused" ? post : perform(house, post.operation, post.bytes);
    }
    const raw = operation.name === "PutObject" ? await readBody(request, LARGEST) : Buffer.alloc(0);
    return raw ? perform(house, operation, raw) : tooLarge;
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url = "/" } = request;
    const operation = operationOf(method, url, request.headers);
    const outcome = "kind" in operation ? operation : await outcomeOf(operation, request);
    const answered = outcome.kind === "refused" ? errorAnswer(outcome, url) : outcome;
    await send(response, answered, { requestId: randomUUID(), bodiless: method === "HEAD" });
  };

  const server = await serve(handle, options.port).catch((error: unknown) => {
    store.close();
    throw error;
  });
  const s3: LocalS3 = {
    url: server.url,
    close: async () => {
      closed = true;
      await server.close();
      store.close();
    },
    keys: (bucket) => allKeys(store, bucket),
    onObjectCreated: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    requests: {},
    honourPreconditions: true,
    put: async (bucket, key, bytes, headers = {}) => {
      if (!buckets.includes(bucket)) throw new Error(`There is no bucket ${bucket}.`);
      const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      const upload = uploadOf({ bucket, key, modified: wholeSeconds(clock.now()) }, named, Buffer.from(bytes));
      if (upload.kind === "refused") throw new Error(upload.message);
      await store.write(upload, () => undefined);
    },
    remove: (bucket, key) => store.remove(bucket, key),
  };
  return s3;
};
