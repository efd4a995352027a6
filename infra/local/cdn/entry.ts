import { freshness } from "./freshness.ts";
import { parseTags } from "./tags.ts";

export type Encoding = "br" | "gzip";

/** An origin's object as the cache holds it; times in ms since the epoch. */
export type Stored = {
  kind: "object";
  /** As the origin sent them, names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
  tags: ReadonlySet<string>;
  storedAt: number;
  freshUntil: number;
  /** Until then it is served while it is being refreshed. */
  staleUntil: number;
  /** Until then a failing origin is not asked again. */
  retryAt: number;
  /** Compressed copies, made once each when first asked for, and what they weigh; a renewed entry shares them. */
  encoded: { copies: Map<Encoding, Promise<Buffer>>; bytes: number };
};

/** What a path answers with; an absence and a failure are kept for a short while, too. */
export type Entry =
  | Stored
  | { kind: "missing"; freshUntil: number }
  | { kind: "failed"; status: 502 | 503 | 504; freshUntil: number };

/** The S3 metadata that is the distribution's CacheTagConfig.HeaderName. */
const TAG_HEADER = "x-amz-meta-cache-tag";

/** An entry for an origin's 200 that came at `now`; `store` is false when Cache-Control forbids keeping it. */
export const storedEntry = (
  headers: Record<string, string>,
  body: Buffer,
  now: number,
): { entry: Stored; store: boolean } => {
  const { store, freshMs, staleMs } = freshness(headers["cache-control"]);
  const freshUntil = now + freshMs;
  return {
    store,
    entry: {
      kind: "object",
      headers,
      body,
      tags: parseTags(headers[TAG_HEADER]),
      storedAt: now,
      freshUntil,
      staleUntil: freshUntil + staleMs,
      retryAt: 0,
      encoded: { copies: new Map(), bytes: 0 },
    },
  };
};

/** `held` after the origin's 304 at `now`, which replaces the headers it names (RFC 9111, 3.2); the bytes stay. */
export const renewedEntry = (
  held: Stored,
  headers: Record<string, string>,
  now: number,
): { entry: Stored; store: boolean } => {
  const { "content-length": _length, ...named } = headers;
  const { entry, store } = storedEntry({ ...held.headers, ...named }, held.body, now);
  return { store, entry: { ...entry, encoded: held.encoded } };
};
