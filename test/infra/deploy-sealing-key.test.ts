import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ensureTable, type LocalDynamo, startDynamo } from "../../infra/local/dynamo.ts";
import { keyring } from "../../shared/store/sealing-key.ts";
import { EMAIL, newOperator, type Operator, type Run } from "./aws/operator.ts";

let dir = "";
let dynamo: LocalDynamo;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "broadsheet-"));
  dynamo = await startDynamo(join(dir, "dynamo.db"));
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new DynamoDBClient({ region: "ap-southeast-1", endpoint: dynamo.endpoint, credentials });
  await ensureTable(client, "made");
  client.destroy();
});
afterAll(async () => {
  await dynamo.close();
  rmSync(dir, { recursive: true, force: true });
});

let at: Operator;
beforeEach(async () => {
  at = await newOperator({ AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint });
  at.cdk.next({ stack: "Broadsheet-prod", outputs: { TableName: "made" } });
});
afterEach(() => at.close());

const NAME = "/Broadsheet-prod/sealing-key";
const PLACE = `ap-southeast-1 ${NAME}`;
const puts = (): number => at.account.asked.filter((asked) => asked.startsWith("ssm:PutParameter")).length;
const all = ({ out, wrong, questions }: Run): string => [out, wrong, ...questions].join("\n");
const deployed = async (...argv: string[]): Promise<Run> => {
  const run = await at.run([...EMAIL, ...argv, "--yes"]);
  expect(run.wrong).toBe("");
  expect(run.status).toBe(0);
  return run;
};

describe("the sealing key", () => {
  test("is made with the first deployment, and stays at the next", async () => {
    const first = await deployed();
    const made = at.account.parameters.get(PLACE);
    expect(made?.type).toBe("SecureString");
    expect(keyring(made?.value ?? "")).toHaveLength(1);
    expect(first.out).toContain(`Secrets   makes the parameter ${NAME}: the key that seals secrets of sources`);
    expect(all(first)).not.toContain(made?.value);

    at.deployed({ email: "desk@example.org" });
    const again = await deployed();
    expect(again.out).toContain(`Secrets   of sources are sealed with the key in the parameter ${NAME}, which stays`);
    expect(at.account.parameters).toEqual(new Map([[PLACE, made]]));
    expect(puts()).toBe(1);
  });

  test("is another one for each stage and each region", async () => {
    await deployed();
    at.cdk.next({ stack: "Broadsheet-dev", outputs: { TableName: "made" } });
    await deployed("--stage", "dev");
    await deployed("--stage", "dev", "--region", "eu-west-1");
    const names = [PLACE, "ap-southeast-1 /Broadsheet-dev/sealing-key", "eu-west-1 /Broadsheet-dev/sealing-key"];
    expect([...at.account.parameters.keys()]).toEqual(names);
    expect(new Set([...at.account.parameters.values()].map(({ value }) => value)).size).toBe(3);
  });

  test("is made with a deployment, and not by looking or by a no", async () => {
    expect((await at.run([...EMAIL, "--preflight"])).status).toBe(0);
    expect((await at.run(EMAIL, "n")).status).toBe(1);
    expect(puts()).toBe(0);
  });

  test("of somebody who was there first is not written over", async () => {
    // Whoever may not look does not see it either, and tries.
    const theirs = { type: "SecureString", value: "theirs" };
    at.account.parameters.set(PLACE, theirs);
    at.account.denied.add("ssm:GetParameter");
    const { out } = await deployed();
    expect(out).toContain(`Secrets   makes the parameter ${NAME} unless it is there`);
    expect(puts()).toBe(1);
    expect(at.account.parameters.get(PLACE)).toBe(theirs);
  });

  test("that may not be made is one sentence with its remedy, and nothing is deployed", async () => {
    at.account.denied.add("ssm:PutParameter");
    const { status, wrong } = await at.run([...EMAIL, "--yes"]);
    expect(status).toBe(1);
    expect(wrong).toContain(
      `Nothing was deployed. These AWS credentials may not make the parameter ${NAME} (ssm:PutParameter): ask for the right, or use the credentials of an administrator`,
    );
    expect(at.cdk.runs()).toEqual([]);

    // Where it is there, the right to make it is nobody's concern.
    at.account.parameters.set(PLACE, { type: "SecureString", value: "made by an administrator" });
    await deployed();
  });

  test("is not told by AWS's complaint about it either", async () => {
    at.account.quotes = true;
    const { status, wrong } = await at.run([...EMAIL, "--yes"]);
    expect(status).toBe(1);
    expect(wrong).toContain("ValidationException, 1 validation error detected: Value '...' at 'value' is not taken");
    expect(wrong).not.toMatch(/[A-Za-z0-9+/]{43}=/);
  });

  test("that lies open is a fault", async () => {
    at.account.parameters.set(PLACE, { type: "String", value: "open" });
    const { status, wrong } = await at.run([...EMAIL, "--yes"]);
    expect(status).toBe(1);
    expect(wrong).toContain(
      `FAULT    The parameter ${NAME} is a String and no SecureString, so what is in it lies open: delete it (aws ssm delete-parameter --name ${NAME} --region ap-southeast-1) and deploy again, which makes a new one.`,
    );
    expect(puts()).toBe(0);
    expect(at.cdk.runs()).toEqual([]);
  });
});
