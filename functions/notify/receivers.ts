import type { Announcement } from "../../shared/domain/webhook.ts";
import type { PingTarget } from "../../shared/notify/pings.ts";
import type { Services } from "../../shared/store/services.ts";
import type { LoadedSite } from "../../shared/store/site.ts";
import { loadReceivers, loadWebhook, type Webhook } from "../../shared/store/webhooks.ts";

export type Notifier = Pick<Services, "table" | "clock" | "ids" | "events" | "fetch" | "sealingKeys" | "siteUrl">;

/** Whom deliveries are made to; `failingSince`: every try since then has failed. */
export type Receiver = { id: string; failingSince: string | undefined } & (
  | { kind: "webhook"; webhook: Webhook }
  | { kind: "ping"; target: PingTarget }
);

const ofWebhook = (webhook: Webhook): Receiver => ({
  kind: "webhook",
  id: webhook.id,
  failingSince: webhook.failingSince,
  webhook,
});

const pinged = ({ webSub, indexNow }: LoadedSite): PingTarget[] => [
  ...(webSub ? ["websub" as const] : []),
  ...(indexNow ? ["indexnow" as const] : []),
];

/** All that are to be told, and the webhooks that are not any more. */
export const receiversOf = async (
  { table }: Notifier,
  site: LoadedSite,
): Promise<{ active: Receiver[]; disabled: Webhook[] }> => {
  const { webhooks, failing } = await loadReceivers(table);
  const pings = pinged(site).map((target): Receiver => ({
    kind: "ping",
    id: target,
    failingSince: failing.get(target),
    target,
  }));
  const active = webhooks.filter(({ state }) => state === "active");
  return {
    active: [...active.map(ofWebhook), ...pings],
    disabled: webhooks.filter(({ state }) => state === "disabled"),
  };
};

/** The receiver as it stands now; undefined when nothing is to be sent to it. */
export const receiverNow = async ({ table }: Notifier, site: LoadedSite, id: string): Promise<Receiver | undefined> => {
  const target = pinged(site).find((one) => one === id);
  if (target) return { kind: "ping", id, failingSince: (await loadReceivers(table)).failing.get(id), target };
  const webhook = await loadWebhook(table, id);
  return webhook?.state === "active" ? ofWebhook(webhook) : undefined;
};

/** Whether a receiver wants to know; a story that is only scheduled is nothing to services that look at pages. */
export const wants = (receiver: Receiver, type: Announcement): boolean =>
  receiver.kind === "webhook" ? receiver.webhook.events.includes(type) : type !== "article.scheduled";
