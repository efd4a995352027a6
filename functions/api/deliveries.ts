import { Hono } from "hono";
import * as z from "zod";
import { invalid, ok, refuse, type Refusal, type Result } from "../../shared/domain/error.ts";
import { iso } from "../../shared/domain/time.ts";
import { ULID } from "../../shared/domain/ulid.ts";
import { bounded, faultsOf } from "../../shared/intake/faults.ts";
import { messageId } from "../../shared/notify/message.ts";
import {
  addDelivery,
  type Delivery,
  deliveriesOf,
  deliveryName,
  loadDelivery,
  namedDelivery,
  newDelivery,
  resend,
  sentAgain,
} from "../../shared/store/deliveries.ts";
import { type Idempotency, readReplay } from "../../shared/store/idempotency.ts";
import { loadWebhook, type Webhook } from "../../shared/store/webhooks.ts";
import { needs } from "./auth.ts";
import { untilSettled } from "./command.ts";
import type { ApiEnv, Call } from "./context.ts";
import { idempotencyFor } from "./create.ts";
import { cursor, limit, nextLink, queryOf } from "./paging.ts";
import { problem } from "./problem.ts";
import { isDryRun, takes } from "./query.ts";
import { idempotencyKeyOf } from "./request.ts";

/** A delivery as an administrator sees it, with what came of its last tries, the newest last. */
const deliveryJson = (delivery: Delivery, now: number) => {
  const { target, id, type, article, seq, state, attempts, since, notBefore, leased, tries } = delivery;
  const waits = state === "pending" && !leased && notBefore > iso(now);
  return {
    id: deliveryName({ target, id }),
    webhook: target,
    messageId: messageId(id),
    type,
    article,
    sequence: article === undefined ? undefined : seq,
    state,
    since,
    attempts,
    nextTryAt: waits ? notBefore : undefined,
    tries,
  };
};

const shown = (c: Call, delivery: Delivery) => deliveryJson(delivery, c.get("services").clock.now());

/** Services that are pinged have deliveries too, and no webhook. */
const PINGED = new Set(["websub", "indexnow"]);

const noWebhook: Refusal = { kind: "missing", detail: "There is no such webhook." };
const noDelivery: Refusal = { kind: "missing", detail: "There is no such delivery, or not any more." };

const ask = z.strictObject({ limit, cursor: cursor(ULID).optional() });

/** GET /webhooks/{id}/deliveries. */
export const deliveriesOfWebhook = async (c: Call): Promise<Response> => {
  const asked = ask.safeParse(queryOf(c));
  if (!asked.success) return problem(c, invalid(...bounded(faultsOf(asked.error))).refusal);
  const { table } = c.get("services");
  const id = c.req.param("id") ?? "";
  if (!PINGED.has(id) && !(await loadWebhook(table, id))) return problem(c, noWebhook);
  const size = asked.data.limit;
  const found = await deliveriesOf(table, id, { after: asked.data.cursor, limit: size });
  const items = found.slice(0, size);
  const next = found.length > size ? items.at(-1)?.id : undefined;
  return c.json({ items: items.map((one) => shown(c, one)) }, 200, nextLink(c, next));
};

/** Nothing is sent to a webhook that is disabled, whoever asks. */
const disabled = ({ why = "" }: Webhook): Refusal => ({
  kind: "impossible",
  detail: `The webhook is disabled. ${why}`.trim(),
  moves: ['PATCH /webhooks/{id} {"state": "active"}'],
});

/** The answer of an earlier use of the idempotency key. */
const earlier = async (c: Call, use: Idempotency | undefined): Promise<Response | undefined> => {
  const { table, clock } = c.get("services");
  const replay = use && (await readReplay(table, use, clock.now()));
  if (!replay) return undefined;
  if (!replay.same) return problem(c, { kind: "key-reused" });
  const name = namedDelivery(replay.id);
  const delivery = name && (await loadDelivery(table, name.target, name.id));
  return delivery ? c.json(shown(c, delivery), 202, { "Idempotency-Replayed": "true" }) : problem(c, noDelivery);
};

/** Does what is asked for once, under the idempotency key if there is one. */
const once = async (
  c: Call,
  act: (use: Idempotency | undefined) => Promise<Response | undefined>,
): Promise<Response> => {
  const key = idempotencyKeyOf(c);
  if (!key.ok) return problem(c, key.refusal);
  const use = isDryRun(c) ? undefined : idempotencyFor(c, key.value, 202, {});
  return untilSettled(c, async () => (await earlier(c, use)) ?? act(use));
};

/** POST /webhooks/{id}/test: a message of no article, made at once. */
export const testWebhook = (c: Call): Promise<Response> =>
  once(c, async (use) => {
    const { table, clock, ids } = c.get("services");
    const webhook = await loadWebhook(table, c.req.param("id") ?? "");
    if (!webhook) return problem(c, noWebhook);
    if (webhook.state === "disabled") return problem(c, disabled(webhook));
    const now = clock.now();
    // A lane of its own: whoever has mended a receiver does not wait for the test that failed before.
    const id = ids.ulid(now);
    const fields = { id, target: webhook.id, lane: id, seq: 0, at: iso(now) };
    const delivery = newDelivery({ ...fields, type: "webhook.test" }, now);
    if (isDryRun(c)) return c.json(shown(c, delivery));
    const added = await addDelivery(table, delivery, { call: ids.ulid(now), use, now });
    return added ? c.json(shown(c, delivery), 202) : undefined;
  });

/** The delivery that is named, if something may be sent to its receiver. */
const find = async (c: Call): Promise<Result<Delivery>> => {
  const { table } = c.get("services");
  const name = namedDelivery(c.req.param("id") ?? "");
  const delivery = name && (await loadDelivery(table, name.target, name.id));
  if (!delivery) return refuse(noDelivery);
  if (PINGED.has(delivery.target)) return ok(delivery);
  const webhook = await loadWebhook(table, delivery.target);
  if (!webhook) return refuse(noDelivery);
  return webhook.state === "disabled" ? refuse(disabled(webhook)) : ok(delivery);
};

const again = (c: Call): Promise<Response> =>
  once(c, async (use) => {
    const { table, clock, ids } = c.get("services");
    const found = await find(c);
    if (!found.ok) return problem(c, found.refusal);
    const before = found.value;
    const now = clock.now();
    const after = sentAgain(before, now);
    if (isDryRun(c)) return c.json(shown(c, after));
    // It is being sent at this very moment.
    if (before.leased && before.notBefore > iso(now)) return c.json(shown(c, before), 202);
    const kept = await resend(table, before, after, { call: ids.ulid(now), use, now });
    return kept ? c.json(shown(c, after), 202) : undefined;
  });

/** The routes of /deliveries. */
export const deliveries = new Hono<ApiEnv>().post("/:id/resend", needs("admin"), takes(), again);
