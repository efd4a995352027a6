import * as z from "zod";
import { slug } from "../domain/site.ts";
import { imageId, ULID } from "../domain/ulid.ts";
import { UPLOAD_PREFIX } from "../site/paths.ts";
import type { Key } from "./dynamo.ts";

/** What the render queue carries: WORK that the stream's delivery did not finish. */
const work = z.strictObject({ pk: z.string(), sk: z.string() });
/** What the image queues carry: a picture on which something is to be done, `later` in the queue of what can wait, */
const image = z.strictObject({ image: imageId, later: z.literal(true).optional() });
/** or S3's own word that an object has come (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html). */
const created = z.object({
  "detail-type": z.literal("Object Created"),
  detail: z.object({ object: z.object({ key: z.string().startsWith(UPLOAD_PREFIX) }) }),
});

export type ImageMessage = z.output<typeof image>;

/** What the schedule's queue carries: a story, and the time (ISO 8601, UTC) at which it is to go up. */
const release = z.strictObject({ article: z.string().regex(ULID), at: z.iso.datetime() });
export type ReleaseMessage = z.output<typeof release>;

/** What the inbox' queue carries: a stored event of a source. */
const inbox = z.strictObject({ source: slug, event: z.string().regex(ULID) });
export type InboxMessage = z.output<typeof inbox>;

const parsed = <Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> | undefined => {
  try {
    return schema.safeParse(JSON.parse(body)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** Reads a message of the render queue; undefined when it is none of ours. */
export const parseWorkMessage = (body: string): Key | undefined => parsed(work, body);

/** What a message of the schedule's queue says; undefined when it is none of ours. */
export const parseReleaseMessage = (body: string): ReleaseMessage | undefined => parsed(release, body);

/** What a message of the inbox' queue says; undefined when it is none of ours. */
export const parseInboxMessage = (body: string): InboxMessage | undefined => parsed(inbox, body);

/** What a message of the image queues says; undefined when it is none of ours. */
export const parseImageMessage = (body: string): ImageMessage | undefined => {
  const message = parsed(z.union([image, created]), body);
  if (!message || "image" in message) return message;
  const uploaded = imageId.safeParse(message.detail.object.key.slice(UPLOAD_PREFIX.length)).data;
  return uploaded === undefined ? undefined : { image: uploaded };
};
