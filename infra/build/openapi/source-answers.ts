import * as z from "zod";
import { slug } from "../../../shared/domain/site.ts";
import { KINDS } from "../../../shared/senders/kinds/index.ts";
import { OUTCOMES, sourceInput } from "../../../shared/senders/source.ts";

export { sourceInput };

export const source = z.object({
  name: slug,
  kind: z.enum(KINDS),
  publish: z.enum(OUTCOMES),
  section: slug.optional(),
  mapping: z.looseObject({}).optional(),
  signature: z.looseObject({}).optional(),
  unsigned: z.literal(true).optional(),
  secrets: z
    .array(z.object({ id: z.string(), since: z.iso.datetime() }))
    .describe("Those that are active, by an id that says nothing of them; they are never shown."),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export const sourceList = z.object({ items: z.array(source) });
