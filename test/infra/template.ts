import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { functionNames } from "../../infra/build/functions.ts";
import { cdkApp } from "../../infra/cdk-app.ts";
import { readSettings, stackName } from "../../infra/settings.ts";
import type { Json } from "../house.ts";

const resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
});
const template = z.object({
  Resources: z.record(z.string(), resource),
  Parameters: z.record(z.string(), z.unknown()),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })),
});
export type Resource = { Type: string; Properties: Json; DeletionPolicy?: string; UpdateReplacePolicy?: string };
export type Template = Omit<z.infer<typeof template>, "Resources"> & { Resources: Record<string, Resource> };

const report = z.object({
  pluginReports: z.array(
    z.object({
      pluginName: z.string(),
      violations: z.array(z.object({ ruleName: z.string() })),
      suppressedViolations: z.array(z.object({ ruleName: z.string() })).default([]),
    }),
  ),
});

/** The flags that cdk.json freezes: with others the same code makes another template. */
const flags = (): Record<string, unknown> => JSON.parse(readFileSync("cdk.json", "utf8")).context;

/** Stand-ins for the bundles: what is in them is not the template's concern. */
const artefacts = async (dir: string): Promise<string> => {
  for (const name of await functionNames()) {
    mkdirSync(join(dir, "functions", name), { recursive: true });
    writeFileSync(join(dir, "functions", name, "index.mjs"), `export const handler = "${name}";\n`);
  }
  return join(dir, "functions");
};

/** A stage's template as synthesis writes it, and what the validators said. */
export const synthesize = async (
  context: Record<string, unknown> = {},
): Promise<{ template: Template; report: z.infer<typeof report> }> => {
  const dir = mkdtempSync(join(tmpdir(), "broadsheet-synth-"));
  try {
    const outdir = join(dir, "out");
    cdkApp({
      artefacts: await artefacts(dir),
      pagesDigest: "0123456789abcdef",
      context: { ...flags(), ...context },
      outdir,
    }).synth();
    const read = (file: string): unknown => JSON.parse(readFileSync(join(outdir, file), "utf8"));
    const { stage } = readSettings((name) => context[name]);
    return {
      template: template.parse(read(`${stackName(stage)}.template.json`)),
      report: report.parse(read("validation-report.json")),
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

/** The same texts in order, whatever they are typed as. */
export const inOrder = (values: Iterable<Json>): string[] => [...values].map(String).sort();

/** The resources of a type, with their logical ids. */
export const ofType = ({ Resources }: Template, type: string): (Resource & { id: string })[] =>
  Object.entries(Resources).flatMap(([id, one]) => (one.Type === type ? [{ id, ...one }] : []));
