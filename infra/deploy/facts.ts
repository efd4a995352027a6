import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { parameterType } from "./sealing-key.ts";
import { describeStack, type Stack } from "./stack.ts";
import { look, type Looked } from "./trouble.ts";

export type Identity = { account: string; arn: string };

/** Lambda's concurrency in this region: all of it, and what no function has set aside. */
export type Quota = { limit: number; unreserved: number };

export type Facts = {
  stack: Looked<Stack | undefined>;
  /** The version of CDK's bootstrap stack; undefined when there is none. */
  bootstrap: Looked<number | undefined>;
  quota: Looked<Quota>;
  /** The type of the parameter with the sealing key; undefined when there is none. */
  sealingKey: Looked<string | undefined>;
};

/** A region that every account has: it tells a region that is not enabled from credentials that are wrong. */
const ALWAYS_ENABLED = "us-east-1";

const askWho = (region: string): Promise<Looked<Identity>> =>
  look("sts:GetCallerIdentity", async () => {
    const client = new STSClient({ region });
    try {
      const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
      return { account: Account ?? "", arn: Arn ?? "" };
    } finally {
      client.destroy();
    }
  });

/** Who calls; and, when that fails in `region`, whether it is the region's fault: these credentials are good elsewhere. */
export const whoAmI = async (region: string): Promise<{ identity: Looked<Identity>; elsewhere: boolean }> => {
  const identity = await askWho(region);
  const suspect =
    !identity.known && (identity.trouble.kind === "invalid-credentials" || identity.trouble.kind === "no-host");
  return { identity, elsewhere: suspect && region !== ALWAYS_ENABLED && (await askWho(ALWAYS_ENABLED)).known };
};

const bootstrapVersion = async (client: SSMClient): Promise<number | undefined> => {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: "/cdk-bootstrap/hnb659fds/version" }));
    return Number(Parameter?.Value);
  } catch (error) {
    if (error instanceof Error && error.name === "ParameterNotFound") return undefined;
    throw error;
  }
};

/** Everything that a deployment of this stack depends on, looked up at once; `sealingKey` is the name of a parameter. */
export const lookUp = async (region: string, stackName: string, sealingKey: string): Promise<Facts> => {
  const cloudFormation = new CloudFormationClient({ region });
  const ssm = new SSMClient({ region });
  const lambda = new LambdaClient({ region });
  try {
    const [stack, bootstrap, quota, type] = await Promise.all([
      look("cloudformation:DescribeStacks", () => describeStack(cloudFormation, stackName)),
      look("ssm:GetParameter", () => bootstrapVersion(ssm)),
      look("lambda:GetAccountSettings", async () => {
        const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
        return {
          limit: AccountLimit?.ConcurrentExecutions ?? 0,
          unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? 0,
        };
      }),
      look("ssm:GetParameter", () => parameterType(ssm, sealingKey)),
    ]);
    return { stack, bootstrap, quota, sealingKey: type };
  } finally {
    for (const client of [cloudFormation, ssm, lambda]) client.destroy();
  }
};
