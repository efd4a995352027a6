import * as z from "zod";
import { type Refused, refused } from "./answer.ts";

/** What a policy demands of one form field (its name in lower case), or of the file's size in bytes. */
export type Condition =
  | { kind: "eq" | "starts-with"; field: string; value: string }
  | { kind: "size"; min: number; max: number };

/** A policy document; `expiration` in ms since the epoch. */
export type Policy = { kind: "policy"; expiration: number; conditions: Condition[] };

const bytes = z.int().nonnegative();
const variable = z
  .string()
  .regex(/^\$./)
  .transform((name) => name.slice(1).toLowerCase());

const conditionSchema = z.union([
  z
    .tuple([z.literal("content-length-range"), bytes, bytes])
    .transform(([, min, max]): Condition => ({ kind: "size", min, max })),
  z
    .tuple([z.enum(["eq", "starts-with"]), variable, z.string()])
    .transform(([kind, field, value]): Condition => ({ kind, field, value })),
  z.record(z.string(), z.string()).transform((simple, context): Condition => {
    const [first, second] = Object.entries(simple);
    if (first !== undefined && second === undefined) {
      return { kind: "eq", field: first[0].toLowerCase(), value: first[1] };
    }
    context.addIssue("A simple condition has exactly one property.");
    return z.NEVER;
  }),
]);

const policySchema = z.strictObject({
  expiration: z.iso.datetime().transform((text) => Date.parse(text)),
  conditions: z.array(conditionSchema),
});

const jsonIn = (base64: string): unknown => {
  try {
    return JSON.parse(Buffer.from(base64, "base64").toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/**
 * Reads a policy document, base64 of JSON: an object of `expiration` (ISO 8601, UTC) and `conditions`, and nothing else.
 * 400 InvalidPolicyDocument for any other. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export const policyIn = (base64: string): Policy | Refused => {
  const parsed = policySchema.safeParse(jsonIn(base64));
  if (parsed.success) return { kind: "policy", ...parsed.data };
  const [issue] = parsed.error.issues;
  return refused(400, "InvalidPolicyDocument", `Invalid Policy: ${issue?.path.join(".")}: ${issue?.message}`);
};
