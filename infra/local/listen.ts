import type { Server } from "node:http";
import { plainError } from "./plain-error.ts";

/** Opens a server on the loopback; a busy port is said in one sentence that names the `option` to choose another by. */
export const listen = async (
  server: Server,
  port: number,
  option: string,
): Promise<{ url: string; port: number; close(): Promise<void> }> => {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? plainError(`Port ${port} is in use; choose another with ${option} (0 takes any free one).`)
          : error,
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const taken = typeof address === "object" && address ? address.port : port;
  return {
    url: `http://localhost:${taken}`,
    port: taken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
