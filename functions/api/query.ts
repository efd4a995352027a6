import { createMiddleware } from "hono/factory";
import { type Fault, ok, pointer, refuse, type Result } from "../../shared/domain/error.ts";
import type { ApiEnv, Call } from "./context.ts";
import { problem } from "./problem.ts";

const DRY_RUN = ["1", "true", "", "0", "false"];

/** Whether the caller only asks what would happen: `?dryRun=1`. */
export const isDryRun = (c: Call): boolean => ["1", "true", ""].includes(c.req.query("dryRun") ?? "no");

/** Query parameters that steer a call and are no field of anything. */
const STEERING = new Set(["dryRun"]);

/** The query's parameters that are not `dryRun`. */
export const fieldsOfQuery = (c: Call): Record<string, string[]> =>
  Object.fromEntries(Object.entries(c.req.queries()).filter(([name]) => !STEERING.has(name)));

/** An escape that is no UTF-8 (`%ED%A0%80` is half of a surrogate pair); hono leaves such text as it stands. */
const malformed = (c: Call): Fault[] =>
  new URL(c.req.url).search
    .slice(1)
    .split("&")
    .flatMap((part) => {
      const [name, value] = part.split(/=(.*)/s).map(decoded);
      if (name !== undefined && (value !== undefined || !part.includes("="))) return [];
      return [{ pointer: name === undefined ? "" : pointer([name]), detail: "is a query parameter that is not UTF-8" }];
    });

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
};

const readQuery = (c: Call, known: readonly string[] | "any"): Result<undefined> => {
  const broken = malformed(c);
  if (broken.length) return refuse({ kind: "malformed", faults: broken });
  const faults = Object.entries(c.req.queries()).flatMap(([name, values]): Fault[] => {
    if (name !== "dryRun")
      return known === "any" || known.includes(name)
        ? []
        : [{ pointer: pointer([name]), detail: "is an unknown query parameter" }];
    return values.length === 1 && DRY_RUN.includes(values[0] ?? "")
      ? []
      : [{ pointer: "/dryRun", detail: "must be 1, and stand once" }];
  });
  return faults.length ? refuse({ kind: "invalid", faults }) : ok(undefined);
};

/**
 * Refuses a query that cannot be read, and parameters that a write does not know: one that is misspelt (`?dryrun=1`)
 * must not be taken for none. "any" leaves the names to the handler.
 */
export const takes = (known: readonly string[] | "any" = []) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const query = readQuery(c, known);
    return query.ok ? next() : problem(c, query.refusal);
  });
