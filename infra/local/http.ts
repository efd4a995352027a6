import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen, shut } from "./listen.ts";

/** A server on 127.0.0.1; `close` ends kept-alive connections too, and resolves when the port is free. */
export type HttpServer = { url: string; close(): Promise<void> };

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A handler that throws is a fault of the stand-in itself: answered with 500 and printed, unless the client has hung up. */
const fault = (response: ServerResponse, error: unknown): void => {
  if (response.destroyed) return;
  console.error(error);
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { "content-type": "text/plain" }).end(String(error));
};

/** Serves `handler` on 127.0.0.1:`port` (0: any free port). Rejects when the port is taken. */
export const serve = async (handler: HttpHandler, port = 0): Promise<HttpServer> => {
  const server = createServer((request, response) => {
    handler(request, response)
      .catch((error: unknown) => fault(response, error))
      // What a refused request still sends has to be read, or the next one on the connection is never seen.
      .finally(() => request.resume());
  });
  const taken = await listen(server, port);
  return { url: `http://127.0.0.1:${taken}`, close: () => shut(server) };
};

/** The request's body, whole; undefined when it is longer than `limit` bytes. Rejects when the client hangs up. */
export const readBody = async (request: IncomingMessage, limit: number): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError("The request was given an encoding.");
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
};
