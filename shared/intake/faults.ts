import type * as z from "zod";
import { type Fault, pointer } from "../domain/error.ts";
import { NEEDED } from "../domain/needed.ts";

/** Faults one answer names; past it the last one counts the rest. */
const MOST = 1000;

/** Every issue of a schema as a fault under `base` (path steps); unknown fields are named one by one. */
export const faultsOf = (error: z.ZodError, base: readonly PropertyKey[] = []): Fault[] =>
  error.issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((name) => ({ pointer: pointer([...path, name]), detail: "is an unknown field" }));
    return [{ pointer: pointer(path), detail: phrase(issue) }];
  });

const NAMES: Record<string, string> = {
  string: "text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  int: "a whole number",
};

/** What a schema found, said as the other faults are; our own refinements speak for themselves. */
const phrase = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case "invalid_type":
      return issue.message === NEEDED ? NEEDED : `must be ${NAMES[issue.expected] ?? issue.expected}`;
    case "too_big":
      return `has more than ${issue.maximum}${issue.origin === "string" ? " characters" : issue.origin === "array" ? " members" : ""}`;
    case "too_small":
      return issue.origin === "string" || issue.origin === "array"
        ? "must not be empty"
        : `must be at least ${issue.minimum}`;
    case "invalid_value":
      return `${issue.message === NEEDED ? `${NEEDED}:` : "must be"} ${issue.values
        .map(String)
        .join(", ")
        .replace(/, ([^,]*)$/, " or $1")}`;
    case "invalid_union":
      return issue.message.startsWith("Invalid")
        ? "is no kind of block: block, figure, table, embed, pullquote or update"
        : issue.message;
    case "invalid_element":
    case "invalid_format":
    case "invalid_key":
    case "not_multiple_of":
    case "unrecognized_keys":
    case "custom":
      return issue.message;
  }
};

/** At most {@link MOST} faults, the last of which says how many more there were. */
export const bounded = (faults: Fault[]): Fault[] =>
  faults.length <= MOST
    ? faults
    : [...faults.slice(0, MOST), { pointer: "", detail: `and ${faults.length - MOST} more faults` }];
