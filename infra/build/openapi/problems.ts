import type { Oas3_1Schema, Oas3Response } from "@redocly/openapi-core";
import { headerOf } from "./parameters.ts";
import { schemaOf } from "./schemas.ts";

export type Response = Oas3Response<Oas3_1Schema>;

const said = (description: string, example?: object): Response => ({
  description,
  content: {
    "application/problem+json": { schema: schemaOf("Problem"), ...(example === undefined ? {} : { example }) },
  },
});

const TYPE = "urn:broadsheet:problem:";

/** components/responses: every refusal and fault, each a problem (RFC 9457), by status. */
export const problems = {
  400: said("Not parseable, or malformed Unicode; nothing was kept"),
  401: {
    ...said("No key, or none that is valid", {
      type: `${TYPE}unauthenticated`,
      title: "Key needed",
      status: 401,
      detail: "Send `Authorization: Bearer bs_...` with a valid key.",
      instance: "/articles",
    }),
    headers: { "WWW-Authenticate": headerOf("Challenge") },
  },
  403: said("This key may not do that"),
  404: said("Not there, or not for this key to read"),
  409: said("Not possible in the present state; `moves` says what is"),
  412: said("If-Match names an older version; `current` is what it is now"),
  413: said("Larger than 4 MB, or than 1 MB of JSON"),
  415: said("A content type, or a charset, that cannot be read"),
  422: said("Understood, but wrong: `errors` names every fault", {
    type: `${TYPE}invalid`,
    title: "Not valid",
    status: 422,
    detail: "The request was understood, but has faults; `errors` names each.",
    instance: "/articles",
    errors: [
      { pointer: "/headline", detail: "is needed to publish" },
      { pointer: "/summary", detail: "is an unknown field" },
    ],
  }),
  428: said("If-Match is missing"),
  429: said("Too many requests"),
  500: said("A fault of ours; send it again with the same Idempotency-Key"),
  503: { ...said("Busy; nothing was kept, try again"), headers: { "Retry-After": headerOf("RetryAfter") } },
} as const satisfies Record<number, Response>;
export type ProblemStatus = keyof typeof problems;

const NAMES: Record<ProblemStatus, string> = {
  400: "Malformed",
  401: "Unauthenticated",
  403: "Forbidden",
  404: "Missing",
  409: "Impossible",
  412: "Stale",
  413: "TooLarge",
  415: "Unsupported",
  422: "Invalid",
  428: "Unconditional",
  429: "TooMany",
  500: "Fault",
  503: "Busy",
};

const STATUSES = Object.keys(problems)
  .map(Number)
  .filter((status): status is ProblemStatus => status in problems);

export const problemResponses: Record<string, Response> = Object.fromEntries(
  STATUSES.map((status) => [NAMES[status], problems[status]]),
);

/** References to the problems of these statuses, in order. */
export const refusals = (statuses: Iterable<ProblemStatus>): Record<string, { $ref: string }> =>
  Object.fromEntries(
    [...statuses].sort((a, b) => a - b).map((status) => [status, { $ref: `#/components/responses/${NAMES[status]}` }]),
  );
