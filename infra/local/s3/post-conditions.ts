import { type Refused, refused } from "./answer.ts";
import type { Condition, Policy } from "./post-policy.ts";

const denied = (why: string): Refused => refused(403, "AccessDenied", `Invalid according to Policy: ${why}`);

/** "Each form field that you specify in a form (except x-amz-signature, file, policy, and field names that have an x-ignore- prefix) must appear in the list of conditions." */
const isExcepted = (field: string): boolean =>
  ["x-amz-signature", "file", "policy"].includes(field) || field.startsWith("x-ignore-");

/** Several types in one Content-Type are a list to `starts-with`, and each of them has to begin so. */
const valuesOf = (field: string, value: string): string[] =>
  field === "content-type" && value.includes(",") ? value.split(",").map((one) => one.trim()) : [value];

/** A condition on a field that the form does not have is not met, not even `starts-with` nothing. */
const isMet = (condition: Condition, fields: ReadonlyMap<string, string>): boolean => {
  if (condition.kind === "size") return true;
  const sent = fields.get(condition.field);
  if (sent === undefined) return false;
  if (condition.kind === "eq") return sent === condition.value;
  return valuesOf(condition.field, sent).every((one) => one.startsWith(condition.value));
};

/**
 * 403 AccessDenied when the policy has expired at `now` (ms since the epoch), a condition is not met, or a field is there
 * that no condition names. `fields` by lower-case name, `bucket` among them. The file's size is not looked at.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export const refusedByPolicy = (
  { expiration, conditions }: Policy,
  fields: ReadonlyMap<string, string>,
  now: number,
): Refused | undefined => {
  if (now > expiration) return denied("Policy expired.");
  for (const condition of conditions) {
    if (condition.kind === "size" || isMet(condition, fields)) continue;
    const { kind, field, value } = condition;
    return denied(`Policy Condition failed: ${JSON.stringify([kind, `$${field}`, value])}`);
  }
  const named = new Set(conditions.map((condition) => (condition.kind === "size" ? "" : condition.field)));
  const extra = [...fields.keys()].filter((field) => !isExcepted(field) && !named.has(field));
  return extra.length === 0 ? undefined : denied(`Extra input fields: ${extra.join(", ")}`);
};

/** How many bytes the file may have by every content-length-range at once; 0 to `largest` when there is none. */
export const sizeBy = ({ conditions }: Policy, largest: number): { min: number; max: number } =>
  conditions.reduce(
    (size, condition) =>
      condition.kind === "size"
        ? { min: Math.max(size.min, condition.min), max: Math.min(size.max, condition.max) }
        : size,
    { min: 0, max: largest },
  );
