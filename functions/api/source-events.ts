import * as z from "zod";
import { Hono } from "hono";
import { invalid } from "../../shared/domain/error.ts";
import { slug } from "../../shared/domain/site.ts";
import { ULID } from "../../shared/domain/ulid.ts";
import { bounded, faultsOf } from "../../shared/intake/faults.ts";
import { maskedPayload } from "../../shared/senders/mask.ts";
import type { Source } from "../../shared/senders/source.ts";
import { loadSource, opened, type StoredSource } from "../../shared/store/hooks.ts";
import { isOpen, listEvents, loadEvent, type ReceivedEvent, replayEvent } from "../../shared/store/received.ts";
import { SealBroken } from "../../shared/store/seal.ts";
import { needs } from "./auth.ts";
import { untilSettled } from "./command.ts";
import type { ApiEnv, Call } from "./context.ts";
import { cursor, limit, nextLink, queryOf } from "./paging.ts";
import { problem } from "./problem.ts";
import { isDryRun, takes } from "./query.ts";

const noEvent = { kind: "missing" as const, detail: "There is no such event." };
const noSource = { kind: "missing" as const, detail: "There is no such source." };

/** An event as an administrator sees it in a list; absent fields are left out. */
const eventJson = (event: ReceivedEvent) => ({
  id: event.id,
  name: event.name,
  receivedAt: event.receivedAt,
  bytes: event.bytes,
  state: event.state,
  attempts: event.attempts,
  replays: event.replays,
  nextTry: event.state === "retrying" ? event.notBefore : undefined,
  finishedAt: event.finishedAt,
  reason: event.reason,
  errors: event.faults,
  warnings: event.warnings?.length ? event.warnings : undefined,
  outcomes: event.outcomes?.map(({ faults: errors, warnings, ...outcome }) => ({
    ...outcome,
    errors,
    warnings: warnings?.length ? warnings : undefined,
  })),
});

/** The source's secrets, as far as they can still be opened: none of them is shown, whatever a payload holds. */
const secretsOf = async (c: Call, source: StoredSource<Source>): Promise<string[]> => {
  if (!source.secrets.length) return [];
  try {
    return opened(await c.get("services").sealingKeys(), source);
  } catch (error) {
    if (error instanceof SealBroken) return [];
    throw error;
  }
};

/** The request as it came, secrets masked, a large payload `truncated`; `payload` is null when it is no text, or not kept any more. */
const requestJson = async (c: Call, source: StoredSource<Source>, { id, method, path, headers }: ReceivedEvent) => {
  const body = await c.get("services").inbox.get(source.name, id);
  const payload = (body && maskedPayload(body, await secretsOf(c, source))) ?? null;
  const truncated = payload !== null && payload.length > MOST_SHOWN;
  return {
    method,
    path,
    headers,
    payload: truncated ? payload.slice(0, MOST_SHOWN).toWellFormed() : payload,
    ...(truncated ? { truncated } : {}),
  };
};

/** Characters of a payload that are shown: written as JSON, 4 MB may be more than an answer holds. */
const MOST_SHOWN = 1_000_000;

const sourceOf = async (c: Call): Promise<StoredSource<Source> | undefined> => {
  const name = c.req.param("name") ?? "";
  return slug.safeParse(name).success ? loadSource<Source>(c.get("services").table, name) : undefined;
};

const eventOf = async (c: Call, source: StoredSource<Source>): Promise<ReceivedEvent | undefined> => {
  const id = c.req.param("event") ?? "";
  return ULID.test(id) ? loadEvent(c.get("services").table, source.name, id) : undefined;
};

const ask = z.strictObject({ limit, cursor: cursor(ULID).optional() });

const list = async (c: Call): Promise<Response> => {
  const asked = ask.safeParse(queryOf(c));
  if (!asked.success) return problem(c, invalid(...bounded(faultsOf(asked.error))).refusal);
  const source = await sourceOf(c);
  if (!source) return problem(c, noSource);
  const { limit: most, cursor: after } = asked.data;
  const { items, more } = await listEvents(c.get("services").table, source.name, { after, limit: most });
  return c.json({ items: items.map(eventJson) }, 200, nextLink(c, more ? items.at(-1)?.id : undefined));
};

const get = async (c: Call): Promise<Response> => {
  const source = await sourceOf(c);
  if (!source) return problem(c, noSource);
  const event = await eventOf(c, source);
  return event ? c.json({ ...eventJson(event), request: await requestJson(c, source, event) }) : problem(c, noEvent);
};

const inHand = {
  kind: "impossible" as const,
  detail: "The event is being worked on, or waits for its next try: it can be replayed once that is over.",
  moves: [],
};

/** Works on it once more, by its source as that is now; what came after it stays newer. */
const replay = (c: Call): Promise<Response> =>
  untilSettled(c, async () => {
    const { table, clock, inboxQueue, events } = c.get("services");
    const source = await sourceOf(c);
    if (!source) return problem(c, noSource);
    const event = await eventOf(c, source);
    if (!event) return problem(c, noEvent);
    if (isOpen(event)) return problem(c, inHand);
    if (isDryRun(c)) return c.json(eventJson(event), 200);
    const again = await replayEvent(table, event, { sourceSince: source.createdAt, now: clock.now() });
    if (!again) return undefined;
    const message = { source: source.name, event: event.id };
    await inboxQueue.send([message]).catch((error: unknown) => {
      // It is due in a minute in any case.
      events({
        event: "hook.unsent",
        source: source.name,
        id: event.id,
        code: error instanceof Error ? error.name : "",
      });
    });
    return c.json(eventJson(again), 202);
  });

/** The routes of /sources/{name}/events. */
export const sourceEvents = new Hono<ApiEnv>()
  .get("/:name/events", needs("admin"), list)
  .get("/:name/events/:event", needs("admin"), get)
  .post("/:name/events/:event/replay", needs("admin"), takes(), replay);
