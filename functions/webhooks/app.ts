import { type Context, Hono } from "hono";
import type { LambdaEvent } from "hono/aws-lambda";
import { refuse, type Refusal, type Result, ok } from "../../shared/domain/error.ts";
import { LIMITS } from "../../shared/domain/limits.ts";
import { faultProblem, PROBLEM_TYPE, problemOf } from "../../shared/domain/problem.ts";
import { slug } from "../../shared/domain/site.ts";
import type { Delivery } from "../../shared/senders/kind.ts";
import type { Source } from "../../shared/senders/source.ts";
import { loadSource } from "../../shared/store/hooks.ts";
import type { HooksServices } from "./context.ts";
import { receive } from "./receive.ts";

type HooksEnv = { Bindings: { event?: LambdaEvent } };
type Call = Context<HooksEnv>;

const refused = (c: Call, refusal: Refusal): Response => {
  const said = problemOf(refusal, c.req.path);
  const headers: Record<string, string> = { "Content-Type": PROBLEM_TYPE };
  // RFC 9110, 11.6.1: a 401 must say how to authenticate; each source has its way.
  if (said.status === 401) headers["WWW-Authenticate"] = "Webhook-Signature";
  const title = said.status === 401 ? "Not verified" : said.title;
  return c.body(JSON.stringify({ ...said, title }), said.status, headers);
};

const fault = (c: Call, { events }: HooksServices, error: Error): Response => {
  const request = c.req.header("x-amzn-trace-id") ?? crypto.randomUUID();
  events({ event: "api.fault", request, route: "POST /hooks/:name", code: error.name });
  const said = faultProblem(error.name, request);
  return c.body(JSON.stringify(said), said.status, { "Content-Type": PROBLEM_TYPE });
};

/** The headers as they came: hono's adapter drops empty ones, and rewrites what is not ASCII; a signature is over what was sent. */
const headersOf = (c: Call): Record<string, string> => {
  const sent: unknown = c.env?.event && "headers" in c.env.event ? c.env.event.headers : undefined;
  const pairs = Object.entries(sent ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]));
};

/** The path with its query as it was asked for, undecoded: some senders sign it. */
const pathOf = (c: Call): string => {
  const event = c.env?.event;
  if (!event || !("rawPath" in event)) return c.req.path;
  return event.rawQueryString ? `${event.rawPath}?${event.rawQueryString}` : event.rawPath;
};

const deliveryOf = async (c: Call): Promise<Result<Delivery>> => {
  const headers = headersOf(c);
  const coding = headers["content-encoding"];
  if (coding !== undefined && coding.toLowerCase() !== "identity")
    return refuse({ kind: "unsupported", detail: `Send the body as it is, not as ${coding.slice(0, 40)}.` });
  const body = new Uint8Array(await c.req.arrayBuffer());
  if (body.byteLength > LIMITS.requestBytes)
    return refuse({ kind: "too-large", detail: "An event may have 4 MB at most." });
  return ok({ method: c.req.method, path: pathOf(c), headers, body });
};

/** POST /hooks/{name}: verified, kept, and answered with 202; what comes of it is told by GET /sources/{name}/events. */
export const createReceiver = (services: HooksServices): Hono<HooksEnv> => {
  const app = new Hono<HooksEnv>();
  app.use(async (c, next) => {
    await next();
    c.header("X-Content-Type-Options", "nosniff");
    c.header("Cache-Control", "no-store");
  });
  app.post("/hooks/:name", async (c) => {
    const name = c.req.param("name");
    const source = slug.safeParse(name).success ? await loadSource<Source>(services.table, name) : undefined;
    if (!source) return refused(c, { kind: "missing", detail: "There is no such source." });
    const delivery = await deliveryOf(c);
    if (!delivery.ok) return refused(c, delivery.refusal);
    const received = await receive(services, source, delivery.value);
    return received.ok ? c.json(received.value, 202) : refused(c, received.refusal);
  });
  app.notFound((c) => refused(c, { kind: "missing", detail: "There is no such resource." }));
  app.onError((error, c) => fault(c, services, error));
  return app;
};
