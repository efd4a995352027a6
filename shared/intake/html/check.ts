import { type Body, blocks } from "../../domain/body.ts";
import { type Fault, pointer } from "../../domain/error.ts";
import { LIMITS } from "../../domain/limits.ts";

/** Faults that are worth naming one by one. */
const MAX_FAULTS = 100;

/** The body if it keeps to the schema's limits; otherwise none, and a fault for each text, table or list that is too long. */
export const checked = (body: Body): { body: Body; faults: Fault[] } => {
  if (body.length > LIMITS.blocks) {
    const detail = `has ${body.length} blocks, more than ${LIMITS.blocks}`;
    return { body: [], faults: [{ pointer: "/body", detail }] };
  }
  const result = blocks.safeParse(body);
  if (result.success) return { body: result.data, faults: [] };
  const faults = result.error.issues.map(({ path, message }) => ({
    pointer: pointer(["body", ...path]),
    detail: message,
  }));
  return { body: [], faults: faults.slice(0, MAX_FAULTS) };
};
