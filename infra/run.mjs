#!/usr/bin/env node
// Runs a TypeScript (or TSX) entry: node infra/run.mjs ENTRY.ts [arguments...]
// Bundled first, because TSX and style sheets need a transform that Node does not have; packages stay where they are.
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const fail = (message) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

if (Number(process.versions.node.split(".")[0]) < 24)
  fail(
    `Broadsheet needs Node 24, and this is ${process.versions.node}: start it through npm (npm start, npm test), whose scripts find the Node 24 that \`npm ci\` brings; its install script must be allowed to run.`,
  );

const [entry, ...args] = process.argv.slice(2);
if (!entry) fail("Usage: node infra/run.mjs ENTRY.ts [arguments...]");

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = resolve(entry);
const inside = relative(root, source);
if (inside.startsWith("..")) fail(`${entry} is not a file of this repository.`);
const target = join(root, "dist", "run", `${inside}.mjs`);

/** Bundles the entry to `target`; what is wrong with the source has been printed when it rejects. */
const bundle = async () => {
  const [esbuild, { assets }] = await Promise.all([import("esbuild"), import("./build/assets.ts")]);
  try {
    const { outputFiles } = await esbuild.build({
      absWorkingDir: root,
      entryPoints: [source],
      outfile: target,
      write: false,
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      target: "node24",
      jsx: "automatic",
      jsxImportSource: "hono/jsx",
      charset: "utf8",
      sourcemap: "inline",
      sourcesContent: false,
      logLevel: "warning",
      plugins: [assets],
    });
    // Two may start at once, and neither may read the other's half-written file.
    const mine = `${target}.${process.pid}`;
    await mkdir(dirname(target), { recursive: true });
    await writeFile(mine, outputFiles[0].contents);
    await rename(mine, target);
  } finally {
    await esbuild.stop();
  }
};

await bundle().catch((error) => fail(error.errors ? `${inside} was not run.` : error.stack));
process.setSourceMapsEnabled(true);
process.argv = [process.argv[0], source, ...args];
await import(pathToFileURL(target).href);
