import type { LocalClock } from "../clock.ts";
import { createControl, type Invalidation } from "./control.ts";
import { runEdge } from "./edge.ts";
import type { Entry } from "./entry.ts";
import { matcher } from "./invalidation.ts";
import { listen, shut } from "../listen.ts";
import { createLookup } from "./lookup.ts";
import { createOrigin } from "./origin.ts";
import { createSite } from "./site.ts";
import { createStore } from "./store.ts";

export type CdnOptions = {
  /** The S3 stand-in, spoken to path style: `{url}/{bucket}/{key}`. */
  origin: { url: string; bucket: string };
  clock: LocalClock;
  /** The site's port; 0 is any free one. */
  port: number;
  /** The API's port; any free one unless given. */
  controlPort?: number;
  /** Source texts of the CloudFront Functions. */
  edge: { viewerRequest: string; viewerResponse: string };
  /** The response headers policy: set on every answer, over the origin's own. */
  responseHeaders: Record<string, string>;
  /** The policy's RemoveHeaders, exact names. Without it every x-amz-* header is kept off error pages. */
  removeHeaders?: readonly string[];
  /** The custom error response for what the origin does not have, and how long its absence is kept. */
  errorPage: { key: string; ttlSeconds: number };
  distributionId: string;
  /** 64 MB unless given. */
  maxBytes?: number;
  /** How long the origin may be silent, in real time; 30 s unless given, as CloudFront's. */
  originTimeoutMs?: number;
};

export type LocalCdn = {
  url: string;
  port: number;
  /** CloudFront's API: the `endpoint` of an SDK client. */
  controlUrl: string;
  /** Every invalidation that was made, also while `dropPurges`; repeats of a CallerReference are not. */
  invalidations: Invalidation[];
  /** Requests answered from the cache, stale copies included. */
  readonly hits: number;
  /** Requests that waited for the origin. */
  readonly misses: number;
  /** Bytes the cache holds, by its own count. */
  readonly bytes: number;
  /** Test switch: invalidations are acknowledged and lost. */
  dropPurges: boolean;
  /** Resolves when no request to the origin is under way, refreshes behind stale answers included. */
  settled(): Promise<void>;
  /** Empties the cache. */
  flush(): void;
  close(): Promise<void>;
};

const NO_TAGS: ReadonlySet<string> = new Set();
const tagsOf = (entry: Entry): ReadonlySet<string> => (entry.kind === "object" ? entry.tags : NO_TAGS);

const lowerNames = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/**
 * A CloudFront distribution in one process: a caching proxy before an S3 bucket, its edge functions, and the API that
 * invalidates. The cache key is the path as viewer-request leaves it, and nothing else of a request. Range is ignored
 * (RFC 9110, 14.2 allows it; the whole object is the answer). Both servers listen on the loopback interface only.
 * Rejects when a port is taken or an edge function cannot be compiled.
 */
export const startCdn = async (options: CdnOptions): Promise<LocalCdn> => {
  const { clock, distributionId, errorPage } = options;
  const viewerRequest = runEdge(options.edge.viewerRequest);
  const viewerResponse = runEdge(options.edge.viewerResponse);
  const store = createStore(options.maxBytes ?? 64 * 1024 * 1024);
  const origin = createOrigin({ ...options.origin, timeoutMs: options.originTimeoutMs ?? 30_000 });
  const lookup = createLookup({ store, origin, clock, missingMs: errorPage.ttlSeconds * 1000 });
  const invalidations: Invalidation[] = [];
  const state = { hits: 0, misses: 0, dropPurges: false };

  const site = createSite({
    clock,
    lookup,
    store,
    policy: {
      responseHeaders: lowerNames(options.responseHeaders),
      removeHeaders: options.removeHeaders?.map((name) => name.toLowerCase()),
      viewerResponse,
    },
    viewerRequest,
    distributionId,
    errorPath: `/${errorPage.key.split("/").map(encodeURIComponent).join("/")}`,
    onFound: ({ from }) => {
      state[from === "Hit" ? "hits" : "misses"] += 1;
    },
  });
  const control = createControl({
    distributionId,
    clock,
    invalidations,
    purge: (paths) => {
      const isMeant = matcher(paths);
      if (!state.dropPurges) store.removeWhere((key, entry) => isMeant(key, tagsOf(entry)));
    },
  });

  const port = await listen(site, options.port, "--site-port");
  const controlPort = await listen(control, options.controlPort ?? 0).catch(async (error: unknown) => {
    await shut(site);
    throw error;
  });

  return {
    url: `http://localhost:${port}`,
    port,
    controlUrl: `http://localhost:${controlPort}`,
    invalidations,
    get hits() {
      return state.hits;
    },
    get misses() {
      return state.misses;
    },
    get bytes() {
      return store.bytes;
    },
    get dropPurges() {
      return state.dropPurges;
    },
    set dropPurges(isDropping) {
      state.dropPurges = isDropping;
    },
    settled: () => lookup.settled(),
    flush: () => void store.removeWhere(() => true),
    close: async () => {
      await Promise.all([shut(site), shut(control)]);
      origin.close();
      await lookup.settled();
    },
  };
};
