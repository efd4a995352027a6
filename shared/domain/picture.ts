import type { Body } from "./body.ts";
import type { Fault, Warning } from "./error.ts";
import { type Image, type ImageRefusal, refusalText, shownText } from "./image.ts";
import { LIMITS } from "./limits.ts";

/** A place of a story that shows a picture, and whether the story itself says what it shows and whose it is. */
export type StoryPicture = { image: string; pointer: string; alt: boolean; credit: boolean };

type Told = { image?: string | undefined; alt?: string | undefined; credit?: string | undefined };

const placed = (pointer: string, { image, alt, credit }: Told): StoryPicture[] =>
  image === undefined ? [] : [{ image, pointer, alt: Boolean(alt), credit: Boolean(credit) }];

export const LEAD_POINTER = "/leadImage";

/** The pictures of a lead image. */
export const pictureOfLead = (lead: Told | undefined): StoryPicture[] => (lead ? placed(LEAD_POINTER, lead) : []);

/** The pictures of a body's figures, in order. */
export const picturesOfBody = (body: Body): StoryPicture[] =>
  body.flatMap((block, n) => (block._type === "figure" ? placed(`/body/${n}`, block) : []));

/** A picture as it was read, as far as its use by a story writes to it: the real one, whatever id the story names. */
export type PictureRecord = Pick<Image, "id" | "state" | "version" | "owners">;

/** What a decision has to know of a picture; `mine` is whether whoever asks may use it. */
export type PictureFacts = {
  /** For the commit; absent when the story has long had the picture. */
  record?: PictureRecord;
  mine: boolean;
  refused?: ImageRefusal | undefined;
  /** Its bytes have not come yet: nobody can have seen them. */
  awaited?: boolean;
  alt: boolean;
  credit: boolean;
};

export const factsOf = (image: Image, mine: boolean): PictureFacts => ({
  record: image,
  mine,
  ...(image.state === "refused" ? { refused: image.reason ?? "damaged" } : {}),
  awaited: image.state === "awaiting-upload",
  alt: shownText(image, "alt") !== undefined,
  credit: shownText(image, "credit") !== undefined,
});

export type KnownPictures = ReadonlyMap<string, PictureFacts>;

/** Pictures that there are not, or not for this key, or that were refused. Those that stood there `before` may stay. */
export const unknownPictures = (
  pictures: readonly StoryPicture[],
  known: KnownPictures,
  before: readonly StoryPicture[] = [],
  unknown = "is no image of yours",
): Fault[] => {
  const kept = new Set(before.map(({ image }) => image));
  return pictures.flatMap(({ image, pointer }): Fault[] => {
    const facts = known.get(image);
    if (kept.has(image)) return [];
    if (!facts?.mine) return [{ pointer: `${pointer}/image`, detail: unknown }];
    return facts.refused === undefined
      ? []
      : [{ pointer: `${pointer}/image`, detail: `was refused: ${refusalText(facts.refused)}` }];
  });
};

/** What the site asks of every picture that is published: to be warned of what is missing, or not to publish without. */
export type PictureRules = { alt: "warn" | "require"; credit: "warn" | "require" };

const DETAILS = {
  alt: "says nothing to readers who cannot see it: give the figure, or the image, an `alt`",
  credit: "does not say whose picture it is: give the figure, or the image, a `credit`",
} as const;
const FIELDS = ["alt", "credit"] as const;

/** What is missing of the alt texts and credits of a story's pictures; the image's own count. */
const missing = (pictures: readonly StoryPicture[], known: KnownPictures) =>
  pictures.flatMap(({ image, pointer, ...has }) =>
    FIELDS.filter((field) => !has[field] && !known.get(image)?.[field]).map((field) => ({ field, pointer })),
  );

/** Faults for pictures that nobody can have looked at yet. */
export const awaitedFaults = (pictures: readonly StoryPicture[], known: KnownPictures): Fault[] =>
  pictures
    .filter(({ image }) => known.get(image)?.awaited)
    .map(({ pointer }) => ({ pointer: `${pointer}/image`, detail: "has not been uploaded yet" }));

/** The same, and faults for what the site requires of a published picture. */
export const lackingOnPictures = (
  pictures: readonly StoryPicture[],
  known: KnownPictures,
  rules: PictureRules | undefined,
): Fault[] => [
  ...awaitedFaults(pictures, known),
  ...missing(pictures, known)
    .filter(({ field }) => rules?.[field] === "require")
    .map(({ field, pointer }) => ({
      pointer: `${pointer}/${field}`,
      detail: `is needed to publish: ${DETAILS[field]}`,
    })),
];

const codeOf = (field: (typeof FIELDS)[number]): string => `picture-without-${field}`;
const REFUSED = "picture-refused";
const CODES = new Set([...FIELDS.map(codeOf), REFUSED]);

/** The warnings of a story with those about its pictures as things stand now. */
export const pictureWarnings = (
  warnings: readonly Warning[],
  pictures: readonly StoryPicture[],
  known: KnownPictures,
): Warning[] => {
  const others = warnings.filter(({ code }) => !CODES.has(code));
  const refused = pictures.flatMap(({ image, pointer }): Warning[] => {
    const reason = known.get(image)?.refused;
    return reason === undefined
      ? []
      : [{ code: REFUSED, pointer, detail: `stays off the page: ${refusalText(reason)}` }];
  });
  const now = missing(pictures, known).map(({ field, pointer }) => ({
    code: codeOf(field),
    pointer,
    detail: DETAILS[field],
  }));
  return [...others, ...refused, ...now].slice(0, LIMITS.warnings);
};

type Gens = Pick<
  { pictures: Record<string, number>; formerPictures: Record<string, number> },
  "pictures" | "formerPictures"
>;

/**
 * Which pictures are public with a story from now on. One that stays keeps its gen and so its addresses; one that comes, for
 * the first time or again, gets a gen that no picture of the story ever had: addresses that say 410 are never wanted again,
 * and two ids that turn out to be one picture never share any. One that goes is remembered.
 */
export const shownNow = (before: Gens | undefined, images: readonly string[]): Gens => {
  const [shown, former] = [before?.pictures ?? {}, before?.formerPictures ?? {}];
  const wanted = [...new Set(images)];
  let last = Math.max(0, ...Object.values(shown), ...Object.values(former));
  return {
    pictures: Object.fromEntries(wanted.map((image) => [image, shown[image] ?? ++last])),
    formerPictures: Object.fromEntries(
      Object.entries({ ...former, ...shown }).filter(([image]) => !wanted.includes(image)),
    ),
  };
};
