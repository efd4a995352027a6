import type { Delivery } from "../kind.ts";
import { type Claim, malformed } from "./claim.ts";
import { digestOf, header } from "./header.ts";
import { ofMilliseconds } from "./time.ts";

const GHOST = /^sha256=([\da-f]{64}), ?t=(\d+)$/;
const SANITY = /^t=(\d+), ?v1=([\w-]{43})$/;

/**
 * Ghost: `x-ghost-signature: sha256=<hex>, t=<ms>`, an HMAC-SHA256 over the body and right after it the time. That the time has
 * thirteen digits keeps a digit of it from being taken for the body's, or the other way round.
 * https://docs.ghost.org/webhooks
 */
export const ghostClaim = (delivery: Delivery): Claim => {
  const [, hex = "", time = ""] = GHOST.exec(header(delivery, "x-ghost-signature") ?? "") ?? [];
  const signature = digestOf(hex, "hex");
  const at = ofMilliseconds(time);
  if (signature === undefined || at === undefined)
    return malformed("The header x-ghost-signature is needed once: sha256=, 64 hex digits, t= and milliseconds.");
  return { proof: "hmac", algorithm: "sha256", signatures: [signature], signed: [delivery.body, time], at };
};

/**
 * Sanity: `sanity-webhook-signature: t=<ms>,v1=<base64url>`, an HMAC-SHA256 over `time.body`. Its `idempotency-key` is a header
 * that nobody signs, so there is no id.
 * https://www.sanity.io/docs/content-lake/webhooks
 */
export const sanityClaim = (delivery: Delivery): Claim => {
  const [, time = "", text = ""] = SANITY.exec(header(delivery, "sanity-webhook-signature") ?? "") ?? [];
  const signature = digestOf(text, "base64");
  const at = ofMilliseconds(time);
  if (signature === undefined || at === undefined)
    return malformed("The header sanity-webhook-signature is needed once: t= and milliseconds, v1= and base64url.");
  return { proof: "hmac", algorithm: "sha256", signatures: [signature], signed: [`${time}.`, delivery.body], at };
};
