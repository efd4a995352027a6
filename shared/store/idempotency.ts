import { iso } from "../domain/time.ts";
import { canonicalJson, sha256 } from "./digest.ts";
import type { Table, Write } from "./dynamo.ts";
import { idempotencyKey } from "./layout.ts";

/** Seven days: what clients and webhook senders retry within. */
const KEPT_MS = 7 * 24 * 3600 * 1000;

/** One use of an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): whose, for what, and what was asked. */
export type Idempotency = { scope: string; digest: string; status: number };

const RESOURCES = ["article", "image", "key", "preview", "webhook", "delivery"] as const;

/** What a key's first use made: enough to give the same answer again, as things are now. */
export type Replay = { status: number; resource: (typeof RESOURCES)[number]; id: string; seq: number; same: boolean };

/** `submission` is what was understood (fields, body digest), not the bytes that said it: a retry may be spaced otherwise. */
export const idempotencyOf = (use: {
  apiKey: string;
  method: string;
  path: string;
  key: string;
  status: number;
  submission: unknown;
}): Idempotency => ({
  scope: sha256(JSON.stringify([use.apiKey, use.method, use.path, use.key])),
  digest: sha256(canonicalJson(use.submission)),
  status: use.status,
});

/** The write that keeps a use, in the transaction of the thing itself. An expired record may be replaced. */
export const idempotencyPut = (
  use: Idempotency,
  made: { resource: Replay["resource"]; id: string; seq: number },
  now: number,
): Write => ({
  put: {
    ...idempotencyKey(use.scope),
    digest: use.digest,
    status: use.status,
    ...made,
    expiresAt: iso(now + KEPT_MS),
    /** Epoch seconds for DynamoDB's TTL, which may take days: `expiresAt` is what counts. */
    ttl: Math.ceil((now + KEPT_MS) / 1000),
  },
  if: "absent",
});

/** The earlier use under the same key, if there is one that has not expired; `same` tells whether it asked the same. */
export const readReplay = async (table: Table, use: Idempotency, now: number): Promise<Replay | undefined> => {
  const item = await table.get(idempotencyKey(use.scope));
  if (!item) return undefined;
  if (String(item["expiresAt"]) <= iso(now)) {
    await table.write({ delete: idempotencyKey(use.scope), if: { equals: { expiresAt: item["expiresAt"] } } });
    return undefined;
  }
  return {
    status: Number(item["status"]),
    resource: RESOURCES.find((resource) => resource === item["resource"]) ?? "article",
    id: String(item["id"]),
    seq: Number(item["seq"]),
    same: item["digest"] === use.digest,
  };
};
