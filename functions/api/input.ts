import type * as z from "zod";
import { type Fault, invalid, ok, type Result } from "../../shared/domain/error.ts";
import { bounded, faultsOf } from "../../shared/intake/faults.ts";
import type { ParsedJson } from "../../shared/intake/json.ts";
import type { Call } from "./context.ts";
import { readJsonBody } from "./request.ts";

/** What a schema makes of a body, and all that is wrong with it. */
export const parsed = <Schema extends z.ZodType>(
  schema: Schema,
  { value, faults }: ParsedJson,
): { data: z.output<Schema> | undefined; faults: Fault[] } => {
  const result = schema.safeParse(value);
  return { data: result.data, faults: [...faults, ...(result.success ? [] : faultsOf(result.error))] };
};

/** What is made of a body that was read, or every fault in it. */
export const readOr = <Data, Made>(data: Data | undefined, faults: Fault[], make: (data: Data) => Made): Result<Made> =>
  data === undefined || faults.length ? invalid(...bounded(faults)) : ok(make(data));

/** A JSON body by its schema, or every fault in it. */
export const readInput = async <Schema extends z.ZodType>(
  c: Call,
  schema: Schema,
): Promise<Result<z.output<Schema>>> => {
  const body = await readJsonBody(c);
  if (!body.ok) return body;
  const { data, faults } = parsed(schema, body.value);
  return readOr(data, faults, (read) => read);
};
