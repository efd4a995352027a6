import { readFileSync } from "node:fs";
import * as z from "zod";
import { type Account, Refused } from "./account.ts";

const template = z.object({ Outputs: z.record(z.string(), z.object({ Value: z.unknown() })) });

/** What a stack of this template has for outputs: texts as they stand, and for what CloudFormation makes, what the account says. */
const outputsOf = (account: Account, file: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(template.parse(JSON.parse(readFileSync(file, "utf8"))).Outputs).map(([name, { Value }]) => [
      name,
      typeof Value === "string" ? Value : (account.made[name] ?? `made-${name}`),
    ]),
  );

const arnOf = (name: string): string => `arn:aws:cloudformation:ap-southeast-1:123456789012:stack/${name}/1`;
/** A stack may be named by its ARN. */
export const nameOf = (given: string): string => (given.startsWith("arn:") ? (given.split("/")[1] ?? "") : given);

const NOW = "2026-11-01T08:00:00.000Z";

/**
 * As much of CloudFormation as `cdk deploy` goes through: a change set is made and carried out at once, and the stack's outputs
 * are those of the template that the CDK has written. The answer is the inside of the action's result; undefined for another action.
 */
export const changeSetAction = (account: Account, form: URLSearchParams): string | undefined => {
  const name = nameOf(form.get("StackName") ?? "");
  const stack = account.stacks.get(name);
  switch (form.get("Action") ?? "") {
    case "CreateChangeSet":
      if (!stack) account.stacks.set(name, { status: "REVIEW_IN_PROGRESS" });
      return `<Id>arn:aws:cloudformation:ap-southeast-1:123456789012:changeSet/cdk/1</Id><StackId>${arnOf(name)}</StackId>`;
    case "DescribeChangeSet":
      return `<ChangeSetId>arn:aws:cloudformation:ap-southeast-1:123456789012:changeSet/cdk/1</ChangeSetId><ChangeSetName>cdk</ChangeSetName><StackId>${arnOf(name)}</StackId><StackName>${name}</StackName><CreationTime>${NOW}</CreationTime><ExecutionStatus>AVAILABLE</ExecutionStatus><Status>CREATE_COMPLETE</Status><Changes><member><Type>Resource</Type><ResourceChange><Action>Add</Action><LogicalResourceId>Table</LogicalResourceId><ResourceType>AWS::DynamoDB::Table</ResourceType></ResourceChange></member></Changes>`;
    case "ExecuteChangeSet":
      if (!stack || account.assembly === undefined) throw new Refused("ValidationError", 400, "nothing to carry out");
      stack.outputs = outputsOf(account, `${account.assembly}/${name}.template.json`);
      stack.status = stack.status === "REVIEW_IN_PROGRESS" ? "CREATE_COMPLETE" : "UPDATE_COMPLETE";
      return "";
    case "UpdateTerminationProtection":
      if (stack) stack.protected = form.get("EnableTerminationProtection") === "true";
      return `<StackId>${arnOf(name)}</StackId>`;
    case "GetTemplate":
      return `<TemplateBody>{"Resources":{}}</TemplateBody>`;
    case "DescribeStackEvents":
      return "<StackEvents/>";
    case "DescribeStackResources":
      return "<StackResources/>";
    case "DeleteChangeSet":
      return "";
    default:
      return undefined;
  }
};
