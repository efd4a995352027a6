import type { Oas3_1Schema } from "@redocly/openapi-core";
import * as z from "zod";
import { keyInput } from "../../../shared/domain/access.ts";
import { articleInput, contentShape, formattedBody, noteText } from "../../../shared/domain/article.ts";
import { block, blocks, webUrl } from "../../../shared/domain/body.ts";
import { imagePatch, uploadInput } from "../../../shared/domain/image.ts";
import { leadInput } from "../../../shared/domain/lead.ts";
import { LIMITS } from "../../../shared/domain/limits.ts";
import {
  correctInput,
  handoverInput,
  publishInput,
  rejectInput,
  withdrawInput,
} from "../../../shared/domain/move-input.ts";
import { previewInput, restoreInput } from "../../../shared/domain/revision-input.ts";
import {
  authorInput,
  httpsUrl,
  indexNowKey,
  locale,
  sectionInput,
  sectionSlug,
  siteInput,
  slug,
} from "../../../shared/domain/site.ts";
import { SLUG, SLUG_MAX } from "../../../shared/domain/slug.ts";
import * as answers from "./answers.ts";
import * as past from "./revision-answers.ts";
import * as hooks from "./source-answers.ts";
import * as outward from "./webhook-answers.ts";

/** A JSON merge patch (RFC 7396) of such a shape: null removes a member. */
const patchOf = (shape: z.core.$ZodShape): z.ZodObject =>
  z.strictObject(
    Object.fromEntries(
      Object.entries(shape).map(([name, schema]) => {
        const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
        return [name, z.nullable(inner instanceof z.ZodObject ? patchOf(inner.shape) : inner).optional()];
      }),
    ),
  );

const articlePatch = patchOf({ ...contentShape, body: articleInput.shape.body });

const correction = z.strictObject({ ...correctInput.shape, patch: articlePatch });

const line = contentShape.kicker.unwrap();
const paragraph = contentShape.standfirst.unwrap();
const name = contentShape.tags.unwrap().element;

const named = {
  Slug: slug,
  SectionSlug: sectionSlug,
  Locale: locale,
  WebUrl: webUrl,
  HttpsUrl: httpsUrl,
  Line: line,
  Paragraph: paragraph,
  Name: name,
  Blocks: blocks,
  FormattedBody: formattedBody,
  ArticleInput: articleInput,
  ArticlePatch: articlePatch,
  PublishInput: publishInput,
  RejectInput: rejectInput,
  CorrectInput: correction,
  WithdrawInput: withdrawInput,
  HandoverInput: handoverInput,
  Note: noteText,
  RestoreInput: restoreInput,
  PreviewInput: previewInput,
  Preview: past.preview,
  PreviewDraft: past.previewDraft,
  RevisionList: past.revisionList,
  OldArticle: past.oldArticle,
  RevisionDiff: past.revisionDiff,
  OldArticleOrDiff: past.oldArticleOrDiff,
  History: past.historyList,
  Warning: answers.warning,
  Receipt: answers.receipt,
  ArticleSummary: answers.summary,
  Article: answers.article,
  ArticleList: answers.articleList,
  Problem: answers.problem,
  UploadInput: uploadInput,
  ImagePatch: imagePatch,
  Image: answers.image,
  NewImage: answers.newImage,
  ImageDraft: answers.imageDraft,
  SiteInput: siteInput,
  Site: answers.site,
  LeadInput: leadInput,
  Lead: answers.lead,
  SectionInput: sectionInput,
  Section: answers.section,
  SectionList: answers.sectionList,
  AuthorInput: authorInput,
  Author: answers.author,
  AuthorList: answers.authorList,
  KeyInput: keyInput,
  Key: answers.key,
  NewKey: answers.newKey,
  KeyList: answers.keyList,
  SourceInput: hooks.sourceInput,
  Source: hooks.source,
  SourceList: hooks.sourceList,
  SourceEvent: hooks.sourceEvent,
  SourceEventList: hooks.sourceEventList,
  SourceEventWithRequest: hooks.sourceEventWithRequest,
  WebhookEvents: outward.webhookEvents,
  WebhookInput: outward.webhookInput,
  WebhookPatch: outward.webhookPatch,
  Webhook: outward.webhook,
  WebhookList: outward.webhookList,
  Delivery: outward.delivery,
  DeliveryList: outward.deliveryList,
  Health: answers.health,
} as const;
export type SchemaName = keyof typeof named;

