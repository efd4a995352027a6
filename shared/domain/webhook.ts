import * as z from "zod";
import { LIMITS } from "./limits.ts";

/** What a webhook may be told of: a page is up, shows another revision, shows a correction, is gone; or a story has been given a time. */
export const ANNOUNCEMENTS = [
  "article.published",
  "article.updated",
  "article.corrected",
  "article.withdrawn",
  "article.scheduled",
] as const;
export type Announcement = (typeof ANNOUNCEMENTS)[number];

/** What a message says of itself: an announcement, or that somebody tries a webhook out. */
export const EVENT_TYPES = [...ANNOUNCEMENTS, "webhook.test"] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** As it is written when parsed, so that two spellings are one; where it may lead is judged apart (shared/runtime/guarded). */
const address = z
  .string()
  .max(LIMITS.url)
  .refine((text) => URL.canParse(text), "must be an address of the form https://host/path")
  .transform((text) => URL.parse(text)?.href ?? text);

export const webhookEvents = z
  .array(z.enum(ANNOUNCEMENTS))
  .min(1)
  .max(ANNOUNCEMENTS.length)
  .refine((all) => new Set(all).size === all.length, "must name each event once");

/** POST /webhooks. */
export const webhookInput = z.strictObject({ url: address, events: webhookEvents });
/** PATCH /webhooks/{id}; `active` switches one on again that was disabled. */
export const webhookPatch = z.strictObject({
  url: address.optional(),
  events: webhookEvents.optional(),
  state: z.literal("active").optional(),
});

export const DELIVERY_STATES = ["pending", "delivered", "failed", "dropped"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/**
 * One try of a delivery: when it began (ISO 8601, UTC), how long it took in ms, and what came of it: the status and the beginning of the
 * answer, or a sentence that says why there was none.
 */
export type Try = {
  at: string;
  ms: number;
  status?: number | undefined;
  excerpt?: string | undefined;
  reason?: string | undefined;
};
