// The CDK app that cdk.json names: bundles the functions, then writes the assembly (npm run synth, npm run deploy).
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { buildFunctions } from "./build/functions.ts";
import { pagesDigest } from "./build/pages-digest.ts";
import { cdkApp } from "./cdk-app.ts";
import { SettingsFault } from "./settings.ts";

await mkdir("dist", { recursive: true });
// A folder of its own: two may synthesize at once. What is in it is copied into the assembly.
const artefacts = await mkdtemp("dist/synth-");
try {
  const [digest] = await Promise.all([pagesDigest(), buildFunctions({ outDir: artefacts })]);
  cdkApp({ artefacts, pagesDigest: digest }).synth();
} catch (error) {
  if (!(error instanceof SettingsFault)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await rm(artefacts, { recursive: true, force: true });
}
