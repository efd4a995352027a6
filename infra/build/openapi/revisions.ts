import { article, changed, reading } from "./article.ts";
import { answer, json, operation, type Paths } from "./operation.ts";
import { paging, parameterOf } from "./parameters.ts";

const TAG = "revisions";
const item = { revision: 2, at: "2024-10-05T01:31:04.118Z", by: "Lan", published: true };
const diff = {
  revision: 2,
  against: 1,
  kicker: [],
  headline: [
    { op: "same", text: "Phố đi bộ ven sông " },
    { op: "added", text: "đã " },
    { op: "same", text: "mở cửa" },
  ],
  standfirst: [],
  body: [],
};

/** The paths of an article's revisions. They are kept for ever. */
export const revisions = (): Paths => ({
  "/articles/{id}/revisions": {
    parameters: [parameterOf("Id")],
    get: operation({
      id: "listRevisions",
      tag: TAG,
      role: "reporter",
      summary: "List the revisions of an article",
      description: "Newest first; of others' published stories that one alone that readers see now.",
      parameters: paging,
      done: { 200: answer("A page of them", json("RevisionList", { items: [item] }), { Link: "Next" }) },
      refused: [400, 404, 422],
    }),
  },
  "/articles/{id}/revisions/{n}": {
    parameters: [parameterOf("Id"), parameterOf("Revision")],
    get: operation({
      id: "getRevision",
      tag: TAG,
      role: "reporter",
      summary: "Read a revision, or what it changed",
      parameters: [
        {
          name: "diff",
          in: "query",
          description: "Another revision: this one's differences from it, by words.",
          schema: { type: "integer", minimum: 1 },
        },
      ],
      done: { 200: answer("The content as it was; with `diff` the differences", json("OldArticleOrDiff", diff)) },
      refused: [400, 404, 422],
    }),
  },
  "/articles/{id}/restore": {
    parameters: [parameterOf("Id")],
    post: operation({
      id: "restoreRevision",
      tag: TAG,
      role: "reporter",
      summary: "Make an old content the newest revision",
      description: "A section or picture that is no more is a fault. Readers see it when it is published.",
      parameters: [parameterOf("DryRun"), parameterOf("IfMatch"), parameterOf("IdempotencyKey"), parameterOf("Prefer")],
      body: json("RestoreInput", { revision: 1 }),
      done: { 200: answer("The article as it is now", article, changed) },
      refused: [...reading, 403, 404, 409, 412, 428],
    }),
  },
});
