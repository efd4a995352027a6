import * as z from "zod";
import { ok, type Result, type Warning } from "../../domain/error.ts";
import type { Delivery } from "../kind.ts";
import { mapsFields, type StandardMapping } from "./generic-mapping.ts";
import { idAt, readMapped, versionAt, wantedBy } from "./generic.ts";
import { checked, faulty, ignored, maybe, payloadOf, type Reading, storyCommands } from "./reading.ts";
import { pictureAt } from "./text.ts";

const EVENT = {
  pointer: "/type",
  publish: ["article.published"],
  draft: ["article.created", "article.updated"],
  withdraw: ["article.unpublished", "article.withdrawn", "article.deleted"],
};
const TIME = "/timestamp";
const ID = ["/data/externalId", "/data/id"];

const text = maybe(z.string());
const envelope = z.object({
  data: z.looseObject({
    status: maybe(z.enum(["draft", "published"])),
    picture: maybe(z.object({ url: z.string(), alt: text, caption: text, credit: text })),
  }),
});

/**
 * An event as Standard Webhooks has it ({type, timestamp, data}:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md). `data` is an article as POST /articles
 * takes it, with its `externalId` (or `id`), and perhaps a `picture` {url, alt, caption, credit}; unless a mapping says where its fields
 * are. `article.published` is public; `article.created` and `.updated` are when `data.status` is `published`, as an article is that is
 * sent there. `timestamp` orders the events.
 */
export const readStandard = (delivery: Delivery, mapping: StandardMapping = {}): Result<Reading> => {
  const payload = payloadOf(delivery);
  if (!payload.ok) return payload;
  const { value } = payload;
  const wanted = wantedBy(value, { ...EVENT, ...mapping.event });
  if (typeof wanted !== "string") return ignored(wanted.ignored);
  const { event: _event, ...rest } = mapping;
  if (mapsFields(mapping) || wanted === "withdraw")
    return readMapped(value, { externalId: ID, version: TIME, ...rest }, wanted);
  const read = checked(envelope, value);
  const id = idAt(value, mapping.externalId ?? ID);
  if (!read.ok || !id.ok)
    return faulty([read, id].flatMap((one) => (!one.ok && "faults" in one.refusal ? one.refusal.faults : [])));
  const { data } = read.value;
  // A source says its own name, and its events what is public.
  const { id: _id, externalId: _externalId, source: _source, status, picture, ...article } = data;
  const warnings: Warning[] = [];
  const commands = storyCommands({
    externalId: id.value,
    version: versionAt(value, mapping.version ?? TIME),
    article,
    picture: picture && pictureAt(picture.url, picture, "/data/picture/url", warnings),
    isPublic: wanted === "publish" || status === "published",
  });
  return ok({ commands, ...(warnings.length && { warnings }) });
};
