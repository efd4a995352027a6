import { readdir, readFile } from "node:fs/promises";
import { build, transform } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { source } from "../../infra/build/functions.ts";

type Import = { from: string; to: string };
/** Where sources lie; what imports what is told for each by the first rule whose folder it is in. */
const ROOTS = ["functions", "infra", "shared"];

/** A name that ends in `/` is a folder of ours; `node:` is any module of Node; the rest are packages, their paths included. */
const RULES: { in: string; may: string[] }[] = [
  { in: "shared/domain/", may: ["zod"] },
  {
    in: "shared/intake/",
    may: ["shared/domain/", "parse5", "markdown-it", "yaml", "mammoth", "image-dimensions", "node:zlib"],
  },
  {
    in: "shared/senders/",
    may: ["shared/domain/", "shared/intake/", "zod", "parse5", "node:crypto"],
  },
  { in: "shared/site/", may: ["shared/domain/"] },
  { in: "shared/notify/", may: ["shared/domain/", "shared/site/", "node:crypto"] },
  // hono/html marks what is HTML already (JSON-LD, styles); an asset's name is a digest of its bytes.
  { in: "shared/pages/", may: ["shared/domain/", "shared/site/", "hono/jsx", "hono/html", "node:crypto"] },
  { in: "shared/runtime/", may: ["node:", "ulid", "zod", "ipaddr.js"] },
  // zod: what comes back from a queue or a bucket is outside data as well.
  {
    in: "shared/store/",
    may: ["shared/domain/", "shared/site/", "shared/runtime/", "@aws-sdk", "node:crypto", "zod"],
  },
  { in: "functions/api/", may: ["shared/", "node:", "hono", "zod", "@aws-sdk", "diff"] },
  { in: "functions/images/", may: ["shared/", "node:", "zod", "@aws-sdk", "sharp"] },
  { in: "functions/", may: ["shared/", "node:", "hono", "zod", "@aws-sdk"] },
  {
    in: "infra/local/",
    may: [
      "infra/topology.ts",
      "infra/policies.ts",
      "functions/",
      "shared/",
      "node:",
      "@aws-sdk",
      "hono",
      "saxes",
      "zod",
    ],
  },
  { in: "infra/build/", may: ["functions/", "shared/", "node:", "esbuild", "zod"] },
  {
    in: "infra/deploy/",
    may: ["infra/settings.ts", "infra/topology.ts", "infra/build/", "shared/", "node:", "@aws-sdk", "zod"],
  },
  { in: "infra/keys/", may: ["infra/settings.ts", "infra/deploy/", "shared/", "node:", "@aws-sdk"] },
  { in: "infra/", may: ["infra/", "shared/", "node:", "aws-cdk-lib", "constructs", "cdk-nag", "zod"] },
];

/** A function is a house of its own; elsewhere a folder may use itself. */
const homeOf = (file: string, folder: string): string =>
  folder === "functions/" ? file.split("/").slice(0, 2).join("/") + "/" : folder;

const allows = (name: string, to: string): boolean =>
  name.endsWith("/") || name.endsWith(":") ? to.startsWith(name) : to === name || to.startsWith(`${name}/`);

/** What breaks a rule, said for people. */
const breaches = (imports: Import[]): string[] =>
  imports.flatMap(({ from, to }) => {
    const rule = RULES.find((one) => from.startsWith(one.in));
    if (!rule) return [`${from}: no rule says what it may import`];
    const may = [homeOf(from, rule.in), ...rule.may];
    return may.some((name) => allows(name, to)) ? [] : [`${from} imports ${to}; it may import ${may.join(", ")}`];
  });

const sources = async (): Promise<string[]> =>
  (
    await Promise.all(
      ROOTS.map(async (root) => (await readdir(root, { recursive: true })).map((path) => `${root}/${path}`)),
    )
  )
    .flat()
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts"))
    .sort();

/** Every import that is left when types are gone, of every source. */
const importsOf = async (files: string[]): Promise<Import[]> => {
  const { metafile } = await build({
    ...source,
    entryPoints: files,
    outdir: "dist/layout",
    write: false,
    packages: "external",
  });
  return Object.entries(metafile.inputs).flatMap(([from, { imports }]) =>
    imports.map(({ path: to }) => ({ from, to })),
  );
};

