import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bundle, buildFunctions } from "../../infra/build/functions.ts";
import { packages } from "../../infra/build/metafile.ts";
import { reasons, sizes } from "../../infra/build/report.ts";
import { functions } from "../../infra/topology.ts";

let outDir = "";
let bundles: Record<string, Bundle> = {};
beforeAll(async () => {
  // Inside the repository: the picture function finds sharp beside it.
  await mkdir("dist", { recursive: true });
  outDir = await mkdtemp(resolve("dist", "bundles-"));
  bundles = await buildFunctions({ outDir });
});
afterAll(() => rm(outDir, { recursive: true, force: true }));

const bundle = (name: string): Bundle => {
  const found = bundles[name];
  if (!found) throw new Error(`there is no bundle ${name}`);
  return found;
};

/** Names of the packages, and folders of ours, whose bytes are in a bundle: in all of it, or in what a cold start reads. */
const inside = (name: string, which: "eager" | "all" = "all"): string[] => {
  const { folder, files, metafile } = bundle(name);
  const chosen = files.filter((file) => which === "all" || file.eager).map((file) => join(folder, file.name));
  return packages(
    metafile,
    chosen.map((path) => relative(process.cwd(), path)),
  ).map(([title]) => title);
};

describe("a bundle", () => {
  test("is made of every function that the topology names, and of no other", () => {
    expect(Object.keys(bundles).sort()).toEqual(Object.keys(functions).sort());
  });

  const PARSERS = ["parse5", "markdown-it", "yaml", "mammoth"];
  test.each([
    { name: "api", with: ["client-dynamodb", "client-s3", "client-sqs", "client-ssm"], without: ["client-cloudfront"] },
    {
      name: "images",
      with: ["client-dynamodb", "client-s3", "client-sqs"],
      without: ["client-cloudfront", "hono", ...PARSERS],
    },
    {
      name: "render",
      with: ["client-dynamodb", "client-s3", "client-cloudfront"],
      without: ["client-sqs", ...PARSERS],
    },
    {
      name: "schedule",
      with: ["client-dynamodb", "client-sqs"],
      without: ["client-s3", "client-cloudfront", "hono", ...PARSERS],
    },
    {
      name: "webhooks",
      with: ["client-dynamodb", "client-s3", "client-sqs", "client-ssm", "parse5", "markdown-it", "ipaddr.js"],
      without: ["client-cloudfront", "shared/pages"],
    },
    {
      name: "notify",
      with: ["client-dynamodb", "client-ssm", "ipaddr.js"],
      without: ["client-s3", "client-sqs", "client-cloudfront", "hono", "shared/intake", "shared/pages", ...PARSERS],
    },
  ])("of $name carries the clients that it needs, and no other", ({ name, with: wanted, without }) => {
    const found = inside(name).map((title) => title.replace("@aws-sdk/", ""));
    expect(found).toEqual(expect.arrayContaining(wanted));
    expect(found.filter((title) => without.includes(title))).toEqual([]);
  });

  test("of render reads CloudFront's client only when something is to be purged", () => {
    expect(inside("render", "eager")).not.toContain("@aws-sdk/client-cloudfront");
  });

  test("of api reads the clients of queues and parameters, the forms' code, parsers, templates and the diff only when they are wanted", () => {
    const lazy = [
      "@aws-sdk/client-sqs",
      "@aws-sdk/client-ssm",
      "@aws-sdk/s3-presigned-post",
      "diff",
      "shared/pages",
      ...PARSERS,
    ];
    expect(inside("api")).toEqual(expect.arrayContaining(lazy));
    expect(inside("api", "eager").filter((title) => lazy.includes(title))).toEqual([]);
  });

  test("of webhooks reads what verifies at the start, and only with the first message what reads stories", () => {
    const lazy = ["@aws-sdk/client-sqs", "@aws-sdk/client-ssm", "shared/intake", "parse5", "markdown-it", "yaml"];
    expect(inside("webhooks")).toEqual(expect.arrayContaining(lazy));
    expect(inside("webhooks", "eager").filter((title) => lazy.includes(title))).toEqual([]);
    const { metafile, folder, files } = bundle("webhooks");
    const eager = files.filter((file) => file.eager).map((file) => relative(process.cwd(), join(folder, file.name)));
    const senders = eager.flatMap((path) =>
      Object.keys(metafile.outputs[path]?.inputs ?? {}).filter((input) => input.startsWith("shared/senders/")),
    );
    expect(senders.filter((path) => !path.startsWith("shared/senders/verify/"))).toEqual(["shared/senders/mask.ts"]);
  });

  test("of notify reads the client of parameters only when there is a secret to sign with", () => {
    expect(inside("notify", "eager")).not.toContain("@aws-sdk/client-ssm");
  });

  test.each(Object.keys(functions))("of %s carries nothing of the tools", async (name) => {
    const { devDependencies } = JSON.parse(await readFile("package.json", "utf8"));
    const strangers = inside(name).filter((title) =>
      title.includes("/") && !title.startsWith("@")
        ? title !== `functions/${name}` && !title.startsWith("shared/")
        : title in devDependencies || /^(?:aws-cdk|constructs)/.test(title),
    );
    expect(strangers).toEqual([]);
  });

  // Bytes that a cold start reads. A new package that doubles one should be a decision, not an accident.
  test.each([
    ["api", 1_100_000],
    ["images", 650_000],
    ["render", 650_000],
    ["schedule", 450_000],
    ["webhooks", 600_000],
    ["notify", 420_000],
  ])("of %s stays under %i bytes at the start", (name, most) => {
    expect(bundle(name).eager).toBeLessThan(most);
    expect(sizes(bundles)).toContain(String(bundle(name).eager));
    expect(reasons(bundles)).toContain("@smithy/core");
  });
});

