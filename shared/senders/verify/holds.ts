import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Claim } from "./claim.ts";

const sha256 = (data: string | Uint8Array): Uint8Array => createHash("sha256").update(data).digest();

/** Compares digests of one length in constant time, and all pairs whatever the others were: the time taken tells nothing. */
const anySame = (given: readonly Uint8Array[], expected: readonly Uint8Array[]): boolean =>
  given.flatMap((one) => expected.map((other) => timingSafeEqual(one, other))).filter(Boolean).length > 0;

/** Whether any of the keys bears a claim out. Of a secret in a header, digests are compared, as it may be of any length. */
export const holds = (claim: Extract<Claim, { proof: "hmac" | "secret" }>, keys: readonly Uint8Array[]): boolean => {
  switch (claim.proof) {
    case "hmac":
      return anySame(
        claim.signatures,
        keys.map((key) =>
          claim.signed.reduce((hmac, part) => hmac.update(part), createHmac(claim.algorithm, key)).digest(),
        ),
      );
    case "secret":
      return anySame([sha256(claim.given)], keys.map(sha256));
  }
};
