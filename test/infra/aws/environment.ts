import { vi } from "vitest";

/** What else could bring credentials or a region in, from whoever runs the tests. */
const FOREIGN = [
  "AWS_PROFILE",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_SESSION_TOKEN",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_ROLE_ARN",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

export const CREDENTIALS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };

/** This process's environment as an operator's shell, and nothing of the machine's: `more` on top. vi.unstubAllEnvs() ends it. */
export const operatorShell = (url: string, more: Record<string, string> = CREDENTIALS): void => {
  for (const name of FOREIGN) vi.stubEnv(name, undefined);
  const own = {
    AWS_ENDPOINT_URL: url,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/nonexistent/config",
    AWS_SHARED_CREDENTIALS_FILE: "/nonexistent/credentials",
  };
  for (const [name, value] of Object.entries({ ...own, ...more })) vi.stubEnv(name, value);
};
