import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { CLIENT, lean } from "./client.ts";

/** Parameters that are kept encrypted (SSM SecureString). */
export type SecretParameters = {
  /** The value, decrypted. Throws the SDK's ParameterNotFound when there is none. */
  read(name: string): Promise<string>;
};

/**
 * Over SSM. This file is imported when a parameter is read, and not before: imported from here by name, the client is 79 KB of a
 * bundle; imported dynamically as a package, 211 KB, for nobody knows then what of it is used.
 * Under the account's own key (`aws/ssm`) `ssm:GetParameter` is all that is needed: that key lets everybody decrypt who may read
 * (https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-restrict-decryption.html).
 */
export const ssmParameters = (client = lean(new SSMClient(CLIENT))): SecretParameters => ({
  read: async (name) => {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    // Whatever else it is, it was not kept as a secret.
    if (Parameter?.Type !== "SecureString" || Parameter.Value === undefined)
      throw new Error(`The parameter ${name} is no SecureString.`);
    return Parameter.Value;
  },
});
