import type { ServerResponse } from "node:http";
import * as z from "zod";
import { type HttpServer, readBody, serve } from "../../infra/local/http.ts";

/** What a function said went wrong, by its runtime client. */
const fault = z.object({ errorType: z.string(), errorMessage: z.string(), trace: z.array(z.string()).default([]) });
export type Fault = z.output<typeof fault>;

/** What a process tells by the Runtime API. */
export type Report =
  | { type: "response"; body: unknown }
  | { type: "error"; fault: Fault }
  | { type: "init-error"; fault: Fault };

/** An event on its way: `deadline` in ms since the epoch. */
export type Invocation = { id: string; event: unknown; deadline: number; arn: string };

export type RuntimeApi = {
  /** `host:port`, as a process is told in AWS_LAMBDA_RUNTIME_API. */
  address: string;
  /** Gives the next invocation to the process as soon as it asks; `handed` is called in that moment. */
  give(invocation: Invocation, handed: () => void): void;
  close(): Promise<void>;
};

/** The largest response of a function (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const LARGEST = 6_291_556;
const PATH = /^\/2018-06-01\/runtime\/(?:(invocation\/next)|(init\/error)|invocation\/([^/]+)\/(response|error))$/;

/**
 * Lambda's Runtime API for one process, on 127.0.0.1: one invocation at a time; `report` is told what becomes of it.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export const startRuntimeApi = async (report: (report: Report) => void): Promise<RuntimeApi> => {
  let given: { invocation: Invocation; handed: () => void } | undefined;
  let underWay = "";
  let waiting: ServerResponse | undefined;

  const hand = (): void => {
    if (!given || !waiting) return;
    const { invocation, handed } = given;
    const response = waiting;
    [given, waiting, underWay] = [undefined, undefined, invocation.id];
    response.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": invocation.id,
      "lambda-runtime-deadline-ms": String(invocation.deadline),
      "lambda-runtime-invoked-function-arn": invocation.arn,
      "lambda-runtime-trace-id": "Root=1-00000000-000000000000000000000000;Sampled=0",
    });
    response.end(JSON.stringify(invocation.event));
    handed();
  };
  const refuse = (response: ServerResponse, status: number, errorType: string): void =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ errorType }));

  const server: HttpServer = await serve(async (request, response) => {
    const [, next, init, id, outcome] = PATH.exec(request.url ?? "") ?? [];
    if (next !== undefined) {
      waiting = response;
      return hand();
    }
    const body = await readBody(request, LARGEST);
    if (body === undefined) return refuse(response, 413, "Function.ResponseSizeTooLarge");
    if (init === undefined && (id === undefined || id !== underWay)) return refuse(response, 400, "InvalidRequestID");
    response.writeHead(202, { "content-type": "application/json" }).end('{"status":"OK"}');
    underWay = "";
    const told: unknown = body.length ? JSON.parse(body.toString()) : undefined;
    if (init !== undefined) report({ type: "init-error", fault: fault.parse(told) });
    else if (outcome === "error") report({ type: "error", fault: fault.parse(told) });
    else report({ type: "response", body: told });
  });

  return {
    address: server.url.replace("http://", ""),
    give: (invocation, handed) => {
      given = { invocation, handed };
      hand();
    },
    close: server.close,
  };
};
