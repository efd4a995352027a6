import { once } from "node:events";
import type { Server } from "node:http";
import { plainError } from "./plain-error.ts";

/**
 * Serves on the loopback interface; 0 is any free port. Resolves with the port. A port that is taken is said in one
 * sentence, which names the command-line `option` to choose another by, if there is one.
 */
export const listen = async (server: Server, port: number, option?: string): Promise<number> => {
  // A client that takes a kept-alive connection in the moment it times out gets ECONNRESET; so none times out.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const other = option ? `; choose another with ${option} (0 takes any free one)` : "";
      reject(error.code === "EADDRINUSE" ? plainError(`Port ${port} is in use${other}.`) : error);
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A TCP server has a port.");
  return address.port;
};

/** Stops serving and ends every connection; a server that does not serve is left as it is. */
export const shut = async (server: Server): Promise<void> => {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
};
