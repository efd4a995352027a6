import { randomBytes } from "node:crypto";
import * as z from "zod";
import { type Account, Refused } from "./account.ts";

const BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version";

const asked = z.strictObject({ Name: z.string(), WithDecryption: z.boolean().optional() });
const brought = z.strictObject({
  Name: z.string(),
  Description: z.string().max(1024).optional(),
  Type: z.enum(["String", "SecureString"]),
  Value: z.string().max(4096),
  Overwrite: z.literal(false),
});

/** SSM's GetParameter: what is encrypted comes as it lies there, unless it is to be decrypted. */
export const getParameter = (account: Account, region: string, input: unknown): object => {
  const { Name, WithDecryption = false } = asked.parse(input);
  const found =
    Name === BOOTSTRAP
      ? account.bootstrap !== undefined && { type: "String", value: account.bootstrap }
      : account.parameters.get(`${region} ${Name}`);
  if (!found) throw new Refused("ParameterNotFound", 400, "");
  const open = found.type !== "SecureString" || WithDecryption;
  const Value = open ? found.value : randomBytes(140).toString("base64");
  return { Parameter: { Name, Type: found.type, Value, Version: 1 } };
};

/** SSM's PutParameter, of new ones alone. */
export const putParameter = (account: Account, region: string, input: unknown): object => {
  const { Name, Type, Value } = brought.parse(input);
  if (account.quotes)
    throw new Refused(
      "ValidationException",
      400,
      `1 validation error detected: Value '${Value}' at 'value' is not taken`,
    );
  if (account.parameters.has(`${region} ${Name}`))
    throw new Refused(
      "ParameterAlreadyExists",
      400,
      "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    );
  account.parameters.set(`${region} ${Name}`, { type: Type, value: Value });
  return { Tier: "Standard", Version: 1 };
};
