import * as z from "zod";

/** What every request has, or those on the way put there: its value is nobody's secret. */
const ANYBODYS =
  /^(?:accept.*|cache-control|connection|content-.*|cookie|date|expect|forwarded|from|host|origin|pragma|referer|te|trailer|transfer-encoding|upgrade|user-agent|via|x-amz.*|x-forwarded-.*)$/;

/** A header's name (RFC 9110, 5.6.2), kept in lower case as deliveries have it. */
const headerName = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]{1,64}$/, "must be the name of a header")
  .toLowerCase()
  .refine((name) => !ANYBODYS.test(name), "is a header that every request has: name one of your own");

const bare = <Name extends string>(name: Name) => z.strictObject({ scheme: z.literal(name) });

/** The header's whole value is the secret, a word such as `Bearer` in front of it included. */
const staticSecret = z.strictObject({
  scheme: z.literal("generic"),
  type: z.literal("secret"),
  header: headerName,
});

/** The header has `prefix` and then the HMAC of the raw body. */
const hmacOfBody = z.strictObject({
  scheme: z.literal("generic"),
  type: z.literal("hmac"),
  header: headerName,
  algorithm: z.enum(["sha256", "sha1", "sha512"]),
  encoding: z.enum(["hex", "base64"]),
  prefix: z
    .string()
    .regex(/^[ -~]{1,32}$/, "must be at most 32 printable ASCII characters")
    .optional(),
});

/**
 * How a source's deliveries prove whose they are, told apart by `scheme`. WordPress signs nothing of its own: `wordpress` is a
 * secret in a header, and a plugin that signs is `generic` with `hmac`. `unsigned` takes whatever comes.
 */
export const scheme = z.discriminatedUnion("scheme", [
  bare("standard-webhooks"),
  bare("github"),
  bare("ghost"),
  bare("contentful"),
  bare("sanity"),
  z.strictObject({ scheme: z.literal("wordpress"), header: headerName.default("x-webhook-secret") }),
  z.discriminatedUnion("type", [staticSecret, hmacOfBody], "must be secret or hmac"),
  bare("unsigned"),
]);

export type Scheme = z.output<typeof scheme>;
/** The scheme of a signature over the raw body alone. */
export type BodyHmac = z.output<typeof hmacOfBody>;
