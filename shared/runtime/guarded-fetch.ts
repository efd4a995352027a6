import { type Answer, exchange } from "./guarded/exchange.ts";
import { guardedLookup, type Resolve, systemResolve } from "./guarded/lookup.ts";
import { type FetchRefusal, type Headers, refused } from "./guarded/refusal.ts";
import { type Allow, targetOf } from "./guarded/target.ts";

export type { FetchRefusal } from "./guarded/refusal.ts";

export type GuardedRequest = {
  url: string;
  /** GET, unless a body is POSTed. */
  method?: "GET" | "POST";
  /** Go to the origin of `url` alone, and to no other that it redirects to. */
  headers?: Headers;
  body?: Uint8Array;
  /** The largest body that is wanted. */
  maxBytes: number;
  /**
   * What matters is the status, and of the body its beginning: one that is larger is cut off there, one that breaks off or does not
   * come is as far as it came, and a refusal of reason `status` has one too.
   */
  beginning?: boolean;
  /** For all of it: names, connections, redirects, headers and body. In ms. */
  deadlineMs: number;
  signal?: AbortSignal;
};
/** `contentType` in lower case, without parameters; undefined when it was not said. */
export type Fetched =
  | { ok: true; status: number; headers: Headers; body: Uint8Array; contentType: string | undefined }
  | FetchRefusal;
/** Fetches what an outsider named. An answer other than 2xx is a refusal too, with its status and headers. */
export type GuardedFetch = {
  (request: GuardedRequest): Promise<Fetched>;
  /** Why an address would be refused before its name is even looked up; undefined when it would be tried. */
  judge(url: string): FetchRefusal | undefined;
};

const MOST_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Where a GET is sent on to; a POST never is: what it brings was meant for the address that was named. */
const onwards = (method: string, { status, headers }: Answer): string | undefined =>
  method === "GET" && REDIRECTS.has(status) ? headers["location"] : undefined;

const finished = ({ status, headers, body }: Answer): Fetched => {
  if (status < 200 || status > 299)
    return { ok: false, reason: "status", status, headers, body, detail: `It answers with status ${status}.` };
  const contentType = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  return { ok: true, status, headers, body, contentType: contentType === "" ? undefined : contentType };
};

/**
 * A fetch for addresses that outsiders name: pictures by URL, what a webhook only points at, our own webhooks. It goes to the public
 * Internet over https on 443 and nowhere else, whatever the name resolves to, as often as it resolves, and wherever it redirects
 * (https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html). No cookies, no proxy, no
 * compression; what is too large or too slow is cut off. What goes wrong outside is a value; it throws for faults of ours alone.
 * `allow` is for the local house and tests: origins that they named themselves. `resolve` is the machine's.
 */
export const guardedFetch = ({
  allow = () => false,
  resolve = systemResolve,
}: { allow?: Allow; resolve?: Resolve } = {}): GuardedFetch => {
  const fetched = async (request: GuardedRequest): Promise<Fetched> => {
    const { url: first, method = "GET", headers = {}, body, maxBytes, beginning = false, deadlineMs, signal } = request;
    const deadline = AbortSignal.timeout(deadlineMs);
    const ended = signal ? AbortSignal.any([deadline, signal]) : deadline;
    let target = targetOf(first, allow);
    for (let redirects = 0; target.ok; redirects++) {
      const { url, guarded } = target;
      const answer = await exchange(url, {
        method,
        headers: url.origin === URL.parse(first)?.origin ? headers : {},
        body,
        maxBytes,
        beginning,
        signal: ended,
        lookup: guardedLookup(resolve, guarded),
      });
      if (!answer.ok) {
        if (deadline.aborted) return refused("too-slow", `It did not answer within ${deadlineMs} ms.`);
        return signal?.aborted ? refused("cancelled", "It was not waited for.") : answer;
      }
      const next = onwards(method, answer);
      if (next === undefined) return finished(answer);
      if (redirects === MOST_REDIRECTS) return refused("redirects", `It redirects more than ${MOST_REDIRECTS} times.`);
      target = targetOf(next, allow, url);
    }
    return target;
  };
  const judge = (url: string): FetchRefusal | undefined => {
    const target = targetOf(url, allow);
    return target.ok ? undefined : target;
  };
  return Object.assign(fetched, { judge });
};
