import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { isUtf8 } from "node:buffer";
import type { LambdaContext, LambdaEvent } from "hono/aws-lambda";
import type { HttpHandler } from "../../functions/api/handler.ts";
import { listen, shut } from "./listen.ts";

/** What Lambda takes as one synchronous event (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const EVENT_BYTES = 6_291_456;

/** An event of payload format 2.0. */
type HttpApiEvent = Extract<LambdaEvent, { rawPath: string }>;

/** Headers of every answer of the API. */
const COMMON = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

const TOO_LARGE = {
  type: "urn:broadsheet:problem:too-large",
  title: "Too large",
  status: 413,
  detail: "A request may have 4 MB at most.",
};

/** API Gateway's HTTP API: each request becomes a payload 2.0 event for the function, each result an answer. */
export const startGateway = async (options: {
  port: number;
  /** Takes what no route of another takes. */
  handler: HttpHandler;
  /** Routes as API Gateway has them: `POST /hooks/{name}`. */
  others?: readonly { route: string; handler: HttpHandler }[];
}): Promise<{ url: string; close(): Promise<void> }> => {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readAll(request);
    const event = body && toEvent(request, body);
    if (!event || bytesOf(event) > EVENT_BYTES) {
      response
        .writeHead(413, { "content-type": "application/problem+json", ...COMMON, connection: "close" })
        .end(JSON.stringify({ ...TOO_LARGE, instance: (request.url ?? "/").split("?")[0] }));
      return;
    }
    const other = options.others?.find(({ route }) => patternOf(route).test(`${request.method} ${event.rawPath}`));
    if (other) event.routeKey = event.requestContext.routeKey = other.route;
    const result = await (other?.handler ?? options.handler)(event, contextOf());
    const headers = Object.entries(result.headers ?? {}).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    const cookies = (result.cookies ?? []).map((cookie): [string, string] => ["set-cookie", cookie]);
    response.writeHead(result.statusCode ?? 200, [...headers, ...cookies].flat());
    response.end(result.isBase64Encoded ? Buffer.from(result.body ?? "", "base64") : (result.body ?? ""));
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // Nobody is there any more to be answered.
      if (response.destroyed || request.destroyed) return;
      console.error(error);
      if (!response.headersSent) response.writeHead(502, { "content-type": "application/json" });
      response.end('{"message":"Internal Server Error"}');
    });
  });
  const port = await listen(server, options.port, "--api-port");
  return { url: `http://localhost:${port}`, close: () => shut(server) };
};

/** A route's requests: each `{name}` is one segment of the path (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html). */
const patternOf = (route: string): RegExp => new RegExp(`^${route.replace(/\{\w+\}/g, "[^/]+")}$`);

/** The whole body, or undefined once it is larger than any event can be; the rest is read and thrown away. */
const readAll = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Buffer = Buffer.from(chunk);
    size += bytes.byteLength;
    if (size <= EVENT_BYTES) chunks.push(bytes);
    else if (size > 4 * EVENT_BYTES) return undefined;
  }
  return size <= EVENT_BYTES ? Buffer.concat(chunks) : undefined;
};

/** The event's size as Lambda counts it; a small body is not worth the counting. */
const bytesOf = (event: LambdaEvent): number =>
  (event.body?.length ?? 0) < EVENT_BYTES / 8 ? 0 : Buffer.byteLength(JSON.stringify(event));

const TEXT = /^(?:text\/|application\/(?:json|xml|javascript|problem\+json|merge-patch\+json))/i;

const toEvent = (request: IncomingMessage, body: Buffer): HttpApiEvent => {
  const [rawPath = "/", rawQueryString = ""] = (request.url ?? "/").split(/\?(.*)/s);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]),
  );
  // API Gateway says https; this one has no certificate.
  headers["x-forwarded-proto"] = "http";
  const text = TEXT.test(headers["content-type"] ?? "") && isUtf8(body);
  const method = request.method ?? "GET";
  const now = new Date();
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString,
    headers,
    requestContext: {
      accountId: "000000000000",
      apiId: "local",
      authentication: null,
      authorizer: {},
      domainName: headers["host"] ?? "localhost",
      domainPrefix: "local",
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? "",
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey: "$default",
      stage: "$default",
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    body: body.byteLength ? body.toString(text ? "utf8" : "base64") : null,
    isBase64Encoded: body.byteLength > 0 && !text,
  };
};

/** The part of Lambda's context that handlers may look at. */
const contextOf = (): LambdaContext => ({
  awsRequestId: randomUUID(),
  callbackWaitsForEmptyEventLoop: false,
  functionName: "api",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:local:000000000000:function:api",
  logGroupName: "/aws/lambda/api",
  logStreamName: "local",
  memoryLimitInMB: "1024",
  getRemainingTimeInMillis: () => 29_000,
});
