import * as z from "zod";
import { blocks } from "../../../shared/domain/body.ts";
import { WITHDRAWAL_MODES } from "../../../shared/domain/move-input.ts";
import { fields, instant, warning } from "./answers.ts";

/** What the API answers about revisions, history and previews: `functions/api/revisions.ts`, `history.ts` and `previews.ts` make it. */
export const revision = z.object({
  revision: z.int().min(1),
  at: instant,
  by: z.string().describe("Whose key it was."),
  published: z.literal(true).optional().describe("Readers see it now."),
});
export const revisionList = z.object({ items: z.array(revision) });

export const oldArticle = z
  .object({ id: z.string(), ...revision.shape, ...fields, body: blocks, warnings: z.array(warning) })
  .describe("A content as it was.");

const changes = z
  .array(z.object({ op: z.enum(["same", "added", "removed"]), text: z.string() }))
  .describe("same + removed is the older text, same + added the newer.");
export const revisionDiff = z
  .object({
    revision: z.int(),
    against: z.int(),
    kicker: changes,
    headline: changes,
    standfirst: changes,
    body: changes,
  })
  .describe("With `diff`: what became of the other revision, by words.");
export const oldArticleOrDiff = z.union([oldArticle, revisionDiff]);

export const historyEntry = z.object({
  at: instant,
  by: z.string(),
  key: z.string().describe("The id of the key; `aws`: a principal of the account, `house`: the system itself."),
  action: z.string().describe("A move, `create`, `release`; `site.changed`, `key.created` and their like."),
  article: z.string().optional(),
  seq: z.int().optional(),
  revision: z.int().optional().describe("The newest then; of a link to a preview, the one that it shows."),
  publishedRevision: z.int().optional().describe("What readers see from then on, when that is what it changed."),
  subject: z
    .string()
    .optional()
    .describe(
      "What it was about, when it is no article: a key's id, `site`, `section:<slug>`, `source:<name>`, `webhook:<id>`.",
    ),
  particulars: z
    .object({
      note: z.string().optional(),
      reason: z.string().optional().describe("For editors alone."),
      mode: z.enum(WITHDRAWAL_MODES).optional(),
      to: z.string().optional(),
      at: instant.optional().describe("When it was scheduled for."),
      embargo: z
        .string()
        .optional()
        .describe("When its embargo ends from then on, or `none`: told when a change moves it."),
      source: z
        .object({ kind: z.string(), publish: z.string(), unsigned: z.boolean(), secrets: z.array(z.string()) })
        .optional()
        .describe("What a source of webhooks is from then on, its secrets by their ids."),
      webhook: z
        .object({
          origin: z.string(),
          events: z.array(z.string()),
          state: z.string(),
          why: z.string().optional(),
          secrets: z.array(z.string()),
        })
        .optional()
        .describe("What a webhook is from then on."),
      from: z.int().optional().describe("The revision that was restored."),
    })
    .optional(),
});
export const historyList = z.object({ items: z.array(historyEntry) });

export const previewDraft = z.object({ revision: z.int(), expiresAt: instant });
export const preview = z.object({
  url: z.url().optional().describe("Shown this once; not in a replayed answer."),
  ...previewDraft.shape,
});
