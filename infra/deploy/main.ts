import { join } from "node:path";
import { deploy } from "./deploy.ts";
import { askHere, runMain } from "./terminal.ts";

await runMain("deploy", () =>
  deploy(process.argv.slice(2), {
    env: process.env,
    say: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    ask: askHere,
    cdk: join("node_modules", ".bin", "cdk"),
  }),
);
