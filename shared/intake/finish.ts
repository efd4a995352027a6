import { articleInput } from "../domain/article.ts";
import type { Body } from "../domain/body.ts";
import { lacking, unknownNames } from "../domain/checks.ts";
import { type Fault, ok, refuse, type Result, type Warning } from "../domain/error.ts";
import { LIMITS } from "../domain/limits.ts";
import { pictureOfLead, picturesOfBody, unknownPictures } from "../domain/picture.ts";
import { iso, parseTime } from "../domain/time.ts";
import type { Read } from "./article.ts";
import { checkBody } from "./body.ts";
import { bounded, faultsOf } from "./faults.ts";
import { type Photo, type Picture, withPhotos } from "./photos.ts";
import type { Setting, Submission } from "./submission.ts";

const schema = articleInput.omit({ body: true });
/** Before it, and wherever the site stands, ISO 8601 needs years of six digits, which nothing here reads or sorts. */
const FIRST = Date.parse("0001-01-01T00:00:00Z");

type Checked = Pick<Read, "body" | "warnings" | "faults"> & { photos: Photo[] };

/** The body with its photos in their places, looked at as a whole. Without either there is none. */
const illustrated = (read: Read, pictures: readonly Picture[]): Checked => {
  const { body, photos = [], warnings, faults, credit } = read;
  if (body === undefined && pictures.length === 0) return { body, photos, warnings, faults };
  const all = withPhotos({ body: body ?? [], photos, warnings }, pictures, credit);
  return { ...checkBody({ ...all, faults }, all.photos), photos: all.photos };
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
  const { body, photos, warnings, faults } = illustrated(read, pictures);
  const parsed = schema.safeParse(raw);
  const found = [...faults, ...(parsed.success ? [] : faultsOf(parsed.error))];
  const publishedAt = typeof raw["publishedAt"] === "string" ? parseTime(raw["publishedAt"], setting.zone) : undefined;
  if (typeof raw["publishedAt"] === "string" && !found.some((fault) => fault.pointer === "/publishedAt")) {
    if (publishedAt === undefined || publishedAt < FIRST)
      found.push({
        pointer: "/publishedAt",
        detail: "is no time: write 2024-10-05T08:30:00+07:00 (without an offset, the site's zone counts)",
      });
    else if (publishedAt > setting.now) found.push({ pointer: "/publishedAt", detail: "lies in the future" });
  }
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
    ...rest
  } = parsed.data;
  const fields = {
    ...rest,
    locale,
    bylines,
    tags: [...new Set(tags)],
    section,
    publishedAt: publishedAt === undefined ? undefined : iso(publishedAt),
  };
  const open: Warning[] =
    section === undefined
      ? [{ code: "no-section", pointer: "/section", detail: "is needed before the story can be published" }]
      : [];
  return ok({ fields, body, photos, warnings: [...warnings, ...open].slice(0, LIMITS.warnings), status });
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
  ].filter((fault) => !named.has(fault.pointer.split("/")[1]));
};
