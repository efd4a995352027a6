import { type CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";

/** A stack as CloudFormation describes it. `outputs` has what the last successful deployment left. */
export type Stack = { status: string; protected: boolean; outputs: Readonly<Record<string, string>> };

/** Describes a stack by its name; undefined when there is none (CloudFormation calls that a ValidationError). */
export const describeStack = async (client: CloudFormationClient, name: string): Promise<Stack | undefined> => {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const stack = Stacks?.[0];
    return (
      stack && {
        status: stack.StackStatus ?? "UNKNOWN",
        protected: stack.EnableTerminationProtection ?? false,
        outputs: Object.fromEntries(
          (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey ?? "", OutputValue ?? ""]),
        ),
      }
    );
  } catch (error) {
    if (error instanceof Error && error.name === "ValidationError" && error.message.includes("does not exist"))
      return undefined;
    throw error;
  }
};

const UPDATABLE = new Set([
  "CREATE_COMPLETE",
  "UPDATE_COMPLETE",
  "UPDATE_ROLLBACK_COMPLETE",
  "IMPORT_COMPLETE",
  "IMPORT_ROLLBACK_COMPLETE",
]);

/**
 * Why a stack in this state cannot be updated, with the remedy; undefined when it can
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html#cfn-console-view-stack-data-resources-status-codes).
 * The CDK would delete a stack that was never made whole by itself, but not one that is protected from deletion, as prod is.
 */
export const stackFault = (name: string, region: string, stack: Stack): string | undefined => {
  const { status } = stack;
  if (UPDATABLE.has(status)) return undefined;
  const command = (text: string): string => `aws cloudformation ${text} --stack-name ${name} --region ${region}`;
  const is = `The stack ${name} is in state ${status}`;
  const remove = stack.protected
    ? `${command("update-termination-protection --no-enable-termination-protection")} && ${command("delete-stack")}`
    : command("delete-stack");
  switch (status) {
    case "REVIEW_IN_PROGRESS":
      return `${is}: its first deployment is being prepared or was broken off; if nobody is at it, remove the empty stack (${remove}) and deploy again.`;
    case "ROLLBACK_COMPLETE":
    case "ROLLBACK_FAILED":
    case "CREATE_FAILED":
      return `${is}: its first deployment failed; read in its events why (CloudFormation console, Events), remove it (${remove}), wait until it is gone and deploy again.`;
    case "UPDATE_ROLLBACK_FAILED":
      return `${is}: an update failed and so did its undoing; mend what its events name, then finish the undoing (${command("continue-update-rollback")}) and deploy again.`;
    case "UPDATE_FAILED":
    case "IMPORT_ROLLBACK_FAILED":
      return `${is}: an update was left half done; undo it (${command("rollback-stack")}), wait until it is UPDATE_ROLLBACK_COMPLETE and deploy again.`;
    case "DELETE_FAILED":
      return `${is}: its deletion stopped half way; mend what its events name, delete it again (${remove}) and then deploy.`;
    default:
      return status.endsWith("_IN_PROGRESS")
        ? `${is}: somebody's deployment (or its undoing) is at work; wait until it is through (${command("describe-stacks --query Stacks[0].StackStatus")}) and deploy again.`
        : `${is}, in which it cannot be updated; see the CloudFormation console.`;
  }
};
