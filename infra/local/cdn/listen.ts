import { once } from "node:events";
import type { Server } from "node:http";

/** Serves on the loopback interface; 0 is any free port. Resolves with the port; rejects when it is taken. */
export const listen = async (server: Server, port: number): Promise<number> => {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
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
