import type { Fault, Refusal } from "./error.ts";

/** RFC 9457. Nothing internal is ever said: faults of ours have an instance to ask about, and no more. */
export type Problem = {
  type: string;
  title: string;
  status: 400 | 401 | 403 | 404 | 409 | 412 | 413 | 415 | 422 | 428 | 500 | 503;
  detail: string;
  instance: string;
  errors?: Fault[];
  moves?: string[];
};

type Kind = Pick<Problem, "status" | "title" | "detail"> & { slug: string };

const KINDS: Record<Refusal["kind"], Kind> = {
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
export const PROBLEM_TYPE = "application/problem+json";

/** A refusal as the body of its answer; `instance` is the path that was asked for. */
export const problemOf = (refusal: Refusal, instance: string): Problem => {
  const { slug, status, title, detail } = KINDS[refusal.kind];
  return {
    type: `${TYPE_BASE}${slug}`,
    title,
    status,
    detail: "detail" in refusal ? refusal.detail : detail,
    instance,
    ...("faults" in refusal ? { errors: refusal.faults } : {}),
    ...("moves" in refusal ? { moves: refusal.moves } : {}),
  };
};

/** Error names of ours and the SDK's that mean: the store is busy, come again. */
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

/** A fault of ours as the body of its answer: 503 when another try may help, else 500; `request` is what to ask about. */
export const faultProblem = (errorName: string, request: string): Problem => {
  const passing = PASSING.has(errorName);
  return {
    type: `${TYPE_BASE}${passing ? "unavailable" : "internal"}`,
    title: passing ? "Busy" : "Our fault",
    status: passing ? 503 : 500,
    detail: passing
      ? "The store is busy. Nothing was kept; please try again."
      : "Something went wrong on our side. Please try again; a POST with the same Idempotency-Key is done once.",
    instance: `urn:request:${request}`,
  };
};
