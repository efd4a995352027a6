import { type ClientRequest, type IncomingMessage, request as overHttp, type RequestOptions } from "node:http";
import { request as overHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { type FetchRefusal, type Headers, refusalOf, refused } from "./refusal.ts";

/** `body` is empty, and nothing of it was read, unless the status is 2xx or its beginning alone was wanted. */
export type Answer = { ok: true; status: number; headers: Headers; body: Uint8Array };
export type Exchange = {
  method: "GET" | "POST";
  headers: Headers;
  body: Uint8Array | undefined;
  maxBytes: number;
  beginning: boolean;
  signal: AbortSignal;
  lookup: LookupFunction;
};

/** Each of these is HTTP's own, or would bring in what is not asked for. */
const OURS =
  /^(?:host|connection|keep-alive|te|trailer|transfer-encoding|content-length|upgrade|expect|accept-encoding|cookie|proxy-.*)$/;

const outgoing = (headers: Headers): Headers => ({
  "user-agent": "Broadsheet",
  ...Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => !OURS.test(name)),
  ),
  "accept-encoding": "identity",
});

const headersOf = ({ headers }: IncomingMessage): Headers =>
  Object.fromEntries(
    // Only set-cookie is a list, and there is nowhere to keep it.
    Object.entries(headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );

const responseTo = (request: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.on("response", resolve);
    // Stays, for a connection may fail after it has answered; and may close (an upgrade nobody wants) without a word.
    request.on("error", reject);
    request.on("close", () => reject(Object.assign(new Error("It closed."), { code: "ECONNRESET" })));
  });

const isGood = (status: number): boolean => status >= 200 && status < 300;

/** As much of the body as comes in time, up to `maxBytes`; nothing of a compressed one. The status is known, and that is the answer. */
const beginningOf = async (response: IncomingMessage, maxBytes: number): Promise<Uint8Array> => {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    if (isPlain(response)) {
      for await (const chunk of response) {
        if (!Buffer.isBuffer(chunk)) throw new TypeError("The response was given an encoding.");
        chunks.push(chunk);
        size += chunk.length;
        if (size >= maxBytes) break;
      }
    }
  } catch (error) {
    refusalOf(error);
  }
  return new Uint8Array(Buffer.concat(chunks, size).subarray(0, maxBytes));
};

const isPlain = ({ headers }: IncomingMessage): boolean => /^(?:identity)?$/i.test(headers["content-encoding"] ?? "");

const read = async (
  response: IncomingMessage,
  { maxBytes, beginning }: Pick<Exchange, "maxBytes" | "beginning">,
): Promise<Answer | FetchRefusal> => {
  const status = response.statusCode ?? 0;
  const headers = headersOf(response);
  if (beginning) return { ok: true, status, headers, body: await beginningOf(response, maxBytes) };
  if (!isGood(status)) return { ok: true, status, headers, body: new Uint8Array() };
  if (!isPlain(response)) return refused("encoding", "It answers compressed, though it was asked not to.");
  const tooLarge = (): FetchRefusal => refused("too-large", `It is larger than ${maxBytes} bytes.`);
  if (Number(headers["content-length"] ?? 0) > maxBytes) return tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError("The response was given an encoding.");
    size += chunk.length;
    if (size > maxBytes) return tooLarge();
    chunks.push(chunk);
  }
  return { ok: true, status, headers, body: new Uint8Array(Buffer.concat(chunks, size)) };
};

/**
 * One request and its answer, on a connection of its own that is ended in any case: no pool, so that no connection made for one
 * name serves another, and no proxy of the environment (https://nodejs.org/api/http.html#built-in-proxy-support), which would look the
 * name up itself. Throws TypeError when a header is none.
 */
export const exchange = async (url: URL, options: Exchange): Promise<Answer | FetchRefusal> => {
  const { method, body, signal, lookup } = options;
  const settings: RequestOptions & { rejectUnauthorized: true } = {
    method,
    headers: outgoing(options.headers),
    lookup,
    signal,
    agent: false,
    // Or NODE_TLS_REJECT_UNAUTHORIZED in the environment would decide.
    rejectUnauthorized: true,
  };
  const request = url.protocol === "https:" ? overHttps(url, settings) : overHttp(url, settings);
  try {
    const answered = responseTo(request);
    request.end(body);
    return await read(await answered, options);
  } catch (error) {
    return refusalOf(error);
  } finally {
    request.destroy();
  }
};
