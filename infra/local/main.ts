import { parseArgs } from "node:util";
import { hasSamples } from "./folder.ts";
import { type House, startHouse } from "./house.ts";
import { PlainError } from "./plain-error.ts";

const HELP = `Broadsheet, the whole system on this machine.

  npm start -- [options]

  --api-port N    port of the API (8787; 0 takes any free one)
  --site-port N   port of the site (8788; 0 takes any free one)
  --data DIR      where state lives (.broadsheet)
  --empty         no sample stories
  --help          this text
`;

const readArgs = () => {
  try {
    const { values } = parseArgs({
      options: {
        "api-port": { type: "string", default: "8787" },
        "site-port": { type: "string", default: "8788" },
        data: { type: "string", default: ".broadsheet" },
        empty: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    return values;
  } catch (error) {
    throw new PlainError(`${error instanceof Error ? error.message : String(error)} (--help shows the options)`);
  }
};

const portOf = (name: string, text: string): number => {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new PlainError(`--${name} takes a port from 0 to 65535, not “${text}”.`);
};

const welcome = ({ apiUrl, siteUrl, adminKey, editorKey, reporterKey }: House): string => `
Broadsheet is up. Ctrl-C ends it; its state stays.

  Site   ${siteUrl}
  API    ${apiUrl}

  admin     ${adminKey}
  editor    ${editorKey}
  reporter  ${reporterKey}

To follow the README:   export KEY=${editorKey}
`;

const main = async (): Promise<void> => {
  const args = readArgs();
  if (args.help) {
    process.stdout.write(HELP);
    return;
  }
  const ports = { apiPort: portOf("api-port", args["api-port"]), sitePort: portOf("site-port", args["site-port"]) };
  process.stdout.write("Starting the database, the stores, the functions and the CDN ...\n");
  if (!args.empty && !hasSamples(args.data))
    process.stdout.write("Filing a sample newspaper with its pictures, which takes some ten seconds, this once ...\n");
  const started = startHouse({ dir: args.data, ...ports, empty: args.empty });
  let ending = false;
  const end = (): void => {
    // A second Ctrl-C does not wait.
    if (ending) process.exit(130);
    ending = true;
    started
      .then((house) => house.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on("SIGINT", end).on("SIGTERM", end).on("SIGHUP", end);
  process.stdout.write(welcome(await started));
};

main().catch((error: unknown) => {
  if (error instanceof PlainError) process.stderr.write(`${error.message}\n`);
  else console.error(error);
  process.exit(1);
});
