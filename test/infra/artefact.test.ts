import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { FileSystem } from "aws-cdk-lib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bundle, buildFunctions } from "../../infra/build/functions.ts";
import { packageOf } from "../../infra/build/metafile.ts";
import { functions } from "../../infra/topology.ts";

let dir = "";
let bundles: Record<string, Bundle> = {};
beforeAll(async () => {
  await mkdir("dist", { recursive: true });
  dir = await mkdtemp(resolve("dist", "artefact-"));
  bundles = await buildFunctions({ outDir: join(dir, "one") });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const folderOf = (name: string): string => bundles[name]?.folder ?? "";

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

const AARCH64 = 183;
const X86_64 = 62;
/** The processor that a file holds code for, by the number in its ELF header; undefined when it holds none. https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
const machineOf = (bytes: Buffer): number | undefined => {
  if (bytes.toString("latin1", 0, 4) !== "\x7fELF") return undefined;
  const [ELF64, LITTLE] = [2, 1];
  expect([bytes[4], bytes[5]]).toEqual([ELF64, LITTLE]);
  return bytes.readUInt16LE(18);
};

/** The files of a function that hold machine code, and for which machine. */
const codeIn = async (folder: string): Promise<[string, number][]> => {
  const found = await Promise.all(
    (await filesIn(folder)).map(async (path) => [path, machineOf(await readFile(join(folder, path)))] as const),
  );
  return found.flatMap(([path, machine]) => (machine === undefined ? [] : [[path, machine]]));
};

const sizeOf = async (folder: string): Promise<number> => {
  const sizes = await Promise.all((await filesIn(folder)).map(async (path) => (await stat(join(folder, path))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
};

type Manifest = {
  version: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};
const manifest = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8"));

describe("the picture function's folder", () => {
  const NODE = "node_modules/@img/sharp-linux-arm64/lib/";
  const LIBVIPS = "node_modules/@img/sharp-libvips-linux-arm64/lib/";

  test("holds sharp's and libvips' code for Lambda's arm64, and none for another machine", async () => {
    const code = await codeIn(folderOf("images"));
    expect(code).toEqual([
      [expect.stringMatching(RegExp(`^${LIBVIPS}libvips-cpp\\.so\\.[\\d.]+$`)), AARCH64],
      [expect.stringMatching(RegExp(`^${NODE}sharp-linux-arm64-[\\d.]+\\.node$`)), AARCH64],
    ]);
  });

  test("holds all that sharp needs, and nothing that is not read", async () => {
    const modules = join(folderOf("images"), "node_modules");
    const files = await filesIn(modules);
    const names = [...new Set(files.map((path) => packageOf(`node_modules/${path}`)))];
    const needed = ["sharp", "@img/sharp-libvips-linux-arm64", "@img/sharp-linux-arm64"];
    for (const name of names) needed.push(...Object.keys((await manifest(join(modules, name))).dependencies ?? {}));
    expect(names.sort()).toEqual([...new Set(needed)].sort());
    expect(files.filter((path) => /\.(?:ts|cts|mts|map|h|cc|gyp)$|README|\/src\//.test(path))).toEqual([]);
  });

  test("fits into Lambda, unzipped as well", async () => {
    // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    for (const name of Object.keys(functions)) expect(await sizeOf(folderOf(name)), name).toBeLessThan(250 * 1024 ** 2);
    expect(await sizeOf(folderOf("images"))).toBeLessThan(25_000_000);
  });

  test("would be seen to hold x64 code", () => {
    const header = Buffer.from("\x7fELF\x02\x01\x01".padEnd(64, "\0"), "latin1");
    header.writeUInt16LE(X86_64, 18);
    expect(machineOf(header)).toBe(X86_64);
    expect(machineOf(Buffer.from("#!/usr/bin/env node"))).toBeUndefined();
  });
});

test("no other function has code for any machine", async () => {
  for (const name of Object.keys(functions).filter((one) => one !== "images"))
    expect(await codeIn(folderOf(name)), name).toEqual([]);
});

test.each(Object.keys(functions))("%s is made of nothing of CDK's", (name) => {
  const inputs = Object.keys(bundles[name]?.metafile.inputs ?? {});
  expect(inputs.length).toBeGreaterThan(50);
  const CDK = /^(?:aws-cdk|constructs$|cdk-nag$|@aws-cdk\/)/;
  expect(inputs.map(packageOf).filter((title) => CDK.test(title))).toEqual([]);
  expect(inputs.filter((path) => path.startsWith("infra/"))).toEqual([]);
});

test("building again gives the same files, modes and asset hashes, whatever the time and whoever builds", async () => {
  // As somebody's own process whose files nobody else may read.
  const build = 'umask 077 && exec "$0" infra/run.mjs infra/build/main.ts --out "$1"';
  await promisify(execFile)("sh", ["-c", build, process.execPath, join(dir, "two")]);
  for (const name of Object.keys(functions)) {
    const [one, two] = [folderOf(name), join(dir, "two", name)];
    expect(await filesIn(two)).toEqual(await filesIn(one));
    for (const path of await filesIn(two)) {
      const [a, b] = await Promise.all([stat(join(one, path)), stat(join(two, path))]);
      expect([a.mode & 0o777, b.mode & 0o777, b.size], path).toEqual([0o644, 0o644, a.size]);
    }
    const hash = FileSystem.fingerprint(one);
    expect(FileSystem.fingerprint(two), name).toBe(hash);
    await utimes(join(two, "index.mjs"), new Date(0), new Date(0));
    await chmod(join(two, "index.mjs"), 0o600);
    expect(FileSystem.fingerprint(two), name).toBe(hash);
  }
});

describe("the packages that are installed apart", () => {
  const lock = async (path: string): Promise<{ packages: Record<string, { version: string; integrity?: string }> }> =>
    JSON.parse(await readFile(path, "utf8"));

  test("hold the sharp that is used here", async () => {
    const [here, apart] = await Promise.all([
      lock("package-lock.json"),
      lock("infra/apart/sharp-arm64/package-lock.json"),
    ]);
    const versionIn = ({ packages }: typeof here, name: string) => packages[`node_modules/${name}`]?.version;
    for (const name of [
      "sharp",
      "@img/colour",
      "detect-libc",
      "@img/sharp-linux-arm64",
      "@img/sharp-libvips-linux-arm64",
    ])
      expect(versionIn(apart, name), name).toBe(versionIn(here, name));
    const { version } = await manifest("node_modules/.apart/sharp-arm64/node_modules/sharp");
    expect(version).toBe(versionIn(here, "sharp"));
  });

  test.each(["sharp-arm64", "runtime-client"])(
    "%s is pinned, by digests and without a registry's address",
    async (name) => {
      const { dependencies = {} } = await manifest(`infra/apart/${name}`);
      for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      const path = `infra/apart/${name}/package-lock.json`;
      const { packages } = await lock(path);
      const entries = Object.entries(packages).filter(([key]) => key !== "");
      expect(entries.length).toBeGreaterThan(2);
      expect(entries.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"))).toEqual([]);
      expect(await readFile(path, "utf8")).not.toMatch(/"resolved"/);
    },
  );

  test("of the runtime client have not been compiled", async () => {
    const files = await filesIn("node_modules/.apart/runtime-client/node_modules/aws-lambda-ric");
    expect(files.filter((path) => /artifacts|\.node$/.test(path))).toEqual([]);
  });
});
