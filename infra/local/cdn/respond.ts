import { STATUS_CODES, type IncomingHttpHeaders } from "node:http";
import type { EdgeAnswer, EdgeEvent } from "./edge.ts";
import { acceptedEncoding, encodeBody, isCompressible } from "./encode.ts";
import type { Stored } from "./entry.ts";
import { type Headers, plainHeaders, responseEvent } from "./event.ts";
import { isNotModified } from "./conditional.ts";
import type { Found } from "./lookup.ts";

/** An answer to a reader; the body is there for HEAD, too, and is left off when it is sent. */
export type Answer = { status: number; headers: Headers; body: Buffer };

/** What a distribution's configuration does to every answer. */
export type Policy = {
  /** Set on every answer, over the origin's own; names in lower case. */
  responseHeaders: Record<string, string>;
  /** Removed from every answer of the origin, before viewer-response; undefined: see `withPolicy`. */
  removeHeaders: readonly string[] | undefined;
  viewerResponse: (event: EdgeEvent) => Promise<EdgeAnswer>;
};

/** Not passed on: of one connection only, made anew, or (Set-Cookie, Accept-Ranges) not offered by this distribution. */
const DROPPED =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-length|date|set-cookie|accept-ranges)$/;
/** What a 304 says (RFC 9110, 15.4.5) besides the policy's headers: nothing of the body. */
const OF_BODY = /^content-(?:type|encoding|language|disposition|range)$/;

const pick = (headers: Headers, isKept: (name: string) => boolean): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => isKept(name)));

/** An answer of CloudFront's own making. */
export const plainAnswer = (status: number, policy: Policy): Answer => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8", ...policy.responseHeaders },
  body: Buffer.from(`${status} ${STATUS_CODES[status] ?? ""}\n`),
});

/** A viewer-request function's own answer: it is not cached, and viewer-response does not run for it. */
export const edgeAnswer = (answer: Exclude<EdgeAnswer, { kind: "request" }>, policy: Policy): Answer => {
  if (answer.kind === "failed") return plainAnswer(answer.status, policy);
  const { response } = answer;
  const body = Buffer.from(response.body?.data ?? "", response.body?.encoding === "base64" ? "base64" : "utf8");
  return { status: response.statusCode, headers: { ...plainHeaders(response), ...policy.responseHeaders }, body };
};

/**
 * The response headers policy. An answer that viewer-response will not see (`isLast`) is cleared of every x-amz-* header
 * unless the policy says itself what to remove: then only that goes, exact names, as on CloudFront.
 */
const withPolicy = (headers: Headers, policy: Policy, isLast: boolean): Headers => {
  const removed = policy.removeHeaders;
  const kept = pick(headers, (name) => {
    if (removed !== undefined) return !removed.includes(name);
    return !isLast || !name.startsWith("x-amz-");
  });
  return { ...kept, ...policy.responseHeaders };
};

const represent = async (
  entry: Stored,
  request: IncomingHttpHeaders,
  onEncoded: () => void,
): Promise<{ headers: Headers; body: Buffer }> => {
  const headers = pick(entry.headers, (name) => !DROPPED.test(name));
  headers["date"] = new Date(entry.storedAt).toUTCString();
  if (!isCompressible(entry)) return { headers, body: entry.body };
  headers["vary"] = "Accept-Encoding";
  const encoding = acceptedEncoding(request["accept-encoding"]);
  if (encoding === undefined) return { headers, body: entry.body };
  headers["content-encoding"] = encoding;
  const etag = entry.headers["etag"];
  // Other bytes than the origin's: the tag holds, but only weakly (RFC 9110, 8.8.1).
  if (etag !== undefined) headers["etag"] = etag.startsWith("W/") ? etag : `W/${etag}`;
  return { headers, body: await encodeBody(entry, encoding, onEncoded) };
};

/** A cached object as the answer to `event`: encoded, conditional, through the policy and then viewer-response. */
export const objectAnswer = async (
  entry: Stored,
  event: EdgeEvent,
  request: IncomingHttpHeaders,
  policy: Policy,
  onEncoded: () => void,
): Promise<Answer> => {
  const { headers, body } = await represent(entry, request, onEncoded);
  const status = isNotModified(request, entry.headers) ? 304 : 200;
  const answer = await policy.viewerResponse(responseEvent(event, status, withPolicy(headers, policy, false)));
  if (answer.kind === "failed") return plainAnswer(answer.status, policy);
  if (answer.kind === "request") return plainAnswer(502, policy);
  const { response } = answer;
  const final = plainHeaders(response);
  if (response.body !== undefined) return { ...edgeAnswer(answer, policy), headers: final };
  if (response.statusCode === 304) {
    return { status: 304, headers: pick(final, (name) => !OF_BODY.test(name)), body: Buffer.alloc(0) };
  }
  // A 304 that viewer-response made something else has no body to show.
  return { status: response.statusCode, headers: final, body: status === 304 ? Buffer.alloc(0) : body };
};

/**
 * The distribution's custom error response: 404 with the bytes of the error page, or a word of plain text when there
 * is none. It has no validator, and viewer-response does not see it (the origin's status was 400 or above).
 */
export const missingAnswer = async (
  page: Found,
  request: IncomingHttpHeaders,
  policy: Policy,
  onEncoded: () => void,
): Promise<Answer> => {
  if (page.entry.kind !== "object") return plainAnswer(404, policy);
  const { headers, body } = await represent(page.entry, request, onEncoded);
  const { etag: _etag, "last-modified": _modified, ...rest } = headers;
  return { status: 404, headers: withPolicy(rest, policy, true), body };
};
