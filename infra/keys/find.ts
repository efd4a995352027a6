import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { whoAmI } from "../deploy/facts.ts";
import { identityFault } from "../deploy/identity.ts";
import { describeStack } from "../deploy/stack.ts";
import { look, sayTrouble } from "../deploy/trouble.ts";
import { stackName, type Stage } from "../settings.ts";

/** What is deployed, as far as keys need it, and who asks (the ARN). */
export type Deployment = { arn: string; tableName: string; apiUrl: string; siteUrl: string };

/** The deployment of a stage in a region; or why there is none to be had, in one plain sentence. */
export const findDeployment = async (stage: Stage, region: string): Promise<Deployment | { fault: string }> => {
  const who = await whoAmI(region);
  const fault = identityFault(who, region);
  if (fault !== undefined || !who.identity.known) return { fault: fault ?? "" };
  const { account, arn } = who.identity.value;
  const name = stackName(stage);
  const client = new CloudFormationClient({ region });
  const stack = await look("cloudformation:DescribeStacks", () => describeStack(client, name));
  client.destroy();
  if (!stack.known)
    return { fault: sayTrouble(stack.trouble, `read the stack ${name} (cloudformation:DescribeStacks)`) };
  const deploy = `npm run deploy -- --stage ${stage} --region ${region} --email ADDRESS`;
  if (!stack.value)
    return {
      fault: `There is no stack ${name} in ${region} of account ${account}: deploy first (${deploy}), or choose another place with --region and --stage.`,
    };
  const { TableName, ApiUrl, SiteUrl } = stack.value.outputs;
  if (!TableName || !ApiUrl || !SiteUrl)
    return {
      fault: `The stack ${name} in ${region} has no table yet (it is in state ${stack.value.status}): its deployment must be through first (${deploy}).`,
    };
  return { arn, tableName: TableName, apiUrl: ApiUrl.replace(/\/$/, ""), siteUrl: SiteUrl.replace(/\/$/, "") };
};
