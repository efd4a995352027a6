import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { apartModules } from "../../infra/build/apart.ts";

/** AWS's runtime client in a process of its own, with a function in it. */
export type ClientProcess = {
  pid: number;
  /** Resolves with how it ended, as Lambda would word it. */
  ended: Promise<string>;
  /** The most memory that it has had resident so far, in MB; undefined where the kernel does not tell (outside Linux). */
  mostMb(): number | undefined;
  kill(): Promise<void>;
};

const PRELOAD = pathToFileURL(join("test", "runtime", "native", "preload.mjs")).href;

/**
 * Starts the runtime client as Lambda's bootstrap does, in the function's folder and with no environment but `env`; `write` takes
 * what it prints. Throws a sentence that names the remedy when the client is not installed.
 */
export const startClient = async (
  folder: string,
  env: Record<string, string>,
  write: (text: string) => void,
): Promise<ClientProcess> => {
  const client = join(await apartModules("runtime-client"), "aws-lambda-ric", "index.mjs");
  const child: ChildProcess = spawn(process.execPath, ["--import", PRELOAD, client], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", write);
  const { pid } = child;
  const closed = once(child, "close");
  if (pid === undefined) {
    await closed;
    throw new Error("The runtime client could not be started.");
  }
  return {
    pid,
    ended: closed.then(([code, signal]: (number | string | null)[]) =>
      signal === null ? `Runtime exited with error: exit status ${code}` : `Runtime exited with error: ${signal}`,
    ),
    mostMb: () => mostMbOf(pid),
    kill: async () => {
      child.kill("SIGKILL");
      await closed;
    },
  };
};

const mostMbOf = (pid: number): number | undefined => {
  try {
    const kb = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kb === undefined ? undefined : Number(kb) / 1024;
  } catch {
    // Not Linux, or it ended while we looked.
    return undefined;
  }
};
