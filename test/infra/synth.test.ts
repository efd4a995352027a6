import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { functions } from "../../infra/topology.ts";

const run = promisify(execFile);
const dir = mkdtempSync(join(tmpdir(), "broadsheet-synth-"));
const notes = join(dir, "network");
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** `npm run synth` into a folder of its own, on a machine without a network and without an account. */
const synth = async (name: string, ...more: string[]): Promise<string> => {
  const output = join(dir, name);
  const { AWS_PROFILE: _profile, ...environment } = process.env;
  await run("npm", ["run", "synth", "--", "--output", output, ...more], {
    env: {
      ...environment,
      NODE_OPTIONS: `--import=${join(process.cwd(), "test/infra/no-network.mjs")}`,
      NETWORK_NOTES: notes,
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    },
  });
  return output;
};

/** Every file of an assembly with the digest of its bytes; how long CDK took for it is none of it. */
const digests = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => statSync(join(folder, file)).isFile() && !/^performance-counters\.json$/.test(file))
      .sort()
      .map((file) => [
        file,
        createHash("sha256")
          .update(readFileSync(join(folder, file)))
          .digest("hex"),
      ]),
  );

let first: string;
beforeAll(async () => {
  first = await synth("first");
}, 120_000);

test("synthesis asks nothing of the network, and gives the same bytes twice", { timeout: 120_000 }, async () => {
  const second = await synth("second");
  expect(existsSync(notes) ? readFileSync(notes, "utf8") : "").toBe("");
  const [a, b] = [digests(first), digests(second)];
  expect(Object.keys(a).length).toBeGreaterThan(10);
  expect(b).toEqual(a);
});

test("whoever asks it is caught", async () => {
  const caught = join(dir, "caught");
  const asking = run(
    process.execPath,
    [
      "--import",
      join(process.cwd(), "test/infra/no-network.mjs"),
      "-e",
      'fetch("http://127.0.0.1:49999").catch(() => process.exit(3))',
    ],
    { env: { ...process.env, NETWORK_NOTES: caught } },
  );
  await expect(asking).rejects.toMatchObject({ code: 3 });
  expect(readFileSync(caught, "utf8")).toContain("a connection");
});

test("the assembly holds each function's bundle, and none of them CDK", () => {
  const { files } = JSON.parse(readFileSync(join(first, "Broadsheet-prod.assets.json"), "utf8"));
  const folders = Object.values<{ source: { path: string; packaging: string } }>(files)
    .filter(({ source }) => source.packaging === "zip")
    .map(({ source }) => join(first, source.path));
  expect(folders).toHaveLength(Object.keys(functions).length);
  for (const folder of folders) {
    const code = readFileSync(join(folder, "index.mjs"), "utf8");
    expect(code).toMatch(/\bhandler\b/);
    expect(code).not.toMatch(/aws-cdk|cdk-nag|constructs/);
  }
});

test("settings that are wrong are named, all of them", { timeout: 120_000 }, async () => {
  await expect(synth("wrong", "-c", "stage=production", "-c", "email=desk")).rejects.toMatchObject({
    stderr: expect.stringMatching(/stage is neither prod nor dev\.[\s\S]*email is no e-mail address\./),
  });
});
