import * as z from "zod";
import { STATUSES } from "../../../shared/domain/article.ts";
import { ROLES } from "../../../shared/domain/access.ts";
import { blocks } from "../../../shared/domain/body.ts";
import { IMAGE_TYPES } from "../../../shared/domain/image.ts";
import { WITHDRAWAL_MODES } from "../../../shared/domain/move-input.ts";
import { locale, slug } from "../../../shared/domain/site.ts";

/**
 * What the API answers, as schemas. `functions/api/present.ts`, `receipt.ts` and `problem.ts` make these shapes; a test holds
 * the two to each other, by type and by value.
 */
export const instant = z.iso.datetime().describe("UTC");
const localTime = z.iso.datetime({ offset: true }).describe("In the site's zone");

export const warning = z
  .object({ code: z.string(), pointer: z.string(), detail: z.string() })
  .describe("Something that was guessed, dropped or left open; the article was kept all the same.");

export const receipt = z
  .object({
    state: z.enum(["live", "pending", "failed", "not-public"]),
    reason: z
      .string()
      .optional()
      .describe("With `failed` and `not-public` (when it is scheduled for, or that it was withdrawn)."),
    seq: z.int().describe("`seq` of the newest change that readers should see."),
    liveSeq: z.int().optional().describe("`seq` of what the page shows."),
    url: z.url().optional(),
    acknowledgedAt: instant.optional(),
    liveAt: instant.optional().describe("When the page was up."),
    doneAt: instant.optional().describe("When lists and purge were through as well: `live` from here on."),
    pictures: z.enum(["ready", "pending"]).optional(),
    pages: z
      .array(z.object({ path: z.string(), at: instant }))
      .optional()
      .describe("What was written."),
  })
  .describe("What has become of the newest change that readers should see.");

export const fields = {
  locale,
  kicker: z.string().optional(),
  headline: z.string().optional(),
  standfirst: z.string().optional(),
  bylines: z.array(z.object({ name: z.string(), author: slug.optional() })),
  section: slug.optional(),
  tags: z.array(z.string()),
  leadImage: z
    .object({
      image: z.string(),
      alt: z.string().optional(),
      caption: z.string().optional(),
      credit: z.string().optional(),
    })
    .optional(),
  slug: slug.optional(),
  publishedAt: localTime.optional(),
  series: z.object({ slug, title: z.string(), part: z.int().optional() }).optional(),
  translationOf: z.string().optional(),
  source: z.string().optional(),
  externalId: z.string().optional(),
  sourceLine: z.string().optional(),
  canonicalUrl: z.url().optional(),
  aliases: z.array(z.string()).optional(),
  embargoUntil: localTime.optional().describe("Nothing of the story is public before it."),
  seo: z.object({ title: z.string().optional(), description: z.string().optional() }).optional(),
};

/** What the desk sees besides; nothing of it is shown to a reader of others' published stories. */
const inHand = {
  owner: z
    .object({ key: z.string().describe("The key's id."), name: z.string() })
    .optional()
    .describe("Whose story it is since it was handed over; before, it is whose key made it."),
  scheduledAt: localTime.optional(),
  scheduledRevision: z.int().optional().describe("The one that goes up, whatever is edited meanwhile."),
  approvedBy: z.string().optional().describe("Of this revision."),
  note: z.string().optional().describe("What the editor who rejected it wrote to the reporter."),
  withdrawal: z
    .object({
      mode: z.enum(WITHDRAWAL_MODES),
      at: localTime,
      notice: z.string().optional(),
      to: z.string().optional().describe("A path of this site."),
    })
    .optional(),
};

/** An article in a list: everything but its body. */
export const summary = z.object({
  id: z.string().describe("ULID"),
  status: z.enum(STATUSES),
  revision: z.int().min(1).describe("Counts contents."),
  seq: z.int().min(1).describe('Counts every change; the ETag is `"s<seq>"`.'),
  ...fields,
  url: z.url().optional(),
  publishedRevision: z.int().optional(),
  createdAt: instant,
  updatedAt: instant,
  updatedBy: z.string().describe("Whose key it was."),
  corrections: z.array(z.object({ at: localTime, note: z.string() })).describe("What readers are told, oldest first."),
  ...inHand,
  warnings: z.array(warning),
});

/** What one article has besides. */
export const contents = z.object({
  body: blocks,
  live: receipt.optional().describe("With `Prefer: wait=N`."),
});
export const article = z.intersection(summary, contents);

export const articleList = z.object({ items: z.array(summary) });

const unit = z.number().min(0).max(1);

export const image = z.object({
  id: z.string().describe("ULID"),
  state: z.enum(["awaiting-upload", "processing", "ready", "refused"]),
  reason: z.string().optional().describe("With `refused`."),
  contentType: z.enum(IMAGE_TYPES),
  width: z.int().optional().describe("Pixels, upright."),
  height: z.int().optional(),
  alt: z.string().optional(),
  caption: z.string().optional(),
  credit: z.string().optional(),
  byline: z.string().optional().describe("As the file says."),
  takenAt: z.string().optional().describe("As the camera's clock read it; an offset only if the camera knew one."),
  focalPoint: z.object({ x: unit, y: unit }).optional(),
  createdAt: instant,
});

export const lead = z
  .object({ items: z.array(z.object({ article: z.string().describe("ULID"), until: localTime.optional() })) })
  .describe("Stories that stand before the newest, in this order.");

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string().describe("JSON pointer (RFC 6901) into what was sent."),
          detail: z.string(),
          line: z.int().optional().describe("For copy, Markdown and JSON that cannot be parsed."),
        }),
      )
      .optional()
      .describe("Every fault at once."),
    moves: z.array(z.string()).optional().describe("With 409: what is possible now."),
    current: z
      .union([article, image, lead])
      .optional()
      .describe("With 412: the article, the image, or the pinned order as it is now."),
  })
  .describe("RFC 9457");

export const newImage = z.object({
  ...image.shape,
  upload: z
    .object({ method: z.literal("POST"), url: z.url(), fields: z.record(z.string(), z.string()), expiresAt: instant })
    .optional()
    .describe("For what was announced as JSON."),
});
export const imageDraft = z.object({ state: image.shape.state, contentType: image.shape.contentType });

export const section = z.object({ slug, title: z.string(), description: z.string().optional() });
export const author = z.object({ slug, name: z.string(), bio: z.string().optional() });

export const site = z.object({
  title: z.string(),
  description: z.string().optional(),
  baseUrl: z.url(),
  timeZone: z.string(),
  locale,
  logo: z.url().optional(),
  nav: z.array(z.object({ title: z.string(), path: z.string() })).optional(),
  pictures: z.object({ alt: z.enum(["warn", "require"]), credit: z.enum(["warn", "require"]) }).optional(),
  imprint: z.array(z.string()).optional(),
  webSub: z.object({ hub: z.url() }).optional(),
  indexNow: z.object({ key: z.string(), endpoint: z.url() }).optional(),
  sections: z.array(section),
  authors: z.array(author),
});

export const sectionList = z.object({ items: z.array(section) });
export const authorList = z.object({ items: z.array(author) });

export const key = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  sections: z.array(slug).optional().describe("All when absent."),
  createdAt: instant,
  expiresAt: instant.optional(),
});
export const newKey = z.object({
  ...key.shape,
  token: z.string().optional().describe("Shown this once; not in a replayed answer."),
});
export const keyList = z.object({ items: z.array(key) });

export const health = z.object({ status: z.literal("ok") });
