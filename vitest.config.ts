import { defineConfig } from "vitest/config";
import { assetModule } from "./infra/build/assets.ts";

export default defineConfig({
  plugins: [
    {
      name: "assets",
      enforce: "pre",
      load: async (id) => {
        const code = await assetModule(id);
        return code === undefined ? null : { code, moduleType: "js" };
      },
    },
  ],
  test: {
    include: ["test/{unit,integration,infra,simulation}/**/*.test.{ts,tsx}"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
