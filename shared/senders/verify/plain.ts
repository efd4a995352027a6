import type { Delivery } from "../kind.ts";
import { type Claim, malformed } from "./claim.ts";
import { digestOf, header } from "./header.ts";
import type { BodyHmac } from "./scheme.ts";

/** A signature over the raw body and nothing else: neither a time nor an id is signed. */
export const bodyClaim = (
  { header: name, algorithm, encoding, prefix = "" }: Omit<BodyHmac, "scheme" | "type">,
  delivery: Delivery,
): Claim => {
  const value = header(delivery, name);
  const signature = value?.startsWith(prefix) ? digestOf(value.slice(prefix.length), encoding, algorithm) : undefined;
  return signature === undefined
    ? malformed(
        `The header ${name} is needed once: ${prefix}${prefix && " and "}the ${encoding} of an HMAC with ${algorithm}.`,
      )
    : { proof: "hmac", algorithm, signatures: [signature], signed: [delivery.body] };
};

/**
 * GitHub: `x-hub-signature-256: sha256=<hex>` over the body. Nobody signs `x-github-delivery` and `x-github-event`.
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export const githubClaim = (delivery: Delivery): Claim =>
  bodyClaim({ header: "x-hub-signature-256", algorithm: "sha256", encoding: "hex", prefix: "sha256=" }, delivery);

/** The secret itself in a header; the body is whatever the one who knows it says. */
export const secretClaim = (name: string, delivery: Delivery): Claim => {
  const given = header(delivery, name);
  return given === undefined ? malformed(`The header ${name} is needed.`) : { proof: "secret", given };
};
