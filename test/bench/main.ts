import { parseArgs } from "node:util";
import { archive } from "./archive.ts";
import { coldStarts } from "./cold.ts";
import { hooks } from "./hooks.ts";
import { lambda } from "./lambda.ts";
import { memory } from "./memory.ts";
import { pages } from "./pages.ts";
import { pictures } from "./pictures.ts";
import { visible } from "./visible.ts";
import { print, type Row } from "./table.ts";

const HELP = `Measures Broadsheet on this machine, and prints each figure beside its goal and a peer's.

  npm run bench -- [--only NAME] [--articles N]

  --only NAME     one of: visible, pictures, archive, pages, cold, lambda, memory, hooks
  --articles N    size of the large archive (10000)
`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    articles: { type: "string", default: "10000" },
    help: { type: "boolean", default: false },
  },
});

const parts: Record<string, () => Promise<Row[]>> = {
  pages,
  cold: coldStarts,
  lambda,
  visible,
  pictures,
  memory,
  hooks,
  archive: () => archive(Number(values.articles)),
};

if (values.help) process.stdout.write(HELP);
else {
  const chosen = Object.entries(parts).filter(([name]) => values.only === undefined || values.only === name);
  if (!chosen.length) {
    process.stderr.write(`There is no part “${values.only}”.\n\n${HELP}`);
    process.exitCode = 1;
  }
  const rows: Row[] = [];
  for (const [name, measure] of chosen) {
    process.stderr.write(`${name} ...\n`);
    rows.push(...(await measure()));
  }
  print(rows);
}
