import { type APIGatewayProxyResult, handle, type LambdaContext, type LambdaEvent } from "hono/aws-lambda";
import { createApi } from "./app.ts";
import type { ApiServices } from "./context.ts";

export type HttpHandler = (event: LambdaEvent, context: LambdaContext) => Promise<APIGatewayProxyResult>;

/** Methods with which no Request can be made (Fetch standard, "forbidden method"); they are none of ours anyway. */
const FORBIDDEN = new Set(["CONNECT", "TRACE", "TRACK"]);

const methodOf = (event: LambdaEvent): string =>
  "http" in event.requestContext ? event.requestContext.http.method.toUpperCase() : "GET";

/**
 * The API as Lambda calls it (payload format 2.0). A GET that brings a body is answered as one without (RFC 9110, 9.3.1: it has no
 * meaning), and a method that cannot be a Request as any other that is not there: hono's adapter would refuse both in plain text.
 */
export const createHandler = (services: ApiServices): HttpHandler => {
  const api = handle(createApi(services));
  return (event, context) => {
    const method = methodOf(event);
    if (method === "GET" || method === "HEAD") return api({ ...event, body: null, isBase64Encoded: false }, context);
    if (!FORBIDDEN.has(method) || !("http" in event.requestContext)) return api(event, context);
    const { requestContext } = event;
    const http = { ...requestContext.http, method: "OPTIONS" };
    return api({ ...event, requestContext: { ...requestContext, http } } as LambdaEvent, context);
  };
};
