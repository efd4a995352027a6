import type { Scheme } from "./scheme.ts";

const WHSEC = "whsec_";
/** Printable ASCII without a space at either end, which a header would lose. */
const PRINTABLE = /^[!-~](?:[ -~]*[!-~])?$/;
/** https://www.contentful.com/developers/docs/webhooks/secrets/ */
const CONTENTFUL = /^[\w+/=-]{64}$/;
const [FEWEST, MOST] = [16, 256];
/** Less variety than this is no secret, but a placeholder. */
const VARIETY = 6;

/** The bytes of a Standard Webhooks secret; undefined when it is not `whsec_` and the base64, just so, of 24 to 64 bytes. */
const standardKey = (secret: string): Uint8Array | undefined => {
  const text = secret.startsWith(WHSEC) ? secret.slice(WHSEC.length) : "";
  // Decoding passes over what is not base64; written out again, only base64 is the same.
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text && bytes.length >= 24 && bytes.length <= 64 ? bytes : undefined;
};

const lengthFaults = (secret: string): string[] => {
  if (secret.length < FEWEST || secret.length > MOST) return [`must have ${FEWEST} to ${MOST} characters`];
  return new Set(secret).size < VARIETY ? [`must have at least ${VARIETY} different characters`] : [];
};

/** What is wrong with a source's secret ("must ..."), for the one who sets it; nothing when it can be used. The secret is not repeated. */
export const secretFaults = (scheme: Scheme, secret: string): string[] => {
  switch (scheme.scheme) {
    case "standard-webhooks":
      return standardKey(secret) ? [] : ["must be whsec_ and the base64 of 24 to 64 bytes"];
    case "contentful":
      return CONTENTFUL.test(secret) ? [] : ["must be exactly 64 characters, of letters, digits and + / = _ -"];
    case "github":
    case "ghost":
    case "sanity":
    case "wordpress":
    case "generic":
      return [
        ...lengthFaults(secret),
        ...(PRINTABLE.test(secret) ? [] : ["must be printable ASCII without a space at either end"]),
      ];
    case "unsigned":
      return ["must not be given: an unsigned source has no secret"];
  }
};

/** The keys of those secrets that can be used: with an empty one for a key, anybody could sign. */
export const keysOf = (scheme: Scheme, secrets: readonly string[]): Uint8Array[] =>
  secrets
    .filter((secret) => secretFaults(scheme, secret).length === 0)
    .map((secret) => (scheme.scheme === "standard-webhooks" && standardKey(secret)) || Buffer.from(secret));
