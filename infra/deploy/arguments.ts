import { parseArgs } from "node:util";
import { settings, type Stage } from "../settings.ts";
import { type Given, KEPT, type KeptName, optionOf } from "./options.ts";

export type Asked = {
  help: boolean;
  stage: Stage;
  region: string | undefined;
  /** The least number that this deployment may have. */
  epoch: number | undefined;
  given: Given;
  dropped: KeptName[];
  yes: boolean;
  preflight: boolean;
};

/** A command line that cannot be meant; shown with a pointer to --help, exit status 2. */
export class UsageFault extends Error {
  override readonly name = "UsageFault";
}

/**
 * npm keeps options for itself that do not come after two dashes, with a warning that is soon out of sight, and what was only to be
 * looked at would be deployed: throws {@link UsageFault}. It leaves them in the environment
 * (https://docs.npmjs.com/cli/v11/using-npm/config).
 */
export const refuseSwallowed = (env: Readonly<Record<string, string | undefined>>): void => {
  const options = ["preflight", "stage", ...KEPT.map((name) => optionOf(name).slice(2))];
  const swallowed = options.filter((option) => env[`npm_config_${option.replaceAll("-", "_")}`] !== undefined);
  if (swallowed.length)
    throw new UsageFault(`Options come after two dashes: npm run deploy -- --${swallowed.join(" --")}`);
};

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** parseArgs, whose complaints become one plain sentence. */
export const parsed = <Result>(parse: () => Result): Result => {
  try {
    return parse();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageFault(message.split(/(?<=\.) |\n/, 1)[0]?.replace(/\.?$/, ".") ?? message);
  }
};

/** A stage and a region as their options give them; throws UsageFault naming what is wrong. */
export const placeOf = (values: { stage?: string | undefined; region?: string | undefined }) => {
  const { stage, region } = settings.shape;
  return {
    stage: checked("--stage", stage.safeParse(values.stage)),
    region: values.region === undefined ? undefined : checked("--region", region.safeParse(values.region)),
  };
};

type Parsed<Value> = { success: true; data: Value } | { success: false; error: { issues: { message: string }[] } };
const checked = <Value>(option: string, result: Parsed<Value>): Value => {
  if (result.success) return result.data;
  throw new UsageFault(`${option} ${result.error.issues[0]?.message ?? "is wrong"}.`);
};

/**
 * The command line of `npm run deploy`, each value by itself as infra/settings.ts wants it; throws {@link UsageFault} naming all that
 * is wrong. What only makes sense together is looked at when the deployed settings are known.
 */
export const readArguments = (argv: readonly string[]): Asked => {
  const { values } = parsed(() =>
    parseArgs({
      args: [...argv],
      options: {
        help: flag,
        yes: flag,
        preflight: flag,
        stage: text,
        region: text,
        epoch: text,
        email: text,
        budget: text,
        "site-domain": text,
        "site-certificate": text,
        "api-domain": text,
        "api-certificate": text,
        table: text,
        "table-stream": text,
        reserve: flag,
        "no-email": flag,
        "no-budget": flag,
        "no-site-domain": flag,
        "no-site-certificate": flag,
        "no-api-domain": flag,
        "no-api-certificate": flag,
        "no-table": flag,
        "no-table-stream": flag,
        "no-reserve": flag,
      },
    }),
  );
  const named = new Map<string, string | boolean | undefined>(Object.entries(values));
  const given: Given = {};
  const dropped: KeptName[] = [];
  const faults: string[] = [];
  for (const name of KEPT) {
    const option = optionOf(name);
    const value = named.get(option.slice(2));
    if (named.get(`no-${option.slice(2)}`)) dropped.push(name);
    if (value === undefined) continue;
    if (dropped.includes(name)) faults.push(`${option} and --no-${option.slice(2)} contradict each other.`);
    const result = settings.shape[name].safeParse(value);
    if (value === "" || !result.success)
      faults.push(`${option} ${(value !== "" && result.error?.issues[0]?.message) || "is empty"}.`);
    given[name] = String(value);
  }
  const heard = <Value>(read: () => Value): Value | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UsageFault)) throw error;
      faults.push(error.message);
      return undefined;
    }
  };
  const stage = heard(() => placeOf({ stage: values.stage }).stage);
  const region = heard(() => placeOf({ region: values.region }).region);
  const epoch = heard(() =>
    values.epoch === undefined ? undefined : checked("--epoch", settings.shape.epoch.safeParse(values.epoch)),
  );
  if (faults.length || stage === undefined) throw new UsageFault(faults.join("\n"));
  return {
    stage,
    region,
    epoch,
    help: values.help ?? false,
    given,
    dropped,
    yes: values.yes ?? false,
    preflight: values.preflight ?? false,
  };
};
