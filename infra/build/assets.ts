import { readFile } from "node:fs/promises";
import { type Plugin, transform } from "esbuild";

/**
 * What `import css from "./style.css"` and `import face from "./face.woff2"` mean, to esbuild and to vitest alike:
 * the style sheet minified, as a string; the font as a base64 string. Anything else is none of ours: undefined.
 */
export const assetModule = async (path: string): Promise<string | undefined> => {
  if (path.endsWith(".css")) {
    const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
    return `export default ${JSON.stringify(code.trim())};`;
  }
  if (path.endsWith(".woff2")) return `export default ${JSON.stringify(await readFile(path, "base64"))};`;
  return undefined;
};

/** The esbuild plugin for {@link assetModule}. */
export const assets: Plugin = {
  name: "assets",
  setup: (build) =>
    build.onLoad({ filter: /\.(?:css|woff2)$/ }, async ({ path }) => ({
      contents: (await assetModule(path)) ?? "",
      loader: "js",
    })),
};
