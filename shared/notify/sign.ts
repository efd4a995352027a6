import { createHmac } from "node:crypto";

/** Base 62 is base64 that happens to hold neither + nor /: 44 characters are 33 bytes, 262 bits of chance. */
const LENGTH = 44;
const PREFIX = "whsec_";

/** A new secret as Standard Webhooks writes one: `whsec_` and base64 of 24 to 64 bytes. */
export const newSecret = (base62: (length: number) => string): string => `${PREFIX}${base62(LENGTH)}`;

/**
 * Headers by which a receiver knows that a message is ours (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md):
 * HMAC-SHA256 over id, time and body, once for every secret that is live. `at` is now, in ms: a receiver refuses what is older than
 * five minutes, so every try is signed anew, under the same id.
 */
export const signed = (
  secrets: readonly string[],
  { id, at, body }: { id: string; at: number; body: string },
): Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string> => {
  const seconds = String(Math.floor(at / 1000));
  const signature = (secret: string): string =>
    createHmac("sha256", Buffer.from(secret.slice(PREFIX.length), "base64"))
      .update(`${id}.${seconds}.${body}`)
      .digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": seconds,
    "webhook-signature": secrets.map((secret) => `v1,${signature(secret)}`).join(" "),
  };
};
