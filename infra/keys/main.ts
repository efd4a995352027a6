import { emf } from "../../shared/runtime/events.ts";
import { systemClock } from "../../shared/runtime/clock.ts";
import { runMain } from "../deploy/terminal.ts";
import { keys } from "./keys.ts";

await runMain("keys", () =>
  keys(process.argv.slice(2), {
    env: process.env,
    say: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    // As the API's functions write it, beside what people read: whoever keeps an audit keeps this stream.
    events: emf((line) => void process.stderr.write(`${line}\n`), systemClock.now, "Broadsheet/console"),
  }),
);
