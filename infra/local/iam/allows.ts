import type { PolicyStatementJson } from "../../policies.ts";
import type { Need } from "./needs.ts";

const compiled = new Map<string, RegExp>();

/** IAM's wildcards: `*` is any text, `/` and nothing among it, and `?` is one character. */
const matches = (pattern: string, text: string): boolean => {
  let known = compiled.get(pattern);
  if (!known) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    compiled.set(pattern, (known = new RegExp(`^${source}$`, "s")));
  }
  return known.test(text);
};

const anyOf = (patterns: readonly string[], value: string): boolean =>
  patterns.some((pattern) => matches(pattern, value));

const holds = (
  condition: NonNullable<PolicyStatementJson["Condition"]>,
  { keys = {}, leading = [] }: Need,
): boolean => {
  if ("ForAllValues:StringLike" in condition) {
    const patterns = condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
    return leading.every((value) => anyOf(patterns, value));
  }
  const prefix = keys["s3:prefix"];
  return prefix !== undefined && anyOf(condition.StringLike["s3:prefix"], prefix);
};

/**
 * Whether statements that allow, and none that deny, allow this; a condition on a key that the request has not does not hold
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 */
export const allows = (policy: readonly PolicyStatementJson[], need: Need): boolean =>
  policy.some(
    ({ Action, Resource, Condition }) =>
      Action.some((pattern) => matches(pattern, need.action)) &&
      Resource.some((pattern) => matches(pattern, need.resource)) &&
      (Condition === undefined || holds(Condition, need)),
  );