describe("imports", () => {
  let imports: Import[] = [];
  beforeAll(async () => {
    imports = await importsOf(await sources());
  });

  test("go only where the architecture lets them", () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(breaches(imports)).toEqual([]);
  });

  test("of what is deployed are packages that are deployed", async () => {
    const { dependencies } = JSON.parse(await readFile("package.json", "utf8"));
    const packages = imports
      .filter(
        ({ from, to }) => !from.startsWith("infra/") && !to.startsWith("node:") && !/^(?:shared|functions)\//.test(to),
      )
      .map(({ from, to }) => ({ from, name: /^(?:@[^/]+\/)?[^/]+/.exec(to)?.[0] ?? to }));
    expect(packages.filter(({ name }) => !(name in dependencies))).toEqual([]);
  });

  test.each([
    ["shared/domain/slug.ts", "node:fs"],
    ["shared/domain/slug.ts", "shared/site/paths.ts"],
    ["shared/intake/json.ts", "zodiac"],
    ["shared/pages/lists.tsx", "shared/store/live.ts"],
    ["shared/pages/lists.tsx", "hono"],
    ["shared/site/paths.ts", "shared/pages/view.ts"],
    ["shared/runtime/ids.ts", "shared/domain/time.ts"],
    ["shared/store/commit.ts", "node:fs"],
    ["functions/api/app.ts", "functions/render/put.ts"],
    ["functions/api/app.ts", "infra/topology.ts"],
    ["functions/api/app.ts", "aws-cdk-lib"],
    ["functions/api/app.ts", "test/fixtures/stories.ts"],
    ["infra/local/main.ts", "test/house.ts"],
    ["shared/new/thing.ts", "zod"],
  ])("this test would see %s import %s", (from, to) => {
    expect(breaches([{ from, to }])).toHaveLength(1);
  });
});

const IMPURE =
  /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b|(?<![\w$.])(?:fetch|process|setTimeout)\b/g;
const ENVIRONMENT = /\bprocess\.env\b/g;
const PURE = /^shared\/(?:domain|intake|notify|senders|site|pages)\//;
const MAY_READ_ENVIRONMENT = /^(?:shared\/runtime\/env\.ts|infra\/)/;

/** What a source reaches for that its place does not have; comments aside, and what stands in quotes. */
const reaches = async (file: string, text: string): Promise<string[]> => {
  const { code } = await transform(text, {
    loader: file.endsWith("x") ? "tsx" : "ts",
    jsx: "preserve",
    legalComments: "none",
  });
  const bare = code.replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
  const found = [
    ...(PURE.test(file) ? bare.matchAll(IMPURE) : []),
    ...(MAY_READ_ENVIRONMENT.test(file) ? [] : bare.matchAll(ENVIRONMENT)),
  ];
  return found.map((match) => `${file} uses ${match[0]}`);
};

describe("time, chance, the network and the environment", () => {
  test("come in from outside where the code is pure", async () => {
    const files = await sources();
    const found = await Promise.all(files.map(async (file) => reaches(file, await readFile(file, "utf8"))));
    expect(found.flat()).toEqual([]);
  });

  test.each(["Date.now()", "new Date()", "Math.random()", "fetch(url)", "process.env.HOME", "process.exit()"])(
    "this test would see %s",
    async (code) => {
      expect(await reaches("shared/domain/slug.ts", `// Math.random\nexport const x = ${code};`)).not.toEqual([]);
      expect(await reaches("shared/pages/cache.ts", `/* ${code} */ export const x = "${code}";`)).toEqual([]);
    },
  );
});

test("the top of the repository holds what the architecture names, and what tools need", async () => {
  const named = ["README.md", "CHANGELOG.md", "LICENSE", "cdk.json", "functions", "infra", "shared", "test"];
  const tools = ["package.json", "package-lock.json", "tsconfig.json", "vitest.config.ts"];
  const ignored = /^(?:node_modules|dist|cdk\.out)$|\.log$|^\./;
  const others = (await readdir(".")).filter((name) => ![...named, ...tools].includes(name) && !ignored.test(name));
  expect(others).toEqual([]);
});
