import { answer, json, operation, type Paths } from "./operation.ts";
import { paging, parameterOf } from "./parameters.ts";

const TAG = "webhooks in";

const example = { kind: "ghost", publish: "review", section: "thoi-su", secrets: ["a-secret-of-16-or-more"] };
const shown = {
  name: "toa-soan-ghost",
  kind: "ghost",
  publish: "review",
  section: "thoi-su",
  secrets: [{ id: "4fK9sQ2m", since: "2024-10-01T02:00:00.000Z" }],
  createdAt: "2024-10-01T02:00:00.000Z",
  updatedAt: "2024-10-01T02:00:00.000Z",
};

/** The paths of /sources. */
export const sources = (): Paths => ({
  "/sources": {
    get: operation({
      id: "listSources",
      tag: TAG,
      role: "admin",
      summary: "List the sources of webhooks",
      parameters: paging,
      done: { 200: answer("Sources without their secrets", json("SourceList", { items: [shown] }), { Link: "Next" }) },
      refused: [422],
    }),
  },
  "/sources/{name}": {
    parameters: [parameterOf("Source")],
    get: operation({
      id: "getSource",
      tag: TAG,
      role: "admin",
      summary: "Read a source",
      done: { 200: answer("The source, without its secrets", json("Source", shown)) },
      refused: [404],
    }),
    put: operation({
      id: "putSource",
      tag: TAG,
      role: "admin",
      summary: "Make or change a source",
      description:
        "`publish` says what an event comes to: a draft, a story for review, or a live page. Up to five secrets are active side by side while one is changed for another; without `secrets` the source keeps those that it has. Kinds that sign in a way of their own need no `signature`; `generic` needs one ({type: secret, header} or {type: hmac, header, algorithm, encoding, prefix?}) and a `mapping` from JSON pointers (RFC 6901) to article fields. `unsigned: true` takes whatever comes. The answer is no request: it has the secrets' ids, and none of them can be had back.",
      parameters: [parameterOf("DryRun")],
      body: json("SourceInput", example),
      done: {
        200: answer("Changed, or, with dryRun, what would result", json("Source", shown)),
        201: answer("Made", json("Source", shown)),
      },
      refused: [400, 409, 413, 415, 422],
    }),
    delete: operation({
      id: "deleteSource",
      tag: TAG,
      role: "admin",
      summary: "Take a source off at once",
      parameters: [parameterOf("DryRun")],
      done: {
        200: answer("With dryRun: the sources that would be left", json("SourceList")),
        204: answer("Taken off"),
      },
      refused: [404],
    }),
  },
});
