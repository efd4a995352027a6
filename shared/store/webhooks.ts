import type { Actor } from "../domain/article.ts";
import { iso } from "../domain/time.ts";
import type { Announcement } from "../domain/webhook.ts";
import { ULID } from "../domain/ulid.ts";
import type { Item, Table, Write } from "./dynamo.ts";
import { houseAudit, type HouseAction } from "./history.ts";
import type { SealedSecret } from "./hooks.ts";
import { type Idempotency, idempotencyPut } from "./idempotency.ts";
import { announcesKey, webhookKey, WEBHOOKS_PK } from "./layout.ts";
import { type Keyring, seal, SealBroken, unsealOr } from "./seal.ts";
import type { Services } from "./services.ts";

/** A secret of a webhook, sealed; one that another has followed signs beside it `until` then (ISO 8601, UTC). */
export type LiveSecret = SealedSecret & { until?: string | undefined };

/** Whom we tell of what is published. Times are ISO 8601, UTC. */
export type Webhook = {
  id: string;
  url: string;
  events: Announcement[];
  /** The newest first. */
  secrets: LiveSecret[];
  state: "active" | "disabled";
  /** Why it is disabled, in a sentence, and since when. */
  why?: string | undefined;
  disabledAt?: string | undefined;
  /** Every try since then has failed. */
  failingSince?: string | undefined;
  /** Counts changes that an administrator made, or that disabled it. */
  version: number;
  createdAt: string;
  updatedAt: string;
};

/** As many as one transaction takes deliveries for, and more than a newsroom has receivers. */
export const MOST_WEBHOOKS = 20;
/** How long an old secret signs beside the one that follows it, in ms. */
const ROTATION_MS = 24 * 3_600_000;

type Writer = Pick<Services, "table" | "clock" | "ids">;

const contextOf = (id: string): string => `webhook:${id}`;

/** Webhooks are written by this file alone. */
const asWebhook = (item: Item): Webhook => {
  const { pk: _pk, sk: _sk, v: _v, ...webhook } = item as Item & Webhook;
  return webhook;
};

export const loadWebhook = async (table: Table, id: string): Promise<Webhook | undefined> => {
  const item = ULID.test(id) ? await table.get(webhookKey(id)) : undefined;
  return item && asWebhook(item);
};

/** Everybody who is told of what is published: webhooks, the oldest first; and which services that are pinged fail, since when. */
export const loadReceivers = async (
  table: Table,
): Promise<{ webhooks: Webhook[]; failing: ReadonlyMap<string, string> }> => {
  const items = await table.query({ pk: WEBHOOKS_PK });
  const pinged = items.filter(({ sk }) => !ULID.test(sk));
  return {
    webhooks: items.filter(({ sk }) => ULID.test(sk)).map(asWebhook),
    failing: new Map(
      pinged.flatMap(({ sk, failingSince }) => (typeof failingSince === "string" ? [[sk, failingSince] as const] : [])),
    ),
  };
};

/** All webhooks, the oldest first. */
export const listWebhooks = async (table: Table): Promise<Webhook[]> => (await loadReceivers(table)).webhooks;

/** A secret for a webhook, sealed. */
export const sealedSecret = (
  { ids, clock }: Pick<Writer, "ids" | "clock">,
  keys: Keyring,
  webhook: string,
  secret: string,
): LiveSecret => ({
  id: ids.base62(8),
  since: iso(clock.now()),
  sealed: seal(keys, contextOf(webhook), secret),
});

/** The secrets after a change of them: the one before signs for another day, and what was older signs no more. */
export const rotated = ([current]: readonly LiveSecret[], next: LiveSecret, now: number): LiveSecret[] => [
  next,
  ...(current ? [{ ...current, until: iso(now + ROTATION_MS) }] : []),
];

/** Those that sign at `now` (ms). */
export const liveSecrets = (secrets: readonly LiveSecret[], now: number): LiveSecret[] =>
  secrets.filter(({ until }) => until === undefined || until > iso(now));

/** Those that sign at `now` (ms) and can be opened. Throws SealBroken when none can: the sealing key is another. */
export const openSecrets = (keys: Keyring, { id, secrets }: Webhook, now: number): string[] => {
  const open = liveSecrets(secrets, now).flatMap(({ sealed }) => unsealOr(keys, contextOf(id), sealed) ?? []);
  if (open.length === 0) throw new SealBroken("key");
  return open;
};

