import { readdir, readFile, rm } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type BuildOptions, type Metafile } from "esbuild";
import { assets } from "./assets.ts";
import { addSharp, openToAll } from "./machine-code.ts";
import { staticallyLoaded } from "./metafile.ts";

/** A file of a bundle: its name in the function's folder, its size in bytes, whether a cold start reads it. */
export type BundleFile = { name: string; bytes: number; eager: boolean };

/**
 * One function as it is deployed: `folder`. Sizes in bytes; `gzip` is that of all files, each by itself, about what a zip weighs.
 * Neither files nor sizes count sharp, which lies beside the bundle as it came.
 */
export type Bundle = {
  folder: string;
  files: BundleFile[];
  eager: number;
  lazy: number;
  gzip: number;
  metafile: Metafile;
};

/** How TypeScript and TSX of this repository become JavaScript, here and in the layout's test. */
export const source = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  jsx: "automatic",
  jsxImportSource: "hono/jsx",
  charset: "utf8",
  metafile: true,
  logLevel: "silent",
  plugins: [assets],
} as const satisfies BuildOptions;

/**
 * What makes a cold start short; measured on render (ms to import, bytes read): as here 127 ms, 567 KB; in one file
 * 185 ms, 897 KB; with the packages' CommonJS 225 ms, 871 KB; without minifying 160 ms, 833 KB.
 * - `mainFields`: the SDK's ES modules can be shaken, its CommonJS cannot, and needs a `require` that ESM does not have.
 * - `splitting`: what is imported dynamically (CloudFront's client, the SDK's profiles and SSO) is read only when used.
 * - No source map: Lambda would ship it and never read it, for a log line holds an error's name and no stack.
 */
const small = {
  mainFields: ["module", "main"],
  splitting: true,
  minify: true,
  legalComments: "none",
  outExtension: { ".js": ".mjs" },
  chunkNames: "[name]-[hash]",
} as const satisfies BuildOptions;

/**
 * `yaml` gives Node its CommonJS, which requires `process`; its ES modules stand under another name. JSZip and xmlbuilder are
 * half of what mammoth would bring: it gets archives opened (JSZip inflates without limit) and writes none, so they are
 * deployed as something that is there anyway.
 */
const alias = { yaml: "./node_modules/yaml/browser/dist/index.js", jszip: "node:zlib", xmlbuilder: "node:zlib" };

/** The `require` with which CommonJS (mammoth) reaches Node's modules; an ES module has none. */
const banner = {
  js: 'import{createRequire as $createRequire}from"node:module";const require=$createRequire(import.meta.url);',
};

/** What lies beside the bundle as it is: sharp brings machine code, for the machine that the function runs on. */
const SHARP = "sharp";

/** The names of all functions that are bundled: the folders of functions/ with an index.ts, in order. */
export const functionNames = async (root = process.cwd()): Promise<string[]> => {
  const all = await readdir(join(root, "functions"), { recursive: true });
  return all.flatMap((path) => /^([^/]+)\/index\.ts$/.exec(path)?.[1] ?? []).sort();
};

/**
 * Bundles every function of the repository at `root` to `outDir/<name>/`, replacing what is there: index.mjs, which
 * exports `handler`, and the chunks it loads; beside them node_modules/ with sharp for Lambda's arm64, where it is used. Equal
 * sources give equal bytes, and modes. Throws esbuild's BuildFailure naming every error in a source, or an Error that says how to
 * install sharp.
 */
export const buildFunctions = async ({
  outDir,
  root = process.cwd(),
}: {
  outDir: string;
  root?: string;
}): Promise<Record<string, Bundle>> => {
  const names = await functionNames(root);
  const bundles = await Promise.all(names.map((name) => buildFunction(name, resolve(outDir, name), root)));
  return Object.fromEntries(bundles.map((bundle, n) => [names[n] ?? "", bundle]));
};

const buildFunction = async (name: string, folder: string, root: string): Promise<Bundle> => {
  await rm(folder, { recursive: true, force: true });
  const entry = `functions/${name}/index.ts`;
  const { metafile } = await build({
    ...source,
    ...small,
    alias,
    banner,
    external: [SHARP],
    absWorkingDir: root,
    entryPoints: { index: entry },
    outdir: folder,
  });
  const outputs = Object.values(metafile.outputs);
  if (outputs.some(({ imports }) => imports.some(({ path }) => path === SHARP))) await addSharp(folder, root);
  await openToAll(folder);
  const eager = staticallyLoaded(metafile, entry);
  const files = Object.entries(metafile.outputs).map(([path, { bytes }]): BundleFile => ({
    name: basename(path),
    bytes,
    eager: eager.has(path),
  }));
  const zipped = await Promise.all(files.map(async (file) => gzipSync(await readFile(join(folder, file.name))).length));
  return {
    folder,
    files,
    eager: sum(files.filter((file) => file.eager).map((file) => file.bytes)),
    lazy: sum(files.filter((file) => !file.eager).map((file) => file.bytes)),
    gzip: sum(zipped),
    metafile,
  };
};

const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);
