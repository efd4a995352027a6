import * as examples from "./examples.ts";
import { answer, json, operation, type Paths } from "./operation.ts";
import { paging, parameterOf } from "./parameters.ts";

const TAG = "history";
const entry = {
  at: "2024-10-05T01:31:04.118Z",
  by: "Lan",
  key: examples.key.id,
  action: "correct",
  article: examples.summary.id,
  seq: 4,
  revision: 3,
  publishedRevision: 3,
  particulars: { note: "Bản trước viết sai tên phố." },
};
const page = { 200: answer("A page of it", json("History", { items: [entry] }), { Link: "Next" }) };

/** The paths of the record, which is kept for ever. */
export const history = (): Paths => ({
  "/articles/{id}/history": {
    parameters: [parameterOf("Id")],
    get: operation({
      id: "getArticleHistory",
      tag: TAG,
      role: "reporter",
      summary: "Read what was done to an article, and by whom",
      description: "Newest first, links to previews too; for its owner and for editors, whom alone reasons are told.",
      parameters: paging,
      done: page,
      refused: [400, 403, 404, 422],
    }),
  },
  "/history": {
    get: operation({
      id: "getHistory",
      tag: TAG,
      role: "admin",
      summary: "Read what was done in the house, and by whom",
      description: "Newest first: articles, keys and settings; from an index, a moment late.",
      parameters: paging,
      done: page,
      refused: [400, 422],
    }),
  },
});
