import type { Oas3_1Schema, Oas3MediaType, Oas3Operation, Referenced } from "@redocly/openapi-core";
import type { Role } from "../../../shared/domain/access.ts";
import { headerOf, type headers, type Parameter } from "./parameters.ts";
import { type ProblemStatus, refusals, type Response } from "./problems.ts";
import { type SchemaName, schemaOf } from "./schemas.ts";

type Base = Oas3Operation<Oas3_1Schema>;
export type Operation = Omit<Base, "responses"> & { responses: Record<string, Referenced<Response>> };
type Media = Record<string, Oas3MediaType<Oas3_1Schema>>;

export type Method = "get" | "post" | "put" | "patch" | "delete";
export type PathItem = Partial<Record<Method, Operation>> & { parameters?: { $ref: string }[] };
export type Paths = Record<string, PathItem>;

/** The security scheme's name. A role in a requirement is the least that the key must have (OpenAPI 3.1, 4.8.30). */
export const SCHEME = "key";

type Ask = {
  id: string;
  tag: string;
  summary: string;
  description?: string;
  /** The least role; none: open to everybody. */
  role?: Role;
  parameters?: (Parameter | { $ref: string })[];
  body?: Media;
  bodyOptional?: boolean;
  /** What it answers when all is well, by status. */
  done: Record<number, Response>;
  /** What else it may answer; 401, 403 for a role above the lowest, 429, 500 and 503 are understood. */
  refused?: ProblemStatus[];
};

/** A call as OpenAPI describes it. */
export const operation = (ask: Ask): Operation => {
  const usual: ProblemStatus[] = ask.role ? [401, 429, 500, 503] : [429, 500];
  const role: ProblemStatus[] = ask.role && ask.role !== "reporter" ? [403] : [];
  return {
    operationId: ask.id,
    tags: [ask.tag],
    summary: ask.summary,
    ...(ask.description === undefined ? {} : { description: ask.description }),
    security: ask.role ? [{ [SCHEME]: [ask.role] }] : [],
    ...(ask.parameters === undefined ? {} : { parameters: ask.parameters }),
    ...(ask.body === undefined ? {} : { requestBody: { required: !ask.bodyOptional, content: ask.body } }),
    responses: { ...ask.done, ...refusals(new Set([...usual, ...role, ...(ask.refused ?? [])])) },
  };
};

/** A body, sent or answered, of a named schema. */
export const json = (name: SchemaName, example?: unknown, type = "application/json"): Media => ({
  [type]: { schema: schemaOf(name), ...(example === undefined ? {} : { example }) },
});

/** An answer with a JSON body; `with` names its headers: the header's own name and that of its component. */
export const answer = (
  description: string,
  content?: Media,
  carries: Record<string, keyof typeof headers> = {},
): Response => ({
  description,
  ...(Object.keys(carries).length
    ? { headers: Object.fromEntries(Object.entries(carries).map(([name, of]) => [name, headerOf(of)])) }
    : {}),
  ...(content === undefined ? {} : { content }),
});
