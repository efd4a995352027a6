import type * as z from "zod";
import { type Fault, pointer } from "../domain/error.ts";

/** Faults one answer names; past it the last one counts the rest. */
const MOST = 1000;

/** Every issue of a schema as a fault under `base` (path steps); unknown fields are named one by one. */
export const faultsOf = (error: z.ZodError, base: readonly PropertyKey[] = []): Fault[] =>
  error.issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((name) => ({ pointer: pointer([...path, name]), detail: "is an unknown field" }));
    return [{ pointer: pointer(path), detail: issue.message }];
  });

/** At most {@link MOST} faults, the last of which says how many more there were. */
export const bounded = (faults: Fault[]): Fault[] =>
  faults.length <= MOST
    ? faults
    : [...faults.slice(0, MOST), { pointer: "", detail: `and ${faults.length - MOST} more faults` }];
