import * as z from "zod";
import { ok, type Result, type Warning } from "../../domain/error.ts";
import { LIMITS } from "../../domain/limits.ts";
import { isObject } from "../../intake/article.ts";
import type { Delivery } from "../kind.ts";
import { assetIn, namesOfField, plainFields } from "./contentful-fields.ts";
import { fieldOf, isArticleType, type Field, type FieldMapping, textIn, writtenIn } from "./fields.ts";
import {
  bodyIn,
  checked,
  faulty,
  idText,
  ignored,
  maybe,
  payloadOf,
  type Reading,
  stampOf,
  storyCommands,
  withdraw,
} from "./reading.ts";
import { isRichText, richTextToHtml } from "./rich-text.ts";
import { atMost, pictureAt, slugOf } from "./text.ts";

const text = maybe(z.string());
const count = maybe(z.int().min(0));
const link = maybe(z.object({ sys: z.object({ id: text }) }));
const entry = z.object({
  sys: z.object({ id: idText, contentType: link, revision: count, version: count, updatedAt: text, deletedAt: text }),
  fields: z.unknown().optional(),
});
type Sys = z.output<typeof entry>["sys"];

/**
 * Publications count `revision`, drafts `version`, which are two scales: the order is that of the times. Without a time, counters
 * that are padded, so that the order of the strings is that of the numbers.
 */
const versionOf = ({ revision, version, updatedAt, deletedAt }: Sys): string | undefined =>
  stampOf(deletedAt ?? updatedAt) ?? (revision ?? version)?.toString().padStart(16, "0");

const TEXTS = ["headline", "kicker", "standfirst", "slug", "publishedAt", "section"] as const satisfies Field[];

/** The article in an entry's fields, every field plain; faults for those that are something else than they have to be. */
const articleIn = (fields: Record<string, unknown>, mapping: FieldMapping, warnings: Warning[]) => {
  const at = (what: Field) => fieldOf(fields, what, mapping);
  const faults = TEXTS.flatMap((what) => {
    const { name, value } = at(what);
    return value === undefined || typeof value === "string"
      ? []
      : [{ pointer: `/fields/${name}`, detail: "must be text" }];
  });
  const body = at("body").value;
  if (body !== undefined && typeof body !== "string" && !isRichText(body))
    faults.push({ pointer: `/fields/${at("body").name}`, detail: "must be text, or a rich text document" });
  const written = textIn(body);
  const names = (what: "bylines" | "tags", limit: number): string[] =>
    atMost(limit, namesOfField(at(what).value), `/fields/${at(what).name}`, warnings);
  const article = {
    headline: textIn(at("headline").value),
    kicker: textIn(at("kicker").value),
    standfirst: textIn(at("standfirst").value),
    body: isRichText(body)
      ? bodyIn("html", richTextToHtml(body, mapping.locale))
      : written && bodyIn(writtenIn(written, mapping), written),
    bylines: names("bylines", LIMITS.bylines).map((name) => ({ name })),
    tags: names("tags", LIMITS.tags),
    section: textIn(at("section").value),
    slug: slugOf(textIn(at("slug").value)),
    publishedAt: textIn(at("publishedAt").value),
  };
  return { article, faults };
};

/** An asset that came along with its file; or an address. */
const pictureIn = (fields: Record<string, unknown>, mapping: FieldMapping, warnings: Warning[]) => {
  const { name, value } = fieldOf(fields, "picture", mapping);
  const { url, alt } = assetIn(value, mapping.locale);
  return pictureAt(textIn(value) ?? url, { alt }, `/fields/${name}`, warnings);
};

/**
 * An event of Contentful (https://www.contentful.com/developers/docs/webhooks/overview/): what happened is in the header
 * `x-contentful-topic`. A publication is public; a save is kept beside what readers see; an entry that is unpublished, archived or
 * deleted is withdrawn, by its id, as nothing else is sent. Automatic saves, assets and entries of other types are ignored.
 */
export const readContentful = (delivery: Delivery, said: FieldMapping = {}, locale?: string): Result<Reading> => {
  const mapping = { ...said, locale: said.locale ?? locale };
  const [, object, action = ""] = (delivery.headers["x-contentful-topic"] ?? "").split(".");
  if (object !== "Entry") return ignored("The event is about no entry.");
  const isEnd = ["unpublish", "delete", "archive"].includes(action);
  if (!isEnd && !["publish", "save", "create"].includes(action))
    return ignored(`Nothing is done on ${action.slice(0, 50)}.`);
  const payload = payloadOf(delivery);
  if (!payload.ok) return payload;
  const read = checked(entry, payload.value);
  if (!read.ok) return read;
  const { sys, fields } = read.value;
  const type = sys.contentType?.sys.id;
  if (!isArticleType(type, mapping)) return ignored(`The entry is a ${type?.slice(0, 64)}, which is no article here.`);
  if (isEnd) return ok({ commands: [withdraw(sys.id, versionOf(sys))] });
  const isPublic = action === "publish";
  const warnings: Warning[] = [];
  const plain = plainFields(isObject(fields) ? fields : {}, mapping.locale);
  const { article, faults } = articleIn(plain, mapping, warnings);
  if (faults.length) return faulty(faults);
  if (!isPublic && article.headline === undefined && article.body === undefined)
    return ignored("The entry is empty yet.");
  const picture = pictureIn(plain, mapping, warnings);
  const commands = storyCommands({ externalId: sys.id, version: versionOf(sys), article, picture, isPublic });
  return ok({ commands, ...(warnings.length && { warnings }) });
};
