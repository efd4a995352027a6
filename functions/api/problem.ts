import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Fault, Refusal } from "../../shared/domain/error.ts";
import type { Call } from "./context.ts";

/** RFC 9457. Nothing internal is ever said: faults of ours have an instance to ask about, and no more. */
export type Problem = {
  status: ContentfulStatusCode;
  title: string;
  detail: string;
  errors?: Fault[];
  current?: unknown;
  moves?: string[];
};

type Answer = Omit<Problem, "errors" | "moves"> & { slug: string };

const KINDS: Record<Refusal["kind"], Answer> = {
  malformed: { slug: "malformed", status: 400, title: "Cannot be read", detail: "The request could not be parsed." },
  unauthenticated: {
    slug: "unauthenticated",
    status: 401,
    title: "Key needed",
    detail: "Send `Authorization: Bearer bs_...` with a valid key.",
  },
  forbidden: { slug: "forbidden", status: 403, title: "Not allowed", detail: "This key may not do that." },
  missing: { slug: "not-found", status: 404, title: "Not found", detail: "There is nothing here." },
  impossible: {
    slug: "not-possible",
    status: 409,
    title: "Not possible now",
    detail: "This cannot be done in the present state.",
  },
  stale: {
    slug: "stale",
    status: 412,
    title: "Changed meanwhile",
    detail: "If-Match names an older version; `current` is what it is now.",
  },
  "too-large": { slug: "too-large", status: 413, title: "Too large", detail: "The request is too large." },
  unsupported: {
    slug: "unsupported",
    status: 415,
    title: "Unsupported content",
    detail: "This content type cannot be read.",
  },
  invalid: {
    slug: "invalid",
    status: 422,
    title: "Not valid",
    detail: "The request was understood, but has faults; `errors` names each.",
  },
  "key-reused": {
    slug: "key-reused",
    status: 422,
    title: "Idempotency key used before",
    detail: "This Idempotency-Key came with another submission before.",
  },
  unconditional: {
    slug: "if-match-needed",
    status: 428,
    title: "If-Match needed",
    detail: "Send If-Match with the ETag of the version that you saw.",
  },
};

const TYPE_BASE = "urn:broadsheet:problem:";

/** A refusal as its HTTP answer; `current` is the article for a 412. */
export const problem = (c: Call, refusal: Refusal, current?: unknown): Response => {
  const { slug, status, title, detail } = KINDS[refusal.kind];
  const body = {
    type: `${TYPE_BASE}${slug}`,
    title,
    status,
    detail: "detail" in refusal ? refusal.detail : detail,
    instance: new URL(c.req.url).pathname,
    ...("faults" in refusal ? { errors: refusal.faults } : {}),
    ...("moves" in refusal ? { moves: refusal.moves } : {}),
    ...(current === undefined ? {} : { current }),
  };
  const headers: Record<string, string> = { "Content-Type": "application/problem+json" };
  // RFC 9110, 11.6.1: a 401 must say how to authenticate.
  if (status === 401) headers["WWW-Authenticate"] = "Bearer";
  return c.body(JSON.stringify(body), status, headers);
};

/** Error names of the SDK that mean: the store is busy, come again. */
const PASSING = new Set([
  "Crowded",
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "RequestLimitExceeded",
  "TransactionCanceledException",
  "TransactionInProgressException",
  "TimeoutError",
  "SlowDown",
  "ServiceUnavailable",
  "InternalServerError",
]);

/** A fault of ours as its answer: 503 when another try may help, else 500; the log knows the error's name alone. */
export const fault = (c: Call, error: Error): Response => {
  const passing = PASSING.has(error.name);
  const request = c.req.header("x-amzn-trace-id") ?? crypto.randomUUID();
  c.get("services")?.events({
    event: "api.fault",
    request,
    route: `${c.req.method} ${c.req.routePath}`,
    code: error.name,
  });
  const status = passing ? 503 : 500;
  const body = {
    type: `${TYPE_BASE}${passing ? "unavailable" : "internal"}`,
    title: passing ? "Busy" : "Our fault",
    status,
    detail: passing
      ? "The store is busy. Nothing was kept; please try again."
      : "Something went wrong on our side. Please try again; a POST with the same Idempotency-Key is done once.",
    instance: `urn:request:${request}`,
  };
  return c.body(JSON.stringify(body), status, {
    "Content-Type": "application/problem+json",
    ...(passing ? { "Retry-After": "1" } : {}),
  });
};
