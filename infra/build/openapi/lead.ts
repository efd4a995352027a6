import { MOST_PINS } from "../../../shared/domain/lead.ts";
import * as examples from "./examples.ts";
import { versioned } from "./article.ts";
import { answer, json, operation, type PathItem, type Paths } from "./operation.ts";
import { type Parameter, parameterOf } from "./parameters.ts";

const TAG = "site";
const example = {
  items: [
    { article: examples.summary.id, until: "2024-10-06T06:00:00+07:00" },
    { article: "01J9DW5R0C8T3M7K2N4P6Q8S0V" },
  ],
};

const IF_MATCH: Parameter = {
  name: "If-Match",
  in: "header",
  description: "The ETag of the order that you saw, or `*`. Stale: 412. Without it, the last word holds.",
  schema: { type: "string" },
  example: '"p3"',
};

/** The pinned order of one front. */
const order = (of: { name: string; what: string; stories: string }, inPath: { $ref: string }[] = []): PathItem => ({
  ...(inPath.length ? { parameters: inPath } : {}),
  get: operation({
    id: `get${of.name}Lead`,
    tag: TAG,
    role: "editor",
    summary: `Read the pinned order of ${of.what}`,
    parameters: [parameterOf("IfNoneMatch")],
    done: {
      200: answer("The order", json("Lead", example), versioned),
      304: answer("Not changed", undefined, versioned),
    },
    refused: inPath.length ? [404, 422] : [422],
  }),
  put: operation({
    id: `put${of.name}Lead`,
    tag: TAG,
    role: "editor",
    summary: `Replace the pinned order of ${of.what}`,
    description:
      `At most ${MOST_PINS} ${of.stories}. They stand before the newest, each from when it is published; one leaves at its \`until\`, ` +
      "when it is withdrawn, or when it leaves the section. Feeds stay newest first. With `If-Match` only over the order that you saw.",
    parameters: [parameterOf("DryRun"), IF_MATCH],
    body: json("LeadInput", example),
    done: { 200: answer("The order as it is now", json("Lead", example), versioned) },
    refused: [400, 412, 413, 415, 422, ...(inPath.length ? [404 as const] : [])],
  }),
});

/** The paths of /site/lead and /sections/{slug}/lead. */
export const lead = (): Paths => ({
  "/site/lead": order({ name: "Site", what: "the front", stories: "stories" }),
  "/sections/{slug}/lead": order({ name: "Section", what: "a section's front", stories: "stories of the section" }, [
    parameterOf("Slug"),
  ]),
});
