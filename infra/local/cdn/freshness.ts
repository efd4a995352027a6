/** How long an answer may be served: milliseconds fresh, milliseconds stale after that while it is refreshed. */
export type Freshness = { store: boolean; freshMs: number; staleMs: number };

/** CloudFront's own defaults: what has no lifetime is kept a day, and nothing longer than a year. */
const DEFAULT_SECONDS = 86_400;
const MAX_SECONDS = 31_536_000;

/**
 * Reads a Cache-Control value as a shared cache does (RFC 9111, 5.2.2; RFC 5861, 3): s-maxage before max-age;
 * no-store and private are not kept; no-cache is kept but always revalidated. What it cannot read counts as absent.
 */
export const freshness = (cacheControl: string | undefined): Freshness => {
  const directives = new Map<string, string>();
  for (const part of (cacheControl ?? "").split(",")) {
    const [name = "", value = ""] = part.split("=");
    directives.set(name.trim().toLowerCase(), value.trim().replaceAll('"', ""));
  }
  const seconds = (name: string): number | undefined => {
    const value = directives.get(name) ?? "";
    return /^\d{1,10}$/.test(value) ? Math.min(Number(value), MAX_SECONDS) : undefined;
  };
  if (directives.has("no-store") || directives.has("private")) return { store: false, freshMs: 0, staleMs: 0 };
  if (directives.has("no-cache")) return { store: true, freshMs: 0, staleMs: 0 };
  const fresh = seconds("s-maxage") ?? seconds("max-age") ?? DEFAULT_SECONDS;
  return { store: true, freshMs: fresh * 1000, staleMs: (seconds("stale-while-revalidate") ?? 0) * 1000 };
};
