import { type Fault, invalid, ok, type Result, type Warning } from "../../domain/error.ts";
import { LIMITS } from "../../domain/limits.ts";
import type { FigureAddress } from "../../intake/addresses.ts";
import { isObject } from "../../intake/article.ts";
import type { Delivery, PictureAddress } from "../kind.ts";
import type { GenericMapping, TextPointer } from "./generic-mapping.ts";
import { find, type Pointers } from "./pointer.ts";
import { portableText } from "./portable-text.ts";
import {
  bodyIn,
  faulty,
  ignored,
  payloadOf,
  type Reading,
  stampOf,
  storyCommands,
  utcOf,
  withdraw,
} from "./reading.ts";
import { atMost, namesIn, pictureAt, slugOf, textOfHtml } from "./text.ts";

/** Reads fields by pointers, and gathers what is wrong with them. */
const reader = (payload: unknown, faults: Fault[], warnings: Warning[]) => {
  const plain = (where: Pointers | undefined): string | undefined => {
    if (where === undefined) return undefined;
    const { pointer, value } = find(payload, where);
    if (value === undefined || typeof value === "string") return value;
    if (typeof value === "number") return String(value);
    faults.push({ pointer, detail: "must be text" });
    return undefined;
  };
  return {
    plain,
    text: (where: TextPointer | undefined): string | undefined => {
      if (where === undefined || typeof where === "string" || Array.isArray(where)) return plain(where);
      const raw = plain(where.pointer);
      const read = raw === undefined || where.format === "text" ? raw : textOfHtml(raw);
      if (read === undefined && raw !== undefined)
        faults.push({ pointer: find(payload, where.pointer).pointer, detail: "has too much HTML in it" });
      return read;
    },
    names: (where: Pointers | undefined, limit: number, isList: boolean): string[] => {
      if (where === undefined) return [];
      const { pointer, value } = find(payload, where);
      return atMost(limit, namesIn(isList && typeof value === "string" ? value.split(",") : value), pointer, warnings);
    },
    slug: (where: Pointers | undefined): string | undefined => {
      if (where === undefined) return undefined;
      const { pointer, value } = find(payload, where);
      const slug = isObject(value) ? (value["slug"] ?? value["current"]) : value;
      if (slug === undefined || typeof slug === "string") return slugOf(slug);
      faults.push({ pointer, detail: "must be text" });
      return undefined;
    },
    time: (where: Pointers | undefined): string | undefined => {
      const value = where === undefined ? undefined : find(payload, where).value;
      return typeof value === "number" ? utcOf(value) : plain(where);
    },
    body: (where: GenericMapping["body"]): { body?: unknown; addresses?: FigureAddress[] } => {
      if (where === undefined) return {};
      const { pointer, value } = find(payload, where.pointer);
      if (where.format !== "blocks") return { body: bodyIn(where.format, plain(where.pointer)) };
      if (value === undefined) return {};
      if (!Array.isArray(value)) {
        faults.push({ pointer, detail: "must be a list of blocks" });
        return {};
      }
      const { warnings: lost, ...written } = portableText(value, pointer);
      warnings.push(...lost);
      return written;
    },
  };
};
type Reader = ReturnType<typeof reader>;

const articleOf = (read: Reader, mapping: GenericMapping) => {
  const texts = {
    headline: read.text(mapping.headline),
    kicker: read.text(mapping.kicker),
    standfirst: read.text(mapping.standfirst),
  };
  const { body, addresses } = read.body(mapping.body);
  const article = {
    ...texts,
    body,
    bylines: read.names(mapping.bylines, LIMITS.bylines, false).map((name) => ({ name })),
    tags: read.names(mapping.tags, LIMITS.tags, true),
    section: read.slug(mapping.section),
    slug: read.slug(mapping.slug),
    publishedAt: read.time(mapping.publishedAt),
    canonicalUrl: read.plain(mapping.canonicalUrl),
  };
  return { article, addresses };
};

const pictureOf = (
  read: Reader,
  where: GenericMapping["picture"],
  payload: unknown,
  warnings: Warning[],
): PictureAddress | undefined => {
  if (where === undefined) return undefined;
  const { url, ...words } = typeof where === "string" ? { url: where } : where;
  const { alt, caption, credit } = { alt: undefined, caption: undefined, credit: undefined, ...words };
  const at = find(payload, url).pointer;
  return pictureAt(
    read.plain(url),
    { alt: read.text(alt), caption: read.text(caption), credit: read.text(credit) },
    at,
    warnings,
  );
};

/** A version of a time or a whole number; of anything else the order is not known, and there is none. */
export const versionAt = (payload: unknown, where: Pointers | undefined): string | undefined => {
  const value = where === undefined ? undefined : find(payload, where).value;
  if (typeof value === "number")
    return Number.isSafeInteger(value) && value >= 0 ? String(value).padStart(16, "0") : undefined;
  if (typeof value !== "string") return undefined;
  return /^\d{1,16}$/.test(value) ? value.padStart(16, "0") : stampOf(value);
};

type Wanted = "publish" | "draft" | "withdraw";

/** What the event's name asks for. */
export const wantedBy = (
  payload: unknown,
  event: NonNullable<GenericMapping["event"]>,
): Wanted | { ignored: string } => {
  const { value } = find(payload, event.pointer);
  const name =
    typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
  const wanted = (["publish", "draft", "withdraw"] as const).find((one) => event[one]?.includes(name));
  return wanted ?? { ignored: `Nothing is done on ${name.slice(0, 100) || "an event without a name"}.` };
};

/** The story's id by a mapping, or the fault that there is none. */
export const idAt = (payload: unknown, where: Pointers): Result<string> => {
  const { pointer, value } = find(payload, where);
  const id = typeof value === "string" || Number.isSafeInteger(value) ? String(value).trim() : undefined;
  if (id) return ok(id);
  return invalid({
    pointer,
    detail:
      value === undefined || id === ""
        ? "is missing: nothing says which story it is"
        : "must be text or a whole number",
  });
};

/** An event by a mapping, once it is known what it wants. */
export const readMapped = (payload: unknown, mapping: GenericMapping, wanted: Wanted): Result<Reading> => {
  const id = idAt(payload, mapping.externalId);
  const version = versionAt(payload, mapping.version);
  if (wanted === "withdraw") return id.ok ? ok({ commands: [withdraw(id.value, version)] }) : id;
  const faults: Fault[] = id.ok || !("faults" in id.refusal) ? [] : [...id.refusal.faults];
  const warnings: Warning[] = [];
  const read = reader(payload, faults, warnings);
  const { article, addresses } = articleOf(read, mapping);
  const picture = pictureOf(read, mapping.picture, payload, warnings);
  if (faults.length || !id.ok) return faulty(faults);
  const isPublic = wanted === "publish";
  const commands = storyCommands({ externalId: id.value, version, article, picture, addresses, isPublic });
  return ok({ commands, ...(warnings.length && { warnings }) });
};

/** An event of a system that has no kind of its own here: its mapping says where everything is. */
export const readGeneric = (delivery: Delivery, mapping: GenericMapping): Result<Reading> => {
  const payload = payloadOf(delivery);
  if (!payload.ok) return payload;
  const wanted = mapping.event ? wantedBy(payload.value, mapping.event) : "publish";
  return typeof wanted === "string" ? readMapped(payload.value, mapping, wanted) : ignored(wanted.ignored);
};
