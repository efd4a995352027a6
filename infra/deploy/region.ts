import { STSClient } from "@aws-sdk/client-sts";
import { settings } from "../settings.ts";

export type Region = { name: string; from: string };
type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT = settings.shape.region.parse(undefined);

/** The region that counts, and who chose it: the option, the environment, the profile, or nobody (then the default). */
export const chooseRegion = (option: string | undefined, env: Environment, ofProfile: string | undefined): Region => {
  if (option) return { name: option, from: "--region" };
  for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION"]) {
    const value = env[name];
    if (value) return { name: value, from: name };
  }
  if (ofProfile) return { name: ofProfile, from: `profile ${env["AWS_PROFILE"] ?? "default"}` };
  return { name: DEFAULT, from: "the default: --region or AWS_REGION would choose another" };
};

/** The region for this run. The profile's is read as the SDK reads it (~/.aws/config, or AWS_CONFIG_FILE). */
export const findRegion = async (option: string | undefined, env: Environment): Promise<Region> => {
  const chosen = chooseRegion(option, env, undefined);
  if (option || env["AWS_REGION"] || env["AWS_DEFAULT_REGION"]) return chosen;
  const client = new STSClient({});
  try {
    return chooseRegion(option, env, await client.config.region());
  } catch {
    // The SDK throws when no profile names one.
    return chosen;
  } finally {
    client.destroy();
  }
};
