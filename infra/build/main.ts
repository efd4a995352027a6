import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { buildFunctions } from "./functions.ts";
import { OPENAPI_FILE, openapiText } from "./openapi.ts";
import { reasons, sizes } from "./report.ts";

const HELP = `Usage: npm run build -- [--why] [--out DIR]

Writes ${OPENAPI_FILE} from the schemas that the API parses with, then bundles every
function to DIR/<name> (DIR is dist/functions unless --out says otherwise), and prints the
bytes that a cold start reads, the bytes loaded only when used, and the gzipped total.

  --why    names the packages that weigh most in each function
  --help   prints this`;

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      why: { type: "boolean", default: false },
      out: { type: "string", default: "dist/functions" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(HELP);
  await writeFile(OPENAPI_FILE, openapiText());
  const bundles = await buildFunctions({ outDir: values.out });
  console.log(sizes(bundles));
  if (values.why) console.log(`\n${reasons(bundles)}`);
};

// What goes wrong here is an unknown option, or a source that cannot be built: the message says all.
await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
