import type { Oas3_1Definition } from "@redocly/openapi-core";
import { articles } from "./openapi/articles.ts";
import * as examples from "./openapi/examples.ts";
import { history } from "./openapi/history.ts";
import { images } from "./openapi/images.ts";
import { keys } from "./openapi/keys.ts";
import { lead } from "./openapi/lead.ts";
import { moves } from "./openapi/moves.ts";
import { answer, json, operation, type Paths, SCHEME } from "./openapi/operation.ts";
import { headers, parameters } from "./openapi/parameters.ts";
import { previews } from "./openapi/previews.ts";
import { problemResponses } from "./openapi/problems.ts";
import { revisions } from "./openapi/revisions.ts";
import { schemas } from "./openapi/schemas.ts";
import { site } from "./openapi/site.ts";
import { sourceEvents } from "./openapi/source-events.ts";
import { sources } from "./openapi/sources.ts";
import { webhooks } from "./openapi/webhooks.ts";
import { pretty } from "./pretty.ts";

/** Where the document is kept, from the root of the repository: the API serves this very file. */
export const OPENAPI_FILE = "functions/api/openapi.json";

export type OpenApi = Omit<Oas3_1Definition, "paths"> & { paths: Paths };

const house = (): Paths => ({
  "/health": {
    get: operation({
      id: "getHealth",
      tag: "house",
      summary: "Ask whether the API answers",
      done: { 200: answer("It does", json("Health")) },
    }),
  },
  "/openapi.json": {
    get: operation({
      id: "getOpenApi",
      tag: "house",
      summary: "Read this document",
      done: { 200: answer("This document", { "application/json": { schema: { type: "object" } } }) },
    }),
  },
});

/** The API as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1), from the schemas that it parses with. */
export const openapi = (): OpenApi => ({
  openapi: "3.1.1",
  info: {
    title: "Broadsheet",
    version: "0.1.0",
    description:
      "Submissions and desk of a newsroom. Errors are problems (RFC 9457) that name every fault at once; unknown fields are faults. " +
      "Text is NFC. Times need an offset, or are in the site's zone. Lists are {items} with a `next` link.",
    license: { name: "MIT", url: "https://spdx.org/licenses/MIT.html" },
  },
  servers: [{ url: "/", description: "The host that serves this document" }],
  security: [{ [SCHEME]: [] }],
  tags: [
    { name: "articles", description: "Submitting, editing and publishing" },
    { name: "moves", description: "From draft to review, publication, correction and withdrawal" },
    { name: "revisions", description: "What an article was, and what it may be again" },
    { name: "previews", description: "Links to what readers will see" },
    { name: "history", description: "Who did what, for ever" },
    { name: "images", description: "Pictures and what is said of them" },
    { name: "site", description: "Settings, sections and authors" },
    { name: "keys", description: "Who may do what" },
    { name: "webhooks in", description: "Whose webhooks are taken, and what they come to" },
    { name: "webhooks out", description: "Who is told of what is published" },
    { name: "house", description: "The API itself" },
  ],
  paths: {
    ...articles(),
    ...moves(),
    ...revisions(),
    ...previews(),
    ...history(),
    ...images(),
    ...site(),
    ...lead(),
    ...keys(),
    ...sources(),
    ...sourceEvents(),
    ...webhooks(),
    ...house(),
  },
  components: {
    securitySchemes: {
      [SCHEME]: {
        type: "http",
        scheme: "bearer",
        description:
          "`bs_<id>_<secret>`, one key a person. The roles, each with the rights of the one before: reporter, editor, admin.",
      },
    },
    schemas: schemas(),
    parameters,
    headers,
    responses: problemResponses,
    examples: { Article: { value: examples.article } },
  },
});

/** The bytes of {@link OPENAPI_FILE}: the same for the same schemas. */
export const openapiText = (): string => `${pretty(openapi())}\n`;
