import type { Clock } from "../../../shared/runtime/clock.ts";
import { type Entry, renewedEntry, type Stored, storedEntry } from "./entry.ts";
import type { Origin } from "./origin.ts";
import type { Store } from "./store.ts";

/** An entry and how it was come by: from the cache, from the origin, or from the cache after the origin's 304. */
export type Found = { entry: Entry; from: "Hit" | "Miss" | "RefreshHit" };

export type Lookup = {
  /** What `path` answers with now. Never rejects. */
  find(path: string): Promise<Found>;
  /** Resolves when no request to the origin is under way. */
  settled(): Promise<void>;
};

/** CloudFront asks a failing origin again after at most this long. */
const RETRY_MS = 1000;

/**
 * The cache's rules: fresh is served; stale within stale-while-revalidate is served and refreshed behind it; all else
 * waits for the origin, one request a path however many readers wait (request collapsing). An origin that fails leaves
 * the copy at hand in service, even an expired one, unless an invalidation took it meanwhile. A fill that was under way
 * when an invalidation came may still store what it fetched, as on CloudFront: purging twice is the publisher's part.
 */
export const createLookup = (deps: { store: Store; origin: Origin; clock: Clock; missingMs: number }): Lookup => {
  const { store, origin, clock, missingMs } = deps;
  const fills = new Map<string, Promise<Found>>();

  const keep = (path: string, { entry, store: isKept }: { entry: Stored; store: boolean }): Stored => {
    if (isKept) store.set(path, entry);
    else store.delete(path);
    return entry;
  };

  const keepShort = (path: string, entry: Entry, forMs: number): Found => {
    if (forMs > 0) store.set(path, entry);
    else store.delete(path);
    return { entry, from: "Miss" };
  };

  const fetchEntry = async (path: string): Promise<Found> => {
    const before = store.peek(path);
    const held = before?.kind === "object" ? before : undefined;
    const answer = await origin.get(path, held?.headers["etag"]);
    const now = clock.now();
    if (answer.kind === "object") {
      return { entry: keep(path, storedEntry(answer.headers, answer.body, now)), from: "Miss" };
    }
    if (answer.kind === "unchanged" && held !== undefined) {
      return { entry: keep(path, renewedEntry(held, answer.headers, now)), from: "RefreshHit" };
    }
    if (answer.kind === "missing") {
      return keepShort(path, { kind: "missing", freshUntil: now + missingMs }, missingMs);
    }
    const current = store.peek(path);
    if (current?.kind === "object") {
      const entry = { ...current, retryAt: now + RETRY_MS };
      store.set(path, entry);
      return { entry, from: "Hit" };
    }
    const status = answer.kind === "failed" ? answer.status : 502;
    return keepShort(path, { kind: "failed", status, freshUntil: now + RETRY_MS }, RETRY_MS);
  };

  const fill = (path: string): Promise<Found> => {
    const running = fills.get(path);
    if (running !== undefined) return running;
    const started = fetchEntry(path).finally(() => fills.delete(path));
    fills.set(path, started);
    return started;
  };

  return {
    find: async (path) => {
      const entry = store.get(path);
      const now = clock.now();
      if (entry === undefined) return await fill(path);
      if (now < entry.freshUntil) return { entry, from: "Hit" };
      if (entry.kind !== "object") return await fill(path);
      if (now < entry.retryAt) return { entry, from: "Hit" };
      if (now >= entry.staleUntil) return await fill(path);
      void fill(path);
      return { entry, from: "Hit" };
    },
    settled: async () => {
      while (fills.size > 0) await Promise.all(fills.values());
    },
  };
};
