import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { UsageFault } from "../../infra/deploy/arguments.ts";
import { keys, type World } from "../../infra/keys/keys.ts";
import { keyTable } from "../../infra/keys/show.ts";
import { ensureTable, startDynamo } from "../../infra/local/dynamo.ts";
import type { HttpServer } from "../../infra/local/http.ts";
import type { BusinessEvent } from "../../shared/runtime/events.ts";
import { story, testHouse, type TestHouse } from "../house.ts";
import { type Account, ACCOUNT, newAccount } from "./aws/account.ts";
import { CREDENTIALS, operatorShell } from "./aws/environment.ts";
import { startAws } from "./aws/stand-in.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

let account: Account;
let aws: HttpServer;
beforeEach(async () => {
  account = newAccount();
  deployed(house.surroundings.names.table);
  aws = await startAws(account);
  operatorShell(aws.url, { ...CREDENTIALS, AWS_ENDPOINT_URL_DYNAMODB: house.surroundings.dynamo });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

const deployed = (TableName: string, stack = "Broadsheet-prod"): void =>
  void account.stacks.set(stack, {
    status: "CREATE_COMPLETE",
    outputs: { TableName, ApiUrl: house.apiUrl, SiteUrl: house.siteUrl, DeployEpoch: "1", Settings: "{}" },
  });

type Run = { status: number; out: string; wrong: string; events: BusinessEvent[] };

const run = async (...argv: string[]): Promise<Run> => {
  const out: string[] = [];
  const wrong: string[] = [];
  const events: BusinessEvent[] = [];
  const world: World = {
    env: process.env,
    say: (line) => void out.push(line),
    complain: (line) => void wrong.push(line),
    events: (event) => void events.push(event),
  };
  const status = await keys(argv, world);
  return { status, out: out.join("\n"), wrong: wrong.join("\n"), events };
};

const tokenIn = (out: string): string => /^ {2}(bs_[0-9A-Za-z]{12}_[0-9A-Za-z]{43})$/m.exec(out)?.[1] ?? "";
const idOf = (token: string): string => token.split("_")[1] ?? "";

/** What the API answers to a story that is sent with a token. */
const post = async (token: string, over: Record<string, unknown> = {}): Promise<number> =>
  (await house.call("POST", "/articles", { key: token, body: story(over) })).status;

describe("create", () => {
  test("makes a key that works at once, and shows its token this once, with a line that tries it", async () => {
    const { status, out, wrong, events } = await run("create", "--role", "admin", "--name", "Lê Thị Hoa");
    expect(wrong).toBe("");
    expect(status).toBe(0);
    const token = tokenIn(out);
    expect(out).toContain(`Key ${idOf(token)} for Lê Thị Hoa (admin):`);
    expect(out).toContain("It is not shown again");
    expect(out.split(token), "the token stands by itself, and in no command").toHaveLength(2);
    expect(events).toEqual([{ event: "key.created", key: idOf(token), by: `arn:aws:iam::${ACCOUNT}:user/it` }]);

    expect(await post(token)).toBe(201);
    expect((await house.call("GET", "/site", { key: token })).status).toBe(200);
    const shown = await house.call("GET", `/keys/${idOf(token)}`, { key: token });
    expect(shown.body).toMatchObject({ name: "Lê Thị Hoa", role: "admin" });
    expect((await run("list")).out).not.toContain(token.split("_")[2]);
  });

  test("the line it prints is one that bash runs: it asks for the token, and hands it to curl unseen", async () => {
    const { out } = await run("create", "--role", "reporter", "--name", "Curl");
    const line = /^ {2}(read .+)$/m.exec(out)?.[1] ?? "";
    expect(line).toContain(`${house.apiUrl}/site`);
    /** `set -x` shows the words of every command that is run: what a list of processes would show. */
    const typed = async (token: string): Promise<{ answer: string; words: string }> => {
      const child = spawn("bash", ["-c", `PS4=+; set -x; ${line}`], { stdio: ["pipe", "pipe", "pipe"] });
      let answer = "";
      let words = "";
      child.stdout.on("data", (chunk) => (answer += String(chunk)));
      child.stderr.on("data", (chunk) => (words += String(chunk)));
      child.stdin.end(`${token}\n`);
      await once(child, "close");
      return { answer, words };
    };
    const { answer, words } = await typed(tokenIn(out));
    expect(JSON.parse(answer)).toMatchObject({ timeZone: "Asia/Ho_Chi_Minh" });
    const curl = words.split("\n").filter((words) => /^\+ ?curl /.test(words));
    expect(curl).toHaveLength(1);
    expect(curl[0]).not.toContain(tokenIn(out));
    expect(JSON.parse((await typed("bs_wrong")).answer)).toMatchObject({ status: 401 });
  });

  test("gives a key its sections and its end, in the site's time zone", async () => {
    const until = "2099-06-30T18:00";
    const argv = ["--role", "editor", "--name", "Desk", "--sections", "thoi-su, kinh-te", "--expires", until];
    const { out } = await run("create", ...argv);
    const token = tokenIn(out);
    expect(out).toContain("(editor, sections thoi-su, kinh-te, until 2099-06-30T11:00:00.000Z)");
    expect(await post(token)).toBe(201);
    expect(await post(token, { section: "the-thao" })).toBe(403);
    const odd = await run("create", "--role", "editor", "--name", "Odd", "--sections", "thoisu");
    expect(odd.status).toBe(0);
    expect(odd.out).toContain("There is no section thoisu yet; there are thoi-su");
  });

  test.each<[string[], string[]]>([
    [["--role", "boss", "--name", "A"], ["--role must be reporter, editor or admin."]],
    [["--role", "admin", "--name", "  "], ["--name must not be empty."]],
    [["--role", "admin", "--name", "x".repeat(1000)], ["--name has more than "]],
    [["--role", "editor", "--name", "A", "--sections", "a,B!"], ["--sections (number 2) "]],
    [["--role", "editor", "--name", "A", "--expires", "2020-01-01"], ["--expires must be a time in the future"]],
    [["--role", "editor", "--name", "A", "--expires", "soon"], ["--expires must be a time in the future"]],
    [
      ["--role", "boss", "--name", "", "--expires", "soon"],
      ["--role must", "--name must not be empty.", "--expires must"],
    ],
  ])("%j is refused with every fault, and no key is made", async (argv, sentences) => {
    const before = (await run("list")).out;
    const { status, wrong, events } = await run("create", ...argv);
    expect(status).toBe(1);
    for (const sentence of sentences) expect(wrong).toContain(sentence);
    expect(wrong.split("\n")).toHaveLength(sentences.length);
    expect(events).toEqual([]);
    expect((await run("list")).out).toBe(before);
  });

  test("founds the house when nobody has, and the key is in its table", async () => {
    const dir = mkdtempSync(join(tmpdir(), "broadsheet-"));
    const dynamo = await startDynamo(join(dir, "dynamo.db"));
    const client = new DynamoDBClient({
      region: "ap-southeast-1",
      endpoint: dynamo.endpoint,
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    try {
      await ensureTable(client, "fresh");
      deployed("fresh", "Broadsheet-dev");
      vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint);
      const first = await run("create", "--role", "admin", "--name", "First", "--stage", "dev");
      expect(first.out).toContain("The site had no title and no sections yet; it has.");
      const second = await run("create", "--role", "admin", "--name", "Second", "--stage", "dev");
      expect(second.out).not.toContain("The site had no title");
      const { Items } = await client.send(new ScanCommand({ TableName: "fresh" }));
      const kept = JSON.stringify(Items);
      expect(kept).toContain('"SETTINGS"');
      expect(kept).toContain('"WORK#');
      for (const { out } of [first, second]) {
        expect(kept).toContain(idOf(tokenIn(out)));
        expect(kept).not.toContain(tokenIn(out).split("_")[2]);
      }
    } finally {
      client.destroy();
      await dynamo.close();
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

test("list shows every key and no secret; revoke ends one at once", async () => {
  const { out } = await run("create", "--role", "editor", "--name", "Leaver", "--sections", "thoi-su");
  const token = tokenIn(out);
  const id = idOf(token);
  expect(await post(token)).toBe(201);
  const lines = (await run("list")).out.split("\n");
  expect(lines[0]).toMatch(/^ID +ROLE +SECTIONS +MADE +ENDS +NAME$/);
  expect(lines.find((line) => line.startsWith(id))).toMatch(
    new RegExp(`^${id} +editor +thoi-su +\\d{4}-\\d\\d-\\d\\d +never +Leaver$`),
  );
  expect(lines.some((line) => line.endsWith("Local admin"))).toBe(true);

  const revoked = await run("revoke", id);
  expect(revoked.status).toBe(0);
  expect(revoked.out).toBe(`The key ${id} of Leaver (editor) is revoked, as of now.`);
  expect(revoked.events).toEqual([{ event: "key.revoked", key: id, by: `arn:aws:iam::${ACCOUNT}:user/it` }]);
  expect(await post(token)).toBe(401);
  expect((await run("list")).out).not.toContain(id);
  const again = await run("revoke", id);
  expect(again.status).toBe(1);
  expect(again.wrong).toBe(`There is no key ${id}: npm run keys -- list shows all.`);
});

test("a key that has ended is listed as such, and the oldest stands first", () => {
  const key = { id: "A".repeat(12), name: "Hoa", role: "editor", createdAt: "2026-02-01T00:00:00.000Z" } as const;
  const ended = {
    ...key,
    id: "B".repeat(12),
    createdAt: "2026-01-01T00:00:00.000Z",
    expiresAt: "2026-03-01T00:00:00.000Z",
  };
  const ending = {
    ...ended,
    id: "C".repeat(12),
    expiresAt: "2026-03-02T00:00:00.000Z",
    createdAt: "2026-02-02T00:00:00.000Z",
  };
  const lines = keyTable([key, ended, ending], Date.parse("2026-03-01T00:00:00.000Z")).split("\n");
  expect(lines.slice(1).map((line) => [line[0], /never|has ended|2026-03-02T00:00/.exec(line)?.[0]])).toEqual([
    ["B", "has ended"],
    ["A", "never"],
    ["C", "2026-03-02T00:00"],
  ]);
});

describe("what is missing is one plain sentence", () => {
  const create = ["create", "--role", "admin", "--name", "A"];
  type Case = [name: string, prepare: () => void, argv: string[], sentence: string];
  const cases: Case[] = [
    ["credentials", () => operatorShell(aws.url, {}), create, "No AWS credentials were found: log in"],
    [
      "a login of today",
      () => void (account.credentials = "expired"),
      ["list"],
      "The AWS credentials have expired: log in again",
    ],
    [
      "the stack",
      () => account.stacks.clear(),
      create,
      `There is no stack Broadsheet-prod in ap-southeast-1 of account ${ACCOUNT}: deploy first (npm run deploy -- --stage prod --region ap-southeast-1 --email ADDRESS), or choose another place with --region and --stage.`,
    ],
    [
      "the stack's table",
      () =>
        void account.stacks.set("Broadsheet-prod", {
          status: "ROLLBACK_COMPLETE",
          outputs: { ApiUrl: "https://a", SiteUrl: "https://s" },
        }),
      create,
      "The stack Broadsheet-prod in ap-southeast-1 has no table yet (it is in state ROLLBACK_COMPLETE): its deployment must be through first",
    ],
    [
      "the right to read the stack",
      () => account.denied.add("cloudformation:DescribeStacks"),
      ["list"],
      "These AWS credentials may not read the stack Broadsheet-prod (cloudformation:DescribeStacks): ask for the right",
    ],
    [
      "the table itself",
      () => deployed("gone"),
      ["list"],
      "AWS would not use the table gone: ResourceNotFoundException",
    ],
    [
      "the region",
      () => account.disabled.add("ap-east-1"),
      ["list", "--region", "ap-east-1"],
      "The region ap-east-1 is not enabled for this account",
    ],
  ];
  test.each(cases)("%s", async (_, prepare, argv, sentence) => {
    prepare();
    const { status, out, wrong } = await run(...argv);
    expect(status).toBe(1);
    expect(out).toBe("");
    expect(wrong).toContain(sentence);
    expect(wrong).not.toContain("\n");
  });

  test.each<[string[], string]>([
    [[], "Say create, list or revoke."],
    [["make"], "There is no command make: create, list or revoke."],
    [["create", "--name", "A"], "create needs --role admin, editor or reporter, and --name: whose key it is."],
    [
      ["create", "--role", "admin", "--name", "Lê", "Hoa"],
      "“Hoa” was not expected: put a name of several words in quotes.",
    ],
    [["list", "--role", "admin"], "--role belongs to create."],
    [["revoke"], "revoke needs the one ID of a key"],
    [["revoke", "abc"], "revoke needs the one ID of a key"],
    [["list", "--stage", "test"], "--stage is neither prod nor dev."],
    [["list", "--all"], "Unknown option '--all'."],
  ])("%j is no command line, and AWS is asked nothing", async (argv, sentence) => {
    const fault = await run(...argv).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(UsageFault);
    expect(String(fault)).toContain(sentence);
    expect(account.asked).toEqual([]);
  });
});

test("as npm run keys: the token on standard output, the audit's line beside it, and status 2 for what cannot be meant", async () => {
  const start = async (...argv: string[]): Promise<{ code: unknown; out: string; wrong: string }> => {
    const child = spawn(process.execPath, ["infra/run.mjs", "infra/keys/main.ts", ...argv], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let wrong = "";
    child.stdout.on("data", (chunk) => (out += String(chunk)));
    child.stderr.on("data", (chunk) => (wrong += String(chunk)));
    const [code] = await once(child, "close");
    return { code, out, wrong };
  };
  const made = await start("create", "--role", "editor", "--name", "Night desk");
  expect(made.code).toBe(0);
  const token = tokenIn(made.out);
  expect(await post(token)).toBe(201);
  expect(JSON.parse(made.wrong)).toMatchObject({ event: "key.created", key: idOf(token) });
  expect(made.wrong).not.toContain(token.split("_")[2]);
  const help = await start("--help");
  expect(help.code).toBe(0);
  for (const word of ["create --role", "revoke ID", "--expires", "--stage"]) expect(help.out).toContain(word);
  expect((await start("create")).code).toBe(2);
});
