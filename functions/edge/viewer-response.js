/*
 * CloudFront Function, viewer-response, JavaScript runtime 2.0: makes an HTTP status of an S3 object's metadata.
 *
 * What it promises
 * - `x-amz-meta-status: 301` with `x-amz-meta-location` is a redirect, but only to a path of this site: one slash
 *   first, then visible ASCII without a backslash. Anything else is a bare 404 without Location.
 * - `x-amz-meta-status: 410` is Gone, whether the object was asked for whole (200), in part (206) or conditionally (304).
 * - Such answers carry no validator: a browser that kept one could be told 304 by another object of equal bytes.
 * - No x-amz-* header reaches a reader, nor S3's Server.
 *
 * CloudFront does not run it when the origin answers 400 or above, custom error pages included: what the metadata of
 * the error page's object says must be kept off by the response headers policy, which runs before this function (so it
 * must leave x-amz-meta-status and x-amz-meta-location alone).
 *
 * Runtime: ES 5.1 with const; at most 10 KB; Via and Warning are read-only. Sources: "CloudFront Functions event
 * structure" and "Restrictions on all edge functions" in the Amazon CloudFront Developer Guide.
 */

function handler(event) {
  const response = event.response;
  const headers = response.headers;
  const status = text(headers["x-amz-meta-status"]);
  const location = text(headers["x-amz-meta-location"]);
  remove(headers, function (name) {
    return name.indexOf("x-amz-") === 0 || name === "server";
  });
  if (status === "410") answer(response, 410, "Gone");
  if (status === "301") {
    if (isSitePath(location)) {
      answer(response, 301, "Moved Permanently");
      headers.location = { value: location };
    } else {
      answer(response, 404, "Not Found");
      remove(headers, function (name) {
        return name === "content-encoding" || name === "content-length" || name === "location";
      });
      headers["content-type"] = { value: "text/plain; charset=utf-8" };
      response.body = { encoding: "text", data: "404\n" };
    }
  }
  return response;
}

function text(header) {
  return header && typeof header.value === "string" ? header.value : "";
}

function remove(headers, isUnwanted) {
  Object.keys(headers).forEach(function (name) {
    if (isUnwanted(name.toLowerCase())) delete headers[name];
  });
}

function answer(response, statusCode, statusDescription) {
  response.statusCode = statusCode;
  response.statusDescription = statusDescription;
  remove(response.headers, function (name) {
    return name === "etag" || name === "last-modified" || name === "content-range" || name === "accept-ranges";
  });
}

function isSitePath(location) {
  return /^\/(?:[!-.0-\[\]-~][!-\[\]-~]*)?$/.test(location);
}
