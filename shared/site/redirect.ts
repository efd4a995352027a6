import { LIMITS } from "../domain/limits.ts";

/** As `functions/edge/viewer-response.js` lets a redirect through: one slash, then visible ASCII without a backslash. */
const SITE_PATH = /^\/(?:[!-.0-[\]-~][!-[\]-~]*)?$/;

/**
 * The path of this site that a redirect leads to, said as a path or as an address under `baseUrl`; dot segments are resolved.
 * Undefined for what leads off the site, is no address, or is a path that no page can have.
 */
export const sitePathOf = (to: string, baseUrl: string): string | undefined => {
  if (!/^(?:\/|https?:\/\/)(?!\/)[!-[\]-~]*$/i.test(to)) return undefined;
  const url = URL.parse(to, baseUrl);
  if (!url || url.origin !== new URL(baseUrl).origin || url.pathname.includes("//")) return undefined;
  const path = url.pathname + url.search + url.hash;
  return SITE_PATH.test(path) && path.length <= LIMITS.sitePath ? path : undefined;
};

/** The page that a path of this site shows, as pages are named: without query, fragment, escapes and trailing slash. */
export const pageOfPath = (path: string): string | undefined => {
  const [page = ""] = path.split(/[?#]/);
  try {
    const plain = decodeURIComponent(page);
    return plain === "/" ? plain : plain.replace(/\/$/, "");
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
};
