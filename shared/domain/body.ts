import * as z from "zod";
import { LIMITS } from "./limits.ts";
import { imageId } from "./ulid.ts";

/**
 * The body as typed blocks (Portable Text, https://github.com/portabletext/portabletext). What cannot be said in
 * these types cannot be stored, and so cannot be rendered: there is no raw HTML anywhere behind the edge.
 */
const key = z.string().min(1).max(64).optional();
const line = z.string().max(LIMITS.line);
const paragraph = z.string().max(LIMITS.paragraph);

/** An absolute http, https or mailto URL; the schemes a reader may be sent to. */
export const isSafeLink = (href: string): boolean => {
  if (href.length > LIMITS.url || /[\u0000-\u0020\u007F-\u00A0\\]/.test(href)) return false;
  const url = URL.parse(href);
  if (url === null) return false;
  if (url.protocol === "mailto:") return url.pathname.includes("@");
  return (
    (url.protocol === "https:" || url.protocol === "http:") &&
    /^https?:\/\//i.test(href) &&
    url.hostname !== "" &&
    url.username === "" &&
    url.password === ""
  );
};

/** An absolute http or https URL. */
export const isWebUrl = (href: string): boolean => isSafeLink(href) && /^https?:/i.test(href);

export const webUrl = z.string().refine(isWebUrl, "must be an absolute http or https URL");
const link = z.string().refine(isSafeLink, "must be an absolute http, https or mailto URL");

export const DECORATORS = ["strong", "em", "code", "sub", "sup"] as const;

const span = z.strictObject({
  _type: z.literal("span"),
  _key: key,
  text: z.string().max(LIMITS.bodyBytes),
  marks: z.array(z.string().max(64)).max(10).default([]),
});
const markDef = z.strictObject({ _type: z.literal("link"), _key: z.string().min(1).max(64), href: link });

const textBlock = z
  .strictObject({
    _type: z.literal("block"),
    _key: key,
    style: z.enum(["normal", "h2", "h3", "h4", "blockquote"]).default("normal"),
    listItem: z.enum(["bullet", "number"]).optional(),
    level: z.int().min(1).max(6).optional(),
    markDefs: z.array(markDef).max(LIMITS.blocks).default([]),
    children: z.array(span).min(1).max(LIMITS.blocks),
  })
  .superRefine((block, ctx) => {
    block.markDefs.forEach((def, d) => {
      if (block.markDefs.findIndex((other) => other._key === def._key) < d)
        ctx.addIssue({ code: "custom", path: ["markDefs", d, "_key"], message: "stands twice" });
    });
    const known = new Set<string>([...DECORATORS, ...block.markDefs.map((def) => def._key)]);
    block.children.forEach((child, c) =>
      child.marks.forEach((mark, m) => {
        if (!known.has(mark))
          ctx.addIssue({
            code: "custom",
            path: ["children", c, "marks", m],
            message: "is neither strong, em, code, sub, sup nor the _key of a markDef",
          });
      }),
    );
  });

const figure = z.strictObject({
  _type: z.literal("figure"),
  _key: key,
  /** The picture's id; a figure without one is kept, and off the page. */
  image: imageId.optional(),
  alt: paragraph.optional(),
  caption: paragraph.optional(),
  credit: line.optional(),
});
const table = z.strictObject({
  _type: z.literal("table"),
  _key: key,
  /** Whether the first row names the columns. */
  header: z.boolean().optional(),
  caption: paragraph.optional(),
  rows: z
    .array(
      z.strictObject({ _type: z.literal("tableRow").optional(), _key: key, cells: z.array(paragraph).min(1).max(30) }),
    )
    .min(1)
    .max(500),
});
const embed = z.strictObject({ _type: z.literal("embed"), _key: key, url: webUrl });
const pullquote = z.strictObject({
  _type: z.literal("pullquote"),
  _key: key,
  text: paragraph.min(1),
  attribution: line.optional(),
});
const update = z.strictObject({
  _type: z.literal("update"),
  _key: key,
  at: z.iso.datetime({ offset: true }),
  by: line.optional(),
});

export const block = z.discriminatedUnion("_type", [textBlock, figure, table, embed, pullquote, update]);
export const blocks = z.array(block).max(LIMITS.blocks);

export type Span = z.output<typeof span>;
export type TextBlock = z.output<typeof textBlock>;
export type Figure = z.output<typeof figure>;
export type Table = z.output<typeof table>;
export type Embed = z.output<typeof embed>;
export type Pullquote = z.output<typeof pullquote>;
export type Update = z.output<typeof update>;
export type Block = z.output<typeof block>;
export type Body = Block[];

/** A paragraph (or another text block) of one unmarked span. */
export const textBlockOf = (text: string, style: TextBlock["style"] = "normal"): TextBlock => ({
  _type: "block",
  style,
  markDefs: [],
  children: [{ _type: "span", text, marks: [] }],
});

/** The text of a block as a reader would see it, marks aside. */
export const textOf = (item: TextBlock): string => item.children.map((child) => child.text).join("");
