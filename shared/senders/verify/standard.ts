import type { Delivery } from "../kind.ts";
import { type Claim, malformed } from "./claim.ts";
import { digestOf, header } from "./header.ts";
import { ofSeconds } from "./time.ts";

/** One a secret that is being rotated, and some of other versions; more is somebody's attempt. */
const MOST_SIGNATURES = 5;

/**
 * Printable ASCII without a space, a comma (it may be two headers) or a full stop: the specification forbids it, for only without
 * one `id.time.body` can be read in just one way.
 */
const ID = /^[!-+\-/-~]{1,255}$/;
const SIGNATURE = /^[a-z\d]{1,16},[\w+/=-]{1,8192}$/;

/**
 * Standard Webhooks 1.0.0: `webhook-signature` has, parted by spaces, `v1,` and the base64 of an HMAC-SHA256 over
 * `webhook-id.webhook-timestamp.body`. Other versions (`v1a`: ed25519) are passed over; they count among the five that may be.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const standardClaim = (delivery: Delivery): Claim => {
  const id = header(delivery, "webhook-id");
  const time = header(delivery, "webhook-timestamp");
  const list = header(delivery, "webhook-signature");
  if (id === undefined || time === undefined || list === undefined)
    return malformed("The headers webhook-id, webhook-timestamp and webhook-signature are needed.");
  if (!ID.test(id))
    return malformed("webhook-id is not 1 to 255 printable characters without space, comma and full stop.");
  const at = ofSeconds(time);
  if (at === undefined) return malformed("webhook-timestamp is not Unix seconds in ten digits.");
  const entries = list.split(" ", MOST_SIGNATURES + 1);
  if (entries.length > MOST_SIGNATURES) return malformed("webhook-signature has more than five signatures.");
  if (!entries.every((entry) => SIGNATURE.test(entry)))
    return malformed("webhook-signature is not a list of versions and signatures.");
  const signatures = entries.flatMap((entry) =>
    entry.startsWith("v1,") ? (digestOf(entry.slice(3), "base64") ?? []) : [],
  );
  const signed = [`${id}.${time}.`, delivery.body];
  return { proof: "hmac", algorithm: "sha256", signatures, signed, id, at };
};
