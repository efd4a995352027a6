import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";

const runs = z.array(z.object({ args: z.array(z.string()), region: z.string() }));

/** An executable in the place of `cdk`: notes how it was run, and leaves `outputs` or fails. */
export type StandInCdk = {
  command: string;
  /** What the next run writes as outputs of a stack, or the status it fails with. */
  next(outcome: { stack: string; outputs: Record<string, string> } | { status: number }): void;
  runs(): z.output<typeof runs>;
  /** The context that the last run was given. */
  context(): Record<string, string>;
  close(): void;
};

const PROGRAM = (dir: string): string => `#!${process.execPath}
const { appendFileSync, readFileSync, writeFileSync } = require("node:fs");
const args = process.argv.slice(2);
const noted = JSON.stringify({ args, region: process.env.AWS_REGION });
appendFileSync(${JSON.stringify(join(dir, "runs"))}, noted + "\\n");
const outcome = JSON.parse(readFileSync(${JSON.stringify(join(dir, "next"))}, "utf8"));
if (outcome.status) process.exit(outcome.status);
writeFileSync(args[args.indexOf("--outputs-file") + 1], JSON.stringify({ [outcome.stack]: outcome.outputs }));
`;

export const standInCdk = (): StandInCdk => {
  const dir = mkdtempSync(join(tmpdir(), "broadsheet-cdk-"));
  const command = join(dir, "cdk");
  writeFileSync(command, PROGRAM(dir), { mode: 0o755 });
  const noted = (): z.output<typeof runs> => {
    const file = join(dir, "runs");
    const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
    return runs.parse(lines.map((line) => JSON.parse(line)));
  };
  return {
    command,
    next: (outcome) => writeFileSync(join(dir, "next"), JSON.stringify(outcome)),
    runs: noted,
    context: () => {
      const { args } = noted().at(-1) ?? { args: [] };
      return Object.fromEntries(
        args.flatMap((arg, n) =>
          args[n - 1] === "-c" ? [[arg.split("=", 1)[0], arg.slice(arg.indexOf("=") + 1)]] : [],
        ),
      );
    },
    close: () => rmSync(dir, { recursive: true, force: true }),
  };
};
