import type { Content } from "../domain/article.ts";
import type { Body } from "../domain/body.ts";
import { refuse, type Result, type Warning } from "../domain/error.ts";
import type { KnownPictures } from "../domain/picture.ts";
import type { Site } from "../domain/site.ts";
import type { FigureAddress } from "./addresses.ts";
import { ARTICLE_TYPES, isObject, readArticle, readJson, withFields } from "./article.ts";
import { bounded } from "./faults.ts";
import { finish } from "./finish.ts";
import type { ParsedJson } from "./json.ts";
import { mediaType } from "./media-type.ts";
import type { Photo } from "./photos.ts";

/** An article as it was understood: every field valid, times resolved (ISO 8601, UTC), the body as blocks. */
export type Submission = {
  fields: Omit<Content, "bodyDigest" | "hasBody" | "pictures" | "warnings">;
  /** Undefined: none was sent. */
  body: Body | undefined;
  /** Pictures that came along, in the order of the figures of `body` that they fill (`withImages` puts their ids in). */
  photos: Photo[];
  /**
   * Where the pictures are of figures of `body` that have none, as the text says it, in their order. Nobody has looked at these
   * addresses: `picturesAt` says which may be fetched, `withFetched` puts the pictures in.
   */
  addresses: FigureAddress[];
  warnings: Warning[];
  status: "draft" | "published";
  breakEmbargo?: string | undefined;
};

/**
 * What a submission is read by: the site's zone and locale, now (ms), and the section that a key writes for unless told.
 * With `site` and `pictures` (which looks images up), a refusal also names the sections, authors and images that there are not.
 */
export type Setting = {
  zone: string;
  locale: string;
  now: number;
  section?: string | undefined;
  site?: Pick<Site, "sections" | "authors">;
  pictures?: (ids: string[]) => Promise<KnownPictures>;
};

export type Sent = { contentType: string | undefined; bytes: Uint8Array; query: Record<string, string[]> };

const FORM = "multipart/form-data";
/** The types that POST /articles takes; a 415 names them. */
export const MEDIA_TYPES = [...ARTICLE_TYPES, FORM] as const;

/**
 * Reads a submission in any of the formats, with its photos. Refusals: unsupported (415), too-large, malformed (400), invalid
 * (422: every fault of the article and of each photo).
 */
export const readSubmission = async (sent: Sent, setting: Setting): Promise<Result<Submission>> => {
  const { type, charset } = mediaType(sent.contentType);
  if (type === FORM) return readFormSubmission(sent, setting);
  if (!ARTICLE_TYPES.some((known) => known === type)) return unsupported("an article", MEDIA_TYPES);
  const stray = "is an unknown query parameter: with JSON, fields stand in the body";
  const read = await readArticle({ ...sent, type, charset, stray }, setting);
  return read.ok ? finish(read.value, [], setting) : read;
};

const unsupported = (what: string, types: readonly string[]) =>
  refuse({ kind: "unsupported", detail: `Send ${what} as ${types.join(", ")}.` });

/** Forms bring a parser along, and one for the heads of pictures; a part wins over the query, both over the copy. */
const readFormSubmission = async (sent: Sent, setting: Setting): Promise<Result<Submission>> => {
  const { readForm } = await import("./multipart/form.ts");
  const form = readForm(sent.bytes, sent.contentType ?? "");
  if (!form.ok) return form;
  const { article, pictures, fields, faults } = form.value;
  if (article && !ARTICLE_TYPES.some((known) => known === article.type))
    return unsupported("the part `article`", ARTICLE_TYPES);
  const query = { ...sent.query, ...fields };
  const stray = "is an unknown field: with JSON, fields stand in the part `article`";
  const read = article
    ? await readArticle({ ...article, query, stray }, setting)
    : withFields({ drafted: { fields: {}, body: [], warnings: [], faults: [] } }, query);
  if (read.ok) return finish({ ...read.value, faults: [...faults, ...read.value.faults] }, pictures, setting);
  if (read.refusal.kind !== "invalid") return read;
  return refuse({ kind: "invalid", faults: bounded([...faults, ...read.refusal.faults]) });
};

/**
 * A patched article's fields and body (the outcome of a merge patch), read as a submission. A patch moves no article, so
 * `status` is no field of it, and no section is chosen for it.
 */
export const readPatched = async (patched: ParsedJson, setting: Setting): Promise<Result<Submission>> => {
  const isMoved = isObject(patched.value) && "status" in patched.value;
  const faults = isMoved ? [{ pointer: "/status", detail: "is no content: publishing is a call of its own" }] : [];
  const read = await readJson(patched, faults);
  return read.ok ? finish(read.value, [], { ...setting, section: undefined }) : read;
};
