import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { UsageFault, refuseSwallowed } from "../../infra/deploy/arguments.ts";
import { covers } from "../../infra/deploy/certificate.ts";
import { identityFault } from "../../infra/deploy/identity.ts";
import { inOptions } from "../../infra/deploy/options.ts";
import { chooseRegion } from "../../infra/deploy/region.ts";
import { troubleOf } from "../../infra/deploy/trouble.ts";
import { operatorShell } from "./aws/environment.ts";
import { EMAIL, newOperator, type Operator } from "./aws/operator.ts";

let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "broadsheet-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let at: Operator;
beforeEach(async () => {
  at = await newOperator();
});
afterEach(() => at.close());

describe("the command line", () => {
  test.each<[string[], string]>([
    [["--stage", "staging"], "--stage is neither prod nor dev."],
    [["--region", "Singapore"], "--region is no AWS region (such as ap-southeast-1)."],
    [["--email", "desk"], "--email is no e-mail address."],
    [["--budget", "ten"], "--budget is no whole number (such as 20)."],
    [["--budget", "0"], "--budget is less than 1."],
    [["--epoch", "next"], "--epoch is no whole number (such as 20)."],
    [["--epoch", "0"], "--epoch is less than 1."],
    [["--epoch", ""], "--epoch is no whole number (such as 20)."],
    [["--no-epoch"], "Unknown option '--no-epoch'."],
    [["--site-domain", "https://x.org/"], "--site-domain is no host name."],
    [["--api-certificate", "abc"], "--api-certificate is no ARN of a certificate."],
    [["--table", ""], "--table is empty."],
    [["--email", "a@b.org", "--no-email"], "--email and --no-email contradict each other."],
    [["--emial", "a@b.org"], "Unknown option '--emial'."],
    [["prod"], "Unexpected argument 'prod'."],
  ])("%j is refused before AWS is asked anything", async (argv, sentence) => {
    const fault = await at.run(argv).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(UsageFault);
    expect(String(fault)).toContain(sentence);
    expect(at.account.asked).toEqual([]);
  });

  test.each([
    ["table is no name of a table.", "--table is no name of a table."],
    ["siteDomain and siteCertificate come together.", "--site-domain and --site-certificate come together."],
  ])("“%s” is said with the names that were typed", (sentence, said) => {
    expect(inOptions(sentence)).toBe(said);
  });

  test("several wrong values are named at once", async () => {
    await expect(at.run(["--email", "desk", "--budget", "ten", "--stage", "live", "--region", "here"])).rejects.toThrow(
      [
        "--email is no e-mail address.",
        "--budget is no whole number (such as 20).",
        "--stage is neither prod nor dev.",
        "--region is no AWS region (such as ap-southeast-1).",
      ].join("\n"),
    );
  });

  test("what npm kept for itself, for want of two dashes, deploys nothing", () => {
    expect(() => refuseSwallowed({ npm_config_preflight: "true", npm_config_site_domain: "x.org" })).toThrow(
      "Options come after two dashes: npm run deploy -- --preflight --site-domain",
    );
    expect(() => refuseSwallowed({ npm_config_cache: "x", AWS_REGION: "us-east-1" })).not.toThrow();
  });

  const start = async (...argv: string[]): Promise<{ code: unknown; out: string }> => {
    const child = spawn(process.execPath, ["infra/run.mjs", "infra/deploy/main.ts", ...argv], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    child.stdout.on("data", (chunk) => (out += String(chunk)));
    child.stderr.on("data", (chunk) => (out += String(chunk)));
    const [code] = await once(child, "close");
    return { code, out };
  };

  test("as npm run deploy: status 0 for --help, 2 for a wrong option, 1 for a fault, 0 for a clean preflight", async () => {
    const help = await start("--help");
    expect(help.code).toBe(0);
    for (const word of [
      "--stage",
      "--site-certificate ARN",
      "--no-reserve",
      "--epoch N",
      "--preflight",
      "--yes",
      "npm run deploy -- --email",
    ])
      expect(help.out).toContain(word);
    const wrong = await start("--stage", "production");
    expect(wrong).toEqual({
      code: 2,
      out: "--stage is neither prod nor dev.\n(npm run deploy -- --help explains the options)\n",
    });
    const fault = await start();
    expect(fault.code).toBe(1);
    expect(fault.out).toContain("FAULT    Stage prod needs --email ADDRESS: nobody would hear an alarm.");
    expect((await start("--preflight", ...EMAIL)).code).toBe(0);
  });
});

describe("the region", () => {
  test("is the option's, else the environment's, the profile's, or the default; and it is said whose", () => {
    const env = { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-2", AWS_PROFILE: "paper" };
    const { AWS_REGION: _first, ...second } = env;
    const { AWS_DEFAULT_REGION: _second, ...third } = second;
    expect(chooseRegion("us-east-1", env, "eu-north-1")).toEqual({ name: "us-east-1", from: "--region" });
    expect(chooseRegion(undefined, env, "eu-north-1")).toEqual({ name: "eu-west-1", from: "AWS_REGION" });
    expect(chooseRegion(undefined, second, "eu-north-1")).toEqual({ name: "eu-west-2", from: "AWS_DEFAULT_REGION" });
    expect(chooseRegion(undefined, third, "eu-north-1")).toEqual({ name: "eu-north-1", from: "profile paper" });
    expect(chooseRegion(undefined, {}, undefined).name).toBe("ap-southeast-1");
  });

  test("of a profile is found where the AWS CLI keeps it", async () => {
    const file = join(dir, "config");
    writeFileSync(file, "[profile paper]\nregion = eu-north-1\naws_access_key_id = AKID\naws_secret_access_key = s\n");
    operatorShell(at.url, { AWS_CONFIG_FILE: file, AWS_PROFILE: "paper" });
    const { out, wrong } = await at.run(["--preflight", ...EMAIL]);
    expect(wrong).toBe("");
    expect(out).toContain("Region    eu-north-1 (profile paper)");
    expect(at.account.asked).toContain("sts:GetCallerIdentity eu-north-1");
  });

  test("that does not exist is told from a network that is down", () => {
    const lost = { known: false, action: "sts:GetCallerIdentity", trouble: { kind: "no-host" } } as const;
    expect(identityFault({ identity: lost, elsewhere: true }, "ap-southeast-77")).toBe(
      "AWS has no region ap-southeast-77: look at its spelling, or choose another with --region.",
    );
    expect(identityFault({ identity: lost, elsewhere: false }, "ap-southeast-1")).toContain("look at the network");
    expect(troubleOf(Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" }))).toEqual({ kind: "no-host" });
  });

  test("and a login that has run out is told from none", () => {
    const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
    expect(
      troubleOf(named("CredentialsProviderError", "The SSO session associated with this profile has expired.")).kind,
    ).toBe("expired");
    expect(troubleOf(named("CredentialsProviderError", "Could not load credentials from any providers")).kind).toBe(
      "no-credentials",
    );
  });
});

test.each([
  ["example.org", "example.org", true],
  ["*.example.org", "news.example.org", true],
  ["*.example.org", "example.org", false],
  ["*.example.org", "a.news.example.org", false],
  ["example.org", "news.example.org", false],
])("a certificate for %s covers %s: %s", (name, host, expected) => {
  expect(covers(name, host)).toBe(expected);
});
