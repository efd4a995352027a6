import type { Identity } from "./facts.ts";
import { type Looked, sayTrouble } from "./trouble.ts";

/** Why nobody is known to AWS in this region, in one plain sentence; undefined when the caller is known. */
export const identityFault = (
  { identity, elsewhere }: { identity: Looked<Identity>; elsewhere: boolean },
  region: string,
): string | undefined => {
  if (identity.known) return undefined;
  if (!elsewhere) return sayTrouble(identity.trouble, "say who they belong to");
  return identity.trouble.kind === "no-host"
    ? `AWS has no region ${region}: look at its spelling, or choose another with --region.`
    : `The region ${region} is not enabled for this account: enable it (AWS console, Account, AWS Regions; it takes minutes), or choose another with --region.`;
};
