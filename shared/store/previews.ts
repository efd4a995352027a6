import type { Actor } from "../domain/article.ts";
import { iso } from "../domain/time.ts";
import { sha256 } from "./digest.ts";
import type { Item, Table } from "./dynamo.ts";
import { previewAudit } from "./history.ts";
import { type Idempotency, idempotencyPut } from "./idempotency.ts";
import { previewKey } from "./layout.ts";
import type { Services } from "./services.ts";

/** A link to one revision of an article, for whoever has it, until `expiresAt`; times are ISO 8601, UTC. */
export type Preview = {
  article: string;
  revision: number;
  /** The article's seq when it was made: a withdrawal after it is its end. */
  seq: number;
  at: string;
  expiresAt: string;
  by: Actor;
};

/** 256 bits of chance in base 62; what cannot be a token of ours costs no look-up. */
const TOKEN = /^[0-9A-Za-z]{43}$/;
const LENGTH = 43;

export type NewPreview = Pick<Preview, "article" | "revision" | "seq" | "by"> & { ttlSeconds: number };

/**
 * Makes a link's token, this once: only its SHA-256 is kept. False when its idempotency key was used before. The record of it is in
 * the article's history, in the same transaction.
 */
export const addPreview = async (
  services: Pick<Services, "table" | "clock" | "ids">,
  { ttlSeconds, ...wanted }: NewPreview,
  idempotency?: Idempotency,
): Promise<{ token: string; preview: Preview } | undefined> => {
  const { table, clock, ids } = services;
  const now = clock.now();
  const token = ids.base62(LENGTH);
  const hash = sha256(token);
  const until = now + ttlSeconds * 1000;
  const preview: Preview = { ...wanted, at: iso(now), expiresAt: iso(until) };
  // Epoch seconds for DynamoDB's TTL, which may take days: `expiresAt` is what counts.
  const item: Item = { ...previewKey(hash), ...preview, ttl: Math.ceil(until / 1000) };
  const kept = await table.transact([
    { put: item, if: "absent" },
    previewAudit(services, wanted),
    ...(idempotency ? [idempotencyPut(idempotency, { resource: "preview", id: hash, seq: wanted.seq }, now)] : []),
  ]);
  return kept.ok ? { token, preview } : undefined;
};

const read = async (table: Table, hash: string, now: number): Promise<Preview | undefined> => {
  const item = await table.get(previewKey(hash));
  // Previews are written by this file alone.
  if (!item) return undefined;
  const preview = item as Item & Preview;
  return preview.expiresAt > iso(now) ? preview : undefined;
};

/** What a token leads to: undefined when it is none of ours, or has expired. One read, none for what cannot be one. */
export const findPreview = async (table: Table, token: string, now: number): Promise<Preview | undefined> =>
  TOKEN.test(token) ? read(table, sha256(token), now) : undefined;

/** The preview behind an idempotency record, which names the token's SHA-256. */
export const loadPreview = read;
