import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { source } from "./functions.ts";

const FOLDER = "shared/pages";

/**
 * What pages are made of, as one number: the first 16 hex digits of the SHA-256 over all of shared/pages and what it imports
 * (templates, styles, fonts, hono/jsx), bundled and minified in memory. Of the repository at `root`, wherever that is: a
 * comment, a type or a line break changes nothing; a template, a style sheet, a font or another version of hono does.
 * A new esbuild may write the same sources otherwise, which raises the epoch once and does no harm. Throws esbuild's
 * BuildFailure when a source cannot be built.
 */
export const pagesDigest = async (root = process.cwd()): Promise<string> => {
  const names = (await readdir(join(root, FOLDER))).filter((name) => /(?<!\.d)\.tsx?$/.test(name)).sort();
  const { outputFiles } = await build({
    ...source,
    metafile: false,
    mainFields: ["module", "main"],
    minify: true,
    legalComments: "none",
    write: false,
    stdin: {
      contents: names.map((name, n) => `export * as _${n} from "./${FOLDER}/${name}";`).join("\n"),
      resolveDir: root,
    },
  });
  const hash = createHash("sha256");
  for (const { contents } of outputFiles) hash.update(contents);
  return hash.digest("hex").slice(0, 16);
};
