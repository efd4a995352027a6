import { timingSafeEqual } from "node:crypto";
import type { ApiKey } from "../domain/access.ts";
import type { Actor } from "../domain/article.ts";
import { iso } from "../domain/time.ts";
import type { Ids } from "../runtime/ids.ts";
import { sha256 } from "./digest.ts";
import type { Item, Table, Write } from "./dynamo.ts";
import { houseAudit } from "./history.ts";
import { type Idempotency, idempotencyPut } from "./idempotency.ts";
import { apiKeyKey, KEY_PK } from "./layout.ts";
import type { Services } from "./services.ts";

type Stored = ApiKey & { hash: string };
const asStored = (item: Item): Stored => item as Item & Stored;
const withoutHash = ({ id, name, role, sections, createdAt, expiresAt }: ApiKey): ApiKey => ({
  id,
  name,
  role,
  sections,
  createdAt,
  expiresAt,
});

/** The key behind a token's two parts; undefined when there is none, it has expired or its secret is another. One read. */
export const findKey = async (
  table: Table,
  token: { id: string; secret: string },
  now: number,
): Promise<ApiKey | undefined> => {
  const item = await table.get(apiKeyKey(token.id));
  if (!item) return undefined;
  const stored = asStored(item);
  const same = timingSafeEqual(Buffer.from(stored.hash, "hex"), Buffer.from(sha256(token.secret), "hex"));
  if (!same || (stored.expiresAt !== undefined && stored.expiresAt <= iso(now))) return undefined;
  return withoutHash(stored);
};

/** A new key and, this once, its token: `bs_<id>_<secret>`, 256 bits of chance; only the secret's SHA-256 is kept. */
export const newKey = (
  ids: Ids,
  now: number,
  wanted: Pick<ApiKey, "name" | "role" | "sections" | "expiresAt">,
): { key: ApiKey; token: string; write: Write } => {
  const key: ApiKey = { id: ids.base62(12), ...wanted, createdAt: iso(now) };
  const secret = ids.base62(43);
  return {
    key,
    token: `bs_${key.id}_${secret}`,
    write: { put: { ...apiKeyKey(key.id), ...key, hash: sha256(secret) }, if: "absent" },
  };
};

type Writer = Pick<Services, "table" | "clock" | "ids">;

/** Keeps a new key, made by `by`; false when its idempotency key was used before. */
export const saveKey = async (
  writer: Writer,
  made: { key: ApiKey; write: Write },
  by: Actor,
  idempotency?: Idempotency,
): Promise<boolean> => {
  const use = { resource: "key" as const, id: made.key.id, seq: 1 };
  const writes = [
    made.write,
    houseAudit(writer, { action: "key.created", by, subject: made.key.id }),
    ...(idempotency ? [idempotencyPut(idempotency, use, writer.clock.now())] : []),
  ];
  return (await writer.table.transact(writes)).ok;
};

export const loadKey = async (table: Table, id: string): Promise<ApiKey | undefined> => {
  const item = await table.get(apiKeyKey(id));
  return item && withoutHash(asStored(item));
};

export const listKeys = async (table: Table): Promise<ApiKey[]> =>
  (await table.query({ pk: KEY_PK })).map((item) => withoutHash(asStored(item)));

const KEY_ID = /^[0-9A-Za-z]{12}$/;

/** The key with this id, in force or not; else all that bear this very name and are in force at `now` (ms). */
export const keysCalled = async (table: Table, idOrName: string, now: number): Promise<ApiKey[]> => {
  const byId = KEY_ID.test(idOrName) ? await loadKey(table, idOrName) : undefined;
  if (byId) return [byId];
  const isInForce = ({ expiresAt }: ApiKey): boolean => expiresAt === undefined || expiresAt > iso(now);
  return (await listKeys(table)).filter((key) => key.name === idOrName && isInForce(key));
};

/** Revokes at once; false when there was no such key. */
export const deleteKey = async (writer: Writer, id: string, by: Actor): Promise<boolean> => {
  const audit = houseAudit(writer, { action: "key.revoked", by, subject: id });
  return (await writer.table.transact([{ delete: apiKeyKey(id), if: "present" }, audit])).ok;
};
