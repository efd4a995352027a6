import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Clock } from "../../../shared/runtime/clock.ts";
import type { EdgeAnswer, EdgeEvent } from "./edge.ts";
import { requestEvent } from "./event.ts";
import type { Found, Lookup } from "./lookup.ts";
import { type Answer, edgeAnswer, missingAnswer, objectAnswer, plainAnswer, type Policy } from "./respond.ts";
import type { Store } from "./store.ts";

export type SiteDeps = {
  clock: Clock;
  lookup: Lookup;
  store: Store;
  policy: Policy;
  viewerRequest: (event: EdgeEvent) => Promise<EdgeAnswer>;
  distributionId: string;
  /** URL path of the custom error page. */
  errorPath: string;
  onFound: (found: Found) => void;
};

const VIA = "1.1 localhost (CloudFront)";
/** CloudFront's limit for request line and headers together; beyond it Node answers 431. */
const MAX_HEADER_BYTES = 20_480;

/** The reader's side: viewer-request, cache, viewer-response. A request's body is read to nowhere, for 30 s at most. */
export const createSite = (deps: SiteDeps): Server => {
  const { clock, lookup, store, policy, errorPath } = deps;

  const marked = (answer: Answer, cache: string, age?: number): Answer => {
    const headers = { date: new Date(clock.now()).toUTCString(), ...answer.headers };
    Object.assign(headers, { via: VIA, "x-cache": `${cache} from cloudfront` }, age === undefined ? {} : { age });
    return { ...answer, headers };
  };

  const answerFound = async ({ entry, from }: Found, event: EdgeEvent, req: IncomingMessage): Promise<Answer> => {
    if (entry.kind === "failed") return marked(plainAnswer(entry.status, policy), "Error");
    if (entry.kind === "missing") {
      const page = await lookup.find(errorPath);
      return marked(await missingAnswer(page, req.headers, policy, () => store.reweigh(errorPath)), "Error");
    }
    const path = event.request.uri;
    const answer = await objectAnswer(entry, event, req.headers, policy, () => store.reweigh(path));
    const age = Math.max(0, Math.floor((clock.now() - entry.storedAt) / 1000));
    return marked(answer, from, from === "Hit" ? age : undefined);
  };

  const answer = async (req: IncomingMessage): Promise<Answer> => {
    const event = requestEvent(req, deps.distributionId);
    const passed = await deps.viewerRequest(event);
    if (passed.kind !== "request") return marked(edgeAnswer(passed, policy), "FunctionGeneratedResponse");
    const found = await lookup.find(passed.request.uri);
    deps.onFound(found);
    return await answerFound(found, { ...event, request: passed.request }, req);
  };

  const answerAndSend = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    req.resume();
    send(req, res, await answer(req));
  };

  // Connections do not time out while idle: a client that uses one in that moment would see it reset.
  const limits = { maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: 30_000, keepAliveTimeout: 0 };
  return createServer(limits, (req, res) => {
    answerAndSend(req, res).catch((error: unknown) => {
      process.emitWarning(error instanceof Error ? error : new Error(String(error)));
      res.destroy();
    });
  });
};

const send = (req: IncomingMessage, res: ServerResponse, { status, headers, body }: Answer): void => {
  const length = status === 304 ? {} : { "content-length": body.length };
  res.writeHead(status, { ...headers, ...length });
  res.end(req.method === "HEAD" || status === 304 ? undefined : body);
};
