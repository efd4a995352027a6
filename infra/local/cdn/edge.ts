import vm from "node:vm";
import * as z from "zod";

const fieldSchema = z.object({
  value: z.string(),
  multiValue: z.array(z.object({ value: z.string() })).optional(),
});
const fieldsSchema = z.record(z.string(), fieldSchema);
const requestSchema = z.object({
  method: z.string(),
  uri: z.string().startsWith("/"),
  querystring: fieldsSchema,
  headers: fieldsSchema,
  cookies: fieldsSchema,
});
const bodySchema = z.union([
  z.string().transform((data) => ({ encoding: "text" as const, data })),
  z.object({ encoding: z.enum(["text", "base64"]), data: z.string() }),
]);
const responseSchema = z.object({
  statusCode: z.int().min(200).max(599),
  statusDescription: z.string().optional(),
  headers: fieldsSchema.default({}),
  cookies: fieldsSchema.optional(),
  body: bodySchema.optional(),
});

/** A CloudFront Functions event: names of headers in lower case; each value once, or all of them in `multiValue`. */
export type EdgeFields = z.infer<typeof fieldsSchema>;
export type EdgeRequest = z.infer<typeof requestSchema>;
export type EdgeResponse = z.infer<typeof responseSchema>;
export type EdgeEvent = {
  version: "1.0";
  context: {
    distributionDomainName: string;
    distributionId: string;
    eventType: "viewer-request" | "viewer-response";
    requestId: string;
  };
  viewer: { ip: string };
  request: EdgeRequest;
  response?: EdgeResponse;
};

/** What became of an event: it goes on as `request`, is answered with `response`, or CloudFront answers `status`. */
export type EdgeAnswer =
  | { kind: "request"; request: EdgeRequest }
  | { kind: "response"; response: EdgeResponse }
  | { kind: "failed"; status: 502 | 503; detail: string };

/** CloudFront's limit for a function's source. */
const MAX_BYTES = 10_240;
const READ_ONLY = {
  "viewer-request": ["cdn-loop", "content-length", "host", "transfer-encoding", "via"],
  "viewer-response": ["warning", "via"],
};
/** Headers that are not shown to functions and that they may not add. */
const DISALLOWED = new RegExp(
  "^(?:connection|expect|keep-alive|proxy-authenticate|proxy-authorization|proxy-connection|trailer|upgrade|x-accel-.*|" +
    "x-amz-cf-.*|x-amzn-.*|x-cache|x-edge-.*|x-forwarded-proto|x-real-ip)$",
);

/** Whether a function may see this header; `name` in lower case. */
export const isExposed = (name: string): boolean => !DISALLOWED.test(name);

/**
 * Compiles a CloudFront Function (its source text, as it is deployed) in a bare context: no require, timers, network
 * or eval. Throws when it is over 10 KB, does not compile or has no `handler`. The answer runs one event. It never
 * rejects: a handler that throws is CloudFront's 503, one that breaks the rules its 502.
 * ("Restrictions on all edge functions", Amazon CloudFront Developer Guide)
 */
export const runEdge = (source: string): ((event: EdgeEvent) => Promise<EdgeAnswer>) => {
  const bytes = Buffer.byteLength(source);
  if (bytes > MAX_BYTES) throw new Error(`An edge function may have ${MAX_BYTES} bytes; this one has ${bytes}.`);
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
  vm.runInContext(source, context, { filename: "edge-function.js" });
  if (vm.runInContext("typeof handler", context) !== "function") throw new Error("An edge function needs a handler.");
  // JSON both ways: the function gets objects of its own realm, and can change nothing of ours.
  const invoke: (json: string) => Promise<string | undefined> = vm.runInContext(
    "async (json) => JSON.stringify(await handler(JSON.parse(json)))",
    context,
  );
  return async (event) => {
    try {
      return judge(event, JSON.parse((await invoke(JSON.stringify(event))) ?? "null"));
    } catch (error) {
      return { kind: "failed", status: 503, detail: `The function threw: ${String(error)}` };
    }
  };
};

const judge = (event: EdgeEvent, result: unknown): EdgeAnswer => {
  const generated = z.looseObject({ statusCode: z.unknown() }).safeParse(result);
  const isResponse = event.response !== undefined || (generated.success && "statusCode" in generated.data);
  const parsed = isResponse
    ? responseSchema.transform((response) => ({ kind: "response" as const, response })).safeParse(result)
    : requestSchema.transform((request) => ({ kind: "request" as const, request })).safeParse(result);
  if (!parsed.success) return { kind: "failed", status: 502, detail: z.prettifyError(parsed.error) };

  const type = event.context.eventType;
  const answer = parsed.data;
  const after = answer.kind === "request" ? answer.request.headers : answer.response.headers;
  const added = Object.keys(after).filter((name) => !isExposed(name.toLowerCase()));
  // An answer made in viewer-request is new: it has no headers to keep.
  const before = answer.kind === "request" ? event.request.headers : (event.response?.headers ?? after);
  const changed = READ_ONLY[type].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const faults = [...added, ...changed];
  if (faults.length === 0) return answer;
  return { kind: "failed", status: 502, detail: `Read-only or disallowed headers were changed: ${faults.join(", ")}` };
};
