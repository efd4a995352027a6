import { NOWHERE } from "../domain/alias.ts";
import { LIMITS } from "../domain/limits.ts";

/** As `functions/edge/viewer-response.js` lets a redirect through: one slash, then visible ASCII without a backslash. */
const SITE_PATH = /^\/(?:[!-.0-[\]-~][!-[\]-~]*)?$/;

const decoded = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
};

const withoutSlash = (path: string): string => (path === "/" ? path : path.replace(/\/$/, ""));

/** Whether the edge looks for a page there: `isPossible` of `functions/edge/viewer-request.js`. */
const isPossible = (pathname: string): boolean => {
  const path = /%2f/i.test(pathname) ? undefined : decoded(pathname);
  if (path === undefined || /\/\/|[\u0000-\u001f\u007f\\]|\/\.\.?(?:\/|$)/.test(path)) return false;
  return withoutSlash(path) !== NOWHERE;
};

/**
 * The path of this site that a redirect leads to, said as a path or as an address under `baseUrl`; dot segments are resolved.
 * Undefined for what leads off the site, is no address, or is a path that no page can have.
 */
export const sitePathOf = (to: string, baseUrl: string): string | undefined => {
  if (!/^(?:\/|https?:\/\/)(?!\/)[!-[\]-~]*$/i.test(to)) return undefined;
  const url = URL.parse(to, baseUrl);
  if (!url || url.origin !== new URL(baseUrl).origin || !isPossible(url.pathname)) return undefined;
  const path = url.pathname + url.search + url.hash;
  return SITE_PATH.test(path) && path.length <= LIMITS.sitePath ? path : undefined;
};

/** The page that a path of this site shows, as pages are named: without query, fragment, escapes and trailing slash. */
export const pageOfPath = (path: string): string | undefined => {
  const [page = ""] = path.split(/[?#]/);
  const plain = decoded(page);
  return plain === undefined ? undefined : withoutSlash(plain);
};
