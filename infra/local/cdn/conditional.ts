import type { IncomingHttpHeaders } from "node:http";

const opaque = (tag: string): string => tag.trim().replace(/^W\//, "");

/**
 * Whether a reader's copy is still good, so that 304 is the answer (RFC 9110, 13.1.2, 13.1.3 and 13.2.2): If-None-Match
 * by weak comparison, a list or `*`; If-Modified-Since only without it; a date that cannot be read counts as absent.
 */
export const isNotModified = (request: IncomingHttpHeaders, object: Record<string, string>): boolean => {
  const ifNoneMatch = request["if-none-match"];
  const etag = object["etag"];
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() === "*") return true;
    // An entity tag may hold a comma, so the list is matched tag by tag and not split.
    const tags = ifNoneMatch.match(/(?:W\/)?"[^"]*"/g) ?? [];
    return etag !== undefined && tags.some((tag) => opaque(tag) === opaque(etag));
  }
  const since = Date.parse(request["if-modified-since"] ?? "");
  const modified = Date.parse(object["last-modified"] ?? "");
  return modified <= since;
};
