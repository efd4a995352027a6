/*
 * CloudFront Function, viewer-request, JavaScript runtime 2.0: makes the cache key.
 *
 * What it promises
 * - The key is the path and nothing else: query string and cookies are dropped here, and the cache policy names no
 *   header, so nothing of a request reaches the cache key or the origin.
 * - `/` is the object index.html; asked for by that name it is the same object (its canonical link says `/`).
 * - A trailing slash is the same page: one is taken off. It never redirects, so no request can be sent off the site.
 * - A path that no page of ours can have (`//`, backslash, control characters, dot segments, an encoded slash, broken
 *   percent-encoding, more than 1,024 characters, all of which S3 answers with 400 or as another key) becomes NOWHERE,
 *   a key that is never written: the usual 404 page, and one cache entry for all of them.
 * - Other methods than GET and HEAD are answered 405. (Where the cache behaviour allows GET and HEAD only, CloudFront
 *   itself has already answered 403.)
 *
 * Runtime: ES 5.1 with const, no `for of`, destructuring, timers, eval or require; at most 10 KB; Host, Via and
 * Content-Length are read-only. Sources: "JavaScript runtime 2.0 features for CloudFront Functions" and "Restrictions
 * on all edge functions" in the Amazon CloudFront Developer Guide. It runs locally as it stands: infra/local/cdn/edge.ts.
 */

/* No page can take it: a slug never begins with a hyphen, and no old path of a story may be this one (shared/domain/alias.ts). */
const NOWHERE = "/-";

function handler(event) {
  const request = event.request;
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { statusCode: 405, statusDescription: "Method Not Allowed", headers: { allow: { value: "GET, HEAD" } } };
  }
  request.querystring = {};
  request.cookies = {};
  request.uri = objectPath(request.uri);
  return request;
}

function objectPath(uri) {
  if (uri === "/") return "/index.html";
  if (!isPossible(uri)) return NOWHERE;
  return uri.charAt(uri.length - 1) === "/" ? uri.slice(0, -1) : uri;
}

function isPossible(uri) {
  if (uri.charAt(0) !== "/" || uri.length > 1024 || /%2f/i.test(uri)) return false;
  try {
    const path = decodeURIComponent(uri);
    return !/\/\/|[\u0000-\u001f\u007f\\]|\/\.\.?(?:\/|$)/.test(path);
  } catch (error) {
    return false;
  }
}
