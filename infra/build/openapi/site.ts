import * as examples from "./examples.ts";
import { answer, json, operation, type Paths } from "./operation.ts";
import { paging, parameterOf } from "./parameters.ts";
import type { ProblemStatus } from "./problems.ts";

const TAG = "site";
const reading = [400, 413, 415, 422] as const;
const dryRun = [parameterOf("DryRun")];

/** Sections and authors: a list of things under their slugs. */
const filed = (ask: {
  path: string;
  one: "Section" | "Author";
  example: { slug: string };
  keepsAway: ProblemStatus[];
  description?: string;
}): Paths => {
  const { path, one, example } = ask;
  const { slug: _, ...input } = example;
  const what = one.toLowerCase();
  return {
    [path]: {
      get: operation({
        id: `list${one}s`,
        tag: TAG,
        role: "reporter",
        summary: `List the ${what}s`,
        parameters: paging,
        done: { 200: answer(`The ${what}s`, json(`${one}List`, { items: [example] }), { Link: "Next" }) },
        refused: [422],
      }),
    },
    [`${path}/{slug}`]: {
      parameters: [parameterOf("Slug")],
      get: operation({
        id: `get${one}`,
        tag: TAG,
        role: "reporter",
        summary: `Read a ${what}`.replace("a a", "an a"),
        done: { 200: answer(`The ${what}`, json(one, example)) },
        refused: [404],
      }),
      put: operation({
        id: `put${one}`,
        tag: TAG,
        role: "admin",
        summary: `Make or change a ${what}`.replace("a a", "an a"),
        parameters: dryRun,
        body: json(`${one}Input`, input),
        done: { 200: answer("Changed", json(one, example)), 201: answer("Made", json(one)) },
        refused: [...reading],
      }),
      delete: operation({
        id: `delete${one}`,
        tag: TAG,
        role: "admin",
        summary: `Remove a ${what}`.replace("a a", "an a"),
        ...(ask.description === undefined ? {} : { description: ask.description }),
        parameters: dryRun,
        done: { 200: answer("With dryRun: what would be left", json(`${one}List`)), 204: answer("Removed") },
        refused: [404, ...ask.keepsAway],
      }),
    },
  };
};

/** The paths of /site, /sections and /authors. */
export const site = (): Paths => ({
  "/site": {
    get: operation({
      id: "getSite",
      tag: TAG,
      role: "reporter",
      summary: "Read the settings",
      done: {
        200: answer(
          "The settings, sections and authors",
          json("Site", { ...examples.site, sections: [examples.section], authors: [examples.author] }),
        ),
      },
    }),
    put: operation({
      id: "putSite",
      tag: TAG,
      role: "admin",
      summary: "Replace the settings",
      description:
        "The time zone is frozen at the first publication (409). With `webSub` feeds name the hub, and it is told of their changes; " +
        "with `indexNow` search engines are told of changed and withdrawn pages. Each is off when absent.",
      parameters: dryRun,
      body: json("SiteInput", examples.site),
      done: { 200: answer("The settings as they are now", json("Site")) },
      refused: [...reading, 409],
    }),
  },
  ...filed({
    path: "/sections",
    one: "Section",
    example: examples.section,
    keepsAway: [409],
    description: "409 while it has stories.",
  }),
  ...filed({ path: "/authors", one: "Author", example: examples.author, keepsAway: [] }),
});
