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

/**
 * Whether statements that allow, and none that deny, allow this; a condition on a key that the request has not does not hold
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 */
export const allows = (policy: readonly PolicyStatementJson[], { action, resource, keys = {} }: Need): boolean =>
  policy.some(
    ({ Action, Resource, Condition }) =>
      Action.some((pattern) => matches(pattern, action)) &&
      Resource.some((pattern) => matches(pattern, resource)) &&
      Object.entries(Condition?.StringLike ?? {}).every(([key, patterns]) => {
        const value = keys[key];
        return value !== undefined && patterns.some((pattern) => matches(pattern, value));
      }),
  );