const SCHEMAS = "#/components/schemas/";

/** A reference to a named schema. */
export const schemaOf = (name: SchemaName): { $ref: string } => ({ $ref: `${SCHEMAS}${name}` });

/** What a refinement demands cannot be seen in a schema; for these it can be said. */
const said = new Map<z.core.$ZodType, Oas3_1Schema>([
  [slug, { pattern: SLUG.source, maxLength: SLUG_MAX }],
  [
    sectionSlug,
    { pattern: SLUG.source, maxLength: SLUG_MAX, description: "Not a reserved name, such as tags or feed" },
  ],
  [locale, { description: "Language and, perhaps, region: vi, en-GB" }],
  [webUrl, { format: "uri", description: "Absolute, http or https" }],
  [httpsUrl, { format: "uri", description: "Absolute, https, on port 443" }],
  [indexNowKey, { description: "Served as /{key}.txt, and at a former key's address 410" }],
  [line, { maxLength: LIMITS.line, description: "White space is folded; empty counts as absent." }],
  [paragraph, { maxLength: LIMITS.paragraph, description: "Trimmed; empty counts as absent." }],
  [name, { minLength: 1, maxLength: LIMITS.line, description: "White space is folded." }],
  [articlePatch, { description: "JSON merge patch (RFC 7396): null removes a field, arrays are replaced whole." }],
  [noteText, { minLength: 1, maxLength: LIMITS.paragraph, description: "Trimmed; not empty." }],
  [publishInput.shape.at.unwrap(), { description: "As `publishedAt` is written; now, unless it lies ahead." }],
  [
    withdrawInput.shape.to.unwrap(),
    { description: "With `redirect`: a path of this site, or an address under its baseUrl." },
  ],
  [contentShape.embargoUntil.unwrap(), { description: "Written as `publishedAt` is; may lie ahead." }],
  [
    contentShape.publishedAt.unwrap(),
    { description: "In the past. RFC 3339; without an offset (2024-10-05T08:30, 2024-10-05) in the site's zone." },
  ],
]);

/** The blocks of a body by their `_type`, each a schema of its own: TextBlock, Figure, Table... */
const blockName = (type: string): string =>
  type === "block" ? "TextBlock" : `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
const blockTypes = block.options.map((option) => ({ type: [...option.shape._type.values][0] ?? "", option }));

/** Everything under components/schemas: the API's own schemas as a client writes them (`io: "input"`), and its answers. */
export const schemas = (): Record<string, Oas3_1Schema> => {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  for (const { type, option } of blockTypes) registry.add(option, { id: blockName(type) });
  const made = z.toJSONSchema(registry, {
    io: "input",
    target: "draft-2020-12",
    uri: (id) => `${SCHEMAS}${id}`,
    override: ({ zodSchema, jsonSchema }) => {
      Object.assign(jsonSchema, said.get(zodSchema));
      // Tools know the format; zod's pattern for it is 400 characters of leap years.
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
      // The range of integers in JavaScript says nothing to anybody.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (zodSchema === block)
        Object.assign(jsonSchema, {
          discriminator: {
            propertyName: "_type",
            mapping: Object.fromEntries(blockTypes.map(({ type }) => [type, `${SCHEMAS}${blockName(type)}`])),
          },
        });
    },
  }).schemas;
  // The linter's types know no schemas that are true or false, and zod makes none of these.
  return withoutNames(made) as Record<string, Oas3_1Schema>;
};

/** A component is named by its place; an id of its own would make another base for references. */
const withoutNames = (made: Record<string, z.core.JSONSchema.BaseSchema>): typeof made =>
  Object.fromEntries(
    Object.entries(made).map(([id, schema]) => {
      const rest = { ...schema };
      delete rest.$schema;
      delete rest.$id;
      return [id, rest];
    }),
  );
