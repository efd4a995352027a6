import * as z from "zod";
import type { DeployedPages } from "./epoch.ts";
import { type Given, KEPT } from "./options.ts";
import type { Stack } from "./stack.ts";

/** What a stack remembers of its last deployment. */
export type Deployed = DeployedPages & { given: Given };

const remembered = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const epochText = z.string().regex(/^[1-9]\d{0,8}$/);

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Reads the outputs of a stack. One that never was whole has none, and nothing to remember. Outputs that are not ours are a
 * fault and no guess: to go on without them would take a domain away, or begin again at an epoch that no page would obey.
 */
export const readDeployed = (name: string, stack: Stack | undefined): Deployed | { fault: string } => {
  if (!stack || Object.keys(stack.outputs).length === 0) return { given: {} };
  const { Settings, DeployEpoch, PagesDigest } = stack.outputs;
  const settings = remembered.safeParse(readJson(Settings ?? ""));
  const epoch = epochText.safeParse(DeployEpoch);
  if (!settings.success || !epoch.success)
    return {
      fault: `The stack ${name} does not say how it was deployed (its outputs Settings and DeployEpoch): it is not one of Broadsheet's, or was changed by hand; deploy it once with npx cdk deploy, all its settings as -c NAME=VALUE and a higher epoch.`,
    };
  const given: Given = {};
  for (const key of KEPT) {
    const value = settings.data[key];
    if (value !== undefined && value !== "") given[key] = String(value);
  }
  return { given, epoch: Number(epoch.data), digest: PagesDigest, undone: stack.status === "UPDATE_ROLLBACK_COMPLETE" };
};
