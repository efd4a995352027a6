import { AsyncLocalStorage } from "node:async_hooks";
import { type PolicyStatementJson, policyOf } from "../../policies.ts";
import type { FunctionName } from "../../topology.ts";
import { allows } from "./allows.ts";
import { localArnOf, type ResourceNames } from "./arns.ts";
import type { Need } from "./needs.ts";

/** Something that a function did, or was not allowed to do. */
export type Access = { by: FunctionName; need: Need; allowed: boolean };

/** IAM's part in the local house: each function may do what its policy says; whoever is no function may do everything. */
export type Guard = {
  /** Runs as the function; all that it awaits is the function's too. */
  as<Result>(name: FunctionName, run: () => Result): Result;
  /** Runs as no function, whoever calls: what a test does from within one. */
  apart<Result>(run: () => Result): Result;
  /** The function that is running. */
  running(): FunctionName | undefined;
  /** Whether the function may; told to `seen`. */
  may(name: FunctionName, need: Need): boolean;
  /** The same, told to nobody. */
  could(name: FunctionName, need: Need): boolean;
};

/** A guard by the policies that CDK gives the functions too; `seen` is told of each single thing that is asked for. */
export const iamGuard = (names: ResourceNames, seen: (access: Access) => void): Guard => {
  const policy = (name: FunctionName): PolicyStatementJson[] => policyOf(name, localArnOf(name, names));
  const policies: Readonly<Record<FunctionName, PolicyStatementJson[]>> = {
    api: policy("api"),
    render: policy("render"),
    images: policy("images"),
    schedule: policy("schedule"),
    webhooks: policy("webhooks"),
    notify: policy("notify"),
  };
  const scope = new AsyncLocalStorage<FunctionName>();
  const could = (name: FunctionName, need: Need): boolean => allows(policies[name], need);
  return {
    as: (name, run) => scope.run(name, run),
    apart: (run) => scope.exit(run),
    running: () => scope.getStore(),
    could,
    may: (name, need) => {
      const allowed = could(name, need);
      seen({ by: name, need, allowed });
      return allowed;
    },
  };
};
