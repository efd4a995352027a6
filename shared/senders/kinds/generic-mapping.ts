import * as z from "zod";
import { jsonPointer, pointers } from "./pointer.ts";

/** A field of plain text; `html`: the sender has HTML in it, of which the text is taken. */
const text = z.union(
  [pointers, z.strictObject({ pointer: pointers, format: z.enum(["text", "html"]) })],
  "must be a JSON pointer (RFC 6901) into the payload, or {pointer, format: text or html}",
);
export type TextPointer = z.output<typeof text>;

const eventNames = z.array(z.string().min(1).max(100)).max(50);

/** Where in the payload an article's fields are. */
const fields = {
  headline: text.optional(),
  kicker: text.optional(),
  standfirst: text.optional(),
  body: z.strictObject({ pointer: pointers, format: z.enum(["markdown", "html", "text", "blocks"]) }).optional(),
  bylines: pointers.optional(),
  tags: pointers.optional(),
  section: pointers.optional(),
  slug: pointers.optional(),
  publishedAt: pointers.optional(),
  canonicalUrl: pointers.optional(),
  picture: z
    .union(
      [
        jsonPointer,
        z.strictObject({ url: pointers, alt: text.optional(), caption: text.optional(), credit: text.optional() }),
      ],
      "must be a JSON pointer (RFC 6901) to the picture's address, or {url, alt, caption, credit} of such pointers",
    )
    .optional(),
} as const;

/** The names of events that publish a story, that keep it private, and that take it off; any other is ignored. */
const event = z.strictObject({
  pointer: pointers,
  publish: eventNames,
  draft: eventNames.optional(),
  withdraw: eventNames,
});

/** `version`: what orders the events of a story, a time or a whole number. Without `event`, each publishes. */
export const genericMapping = z.strictObject({
  externalId: pointers,
  version: pointers.optional(),
  event: event.optional(),
  ...fields,
});
export type GenericMapping = z.output<typeof genericMapping>;

/** The same for Standard Webhooks, where the usual places need not be said. Without a field, `data` is the article itself. */
export const standardMapping = genericMapping.extend({
  externalId: pointers.optional(),
  event: event.partial().optional(),
});
export type StandardMapping = z.output<typeof standardMapping>;

export const mapsFields = (mapping: StandardMapping): boolean =>
  Object.keys(fields).some((name) => Object.hasOwn(mapping, name));
