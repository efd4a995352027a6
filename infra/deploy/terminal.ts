import { createInterface } from "node:readline/promises";
import { UsageFault } from "./arguments.ts";

/** Asks a question in this terminal; undefined where nobody can answer. Ctrl-C or Ctrl-D is an empty answer. */
export const askHere: ((question: string) => Promise<string>) | undefined = process.stdin.isTTY
  ? async (question) => {
      const lines = createInterface({ input: process.stdin, output: process.stdout });
      const gone = new AbortController();
      lines.on("SIGINT", () => gone.abort()).on("close", () => gone.abort());
      try {
        return await lines.question(question, { signal: gone.signal });
      } catch {
        return "";
      } finally {
        lines.close();
      }
    }
  : undefined;

/** Runs a command and ends with its status; a command line that cannot be meant is status 2, and says where help is. */
export const runMain = async (npmScript: string, command: () => Promise<number>): Promise<void> => {
  try {
    process.exitCode = await command();
  } catch (error) {
    if (error instanceof UsageFault) {
      process.stderr.write(`${error.message}\n(npm run ${npmScript} -- --help explains the options)\n`);
      process.exitCode = 2;
      return;
    }
    console.error(error);
    process.exitCode = 1;
  }
};
