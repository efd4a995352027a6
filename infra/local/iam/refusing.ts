import type { InitializeMiddleware } from "@smithy/types";
import type { Guard } from "./guard.ts";
import { type Need, needs } from "./needs.ts";

/** A service's error that says what may not be done. */
export type Denial = (message: string) => Error;

/** What S3 answers with when there is no such object; a HEAD has no body to say more in. */
const MISSING = new Set(["NoSuchKey", "NotFound"]);

/** Throws what the service would for a call that the running function's policy does not allow; outside of functions all is allowed. */
export const permit = (guard: Guard, denied: Denial, call: string, input: unknown): Need[] => {
  const name = guard.running();
  if (name === undefined) return [];
  const asked = needs(call, input);
  for (const need of asked)
    if (!guard.may(name, need)) throw denied(`${name} is not authorized to perform ${need.action} on ${need.resource}`);
  return asked;
};

/**
 * Middleware of an SDK client: refuses what the running function's policy does not allow, as IAM does, before anything is sent;
 * and tells a function that may not list a bucket that it may not read what is missing from it.
 */
export const refusing =
  <Input extends object, Output extends object>(guard: Guard, denied: Denial): InitializeMiddleware<Input, Output> =>
  (next, context) => {
    const call = (context.commandName ?? "").replace(/Command$/, "");
    return async (args) => {
      const asked = permit(guard, denied, call, args.input);
      const name = guard.running();
      try {
        return await next(args);
      } catch (error) {
        const hidden =
          error instanceof Error && MISSING.has(error.name) && asked.find(({ missing }) => missing)?.missing;
        if (!hidden || name === undefined || guard.could(name, hidden)) throw error;
        throw denied(
          `${name} is not authorized to perform ${hidden.action} on ${hidden.resource}, and nothing is there`,
        );
      }
    };
  };