/** What the record says of it: an address may be a secret as a whole, but for where it leads. */
const told = ({ id, url, events, state, why, secrets }: Webhook) => ({
  subject: contextOf(id),
  particulars: {
    webhook: {
      origin: new URL(url).origin,
      events,
      state,
      ...(why === undefined ? {} : { why }),
      secrets: secrets.map((secret) => secret.id),
    },
  },
});

const audit = (writer: Writer, by: Actor, action: HouseAction, webhook: Webhook): Write =>
  houseAudit(writer, { action, by, ...told(webhook) });

const used = (use: Idempotency | undefined, id: string, now: number): Write[] =>
  use ? [idempotencyPut(use, { resource: "webhook", id, seq: 1 }, now)] : [];

/** How many were ever made; the site announces from the first one on. */
export const webhooksMade = async (table: Table): Promise<number> =>
  Number((await table.get(announcesKey))?.["made"] ?? 0);

/**
 * Keeps a new webhook. `made` is what {@link webhooksMade} said before they were counted: false when another was made since, or the
 * idempotency key was used before.
 */
export const addWebhook = async (
  writer: Writer,
  by: Actor,
  { webhook, made, use }: { webhook: Webhook; made: number; use: Idempotency | undefined },
): Promise<boolean> => {
  const outcome = await writer.table.transact([
    { put: { ...webhookKey(webhook.id), ...webhook }, if: "absent" },
    { put: { ...announcesKey, made: made + 1 }, if: made === 0 ? "absent" : { equals: { made } } },
    audit(writer, by, "webhook.created", webhook),
    ...used(use, webhook.id, writer.clock.now()),
  ]);
  return outcome.ok;
};

const asRead = ({ version, failingSince }: Webhook) => ({ equals: { version, failingSince } }) as const;

/** Replaces a webhook as it was read; false when it has changed since, or the idempotency key was used before. */
export const saveWebhook = async (
  writer: Writer,
  by: Actor,
  { before, after, use }: { before: Webhook; after: Webhook; use?: Idempotency | undefined },
): Promise<boolean> => {
  const outcome = await writer.table.transact([
    { put: { ...webhookKey(after.id), ...after }, if: asRead(before) },
    audit(writer, by, "webhook.changed", after),
    ...used(use, after.id, writer.clock.now()),
  ]);
  return outcome.ok;
};

/** Takes a webhook off: nothing is sent to it any more. False when it has changed since it was read. */
export const removeWebhook = async (writer: Writer, by: Actor, webhook: Webhook): Promise<boolean> => {
  const outcome = await writer.table.transact([
    { delete: webhookKey(webhook.id), if: asRead(webhook) },
    audit(writer, by, "webhook.removed", webhook),
  ]);
  return outcome.ok;
};

/** Who disables a webhook: nobody of the house. */
const NOTIFIER: Actor = { key: "notify", name: "Broadsheet" };

/** The writes that disable a webhook as it was read, and the record of it. */
export const disableWrites = (writer: Writer, webhook: Webhook, why: string): Write[] => {
  const at = iso(writer.clock.now());
  const after: Webhook = { ...webhook, state: "disabled", why, disabledAt: at, version: webhook.version + 1 };
  const { state, disabledAt, version } = after;
  return [
    // Whether it failed or not meanwhile is no matter.
    {
      update: webhookKey(webhook.id),
      set: { state, why, disabledAt, version, updatedAt: at },
      if: { equals: { version: webhook.version, state: "active" } },
    },
    audit(writer, NOTIFIER, "webhook.disabled", after),
  ];
};

/** Notes whether the last try failed: since when all have, is what counts. No change of the webhook, and no version of it. */
export const noteTry = async (table: Table, webhook: Webhook, failed: boolean, now: number): Promise<void> => {
  const { id, failingSince } = webhook;
  if (failed === (failingSince !== undefined)) return;
  await table.write({
    update: webhookKey(id),
    set: { failingSince: failed ? iso(now) : undefined },
    if: { equals: { state: "active", failingSince } },
  });
};

/** The same of a service that is pinged, which has no row of its own until it fails. */
export const notePing = async (table: Table, name: string, failingSince: string | undefined): Promise<void> => {
  await table.write({ update: webhookKey(name), set: { failingSince } });
};
