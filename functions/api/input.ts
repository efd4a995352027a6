import type * as z from "zod";
import { invalid, ok, type Result } from "../../shared/domain/error.ts";
import { bounded, faultsOf } from "../../shared/intake/faults.ts";
import type { Call } from "./context.ts";
import { readJsonBody } from "./request.ts";

/** A JSON body by its schema, or every fault in it. */
export const readInput = async <Schema extends z.ZodType>(
  c: Call,
  schema: Schema,
): Promise<Result<z.output<Schema>>> => {
  const body = await readJsonBody(c);
  if (!body.ok) return body;
  const parsed = schema.safeParse(body.value.value);
  const faults = [...body.value.faults, ...(parsed.success ? [] : faultsOf(parsed.error))];
  return parsed.success && faults.length === 0 ? ok(parsed.data) : invalid(...bounded(faults));
};
