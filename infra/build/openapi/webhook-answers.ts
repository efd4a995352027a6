import * as z from "zod";
import {
  DELIVERY_STATES,
  EVENT_TYPES,
  webhookEvents,
  webhookInput,
  webhookPatch,
} from "../../../shared/domain/webhook.ts";
import { instant } from "./answers.ts";

export { webhookEvents, webhookInput, webhookPatch };

export const webhook = z.object({
  id: z.string(),
  url: z.url(),
  events: webhookEvents,
  state: z.enum(["active", "disabled"]),
  why: z.string().optional().describe("Of a webhook that is disabled: why."),
  disabledAt: instant.optional(),
  failingSince: instant.optional().describe("Every try since then has failed; after three days it is disabled."),
  secrets: z
    .array(z.object({ id: z.string(), since: instant, until: instant.optional() }))
    .describe("Those that sign, by an id that says nothing of them, the newest first."),
  createdAt: instant,
  updatedAt: instant,
  secret: z.string().optional().describe("`whsec_...`: shown once, when it is made; not in a replayed answer."),
});
export const webhookList = z.object({ items: z.array(webhook) });

export const delivery = z.object({
  id: z.string(),
  webhook: z.string(),
  messageId: z.string().describe("The header webhook-id: the same over tries, receivers and resends."),
  type: z.enum(EVENT_TYPES),
  article: z.string().optional(),
  sequence: z.int().optional(),
  state: z
    .enum(DELIVERY_STATES)
    .describe("`failed` after twelve tries, or with 410; `dropped` when its webhook was disabled."),
  since: instant.describe("When it was first to be made, or sent again."),
  attempts: z.int(),
  nextTryAt: instant.optional(),
  tries: z
    .array(
      z.object({
        at: instant,
        ms: z.int(),
        status: z.int().optional(),
        excerpt: z.string().optional().describe("The beginning of the answer."),
        reason: z.string().optional().describe("Why there was no answer."),
      }),
    )
    .describe("The last twelve, the newest last."),
});
export const deliveryList = z.object({ items: z.array(delivery) });
