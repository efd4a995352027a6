import { join } from "node:path";
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as logs from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledgePrefixes } from "../acknowledged.ts";
import { policyOf, statementsOf } from "../policies.ts";
import type { Settings } from "../settings.ts";
import { type FunctionName, functions, type FunctionShape, LOG_DAYS } from "../topology.ts";
import { arnIn, type Things } from "./arns.ts";
import { each } from "./each.ts";
import { attach } from "./triggers.ts";

/** Values of every variable that a function may ask for (shared/runtime/env.ts). */
export type Environment = Record<string, string>;

type Props = {
  settings: Settings;
  things: Things;
  environment: Environment;
  /** The folder of the bundles: one folder a function. */
  artefacts: string;
};

/** A function's folder of the house: itself, its role with just its rights, its log group, what wakes it. */
class Unit extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, name: FunctionName, { settings, things, environment, artefacts }: Props) {
    super(scope, name);
    const shape: FunctionShape = functions[name];
    const logGroup = new logs.LogGroup(this, "Log", { retention: LOG_DAYS, removalPolicy: RemovalPolicy.DESTROY });
    const role = new iam.Role(this, "Role", {
      assumedBy: new iam.ServicePrincipal("lambda.amazonaws.com"),
      description: `What functions/${name} may do`,
      inlinePolicies: {
        [name]: iam.PolicyDocument.fromJson({
          Version: "2012-10-17",
          Statement: policyOf(name, arnIn(things, logGroup)),
        }),
      },
    });
    acknowledgePrefixes(role, statementsOf(name), things.storage.buckets);
    const values = shape.environment.map((variable): [string, string] => {
      const value = environment[variable];
      if (value === undefined) throw new Error(`${name} asks for ${variable}, which nobody gives`);
      return [variable, value];
    });
    this.function = new lambda.Function(this, "Function", {
      description: `Broadsheet: functions/${name}`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      code: lambda.Code.fromAsset(join(artefacts, name)),
      handler: "index.handler",
      role,
      logGroup,
      memorySize: shape.memoryMb,
      timeout: Duration.seconds(shape.timeoutSeconds),
      environment: Object.fromEntries(values),
      ...(settings.reserve ? { reservedConcurrentExecutions: shape.reserve } : {}),
    });
    for (const trigger of shape.triggers) attach(this, this.function, trigger, things);
  }
}

/** All functions of the topology: arm64, the Node that the tests run on, from the bundles that the tests run. */
export class Functions extends Construct {
  readonly functions: Record<FunctionName, lambda.Function>;

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    this.functions = each(functions, (name) => new Unit(this, name, props).function);
  }
}
