import { createReadStream } from "node:fs";
import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Answer, Refused } from "./answer.ts";
import { element, xmlAnswer } from "./xml.ts";

/** An error as S3 writes it. `resource` is the path that was asked for. */
export const errorAnswer = ({ status, code, message, fields, headers }: Refused, resource: string): Answer => {
  const all = { Code: code, Message: message, ...fields, Resource: resource };
  const inner = Object.entries(all).map(([name, value]) => element(name, value));
  return xmlAnswer(status, "Error", inner.join(""), headers);
};

/** Sends an answer; without its body to a HEAD request. Rejects when the client has hung up. */
export const send = async (
  response: ServerResponse,
  { status, headers, body }: Answer,
  { requestId, bodiless }: { requestId: string; bodiless: boolean },
): Promise<void> => {
  const sent = { ...headers, "x-amz-request-id": requestId };
  if (body?.kind === "file") {
    const { descriptor, start, length } = body;
    response.writeHead(status, sent);
    return pipeline(createReadStream("", { fd: descriptor, start, end: start + length - 1 }), response);
  }
  const length = status === 204 || status === 304 || bodiless ? {} : { "content-length": body?.bytes.length ?? 0 };
  response.writeHead(status, { ...sent, ...length }).end(bodiless ? undefined : body?.bytes);
  return undefined;
};
