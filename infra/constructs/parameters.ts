import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { parameterName, type Settings } from "../settings.ts";
import { type ParameterName, parameters } from "../topology.ts";
import { each } from "./each.ts";

export type Parameter = { name: string; arn: string };

/** The stage's parameters, which the stack only names: `npm run deploy` makes them before it. */
export const parametersOf = (scope: Construct, { stage }: Settings): Record<ParameterName, Parameter> =>
  each(parameters, (parameter) => {
    const name = parameterName(stage, parameter);
    // A name's first slash is none of its ARN's.
    const arn = Stack.of(scope).formatArn({ service: "ssm", resource: "parameter", resourceName: name.slice(1) });
    return { name, arn };
  });
