import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { newSealingKey } from "../../shared/store/sealing-key.ts";
import { parameters } from "../topology.ts";
import type { Finding } from "./finding.ts";
import { type Looked, sayTrouble, troubleOf } from "./trouble.ts";

/** The type of a parameter ("SecureString"); undefined when there is none. It is not decrypted: the key itself is nobody's business here. */
export const parameterType = async (client: SSMClient, name: string): Promise<string | undefined> => {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: false }));
    return Parameter?.Type ?? "unknown type";
  } catch (error) {
    if (error instanceof Error && error.name === "ParameterNotFound") return undefined;
    throw error;
  }
};

/** A stage's parameter with the sealing key, as it was found. */
export type SealingKeyFact = { name: string; type: Looked<string | undefined> };

/** What a deployment does about the sealing key, for people. */
export const saySealingKey = ({ name, type }: SealingKeyFact): string => {
  if (!type.known) return `makes the parameter ${name} unless it is there: the key that seals secrets of sources`;
  return type.value === undefined
    ? `makes the parameter ${name}: the key that seals secrets of sources`
    : `of sources are sealed with the key in the parameter ${name}, which stays`;
};

/** A parameter of another type lies open, and the functions do not take a key from it. */
export const sealingKeyFindings = ({ name, type }: SealingKeyFact, region: string): Finding[] =>
  type.known && type.value !== undefined && type.value !== "SecureString"
    ? [
        {
          kind: "fault",
          text: `The parameter ${name} is a ${type.value} and no SecureString, so what is in it lies open: delete it (aws ssm delete-parameter --name ${name} --region ${region}) and deploy again, which makes a new one.`,
        },
      ]
    : [];

/**
 * Makes the parameter with a new sealing key, under the account's own KMS key, unless it is there: one that is there is never
 * written over, whoever made it, and when. A sentence when that cannot be; it does not tell the key.
 */
export const makeSealingKey = async (region: string, name: string): Promise<string | undefined> => {
  const client = new SSMClient({ region });
  const key = newSealingKey();
  try {
    await client.send(
      new PutParameterCommand({
        Name: name,
        Description: `Broadsheet: ${parameters["sealing-key"].why}`,
        Type: "SecureString",
        Value: key,
        Overwrite: false,
      }),
    );
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name === "ParameterAlreadyExists") return undefined;
    // AWS quotes a value that it does not like.
    return sayTrouble(troubleOf(error), `make the parameter ${name} (ssm:PutParameter)`).replaceAll(key, "...");
  } finally {
    client.destroy();
  }
};
