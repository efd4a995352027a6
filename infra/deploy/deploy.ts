import { join } from "node:path";
import type { Settings } from "../settings.ts";
import { readArguments, refuseSwallowed } from "./arguments.ts";
import { BROKEN_OFF, NOT_STARTED, runCdk } from "./cdk.ts";
import { HELP } from "./help.ts";
import { type Plan, plan } from "./plan.ts";
import { findRegion } from "./region.ts";
import { report } from "./report.ts";
import { makeSealingKey } from "./sealing-key.ts";
import { foundHouse } from "./table.ts";

/** What the command has around it. */
export type World = {
  env: Readonly<Record<string, string | undefined>>;
  /** A line for people. */
  say(line: string): void;
  /** A line about something wrong. */
  complain(line: string): void;
  /** Asks who sits there; undefined when nobody does. */
  ask?: ((question: string) => Promise<string>) | undefined;
  /** The CDK's command line. */
  cdk: string;
};

const MARKS = { fault: "FAULT  ", warning: "Warning", note: "Note   " } as const;

/** `fresh`: nothing was deployed before. */
const failure = (status: number, fresh: boolean): string => {
  if (status === NOT_STARTED) return "The CDK could not be started: run npm ci, which brings it, and then this again.";
  if (status > BROKEN_OFF)
    return "Broken off here; what CloudFormation has begun, it goes on with. To see how it stands: npm run deploy -- --preflight";
  const failed = `The deployment failed (cdk ended with status ${status}), and the reason stands above. CloudFormation undoes what it had begun`;
  if (fresh) return `${failed}. Mend the cause and run this again.`;
  return `${failed}, and what was deployed before goes on running. But the new version may have written pages already, and the one that came back leaves those as they are, even for a correction or a withdrawal, until the next deployment: run npm run deploy again soon, the cause mended or with the old version.`;
};

const carryOut = async (
  { place, merged, epoch, fresh, hasSealingKey, newEmail }: Plan,
  settings: Settings,
  world: World,
): Promise<number> => {
  // Before the stack: no function is to look for a key that is not there.
  const keyless = hasSealingKey ? undefined : await makeSealingKey(place.region, place.sealingKey);
  if (keyless !== undefined) {
    world.complain(`\nNothing was deployed. ${keyless}`);
    return 1;
  }
  const done = await runCdk(world.cdk, {
    stack: place.stack,
    context: { ...merged, stage: settings.stage, region: place.region, epoch: String(epoch) },
    outputsFile: join("dist", "deploy", `${place.stack}.json`),
    region: place.region,
  });
  if (!done.ok) {
    world.complain(failure(done.status, fresh));
    return 1;
  }
  // A house is founded once; should that fail, the first key founds it.
  const trouble = fresh ? await foundHouse(place.region, done.outputs["TableName"]) : undefined;
  world.say(report(done.outputs, settings, { fresh, newEmail }));
  if (trouble === undefined) return 0;
  world.complain(
    `All is deployed, but the site has no title and no sections yet. ${trouble} npm run keys -- create makes them as well.`,
  );
  return 1;
};

/** `npm run deploy`: answers the exit status, 0 or 1. Throws UsageFault for a command line that cannot be meant. */
export const deploy = async (argv: readonly string[], world: World): Promise<number> => {
  refuseSwallowed(world.env);
  const asked = readArguments(argv);
  if (asked.help) {
    world.say(HELP);
    return 0;
  }
  const planned = await plan(asked, await findRegion(asked.region, world.env));
  if (typeof planned === "string") {
    world.complain(planned);
    return 1;
  }
  for (const line of planned.lines) world.say(line);
  for (const { kind, text } of planned.findings) {
    if (kind === "fault") world.complain(`${MARKS[kind]}  ${text}`);
    else world.say(`${MARKS[kind]}  ${text}`);
  }
  const faults = planned.findings.filter(({ kind }) => kind === "fault").length;
  if (faults || !planned.settings) {
    world.complain(`\nNothing was deployed: ${faults === 1 ? "one fault" : `${faults} faults`} to mend first.`);
    return 1;
  }
  if (asked.preflight) {
    world.say("\nNothing stands in the way of a deployment.");
    return 0;
  }
  if (!asked.yes) {
    if (!world.ask) {
      world.complain("\nNothing was deployed: nobody is there to be asked, and --yes was not given.");
      return 1;
    }
    const answer = await world.ask(
      `\nDeploy to account ${planned.place.account}, ${planned.place.region} (${planned.fresh ? "a quarter of an hour" : "some minutes"})? [y/N] `,
    );
    if (!/^y(es)?$/i.test(answer.trim())) {
      world.say("Nothing was deployed.");
      return 1;
    }
  }
  return carryOut(planned, planned.settings, world);
};
