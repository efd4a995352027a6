import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type EdgeEvent, type EdgeFields, type EdgeResponse, isExposed } from "./edge.ts";

/** Headers as they go out: one value, or several lines of one name. */
export type Headers = Record<string, string | string[]>;

const field = (values: string[]): EdgeFields[string] =>
  values.length > 1
    ? { value: values[0] ?? "", multiValue: values.map((value) => ({ value })) }
    : { value: values[0] ?? "" };

const fields = (pairs: Iterable<readonly [string, string]>): EdgeFields => {
  const grouped = new Map<string, string[]>();
  for (const [name, value] of pairs) grouped.set(name, [...(grouped.get(name) ?? []), value]);
  return Object.fromEntries([...grouped].map(([name, values]) => [name, field(values)]));
};

const cut = (text: string, separator: string): [string, string] => {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
};

/** Path and raw query of a request target; the absolute form (RFC 9112, 3.2.2) counts as its path. */
const target = (url: string): [string, string] => {
  const absolute = /^https?:\/\/[^/?]*/i.exec(url);
  const [path, query] = cut(absolute === null ? url : url.slice(absolute[0].length), "?");
  return [path === "" ? "/" : path, query];
};

/**
 * The event a viewer-request function gets for `req`: path, query, cookies as sent, nothing decoded.
 * ("CloudFront Functions event structure", Amazon CloudFront Developer Guide)
 */
export const requestEvent = (req: IncomingMessage, distributionId: string): EdgeEvent => {
  const [uri, query] = target(req.url ?? "/");
  const headers = Object.entries(req.headersDistinct).flatMap(([name, values]) =>
    name !== "cookie" && isExposed(name) ? (values ?? []).map((value) => [name, value] as const) : [],
  );
  const cookies = (req.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  return {
    version: "1.0",
    context: {
      distributionDomainName: req.headers.host ?? "localhost",
      distributionId,
      eventType: "viewer-request",
      requestId: randomUUID(),
    },
    viewer: { ip: req.socket.remoteAddress ?? "127.0.0.1" },
    request: {
      method: req.method ?? "GET",
      uri,
      querystring: fields(query === "" ? [] : query.split("&").map((pair) => cut(pair, "="))),
      headers: fields(headers),
      cookies: fields(cookies.filter((pair) => pair !== "").map((pair) => cut(pair, "="))),
    },
  };
};

/** The event a viewer-response function gets: `event` as it left viewer-request, and the answer about to be sent. */
export const responseEvent = (event: EdgeEvent, statusCode: number, headers: Headers): EdgeEvent => ({
  ...event,
  context: { ...event.context, eventType: "viewer-response" },
  response: {
    statusCode,
    headers: Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) => (isExposed(name) ? [[name, field([value].flat())]] : [])),
    ),
    cookies: {},
  },
});

/** A function's headers, as node:http takes them. */
export const plainHeaders = ({ headers }: EdgeResponse): Headers =>
  Object.fromEntries(
    Object.entries(headers).map(([name, { value, multiValue }]) => [
      name,
      multiValue === undefined ? value : multiValue.map((one) => one.value),
    ]),
  );
