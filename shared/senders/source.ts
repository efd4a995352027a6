import * as z from "zod";
import { type Fault, invalid, ok, type Result } from "../domain/error.ts";
import { slug } from "../domain/site.ts";
import { faultsOf } from "../intake/faults.ts";
import { KINDS, type Kind, mappingSchema } from "./kinds/index.ts";
import { scheme, type Scheme } from "./verify/scheme.ts";
import { secretFaults } from "./verify/secrets.ts";

/** What an event of a source comes to: a draft, a story in review, or a live page. */
export const OUTCOMES = ["draft", "review", "live"] as const;

/** Secrets that are active side by side: the new one, and old ones until the sender has changed over. */
const MOST_SECRETS = 5;

/**
 * PUT /sources/{name}. `signature` says how a sender signs that has no way of its own (kinds generic and wordpress); `unsigned` takes
 * whatever comes, and has to be said in so many words. Without `secrets` a source keeps those that it has.
 */
export const sourceInput = z.strictObject({
  kind: z.enum(KINDS),
  publish: z.enum(OUTCOMES),
  secrets: z.array(z.string()).min(1).max(MOST_SECRETS).optional(),
  section: slug.optional(),
  mapping: z.unknown().optional(),
  signature: z.record(z.string(), z.unknown()).optional(),
  unsigned: z.literal(true).optional(),
});

/** A source as it is kept, its secrets aside. `mapping` is what {@link mappingSchema} of its kind takes. */
export type Source = {
  kind: Kind;
  publish: (typeof OUTCOMES)[number];
  section?: string | undefined;
  mapping?: unknown;
  scheme: Scheme;
};

/** What is asked of a source: itself, and its secrets, undefined to keep those that it has. */
export type WantedSource = { source: Source; secrets: string[] | undefined };

type Input = z.output<typeof sourceInput>;

const at = (pointer: string, detail: string): Fault => ({ pointer, detail });

/** How the source's deliveries prove whose they are, or what is wrong with what is said of it. */
const schemeOf = ({ kind, signature, unsigned }: Input): { scheme?: Scheme; faults: Fault[] } => {
  const isFree = kind === "generic" || kind === "wordpress";
  if (unsigned)
    return signature
      ? { faults: [at("/signature", "does not go with unsigned")] }
      : { scheme: { scheme: "unsigned" }, faults: [] };
  if (!isFree)
    return signature
      ? { faults: [at("/signature", `is not for the kind ${kind}, which signs in a way of its own`)] }
      : { scheme: { scheme: kind }, faults: [] };
  if (kind === "generic" && !signature)
    return { faults: [at("/signature", "is needed: {type: secret or hmac, header, ...}, or unsigned: true")] };
  const name = kind === "wordpress" && signature?.["type"] === undefined ? "wordpress" : "generic";
  if (signature && Object.hasOwn(signature, "scheme"))
    return { faults: [at("/signature/scheme", "is an unknown field")] };
  const read = scheme.safeParse({ ...signature, scheme: name });
  return read.success ? { scheme: read.data, faults: [] } : { faults: faultsOf(read.error, ["signature"]) };
};

/** A secret that travelled in a header is no key to sign with. */
const wayOf = (by: Scheme | undefined): string => `${by?.scheme} ${by?.scheme === "generic" ? by.type : ""}`;

const secretsFaults = ({ secrets, unsigned }: Input, by: Scheme | undefined, hasSome: boolean): Fault[] => {
  if (unsigned) return secrets ? [at("/secrets", "does not go with unsigned")] : [];
  if (!secrets) return hasSome ? [] : [at("/secrets", "is needed")];
  return secrets.flatMap((secret, n) => [
    ...(by ? secretFaults(by, secret).map((detail) => at(`/secrets/${n}`, detail)) : []),
    ...(secrets.indexOf(secret) < n ? [at(`/secrets/${n}`, "stands in the list before")] : []),
  ]);
};

/**
 * What PUT /sources/{name} asks for, or every fault of it. `sections` are those of the site; `before` is the source as it stands, whose
 * secrets are of use only to the same way of signing. No fault repeats a secret.
 */
export const readSource = (
  value: unknown,
  { sections, before }: { sections: readonly string[]; before: Source | undefined },
): Result<WantedSource> => {
  const input = sourceInput.safeParse(value);
  if (!input.success) return invalid(...faultsOf(input.error));
  const { kind, publish, section, secrets } = input.data;
  const signing = schemeOf(input.data);
  const mapping = mappingSchema(kind).safeParse(input.data.mapping);
  const hasSome = before !== undefined && wayOf(before.scheme) === wayOf(signing.scheme);
  const faults = [
    ...signing.faults,
    ...secretsFaults(input.data, signing.scheme, hasSome),
    ...(mapping.success ? [] : faultsOf(mapping.error, ["mapping"])),
    ...(section !== undefined && !sections.includes(section) ? [at("/section", "is no section of this site")] : []),
  ];
  if (faults.length || !signing.scheme || !mapping.success) return invalid(...faults);
  return ok({ source: { kind, publish, section, mapping: mapping.data, scheme: signing.scheme }, secrets });
};
