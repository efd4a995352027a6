import * as z from "zod";
import { slug } from "../../../shared/domain/site.ts";
import { KINDS } from "../../../shared/senders/kinds/index.ts";
import { OUTCOMES, sourceInput } from "../../../shared/senders/source.ts";
import { warning } from "./answers.ts";

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

const faults = z.array(z.object({ pointer: z.string(), detail: z.string(), line: z.int().optional() }));

const outcome = z.object({
  externalId: z.string(),
  action: z
    .enum(["created", "updated", "unchanged", "kept", "withdrawn", "stale", "nothing", "refused", "waiting"])
    .describe("`kept`: as a revision that an editor may publish. `stale`: a newer state came before."),
  article: z.string().optional(),
  reason: z.string().optional(),
  errors: faults.optional(),
  warnings: z.array(warning).optional(),
});

export const sourceEvent = z.object({
  id: z.string(),
  name: z.string().describe("Its id at the sender, the same over retries, or a digest of what is signed."),
  receivedAt: z.iso.datetime(),
  bytes: z.int(),
  state: z.enum(["received", "retrying", "done", "ignored", "dead"]),
  attempts: z.int(),
  replays: z.int(),
  nextTry: z.iso.datetime().optional(),
  finishedAt: z.iso.datetime().optional(),
  reason: z.string().optional(),
  errors: faults.optional(),
  warnings: z.array(warning).optional(),
  outcomes: z.array(outcome).optional().describe("What became of each story in it."),
});
export const sourceEventList = z.object({ items: z.array(sourceEvent) });
export const sourceEventWithRequest = sourceEvent.extend({
  request: z.object({
    method: z.string(),
    path: z.string(),
    headers: z.record(z.string(), z.string()),
    payload: z.union([z.string(), z.null()]),
    truncated: z.literal(true).optional(),
  }),
});
