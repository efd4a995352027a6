import { Hono } from "hono";
import { actorOf } from "../../shared/domain/access.ts";
import { type Fault, invalid, type Refusal } from "../../shared/domain/error.ts";
import { iso } from "../../shared/domain/time.ts";
import { webhookInput, webhookPatch } from "../../shared/domain/webhook.ts";
import type { FetchRefusal } from "../../shared/runtime/guarded-fetch.ts";
import { newSecret } from "../../shared/notify/sign.ts";
import { type Idempotency, readReplay, type Replay } from "../../shared/store/idempotency.ts";
import {
  addWebhook,
  listWebhooks,
  liveSecrets,
  loadWebhook,
  MOST_WEBHOOKS,
  removeWebhook,
  rotated,
  saveWebhook,
  sealedSecret,
  type Webhook,
  webhooksMade,
} from "../../shared/store/webhooks.ts";
import { needs } from "./auth.ts";
import { untilSettled } from "./command.ts";
import type { ApiEnv, Call } from "./context.ts";
import { idempotencyFor } from "./create.ts";
import { deliveriesOfWebhook, testWebhook } from "./deliveries.ts";
import { readInput } from "./input.ts";
import { pageOf } from "./paging.ts";
import { problem } from "./problem.ts";
import { isDryRun, takes } from "./query.ts";
import { idempotencyKeyOf } from "./request.ts";
import { keysOf, noKeys } from "./sources.ts";

/** A webhook as its administrator sees it: of each secret its id, and how long it signs. */
const webhookJson = (
  { id, url, events, state, why, disabledAt, failingSince, secrets, createdAt, updatedAt }: Webhook,
  now: number,
) => ({
  id,
  url,
  events,
  state,
  why,
  disabledAt,
  failingSince,
  secrets: liveSecrets(secrets, now).map((secret) => ({ id: secret.id, since: secret.since, until: secret.until })),
  createdAt,
  updatedAt,
});

const shown = (c: Call, webhook: Webhook) => webhookJson(webhook, c.get("services").clock.now());
const location = ({ id }: Webhook) => ({ Location: `/webhooks/${id}` });

const load = (c: Call): Promise<Webhook | undefined> => loadWebhook(c.get("services").table, c.req.param("id") ?? "");
const noWebhook: Refusal = { kind: "missing", detail: "There is no such webhook." };

/** What an address must be that is judged so; any other judgement is on where it leads. */
const ADDRESS: Partial<Record<FetchRefusal["reason"], string>> = {
  url: "must be an address of the form https://host/path, without a user's name or password",
  scheme: "must begin with https://, and name no port but 443",
};

/** What is wrong with an address that can be read as one. */
const addressFaults = async (c: Call, url: string | undefined): Promise<Fault[]> => {
  const refusal = url === undefined ? undefined : await c.get("services").fetch.judge(url);
  if (!refusal) return [];
  return [{ pointer: "/url", detail: ADDRESS[refusal.reason] ?? "must lead to the public Internet" }];
};

/** The answer of an earlier use of the idempotency key; a secret is shown once, and not again. */
const earlier = async (c: Call, use: Idempotency | undefined): Promise<Response | undefined> => {
  const { table, clock } = c.get("services");
  const replay = use && (await readReplay(table, use, clock.now()));
  return replay && replayed(c, replay);
};

const replayed = async (c: Call, replay: Replay): Promise<Response> => {
  if (!replay.same) return problem(c, { kind: "key-reused" });
  const webhook = await loadWebhook(c.get("services").table, replay.id);
  if (!webhook) return problem(c, { kind: "missing", detail: "The webhook has been taken off since." });
  const headers = { "Idempotency-Replayed": "true" };
  return replay.status === 201
    ? c.json(shown(c, webhook), 201, { ...headers, ...location(webhook) })
    : c.json(shown(c, webhook), 200, headers);
};

const changed = (c: Call, { id }: Webhook): void =>
  c.get("services").events({ event: "site.changed", what: `webhook:${id}`, by: c.get("key").id });

const tooMany: Refusal = {
  kind: "impossible",
  detail: `A house has at most ${MOST_WEBHOOKS} webhooks.`,
  moves: ["DELETE /webhooks/{id}"],
};

