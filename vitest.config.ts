import { defineConfig } from "vitest/config";
import { assetModule } from "./infra/build/assets.ts";

/** The ids of our style sheets must not end in .css, for Vitest empties such modules; \0 marks an id that is no file's. */
const STYLE = { begin: "\0", end: "-css-as-text.js" };

export default defineConfig({
  plugins: [
    {
      name: "assets",
      enforce: "pre",
      async resolveId(source, importer) {
        if (!source.endsWith(".css")) return null;
        const found = await this.resolve(source, importer, { skipSelf: true });
        return found ? `${STYLE.begin}${found.id.replace(/\.css$/, STYLE.end)}` : null;
      },
      load: async (id) => {
        const code = await assetModule(id.endsWith(STYLE.end) ? id.slice(1).replace(STYLE.end, ".css") : id);
        return code === undefined ? null : { code, moduleType: "js" };
      },
    },
  ],
  test: {
    include: ["test/{unit,integration,infra,simulation,browser}/**/*.test.{ts,tsx}"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
