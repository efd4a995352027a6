import { Hono } from "hono";
import * as z from "zod";
import { actorOf, type ApiKey, keyInput } from "../../shared/domain/access.ts";
import { iso } from "../../shared/domain/time.ts";
import { readMoment } from "../../shared/intake/moment.ts";
import { idempotencyOf, readReplay, type Replay } from "../../shared/store/idempotency.ts";
import { deleteKey, listKeys, loadKey, newKey, saveKey } from "../../shared/store/keys.ts";
import { loadSite } from "../../shared/store/site.ts";
import { needs } from "./auth.ts";
import { untilSettled } from "./command.ts";
import type { ApiEnv, Call } from "./context.ts";
import { pageOf } from "./paging.ts";
import { problem } from "./problem.ts";
import { readInput } from "./input.ts";
import { isDryRun, takes } from "./query.ts";
import { idempotencyKeyOf } from "./request.ts";

const location = (key: ApiKey) => ({ Location: `/keys/${key.id}` });

/** A secret is shown once: the replay names the key, and no more. */
const replayed = async (c: Call, replay: Replay): Promise<Response> => {
  if (!replay.same) return problem(c, { kind: "key-reused" });
  const key = await loadKey(c.get("services").table, replay.id);
  if (!key) return problem(c, { kind: "missing", detail: "The key that was made has been revoked since." });
  return c.json(key, 201, { ...location(key), "Idempotency-Replayed": "true" });
};

/** What is asked for, with `expiresAt` resolved (ISO 8601, UTC), or every fault at once. */
const expiring = (zone: string, now: number) =>
  keyInput.extend({
    expiresAt: z
      .string()
      .max(40)
      .transform((text, ctx) => {
        const at = readMoment(text, zone);
        if (at !== undefined && at > now) return iso(at);
        ctx.addIssue({ code: "custom", message: "must be a time in the future" });
        return z.NEVER;
      })
      .optional(),
  });

const create = async (c: Call): Promise<Response> => {
  const { table, ids, clock, events, siteUrl } = c.get("services");
  const idempotencyKey = idempotencyKeyOf(c);
  if (!idempotencyKey.ok) return problem(c, idempotencyKey.refusal);
  const { timeZone } = await loadSite(table, siteUrl);
  const input = await readInput(c, expiring(timeZone, clock.now()));
  if (!input.ok) return problem(c, input.refusal);
  const asked = input.value;
  if (isDryRun(c)) return c.json(asked, 200);
  const use =
    idempotencyKey.value === undefined
      ? undefined
      : idempotencyOf({
          apiKey: c.get("key").id,
          method: "POST",
          path: c.req.path,
          key: idempotencyKey.value,
          status: 201,
          submission: asked,
        });
  return untilSettled(c, async () => {
    const earlier = use && (await readReplay(table, use, clock.now()));
    if (earlier) return replayed(c, earlier);
    const made = newKey(ids, clock.now(), asked);
    if (!(await saveKey({ table, clock, ids }, made, actorOf(c.get("key")), use))) return undefined;
    events({ event: "key.created", key: made.key.id, by: c.get("key").id });
    return c.json({ ...made.key, token: made.token }, 201, { ...location(made.key), "Cache-Control": "no-store" });
  });
};

const noKey = { kind: "missing" as const, detail: "There is no such key." };

const revoke = async (c: Call): Promise<Response> => {
  const services = c.get("services");
  const { table, events } = services;
  const id = c.req.param("id") ?? "";
  if (isDryRun(c)) {
    const all = await listKeys(table);
    const items = all.filter((key) => key.id !== id);
    return items.length < all.length ? c.json({ items }) : problem(c, noKey);
  }
  if (!(await deleteKey(services, id, actorOf(c.get("key"))))) return problem(c, noKey);
  events({ event: "key.revoked", key: id, by: c.get("key").id });
  return c.body(null, 204);
};

/** The routes of /keys. */
export const keys = new Hono<ApiEnv>()
  .post("/", needs("admin"), takes(), create)
  .get("/", needs("admin"), async (c) => pageOf(c, await listKeys(c.get("services").table), (key) => key.id))
  .get("/:id", needs("admin"), async (c) => {
    const key = await loadKey(c.get("services").table, c.req.param("id"));
    return key ? c.json(key) : problem(c, noKey);
  })
  .delete("/:id", needs("admin"), takes(), revoke);
