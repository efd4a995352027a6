import type { Oas3_1Schema, Oas3Header, Oas3Parameter } from "@redocly/openapi-core";
import { STATUSES } from "../../../shared/domain/article.ts";
import { type SchemaName, schemaOf, schemas } from "./schemas.ts";

export type Parameter = Oas3Parameter<Oas3_1Schema>;
type Header = Oas3Header<Oas3_1Schema>;

const text: Oas3_1Schema = { type: "string" };

/** components/parameters */
export const parameters = {
  Id: { name: "id", in: "path", required: true, schema: text },
  Revision: { name: "n", in: "path", required: true, schema: { type: "integer", minimum: 1 } },
  Token: { name: "token", in: "path", required: true, description: "As in the link's `url`.", schema: text },
  Image: { name: "image", in: "path", required: true, schema: text },
  Rendition: { name: "name", in: "path", required: true, description: "As the page names it.", schema: text },
  Source: { name: "name", in: "path", required: true, description: "Of a source.", schema: schemaOf("Slug") },
  Event: { name: "event", in: "path", required: true, description: "Of a source's event.", schema: text },
  Slug: { name: "slug", in: "path", required: true, schema: schemaOf("Slug") },
  DryRun: {
    name: "dryRun",
    in: "query",
    description:
      "Everything is checked, nothing is kept: 200 with what would result (for a deletion, what would be left).",
    schema: { type: "string", enum: ["1", "true"] },
  },
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    description:
      "For 7 days the same key and submission get the same status and Location, and the thing as it is now. Another submission under the key is 422.",
    schema: { type: "string", pattern: "^[ -~]{1,255}$" },
  },
  IfMatch: {
    name: "If-Match",
    in: "header",
    required: true,
    description: "The ETag of the version that you saw, or `*`. Missing: 428. Stale: 412.",
    schema: text,
    example: '"s3"',
  },
  IfNoneMatch: {
    name: "If-None-Match",
    in: "header",
    description: "An ETag: 304 while nothing has changed.",
    schema: text,
    example: '"s3"',
  },
  Prefer: {
    name: "Prefer",
    in: "header",
    description:
      "`wait=N` (RFC 7240; at most 20 seconds): answered once the change is live, with the receipt in `live`; past N the same answer with `live.state` pending.",
    schema: text,
    example: "wait=10",
  },
} as const satisfies Record<string, Parameter>;

export const parameterOf = (name: keyof typeof parameters) => ({ $ref: `#/components/parameters/${name}` });

/** components/headers */
export const headers = {
  ETag: {
    description: 'The version of the article or image, `"s<seq>"`, or of the pinned order, `"p<n>"`.',
    schema: text,
    example: '"s3"',
  },
  Location: { schema: { type: "string", format: "uri-reference" } },
  Replayed: { description: "`true`: this answers an earlier use of the key.", schema: text },
  Applied: { description: "The `wait` that was kept to.", schema: text, example: "wait=10" },
  Next: { description: 'The next page (RFC 8288): `<...>; rel="next"`; absent on the last.', schema: text },
  Challenge: { schema: { type: "string", const: "Bearer" } },
  RetryAfter: { description: "Seconds", schema: { type: "integer" } },
} as const satisfies Record<string, Header>;

export const headerOf = (name: keyof typeof headers) => ({ $ref: `#/components/headers/${name}` });

/** What GET /articles is asked by; `functions/api/listing.ts` parses it, and a test holds the two to each other. */
export const listing: Parameter[] = [
  { name: "status", schema: { type: "string", enum: [...STATUSES] } },
  { name: "section", schema: text },
  { name: "tag", schema: text },
  { name: "author", description: "Slug, or the name of a byline", schema: text },
  { name: "source", schema: text },
  { name: "from", description: "By the time that orders stories; as publishedAt is written", schema: text },
  { name: "to", schema: text },
].map((parameter) => ({ ...parameter, in: "query" as const }));

/** What every list takes. */
export const paging: Parameter[] = [
  { name: "limit", in: "query", schema: { type: "integer", minimum: 1, maximum: 100, default: 20 } },
  { name: "cursor", in: "query", description: "From the `next` link", schema: text },
];

/** Fields with members of their own, each of which is sent as JSON. */
const OBJECTS = new Set(["leadImage", "seo", "series"]);

/** The article's fields as query parameters, for every content type but JSON. */
export const fields = (): Parameter[] => {
  const input: SchemaName = "ArticleInput";
  return Object.entries(schemas()[input]?.properties ?? {})
    .filter(([name]) => name !== "body")
    .map(([name, schema]) => ({
      name,
      in: "query",
      description: "Not with JSON",
      ...(OBJECTS.has(name)
        ? { content: { "application/json": { schema } } }
        : { schema: name === "bylines" ? { ...schema, items: schemaOf("Name") } : schema }),
    }));
};