const create = async (c: Call): Promise<Response> => {
  const services = c.get("services");
  const { table, clock, ids } = services;
  const key = idempotencyKeyOf(c);
  if (!key.ok) return problem(c, key.refusal);
  const input = await readInput(c, webhookInput);
  if (!input.ok) return problem(c, input.refusal);
  const faults = await addressFaults(c, input.value.url);
  if (faults.length) return problem(c, invalid(...faults).refusal);
  const use = isDryRun(c) ? undefined : idempotencyFor(c, key.value, 201, input.value);
  return untilSettled(c, async () => {
    const before = await earlier(c, use);
    if (before) return before;
    // In this order: one that is made between the two reads is counted.
    const made = await webhooksMade(table);
    if ((await listWebhooks(table)).length >= MOST_WEBHOOKS) return problem(c, tooMany);
    if (isDryRun(c)) return c.json(input.value);
    const keys = await keysOf(c);
    if (!keys) return problem(c, noKeys);
    const now = clock.now();
    const [id, secret] = [ids.ulid(now), newSecret(ids.base62)];
    const webhook: Webhook = {
      id,
      ...input.value,
      secrets: [sealedSecret(services, keys, id, secret)],
      state: "active",
      version: 1,
      createdAt: iso(now),
      updatedAt: iso(now),
    };
    if (!(await addWebhook(services, actorOf(c.get("key")), { webhook, made, use }))) return undefined;
    changed(c, webhook);
    return c.json({ ...shown(c, webhook), secret }, 201, location(webhook));
  });
};

const patch = async (c: Call): Promise<Response> => {
  const input = await readInput(c, webhookPatch);
  if (!input.ok) return problem(c, input.refusal);
  const { url, events, state } = input.value;
  const faults = await addressFaults(c, url);
  if (faults.length) return problem(c, invalid(...faults).refusal);
  return untilSettled(c, async () => {
    const before = await load(c);
    if (!before) return problem(c, noWebhook);
    // Whoever is reached elsewhere, or again, has not failed yet.
    const isAnew = state === "active" || (url !== undefined && url !== before.url);
    const after: Webhook = {
      ...before,
      ...(url === undefined ? {} : { url }),
      ...(events === undefined ? {} : { events }),
      ...(isAnew ? { failingSince: undefined } : {}),
      ...(state === "active" ? { state, why: undefined, disabledAt: undefined } : {}),
      version: before.version + 1,
      updatedAt: iso(c.get("services").clock.now()),
    };
    if (isDryRun(c)) return c.json(shown(c, after));
    if (!(await saveWebhook(c.get("services"), actorOf(c.get("key")), { before, after }))) return undefined;
    changed(c, after);
    return c.json(shown(c, after));
  });
};

const rotate = async (c: Call): Promise<Response> => {
  const services = c.get("services");
  const { clock, ids } = services;
  const key = idempotencyKeyOf(c);
  if (!key.ok) return problem(c, key.refusal);
  const use = isDryRun(c) ? undefined : idempotencyFor(c, key.value, 200, {});
  return untilSettled(c, async () => {
    const known = await earlier(c, use);
    if (known) return known;
    const before = await load(c);
    if (!before) return problem(c, noWebhook);
    const keys = await keysOf(c);
    if (!keys) return problem(c, noKeys);
    const now = clock.now();
    const secret = newSecret(ids.base62);
    const next = sealedSecret(services, keys, before.id, secret);
    const secrets = rotated(before.secrets, next, now);
    const after: Webhook = { ...before, secrets, version: before.version + 1, updatedAt: iso(now) };
    if (isDryRun(c)) return c.json(shown(c, after));
    if (!(await saveWebhook(services, actorOf(c.get("key")), { before, after, use }))) return undefined;
    changed(c, after);
    return c.json({ ...shown(c, after), secret });
  });
};

const remove = (c: Call): Promise<Response> =>
  untilSettled(c, async () => {
    const webhook = await load(c);
    if (!webhook) return problem(c, noWebhook);
    if (isDryRun(c)) {
      const left = (await listWebhooks(c.get("services").table)).filter(({ id }) => id !== webhook.id);
      return c.json({ items: left.map((one) => shown(c, one)) });
    }
    if (!(await removeWebhook(c.get("services"), actorOf(c.get("key")), webhook))) return undefined;
    changed(c, webhook);
    return c.body(null, 204);
  });

/** The routes of /webhooks. */
export const webhooks = new Hono<ApiEnv>()
  .post("/", needs("admin"), takes(), create)
  .get("/", needs("admin"), async (c) =>
    pageOf(
      c,
      (await listWebhooks(c.get("services").table)).map((one) => shown(c, one)),
      ({ id }) => id,
    ),
  )
  .get("/:id", needs("admin"), async (c) => {
    const webhook = await load(c);
    return webhook ? c.json(shown(c, webhook)) : problem(c, noWebhook);
  })
  .patch("/:id", needs("admin"), takes(), patch)
  .delete("/:id", needs("admin"), takes(), remove)
  .post("/:id/rotate", needs("admin"), takes(), rotate)
  .post("/:id/test", needs("admin"), takes(), testWebhook)
  .get("/:id/deliveries", needs("admin"), deliveriesOfWebhook);
