import * as z from "zod";
import { ok, type Result, type Warning } from "../../domain/error.ts";
import { LIMITS } from "../../domain/limits.ts";
import type { FigureAddress } from "../../intake/addresses.ts";
import { isObject } from "../../intake/article.ts";
import type { Delivery } from "../kind.ts";
import { fieldOf, isArticleType, type Field, type FieldMapping, textIn, writtenIn } from "./fields.ts";
import { portableText } from "./portable-text.ts";
import {
  afterwards,
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
import { atMost, namesIn, pictureAt, slugOf } from "./text.ts";

const text = maybe(z.string());
const meta = z.object({ _id: idText, _type: text, _updatedAt: text });
const TEXTS = ["headline", "kicker", "standfirst", "publishedAt"] as const satisfies Field[];

/** `image-<asset>-<width>x<height>-<format>`: https://www.sanity.io/docs/image-urls */
const ASSET = /^image-([A-Za-z0-9]+-\d+x\d+)-([a-z0-9]+)$/;
const DATASET = /^[a-z0-9][a-z0-9_~-]*$/i;

/** The address of an asset: where it was expanded, its own; else made of its reference, and of the project that the event is of. */
const assetUrl = (image: unknown, headers: Delivery["headers"]): string | undefined => {
  if (typeof image === "string") return image;
  const asset = isObject(image) ? image["asset"] : undefined;
  if (!isObject(asset)) return undefined;
  if (typeof asset["url"] === "string") return asset["url"];
  const [, file, format] = ASSET.exec(typeof asset["_ref"] === "string" ? asset["_ref"] : "") ?? [];
  const [project = "", dataset = ""] = [headers["sanity-project-id"], headers["sanity-dataset"]];
  const isKnown = file !== undefined && DATASET.test(project) && DATASET.test(dataset);
  return isKnown ? `https://cdn.sanity.io/images/${project}/${dataset}/${file}.${format}` : undefined;
};

type Context = { mapping: FieldMapping; headers: Delivery["headers"]; warnings: Warning[] };

const bodyOf = (
  value: unknown,
  at: string,
  { mapping, headers, warnings }: Context,
): { body?: unknown; addresses?: FigureAddress[] } => {
  if (!Array.isArray(value)) {
    const written = textIn(value);
    return { body: written && bodyIn(writtenIn(written, mapping), written) };
  }
  const { warnings: lost, ...written } = portableText(value, at, (image) => assetUrl(image, headers));
  warnings.push(...lost);
  return written;
};

const articleIn = (fields: Record<string, unknown>, context: Context) => {
  const { mapping, warnings } = context;
  const at = (what: Field) => fieldOf(fields, what, mapping);
  const faults = TEXTS.flatMap((what) => {
    const { name, value } = at(what);
    return value === undefined || typeof value === "string" ? [] : [{ pointer: `/${name}`, detail: "must be text" }];
  });
  const body = at("body");
  if (body.value !== undefined && typeof body.value !== "string" && !Array.isArray(body.value))
    faults.push({ pointer: `/${body.name}`, detail: "must be Portable Text, or text" });
  const names = (what: "bylines" | "tags", limit: number): string[] =>
    atMost(limit, namesIn(at(what).value), `/${at(what).name}`, warnings);
  // {_type: "slug", current}, and references to a section that were expanded to their slug.
  const slug = (value: unknown): string | undefined =>
    textIn(isObject(value) ? (isObject(value["slug"]) ? value["slug"]["current"] : value["current"]) : value);
  const { body: written, addresses } = bodyOf(body.value, `/${body.name}`, context);
  const article = {
    headline: textIn(at("headline").value),
    kicker: textIn(at("kicker").value),
    standfirst: textIn(at("standfirst").value),
    body: written,
    bylines: names("bylines", LIMITS.bylines).map((name) => ({ name })),
    tags: names("tags", LIMITS.tags),
    section: slug(at("section").value),
    slug: slugOf(slug(at("slug").value)),
    publishedAt: textIn(at("publishedAt").value),
  };
  return { article, addresses, faults };
};

/**
 * An event of Sanity (https://www.sanity.io/docs/webhooks): the document as it is now, unless the webhook's projection says other;
 * what happened is in the header `sanity-operation`, unless the projection says it in the body, where it is signed
 * (`"operation": delta::operation()`). A document that is there is public. Drafts and the versions of releases are
 * ignored; a document that is unpublished is deleted, and its draft goes on.
 */
export const readSanity = (delivery: Delivery, mapping: FieldMapping = {}): Result<Reading> => {
  const { headers } = delivery;
  const payload = payloadOf(delivery);
  if (!payload.ok) return payload;
  const document = payload.value;
  // The body is signed, and no header is.
  const told = isObject(document) ? document["operation"] : undefined;
  const isEnd = (typeof told === "string" ? told : headers["sanity-operation"]) === "delete";
  const read = checked(meta, document);
  if (!read.ok) return read;
  const { _id: id, _type: type, _updatedAt } = read.value;
  if (/^(?:drafts|versions)\./.test(id)) return ignored("The document is a draft.");
  if (!isArticleType(type, mapping))
    return ignored(`The document is a ${type?.slice(0, 64)}, which is no article here.`);
  if (isEnd)
    return ok({
      commands: [withdraw(id, afterwards(stampOf(_updatedAt)) ?? stampOf(headers["sanity-transaction-time"]))],
    });
  const fields = isObject(document) ? document : {};
  const warnings: Warning[] = [];
  const { article, addresses, faults } = articleIn(fields, { mapping, headers, warnings });
  if (faults.length) return faulty(faults);
  const { name, value } = fieldOf(fields, "picture", mapping);
  const words = isObject(value) ? value : {};
  const picture = pictureAt(
    assetUrl(value, headers),
    { alt: textIn(words["alt"]), caption: textIn(words["caption"]), credit: textIn(words["credit"]) },
    `/${name}`,
    warnings,
  );
  const version = stampOf(_updatedAt);
  const commands = storyCommands({ externalId: id, version, article, picture, addresses, isPublic: true });
  return ok({ commands, ...(warnings.length && { warnings }) });
};
