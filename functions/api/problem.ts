import type { Refusal } from "../../shared/domain/error.ts";
import { faultProblem, PROBLEM_TYPE, problemOf } from "../../shared/domain/problem.ts";
import type { Call } from "./context.ts";

/** A refusal as its HTTP answer (RFC 9457); `current` is the article for a 412. */
export const problem = (c: Call, refusal: Refusal, current?: unknown): Response => {
  const said = problemOf(refusal, new URL(c.req.url).pathname);
  const body = { ...said, ...(current === undefined ? {} : { current }) };
  const headers: Record<string, string> = { "Content-Type": PROBLEM_TYPE };
  // RFC 9110, 11.6.1: a 401 must say how to authenticate.
  if (said.status === 401) headers["WWW-Authenticate"] = "Bearer";
  return c.body(JSON.stringify(body), said.status, headers);
};

/** A fault of ours as its answer; the log knows the error's name alone. */
export const fault = (c: Call, error: Error): Response => {
  const request = c.req.header("x-amzn-trace-id") ?? crypto.randomUUID();
  c.get("services")?.events({
    event: "api.fault",
    request,
    route: `${c.req.method} ${c.req.routePath}`,
    code: error.name,
  });
  const body = faultProblem(error.name, request);
  return c.body(JSON.stringify(body), body.status, {
    "Content-Type": PROBLEM_TYPE,
    ...(body.status === 503 ? { "Retry-After": "1" } : {}),
  });
};
