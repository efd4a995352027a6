import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  GetParameterCommand,
  GetParametersCommand,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
  SSMServiceException,
} from "@aws-sdk/client-ssm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HttpServer } from "../../infra/local/http.ts";
import { startSsm } from "../../infra/local/ssm.ts";
import { ssmParameters } from "../../shared/store/parameters.ts";
import { seal, unseal } from "../../shared/store/seal.ts";
import { newSealingKey, sealingKey } from "../../shared/store/sealing-key.ts";

const NAME = "/broadsheet/local/sealing-key";
let dir = "";
let ssm: HttpServer;
let client: SSMClient;
let made: string[] = [];

const start = async (): Promise<void> => {
  const value = (): string => {
    made.push(newSealingKey());
    return made.at(-1) ?? "";
  };
  ssm = await startSsm({ file: join(dir, "parameters.json"), parameters: [{ name: NAME, value }], now: Date.now });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  client = new SSMClient({ endpoint: ssm.url, region: "us-east-1", credentials, maxAttempts: 1 });
};
const stop = async (): Promise<void> => {
  client.destroy();
  await ssm.close();
};
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "broadsheet-ssm-"));
  made = [];
  await start();
});
afterEach(async () => {
  await stop();
  await rm(dir, { recursive: true });
});

const get = (Name: string, WithDecryption?: boolean) => client.send(new GetParameterCommand({ Name, WithDecryption }));
const failure = async (call: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await call.catch((reason: unknown) => reason);
  if (!(error instanceof SSMServiceException)) throw new Error("SSM should have refused it.", { cause: error });
  return error;
};

describe("a parameter", () => {
  test("is made at the first start, and stays", async () => {
    const first = await get(NAME, true);
    expect(first.Parameter).toMatchObject({ Name: NAME, Type: "SecureString", Value: made[0], Version: 1 });
    expect(first.Parameter?.LastModifiedDate).toBeInstanceOf(Date);
    await stop();
    await start();
    expect(made).toHaveLength(1);
    expect(await get(NAME, true)).toHaveProperty("Parameter", first.Parameter);
    expect((await stat(join(dir, "parameters.json"))).mode & 0o777).toBe(0o600);
  });

  test("is of no use to whoever does not ask to have it decrypted", async () => {
    const { Parameter } = await get(NAME);
    expect(Parameter).toMatchObject({ Name: NAME, Type: "SecureString" });
    expect(Parameter?.Value).not.toContain(made[0]);
  });

  test.each(["/broadsheet/local/other", "__proto__", "constructor"])("is not found: %s", async (name) => {
    expect(await failure(get(name, true))).toBeInstanceOf(ParameterNotFound);
  });

  test("and what the stand-in does not know is refused, not passed over", async () => {
    expect(await failure(get(`${NAME}:1`, true))).toHaveProperty("name", "ValidationException");
    const put = new PutParameterCommand({ Name: NAME, Value: "x", Overwrite: true });
    expect(await failure(client.send(put))).toHaveProperty("name", "UnknownOperationException");
    expect(await failure(client.send(new GetParametersCommand({ Names: [NAME] })))).toHaveProperty(
      "name",
      "UnknownOperationException",
    );
  });
});

describe("the sealing key", () => {
  /** Counts what is asked of SSM. */
  const counted = (): { calls: () => number; key: ReturnType<typeof sealingKey> } => {
    let calls = 0;
    client.middlewareStack.add((next) => (args) => (calls++, next(args)), { step: "initialize" });
    return { calls: () => calls, key: sealingKey(async () => ssmParameters(client), NAME) };
  };

  test("is read once, however many ask at once or later", async () => {
    const { calls, key } = counted();
    expect(calls()).toBe(0);
    const keys = await Promise.all([key(), key(), key()]);
    expect(await key()).toBe(keys[0]);
    expect(calls()).toBe(1);
    const sealed = seal(await key(), "source:ghost", "whsec_1");
    const other = await sealingKey(async () => ssmParameters(client), NAME)();
    expect(unseal(other, "source:ghost", sealed)).toBe("whsec_1");
  });

  test("is asked for again after a failure", async () => {
    const { calls, key } = counted();
    const { url } = ssm;
    await ssm.close();
    await expect(key()).rejects.toThrow("ECONNREFUSED");
    ssm = await startSsm({
      file: join(dir, "parameters.json"),
      parameters: [],
      now: Date.now,
      port: Number(new URL(url).port),
    });
    expect(Buffer.from((await key())[0]).toString("base64")).toBe(made[0]);
    expect(calls()).toBe(2);
  });

  test("that is not there is a fault", async () => {
    const key = sealingKey(async () => ssmParameters(client), "/broadsheet/local/other");
    await expect(key()).rejects.toBeInstanceOf(ParameterNotFound);
  });
});
