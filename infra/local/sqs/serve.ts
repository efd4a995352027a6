import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type HttpServer, readBody, serve } from "../http.ts";
import { actions, type Desk } from "./actions.ts";
import { type Fault, faults, isFault } from "./fault.ts";
import { isInput, strangers } from "./input.ts";

/** Ten messages of 1 MiB in all, every character of them escaped. */
const LARGEST = 8 * 1024 * 1024;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const outcomeOf = async (desk: Desk, target: string, body: Buffer | undefined): Promise<object | Fault> => {
  const [service, name = ""] = target.split(".");
  const action = service === "AmazonSQS" && Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) return faults.unknownAction(`This stand-in for SQS does not know the action ${target}.`);
  const input = body && parsed(body.toString());
  if (!isInput(input)) return faults.malformed("The request's body must be a JSON object of at most 8 MiB.");
  return strangers(input, action.members) ?? action.run(desk, input);
};

/**
 * The AWS JSON 1.0 protocol of SQS over the actions, on 127.0.0.1.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html
 */
export const serveActions = (desk: Desk, port: number | undefined): Promise<HttpServer> => {
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = request.headers["x-amz-target"];
    const body = await readBody(request, LARGEST);
    const outcome = await outcomeOf(desk, request.method === "POST" ? String(target) : "", body);
    const headers = { "content-type": "application/x-amz-json-1.0", "x-amzn-requestid": randomUUID() };
    if (!isFault(outcome)) {
      response.writeHead(200, headers).end(JSON.stringify(outcome));
      return;
    }
    const { status, type, code, message } = outcome;
    response.writeHead(status, { ...headers, "x-amzn-query-error": `${code};Sender` });
    response.end(JSON.stringify({ __type: type, message }));
  };
  return serve(handle, port);
};
