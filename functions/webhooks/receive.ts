import { ok, refuse, type Result } from "../../shared/domain/error.ts";
import { iso } from "../../shared/domain/time.ts";
import type { Delivery } from "../../shared/senders/kind.ts";
import { maskedHeaders, maskedPath } from "../../shared/senders/mask.ts";
import type { Source } from "../../shared/senders/source.ts";
import { eventId } from "../../shared/senders/verify/event-id.ts";
import { verify } from "../../shared/senders/verify/verify.ts";
import { opened, type StoredSource } from "../../shared/store/hooks.ts";
import { addEvent, seenEvent } from "../../shared/store/received.ts";
import type { HooksServices } from "./context.ts";

/** What a sender is told: under which id its event is kept, and whether it was there already. */
export type Received = { event: string; duplicate: boolean };

/** Some senders wait 2 s and try once: who is to be woken may be woken later, by the sweep. */
const WAKE_MS = 500;
/** Times that an event is looked for again, because a twin of it was kept meanwhile. */
const TRIES = 3;

const secretsOf = async ({ sealingKeys }: HooksServices, source: StoredSource<Source>): Promise<string[]> =>
  source.settings.scheme.scheme === "unsigned" ? [] : opened(await sealingKeys(), source);

/** Never throws: the event is due a minute later in any case. */
const wake = async ({ inboxQueue, clock, events }: HooksServices, source: string, event: string): Promise<void> => {
  const sending = inboxQueue.send([{ source, event }]).catch((error: unknown) => {
    events({ event: "hook.unsent", source, id: event, code: error instanceof Error ? error.name : "unknown" });
  });
  await Promise.race([sending, clock.sleep(WAKE_MS)]);
};

/**
 * Verifies a delivery by its raw bytes, and keeps it: the body first, then event and name in one transaction, after which it is never
 * lost; of any number of deliveries of one event one is kept. Refusals: unauthenticated (401), with the reason.
 */
export const receive = async (
  services: HooksServices,
  source: StoredSource<Source>,
  delivery: Delivery,
): Promise<Result<Received>> => {
  const { table, clock, ids, inbox, events } = services;
  const { scheme } = source.settings;
  const verdict = verify(scheme, delivery, await secretsOf(services, source), clock.now());
  if (!verdict.ok) {
    events({ event: "hook.refused", source: source.name });
    return refuse({ kind: "unauthenticated", detail: verdict.reason });
  }
  const name = eventId(delivery, verdict);
  for (let n = 1; n <= TRIES; n++) {
    const seen = await seenEvent(table, { source: source.name, name }, clock.now());
    if (seen !== undefined) return ok({ event: seen, duplicate: true });
    const now = clock.now();
    const id = ids.ulid(now);
    await inbox.put(source.name, id, delivery.body);
    const event = {
      source: source.name,
      id,
      name,
      receivedAt: iso(now),
      method: delivery.method,
      path: maskedPath(delivery.path),
      headers: maskedHeaders(scheme, delivery.headers),
      bytes: delivery.body.byteLength,
      sourceSince: source.createdAt,
      ...(scheme.scheme === "unsigned" ? { isUnsigned: true } : {}),
    };
    if (!(await addEvent(table, event, now))) continue;
    events({ event: "hook.received", source: source.name, id, bytes: event.bytes });
    await wake(services, source.name, id);
    return ok({ event: id, duplicate: false });
  }
  throw new Error("an event is neither there nor can it be kept");
};
