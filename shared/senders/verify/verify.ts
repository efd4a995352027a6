import type { Delivery, Verdict } from "../kind.ts";
import { type Claim } from "./claim.ts";
import { contentfulClaim } from "./contentful.ts";
import { holds } from "./holds.ts";
import { bodyClaim, githubClaim, secretClaim } from "./plain.ts";
import type { Scheme } from "./scheme.ts";
import { keysOf } from "./secrets.ts";
import { ghostClaim, sanityClaim } from "./stamped.ts";
import { standardClaim } from "./standard.ts";
import { untimely } from "./time.ts";

const claimOf = (scheme: Scheme, delivery: Delivery): Claim => {
  switch (scheme.scheme) {
    case "standard-webhooks":
      return standardClaim(delivery);
    case "github":
      return githubClaim(delivery);
    case "ghost":
      return ghostClaim(delivery);
    case "contentful":
      return contentfulClaim(delivery);
    case "sanity":
      return sanityClaim(delivery);
    case "wordpress":
      return secretClaim(scheme.header, delivery);
    case "generic":
      return scheme.type === "hmac" ? bodyClaim(scheme, delivery) : secretClaim(scheme.header, delivery);
    case "unsigned":
      return { proof: "none" };
  }
};

const refused = (reason: string): Verdict => ({ ok: false, reason });

/**
 * Whether a delivery is its sender's: one of `secrets` (all that are active; each is tried) bears out what it says of itself, over
 * its raw bytes, and a signed time is within 300 s of `now` (ms). A secret that `secretFaults` has something against is no secret.
 * An unsigned source's is always taken. The reasons are sentences that hold nothing secret. It keeps no ids: that an event is taken
 * once is for the caller to see to, by its `eventId`.
 */
export const verify = (scheme: Scheme, delivery: Delivery, secrets: readonly string[], now: number): Verdict => {
  const claim = claimOf(scheme, delivery);
  switch (claim.proof) {
    case "malformed":
      return refused(claim.reason);
    case "none":
      return { ok: true, id: undefined, at: undefined };
    case "secret":
      return holds(claim, keysOf(scheme, secrets))
        ? { ok: true, id: undefined, at: undefined }
        : refused("The secret is not one of the source's.");
    case "hmac": {
      const late = claim.at === undefined ? undefined : untimely(claim.at, now);
      if (late !== undefined) return refused(late);
      return holds(claim, keysOf(scheme, secrets))
        ? { ok: true, id: claim.id, at: claim.at }
        : refused("No signature is made with one of the source's secrets.");
    }
  }
};
