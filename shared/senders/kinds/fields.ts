import * as z from "zod";
import { cleanLine } from "../../domain/text.ts";

/** A field's name, or several, of which the first that is there counts. */
const field = z.union(
  [z.string().min(1).max(100), z.array(z.string().min(1).max(100)).min(1).max(10)],
  "must be the name of a field, or a list of them",
);

const BODY_FORMATS = ["markdown", "html", "text"] as const;

/**
 * Which documents are articles, and what their fields are called, where a newsroom models its own. `bodyFormat` says what a body is
 * written in that is no rich text (else it is HTML when it begins with a tag, and Markdown if not).
 */
export const fieldMapping = z.strictObject({
  contentType: field.optional(),
  locale: z.string().min(2).max(35).optional(),
  headline: field.optional(),
  kicker: field.optional(),
  standfirst: field.optional(),
  body: field.optional(),
  bodyFormat: z.enum(BODY_FORMATS).optional(),
  bylines: field.optional(),
  tags: field.optional(),
  section: field.optional(),
  slug: field.optional(),
  publishedAt: field.optional(),
  picture: field.optional(),
});
export type FieldMapping = z.output<typeof fieldMapping>;

/** What fields are called in the starters of these systems, and in newsrooms. */
const USUAL = {
  contentType: ["article", "post", "blogPost", "story", "news", "newsArticle"],
  headline: ["headline", "title"],
  kicker: ["kicker"],
  standfirst: ["standfirst", "excerpt", "summary", "description"],
  body: ["body", "content"],
  bylines: ["bylines", "authors", "author"],
  tags: ["tags", "keywords"],
  section: [],
  slug: ["slug"],
  publishedAt: ["publishedAt", "publishDate", "publishedDate"],
  picture: ["leadImage", "mainImage", "heroImage", "coverImage", "featuredImage", "image"],
} as const satisfies Record<string, readonly string[]>;
export type Field = keyof typeof USUAL;

export const namesFor = (what: Field, mapping: FieldMapping): readonly string[] => {
  const said = mapping[what];
  return said === undefined ? USUAL[what] : typeof said === "string" ? [said] : said;
};

/** A field that is there and not null, by whichever of its names, and that name. */
export const fieldOf = (
  fields: Record<string, unknown>,
  what: Field,
  mapping: FieldMapping,
): { name: string; value: unknown } => {
  const names = namesFor(what, mapping);
  const name = names.find((one) => Object.hasOwn(fields, one) && fields[one] !== null && fields[one] !== undefined);
  return name === undefined ? { name: names[0] ?? what, value: undefined } : { name, value: fields[name] };
};

/** Whether a document of this type is an article; of one that names no type it cannot be told, and it counts. */
export const isArticleType = (type: string | undefined, mapping: FieldMapping): boolean =>
  type === undefined ||
  namesFor("contentType", mapping).some((name) =>
    mapping.contentType === undefined ? name.toLowerCase() === type.toLowerCase() : name === type,
  );

/** What a text for the body is written in. */
export const writtenIn = (content: string, mapping: FieldMapping): (typeof BODY_FORMATS)[number] =>
  mapping.bodyFormat ?? (/^\s*<(?:!--|[a-z][a-z0-9]*[\s/>])/i.test(content) ? "html" : "markdown");

/** A field that has to be text, on one line or more. */
export const textIn = (value: unknown): string | undefined =>
  typeof value === "string" ? (cleanLine(value).text === "" ? undefined : value) : undefined;
