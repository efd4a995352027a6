import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { deploy } from "../../infra/deploy/deploy.ts";
import { BOOTSTRAP_NEEDED } from "../../infra/deploy/preflight.ts";
import { ensureTable, type LocalDynamo, startDynamo } from "../../infra/local/dynamo.ts";
import type { HttpServer } from "../../infra/local/http.ts";
import { type Account, newAccount } from "./aws/account.ts";
import { CREDENTIALS, operatorShell } from "./aws/environment.ts";
import { startAws } from "./aws/stand-in.ts";

let dir = "";
let dynamo: LocalDynamo;
let account: Account;
let aws: HttpServer;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "broadsheet-"));
  dynamo = await startDynamo(join(dir, "dynamo.db"));
  const client = new DynamoDBClient({ region: "ap-southeast-1", endpoint: dynamo.endpoint });
  account = newAccount();
  aws = await startAws(account);
  operatorShell(aws.url, {
    ...CREDENTIALS,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    // The CDK's own: where the assembly and its notes go, and nothing told to its makers.
    CDK_OUTPUT: join(dir, "assembly"),
    CDK_HOME: join(dir, "home"),
    CDK_DISABLE_CLI_TELEMETRY: "true",
    CI: "true",
  });
  await ensureTable(client, "made");
  client.destroy();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.close();
  await dynamo.close();
  rmSync(dir, { recursive: true, force: true });
});

const run = async (...argv: string[]): Promise<{ status: number; out: string; wrong: string }> => {
  const out: string[] = [];
  const wrong: string[] = [];
  const status = await deploy(argv, {
    env: process.env,
    say: (line) => void out.push(line),
    complain: (line) => void wrong.push(line),
    cdk: join("node_modules", ".bin", "cdk"),
  });
  return { status, out: out.join("\n"), wrong: wrong.join("\n") };
};

test("the CDK itself makes the stack of what it is told, and the stack remembers it for the next time", async () => {
  account.assembly = join(dir, "assembly");
  account.made = { TableName: "made", SiteUrl: "https://d1.cloudfront.net", ApiUrl: "https://a1.example" };
  const first = await run("--email", "desk@example.org", "--budget", "45", "--yes");
  expect(first.wrong).toBe("");
  expect(first.status).toBe(0);
  expect(first.out).toContain("Stack     Broadsheet-prod, new");
  expect(first.out).toContain("API   https://a1.example");
  const stack = account.stacks.get("Broadsheet-prod");
  expect(stack).toMatchObject({ status: "CREATE_COMPLETE", outputs: { DeployEpoch: "1", TableName: "made" } });
  expect(account.asked).toContain("cloudformation:ExecuteChangeSet ap-southeast-1");
  const manifest = JSON.parse(readFileSync(join(dir, "assembly", "manifest.json"), "utf8"));
  const needed = manifest.artifacts["Broadsheet-prod"].properties.requiresBootstrapStackVersion;
  expect(needed, "the bootstrap that preflight looks for").toBe(BOOTSTRAP_NEEDED);

  const again = await run("--preflight");
  expect(again.wrong).toBe("");
  expect(again.out).toContain("Stack     Broadsheet-prod, an update (now CREATE_COMPLETE)");
  expect(again.out).toContain("Settings  --email desk@example.org --budget 45");
  // The stack's digest was made by the CDK's app, this one by the command: they are of the same pages.
  expect(again.out).toContain("look as deployed: epoch 1 stays");
}, 240_000);
