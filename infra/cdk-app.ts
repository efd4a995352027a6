import { App, CloudFormationValidatePlugin, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { givenSettings, readSettings } from "./settings.ts";
import { Newsroom } from "./stacks/newsroom.ts";

/** What synthesis is given: the folder of the bundles, the digest of what pages are made of, and where to write. */
export type Ingredients = {
  artefacts: string;
  pagesDigest: string;
  /** CDK context; the command line's comes besides, by itself. */
  context?: Record<string, unknown>;
  outdir?: string;
};

/**
 * The CDK app: one newsroom of the stage that its context names, held against cdk-nag's AwsSolutions and CDK's own rules when it is
 * synthesized. Throws SettingsFault naming all that is wrong with the context. Equal sources and context give equal
 * templates: nothing is looked up, and nothing is asked of the clock.
 */
export const cdkApp = ({ artefacts, pagesDigest, context, outdir }: Ingredients): App => {
  const app = new App({ analyticsReporting: false, ...(context ? { context } : {}), ...(outdir ? { outdir } : {}) });
  const valueOf = (name: string): unknown => app.node.tryGetContext(name);
  const settings = readSettings(valueOf);
  new Newsroom(app, {
    settings,
    given: givenSettings(valueOf),
    artefacts,
    pagesDigest,
    env: { region: settings.region },
    description: `Broadsheet, stage ${settings.stage}: a newsroom's publishing backend`,
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new CloudFormationValidatePlugin());
  return app;
};
