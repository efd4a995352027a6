#!/usr/bin/env node
// Installs the packages that npm cannot put beside the others, each set to node_modules/.apart/<name>/, from its own lock:
// node infra/apart/install.mjs (npm does it after every install).
//   sharp-arm64     sharp for the machine that Lambda runs on: npm leaves out what is for another processor.
//   runtime-client  AWS's runtime client, for tests. Its scripts would compile C++, so none are run, and the compiler's
//                   driver, node-gyp with its hundred packages, is replaced by a package that is there anyway.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));

/** `holds` are files without which a set is of no use: npm leaves out optional packages without a word. */
const SETS = [
  {
    name: "sharp-arm64",
    flags: ["--cpu=arm64", "--os=linux", "--libc=glibc"],
    holds: ["sharp", "@img/sharp-linux-arm64", "@img/sharp-libvips-linux-arm64"],
  },
  { name: "runtime-client", flags: [], holds: ["aws-lambda-ric"] },
];

const FILES = ["package.json", "package-lock.json"];
const MOST_MS = 300_000;
/** Said aloud whatever a user's own settings are; and nobody waits a minute for a network that is not there. */
const ALWAYS =
  "--ignore-scripts --omit=dev --include=optional --package-lock --no-audit --no-fund --fetch-retry-maxtimeout=10000";

const isThere = (path) =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * The environment for an npm inside npm: the outer one hands its own settings down (what to omit, for which machine, where to
 * install), and they are none of ours. Those that say how to reach the registry are kept.
 */
const HANDED_DOWN = /^npm_(?:config|package|lifecycle)_/i;
const NETWORK =
  /^npm_config_(?:registry|(?:user|global)config|cache|cafile|ca|cert|key|strict_ssl|(?:https?_|no)?proxy|prefer_o\w+|offline|fetch_\w+|\W.*)$/i;
const environment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !HANDED_DOWN.test(name) || NETWORK.test(name)));

/** Runs the npm that called us, else the one on PATH. */
const npm = (args, cwd) => {
  const caller = process.env.npm_execpath ?? "";
  const [command, first] = caller.endsWith("npm-cli.js") ? [process.execPath, [caller]] : ["npm", []];
  const shell = command === "npm" && process.platform === "win32";
  return promisify(execFile)(command, [...first, ...args], { cwd, env: environment(), shell, timeout: MOST_MS });
};

const install = async ({ name, flags, holds }) => {
  const source = join(here, name);
  const target = join(root, "node_modules", ".apart", name);
  const stamp = join(target, "installed");
  const hash = createHash("sha256").update(flags.join(" "));
  for (const file of FILES) hash.update(await readFile(join(source, file)));
  const wanted = hash.digest("hex");
  if ((await readFile(stamp, "utf8").catch(() => "")) === wanted) return;

  await rm(stamp, { force: true });
  await mkdir(target, { recursive: true });
  for (const file of FILES) await copyFile(join(source, file), join(target, file));
  await copyFile(join(root, ".npmrc"), join(target, ".npmrc"));
  await npm(["ci", ...ALWAYS.split(" "), ...flags], target);
  for (const one of holds)
    if (!(await isThere(join(target, "node_modules", one, "package.json")))) throw new Error(`${one} did not come`);
  await writeFile(stamp, wanted);
};

/** What npm says is wrong, in one line, else the error's first. */
const reasonOf = ({ stderr = "", message }) => {
  const said = [...stderr.matchAll(/^npm (?:error|ERR!) (?!syscall |errno |A complete log)(\S.*)$/gm)].map(
    ([, line]) => line,
  );
  return said.slice(0, 2).join(", ") || message.split("\n")[0];
};

const outcomes = await Promise.allSettled(SETS.map(install));
const missing = outcomes.flatMap(({ reason }, n) => (reason ? [`${SETS[n].name} (${reasonOf(reason)})`] : []));
if (missing.length) {
  console.error(
    `Not installed: ${missing.join(", ")}. The local house runs without; builds for AWS and their tests do not. Try again with: node infra/apart/install.mjs`,
  );
  // What npm installs is whole without them; whoever asks for them by hand wants to know.
  if (process.env.npm_lifecycle_event !== "postinstall") process.exitCode = 1;
}
