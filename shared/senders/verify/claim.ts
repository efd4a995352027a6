import type { BodyHmac } from "./scheme.ts";

export type Algorithm = BodyHmac["algorithm"];

/**
 * What a delivery says of itself, before a secret is tried: `signatures` (each as long as the algorithm's digest) are to be the HMAC
 * of the parts of `signed`, one after another; `given` is to be the secret itself. `id` and `at` (ms) are part of what is signed.
 */
export type Claim =
  | {
      proof: "hmac";
      algorithm: Algorithm;
      signatures: readonly Uint8Array[];
      signed: readonly (string | Uint8Array)[];
      id?: string;
      at?: number;
    }
  | { proof: "secret"; given: string }
  | { proof: "none" }
  | { proof: "malformed"; reason: string };

export const malformed = (reason: string): Claim => ({ proof: "malformed", reason });
