import { MOST_PINS } from "../../../shared/domain/lead.ts";
import * as examples from "./examples.ts";
import { answer, json, operation, type PathItem, type Paths } from "./operation.ts";
import { parameterOf } from "./parameters.ts";

const TAG = "site";
const example = {
  items: [
    { article: examples.summary.id, until: "2024-10-06T06:00:00+07:00" },
    { article: "01J9DW5R0C8T3M7K2N4P6Q8S0V" },
  ],
};

/** The pinned order of one front. */
const order = (of: { name: string; what: string; stories: string }, inPath: { $ref: string }[] = []): PathItem => ({
  ...(inPath.length ? { parameters: inPath } : {}),
  get: operation({
    id: `get${of.name}Lead`,
    tag: TAG,
    role: "editor",
    summary: `Read the pinned order of ${of.what}`,
    done: { 200: answer("The order", json("Lead", example)) },
    refused: inPath.length ? [404, 422] : [422],
  }),
  put: operation({
    id: `put${of.name}Lead`,
    tag: TAG,
    role: "editor",
    summary: `Replace the pinned order of ${of.what}`,
    description:
      `At most ${MOST_PINS} ${of.stories}. They stand before the newest, each from when it is published; one leaves at its \`until\`, ` +
      "when it is withdrawn, or when it leaves the section. Feeds stay newest first.",
    parameters: [parameterOf("DryRun")],
    body: json("LeadInput", example),
    done: { 200: answer("The order as it is now", json("Lead", example)) },
    refused: [400, 413, 415, 422, ...(inPath.length ? [404 as const] : [])],
  }),
});

/** The paths of /site/lead and /sections/{slug}/lead. */
export const lead = (): Paths => ({
  "/site/lead": order({ name: "Site", what: "the front", stories: "stories" }),
  "/sections/{slug}/lead": order({ name: "Section", what: "a section's front", stories: "stories of the section" }, [
    parameterOf("Slug"),
  ]),
});
