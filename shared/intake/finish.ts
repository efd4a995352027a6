import { articleInput } from "../domain/article.ts";
import type { Body } from "../domain/body.ts";
import { lacking, unknownNames } from "../domain/checks.ts";
import { type Fault, ok, refuse, type Result, type Warning } from "../domain/error.ts";
import { LIMITS } from "../domain/limits.ts";
import { halfKeyFaults } from "../domain/natural-key.ts";
import { pictureOfLead, picturesOfBody, unknownPictures } from "../domain/picture.ts";
import { iso } from "../domain/time.ts";
import type { Read } from "./article.ts";
import { checkBody } from "./body.ts";
import { bounded, faultsOf } from "./faults.ts";
import { NO_TIME, readMoment } from "./moment.ts";
import { type Picture, withPhotos } from "./photos.ts";
import type { Setting, Submission } from "./submission.ts";

const schema = articleInput.omit({ body: true });

type Checked = Pick<Read, "body" | "warnings" | "faults"> & Pick<Submission, "photos" | "addresses">;

/** The body with its photos in their places, looked at as a whole. Without either there is none. */
const illustrated = (read: Read, pictures: readonly Picture[]): Checked => {
  const { body, photos = [], addresses = [], warnings, faults, credit } = read;
  if (body === undefined && pictures.length === 0) return { body, photos, addresses, warnings, faults };
  const all = withPhotos({ body: body ?? [], photos, warnings }, pictures, credit);
  const filled = new Set(all.photos.map(({ block }) => block));
  // What was put in stands behind all figures that have an address: these stay where they are.
  const open = addresses.filter(({ block }) => !filled.has(block));
  return { ...checkBody({ ...all, faults }, all.photos), photos: all.photos, addresses: open };
};

/**
 * Makes a submission of an article that was read and of the pictures that came with it; or says everything that is wrong
 * with it (invalid).
 */
export const finish = async (
  read: Read,
  pictures: readonly Picture[],
  setting: Setting,
): Promise<Result<Submission>> => {
  const { raw, located = (all) => all } = read;
  const { body, photos, addresses, warnings, faults } = illustrated(read, pictures);
  const parsed = schema.safeParse(raw);
  const found = [...faults, ...(parsed.success ? [] : faultsOf(parsed.error))];
  const publishedAt = typeof raw["publishedAt"] === "string" ? readMoment(raw["publishedAt"], setting.zone) : undefined;
  if (typeof raw["publishedAt"] === "string" && !found.some((fault) => fault.pointer === "/publishedAt")) {
    if (publishedAt === undefined) found.push({ pointer: "/publishedAt", detail: NO_TIME });
    else if (publishedAt > setting.now) found.push({ pointer: "/publishedAt", detail: "lies in the future" });
  }
  const embargoUntil =
    typeof raw["embargoUntil"] === "string" ? readMoment(raw["embargoUntil"], setting.zone) : undefined;
  if (typeof raw["embargoUntil"] === "string" && !found.some((fault) => fault.pointer === "/embargoUntil"))
    if (embargoUntil === undefined) found.push({ pointer: "/embargoUntil", detail: NO_TIME });
  // Kept with a draft it would be a reason for nothing, and lost without a word.
  if (raw["breakEmbargo"] !== undefined && raw["status"] !== "published")
    found.push({ pointer: "/breakEmbargo", detail: "is said when the story is published, not before" });
  found.push(...halfKeyFaults({ source: isGiven("source", raw), externalId: isGiven("externalId", raw) }));
  if (!parsed.success || found.length) {
    const others = await besides(raw, body, found, setting);
    return refuse({ kind: "invalid", faults: bounded(located([...found, ...others])) });
  }
  const {
    status = "draft",
    locale = setting.locale,
    bylines = [],
    tags = [],
    section = setting.section,
    breakEmbargo,
    ...rest
  } = parsed.data;
  const fields = {
    ...rest,
    locale,
    bylines,
    tags: [...new Set(tags)],
    section,
    publishedAt: publishedAt === undefined ? undefined : iso(publishedAt),
    embargoUntil: embargoUntil === undefined ? undefined : iso(embargoUntil),
  };
  const open: Warning[] =
    section === undefined
      ? [{ code: "no-section", pointer: "/section", detail: "is needed before the story can be published" }]
      : [];
  const all = [...warnings, ...open].slice(0, LIMITS.warnings);
  return ok({ fields, body, photos, addresses, warnings: all, status, breakEmbargo });
};

/** Whether a field says anything; what is wrong with it has been said already. */
const isGiven = (name: "source" | "externalId", raw: Read["raw"]): boolean => {
  const parsed = schema.shape[name].safeParse(raw[name]);
  return !parsed.success || parsed.data !== undefined;
};

/**
 * What the domain would say of a submission that is refused anyway, so that every fault is named at once. What is sound
 * goes on to the domain, which looks at it behind the idempotency record: a retry gets its answer whatever has changed.
 */
const besides = async (
  raw: Read["raw"],
  body: Body | undefined,
  found: Fault[],
  { site, section, pictures }: Setting,
): Promise<Fault[]> => {
  const { shape } = schema;
  const content = {
    headline: shape.headline.safeParse(raw["headline"]).data,
    section: shape.section.safeParse(raw["section"]).data ?? section,
    bylines: shape.bylines.safeParse(raw["bylines"]).data ?? [],
    aliases: Array.isArray(raw["aliases"]) ? raw["aliases"].map((one) => (typeof one === "string" ? one : "")) : [],
    hasBody: body !== undefined && body.length > 0,
  };
  const named = new Set(found.map((fault) => fault.pointer.split("/")[1]));
  const wanted = raw["status"] === "published" && !named.has("status");
  const shown = [
    ...pictureOfLead(shape.leadImage.safeParse(raw["leadImage"]).data),
    ...picturesOfBody(named.has("body") ? [] : (body ?? [])),
  ];
  const known = shown.length ? await pictures?.(shown.map(({ image }) => image)) : undefined;
  return [
    ...(site ? unknownNames(content, site) : []),
    ...(wanted ? lacking(content) : []),
    ...(known ? unknownPictures(shown, known) : []),
  ].filter(({ pointer }) => {
    const [, field = ""] = pointer.split("/");
    // Each path of a list is looked at by itself.
    return field === "aliases" ? !found.some((fault) => fault.pointer === pointer) : !named.has(field);
  });
};