const VALUES: Record<string, string> = {
  TABLE: "broadsheet",
  CONTENT_BUCKET: "content",
  SITE_BUCKET: "site",
  MEDIA_BUCKET: "media",
  IMAGE_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/123456789012/images",
  LATER_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/123456789012/images-later",
  SCHEDULE_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/123456789012/schedule",
  INBOX_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/123456789012/inbox",
  SITE_URL: "https://news.example",
  RENDER_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/123456789012/render",
  SEALING_KEY_PARAMETER: "/Broadsheet-prod/sealing-key",
  DISTRIBUTION_ID: "E2EXAMPLE",
  DEPLOY_EPOCH: "1",
  NAMESPACE: "Broadsheet/test",
};

/** Loads a bundle in a Node of its own, with the environment that the topology gives it, and hands it these events. */
const invoke = async (name: keyof typeof functions, ...events: object[]): Promise<unknown[]> => {
  const script = `
    const { handler } = await import(process.argv[1]);
    const answers = [typeof handler];
    for (const event of JSON.parse(process.argv[2])) answers.push(await handler(event, {}));
    console.log(JSON.stringify(answers));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "-e", script, join(bundle(name).folder, "index.mjs"), JSON.stringify(events)],
    {
      cwd: outDir,
      env: {
        AWS_REGION: "eu-west-1",
        ...Object.fromEntries(functions[name].environment.map((variable) => [variable, VALUES[variable]])),
      },
    },
  );
  return JSON.parse(stdout);
};

const get = (path: string) => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: path,
  rawQueryString: "",
  headers: { host: "api.example" },
  requestContext: { domainName: "api.example", http: { method: "GET", path }, stage: "$default" },
  isBase64Encoded: false,
});

describe("in a fresh process", () => {
  test("api answers", async () => {
    const [kind, health, openapi, articles] = await invoke(
      "api",
      get("/health"),
      get("/openapi.json"),
      get("/articles"),
    );
    expect(kind).toBe("function");
    expect(health).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
    expect(openapi).toMatchObject({ statusCode: 200, body: expect.stringContaining('"openapi":"3.1.1"') });
    expect(articles).toMatchObject({ statusCode: 401, headers: { "content-type": "application/problem+json" } });
  });

  test("render does nothing for nothing", async () => {
    expect(await invoke("render", { Records: [] })).toEqual(["function", { batchItemFailures: [] }]);
  });

  test("images, and the machine code beside it, do nothing for nothing", async () => {
    expect(await invoke("images", { Records: [] })).toEqual(["function", { batchItemFailures: [] }]);
  });

  test("webhooks says that there is nothing elsewhere, and does nothing for nothing", async () => {
    expect(await invoke("webhooks", get("/elsewhere"), { Records: [] })).toEqual([
      "function",
      expect.objectContaining({ statusCode: 404 }),
      { batchItemFailures: [] },
    ]);
  });

  test.each(["schedule", "notify"] as const)("%s loads", async (name) => {
    expect(await invoke(name)).toEqual(["function"]);
  });
});
