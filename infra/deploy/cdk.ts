import { spawn } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { constants } from "node:os";
import { dirname } from "node:path";
import * as z from "zod";
import { SETTING_NAMES } from "../settings.ts";

/** What the CDK is told, by the names of infra/settings.ts. */
export type Context = Partial<Record<(typeof SETTING_NAMES)[number], string>>;

/** `cdk deploy` of one stack without a question; the outputs go to a file. */
export const cdkArguments = (stack: string, context: Context, outputsFile: string): string[] => [
  "deploy",
  stack,
  "--require-approval",
  "never",
  "--outputs-file",
  outputsFile,
  ...SETTING_NAMES.flatMap((name) => {
    const value = context[name];
    return value === undefined ? [] : ["-c", `${name}=${value}`];
  }),
];

/** What a shell answers for a command that is not there (POSIX, Shell & Utilities, 2.8.2); and, of a signal, 128 and its number. */
export const NOT_STARTED = 127;
export const BROKEN_OFF = 128;

const outputsByStack = z.record(z.string(), z.record(z.string(), z.string()));

/**
 * Runs the CDK in this terminal, and answers the deployed stack's outputs; or its exit status when it failed. A Ctrl-C is the CDK's to act on, which shares the terminal: this process waits for it.
 */
export const runCdk = async (
  command: string,
  { stack, context, outputsFile, region }: { stack: string; context: Context; outputsFile: string; region: string },
): Promise<{ ok: true; outputs: Record<string, string> } | { ok: false; status: number }> => {
  await mkdir(dirname(outputsFile), { recursive: true });
  // Outputs of another day must not be taken for today's.
  await rm(outputsFile, { force: true });
  const stay = (): void => {};
  process.on("SIGINT", stay);
  try {
    const status = await new Promise<number>((resolve) => {
      const child = spawn(command, cdkArguments(stack, context, outputsFile), {
        stdio: "inherit",
        env: { ...process.env, AWS_REGION: region, AWS_DEFAULT_REGION: region },
      });
      child.on("error", () => resolve(NOT_STARTED));
      child.on("exit", (code, signal) => resolve(code ?? BROKEN_OFF + (signal ? constants.signals[signal] : 0)));
    });
    if (status !== 0) return { ok: false, status };
    const written = outputsByStack.parse(JSON.parse(await readFile(outputsFile, "utf8")));
    return { ok: true, outputs: written[stack] ?? {} };
  } finally {
    process.off("SIGINT", stay);
  }
};
