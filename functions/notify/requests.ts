import type { Try } from "../../shared/domain/webhook.ts";
import { iso } from "../../shared/domain/time.ts";
import { retryAfterOf } from "../../shared/notify/backoff.ts";
import { messageId, messageOf } from "../../shared/notify/message.ts";
import { changedBy, pingsFor } from "../../shared/notify/pings.ts";
import { signed } from "../../shared/notify/sign.ts";
import type { Fetched } from "../../shared/runtime/guarded-fetch.ts";
import type { Delivery } from "../../shared/store/deliveries.ts";
import type { LoadedSite } from "../../shared/store/site.ts";
import { type ArticleState, loadState } from "../../shared/store/state.ts";
import { openSecrets } from "../../shared/store/webhooks.ts";
import type { Notifier, Receiver } from "./receivers.ts";

/** A receiver has to have taken a message by then, in ms: it may do its work afterwards. */
const DEADLINE_MS = 10_000;
/** What is read of an answer, in bytes, and kept of it, in characters. */
const [READ, KEPT] = [2048, 300];

type Request = { url: string; headers: Record<string, string>; body: string };

/** What came of a try; `retryAfter` in ms. */
export type Answer = { one: Try; status: number | undefined; retryAfter: number | undefined };

/** What is to be sent, made of what is true now; nothing when there is nothing to tell this receiver any more. */
const requestsFor = async (
  { table, clock, sealingKeys }: Notifier,
  site: LoadedSite,
  receiver: Receiver,
  delivery: Delivery,
): Promise<Request[]> => {
  const state = delivery.article === undefined ? undefined : await loadState(table, delivery.article);
  if (receiver.kind === "ping") return state ? pings(site, receiver.id, delivery, state) : [];
  const { webhook } = receiver;
  const body = messageOf(delivery, state && { ...state, baseUrl: site.baseUrl });
  const now = clock.now();
  const secrets = openSecrets(await sealingKeys(), webhook, now);
  const headers = signed(secrets, { id: messageId(delivery.id), at: now, body });
  return [{ url: webhook.url, headers: { ...headers, "content-type": "application/json" }, body }];
};

const pings = (site: LoadedSite, name: string, { type }: Delivery, { head }: ArticleState): Request[] => {
  const { published } = head ?? {};
  if (!head || !published) return [];
  const changed = changedBy(type, { id: head.id, published }, site.baseUrl);
  return pingsFor(changed, site)
    .filter(({ target }) => target === name)
    .map(({ request }) => request);
};

/** The beginning of an answer as one line that can be shown. */
const excerptOf = (body: Uint8Array): string | undefined => {
  const text = new TextDecoder()
    .decode(body)
    .replace(/[\p{C}\p{Z}\s]+/gu, " ")
    .trim();
  return text.slice(0, KEPT).toWellFormed() || undefined;
};

const read = (fetched: Fetched): Pick<Try, "status" | "excerpt" | "reason"> => {
  if (fetched.ok || fetched.reason === "status") return { status: fetched.status, excerpt: excerptOf(fetched.body) };
  return { reason: fetched.detail };
};

/**
 * Sends what a delivery has to say; of several requests the first that fails is what came of it. Undefined when there was nothing to
 * send. The address is judged anew by every request's own look-up.
 */
export const send = async (
  notifier: Notifier,
  site: LoadedSite,
  receiver: Receiver,
  delivery: Delivery,
): Promise<Answer | undefined> => {
  const { clock, fetch } = notifier;
  let last: Answer | undefined;
  for (const { url, headers, body } of await requestsFor(notifier, site, receiver, delivery)) {
    const began = clock.now();
    const fetched = await fetch({
      url,
      method: "POST",
      headers,
      body: Buffer.from(body),
      maxBytes: READ,
      beginning: true,
      deadlineMs: DEADLINE_MS,
    });
    const now = clock.now();
    const said = read(fetched);
    const waits = "headers" in fetched ? retryAfterOf(fetched.headers["retry-after"], now) : undefined;
    last = { one: { at: iso(began), ms: now - began, ...said }, status: said.status, retryAfter: waits };
    if (!fetched.ok) break;
  }
  return last;
};
