import * as z from "zod";
import type { Actor } from "./article.ts";
import { type ApiKey, atLeast } from "./access.ts";
import type { Refusal } from "./error.ts";
import { LIMITS } from "./limits.ts";
import type { FocalPoint } from "./rendition.ts";
import { cleanLine, cleanText } from "./text.ts";

/** What may be uploaded; anything else (SVG, GIF, PDF, HEIC ...) is refused before a byte of it is decoded. */
export const IMAGE_TYPES = ["image/jpeg", "image/png", "image/webp", "image/avif"] as const;
export type ImageType = (typeof IMAGE_TYPES)[number];

/** Why a picture was refused: a code, for the record and the log; `refusalText` says it to people. */
export const REFUSALS = [
  "not-an-image",
  "too-large",
  "too-many-pixels",
  "animated",
  "damaged",
  "too-costly",
  "never-arrived",
] as const;
export type ImageRefusal = (typeof REFUSALS)[number];

/** Refusals that say nothing of the bytes: with them here again, the picture gets another chance. */
const FORGIVEN: ReadonlySet<ImageRefusal | undefined> = new Set<ImageRefusal>(["never-arrived", "too-costly"]);
export const isForgiven = ({ state, reason }: Pick<Image, "state" | "reason">): boolean =>
  state === "refused" && FORGIVEN.has(reason);

/** The picture as it goes on trying. */
export const revived = (image: Image): Image => ({
  ...image,
  state: "processing",
  reason: undefined,
  attempts: 0,
  faults: undefined,
  leasedUntil: undefined,
});

const TEXTS: Record<ImageRefusal, string> = {
  "not-an-image": "The file is no JPEG, PNG, WebP or AVIF picture, whatever its name says.",
  "too-large": `The file is larger than ${LIMITS.uploadBytes / 1024 / 1024} MB.`,
  "too-many-pixels": `The picture has more than ${LIMITS.pixels / 1_000_000} million pixels.`,
  animated: "The picture is animated; send a still one.",
  damaged: "The picture is damaged or cut off, and cannot be decoded.",
  "too-costly": "The picture could not be processed within the limits of time and memory.",
  "never-arrived": "The file was not uploaded in time.",
};
export const refusalText = (reason: ImageRefusal): string => TEXTS[reason];

/** The answer to a phone's HEIC, which is refused as `not-an-image`: how to make the phone send JPEG. */
export const HEIC_TEXT =
  "The picture is HEIC. Send JPEG: on an iPhone, Settings > Camera > Formats > Most Compatible makes new photos JPEG; on a Samsung, switch off “High efficiency pictures” in the camera's settings; or export this one as JPEG.";

/** What a picture's own metadata said (IPTC, XMP, EXIF): shown until an editor types something else. */
export type FoundText = {
  caption?: string | undefined;
  credit?: string | undefined;
  byline?: string | undefined;
  /** When it was taken: ISO 8601, as the camera's clock read it (with an offset only if the camera wrote one). */
  takenAt?: string | undefined;
};

/** What somebody typed; an empty text is a choice too, and hides what was found. */
export type TypedText = { alt?: string | undefined; caption?: string | undefined; credit?: string | undefined };

/** The renditions that stand in private storage: digests of what each was made of, and whether AVIF is among them. */
export type Made = { full: string; crops: string; avif: boolean };

/**
 * A picture as the table keeps it. `seq` counts the changes that a client can see, and is its ETag; `version` counts every
 * write, leases too. An `awaiting-upload` or `processing` one becomes `ready` or `refused`; one that turned out to have the
 * bytes of another is `same` as that one for ever.
 */
export type Image = {
  id: string;
  seq: number;
  version: number;
  state: "awaiting-upload" | "processing" | "ready" | "refused" | "same";
  reason?: ImageRefusal | undefined;
  /** Who may see and use it: everybody who sent these bytes, the first of them first, or was handed a story with it. */
  owners: string[];
  createdAt: string;
  /** Who sent them first. */
  by: Actor;
  /** As declared until it has been looked at. */
  contentType: ImageType;
  /** Hex SHA-256 of the bytes as they came. */
  sha256?: string | undefined;
  /** Pixels, upright. */
  width?: number | undefined;
  height?: number | undefined;
  /** `#rrggbb`, behind the picture while it loads. */
  colour?: string | undefined;
  typed: TypedText;
  found: FoundText;
  focalPoint?: FocalPoint | undefined;
  made?: Made | undefined;
  /** The picture with the same bytes, when `state` is `same`. */
  sameAs?: string | undefined;
  /** Pictures that are the same as this one, the first hundred. */
  twins?: string[] | undefined;
  /** Tries at processing since it last got on that have not come to any end, or failed in the encoders. */
  attempts: number;
  /** Tries since then that came to an end and did not get on: each waits longer for the next. */
  faults?: number | undefined;
  /** How often its focal point was moved. */
  cuts?: number | undefined;
  /** When the sweep looks after it, while anything is to be done on it (ISO 8601). */
  dueAt?: string | undefined;
  /** While one try is under way no other begins (ISO 8601). */
  leasedUntil?: string | undefined;
  /**
   * Names the change by which a story last came to use it. Written without `version`, which is the picture function's: whoever
   * decides by there being no use has to find both as they were read.
   */
  usedBy?: string | undefined;
};

/** A text that is shown: what was typed, else what was found in the file; undefined when there is none. */
export const shownText = (
  image: Pick<Image, "typed" | "found">,
  field: "alt" | "caption" | "credit",
): string | undefined => {
  const typed = image.typed[field];
  const found = field === "alt" ? undefined : field === "caption" ? image.found.caption : creditOf(image.found);
  return (typed ?? found) || undefined;
};

/** IPTC has a credit line and a byline; a newspaper prints one of them. */
const creditOf = ({ credit, byline }: FoundText): string | undefined => credit ?? byline;

const typedText = (most: number, clean: (raw: string) => string) =>
  z
    .string()
    .transform(clean)
    .pipe(z.string().max(most))
    .nullable()
    .transform((text) => text ?? "")
    .optional();
const inUnit = z.number().min(0).max(1);

const { pictureText } = LIMITS;

/** PATCH /images/{id}: a merge patch (RFC 7396); null takes a text away, and the focal point back to the middle. */
export const imagePatch = z.strictObject({
  alt: typedText(pictureText, (raw) => cleanText(raw).text.trim()),
  caption: typedText(pictureText, (raw) => cleanText(raw).text.trim()),
  credit: typedText(LIMITS.line, (raw) => cleanLine(raw).text),
  focalPoint: z.strictObject({ x: inUnit, y: inUnit }).nullable().optional(),
});
export type ImagePatch = z.output<typeof imagePatch>;

/** POST /images as JSON: what is going to be uploaded. */
export const uploadInput = z.strictObject({
  filename: z
    .string()
    .transform((raw) => cleanLine(raw).text)
    .pipe(z.string().min(1).max(LIMITS.line)),
  contentType: z.enum(IMAGE_TYPES),
  bytes: z.int().min(1).max(LIMITS.uploadBytes),
});
export type UploadInput = z.output<typeof uploadInput>;

/** Whether a key may see and name a picture: everybody who sent its bytes, or was handed a story with it; editors all. */
export const mayUse = (key: Pick<ApiKey, "id" | "role">, image: Pick<Image, "owners">): boolean =>
  atLeast(key.role, "editor") || image.owners.includes(key.id);

const USED_TEXT =
  "A story that was submitted, handed over or published uses this picture: change the alt, caption or credit in the story itself, or ask an editor.";

/**
 * Why a key may not change what is said of a picture that it may see; undefined when it may. What a story uses that is past its
 * reporter's hand is an editor's to change, lest words go up that no editor has read; before that it is that of whoever sent it
 * first, for the same bytes from somebody else are no leave to speak for them.
 */
export const changeBar = (
  key: Pick<ApiKey, "id" | "role">,
  image: Pick<Image, "by">,
  isUsed: boolean,
): Extract<Refusal, { kind: "forbidden" }> | undefined => {
  if (atLeast(key.role, "editor")) return undefined;
  if (image.by.key !== key.id)
    return { kind: "forbidden", detail: "Somebody else sent this picture first: an editor has to change it." };
  return isUsed ? { kind: "forbidden", detail: USED_TEXT } : undefined;
};

/**
 * Whose a picture is when others have sent it too. Past a hundred, whoever has it longest is no longer named, but never who
 * sent it first: stories keep it, and to see it again its bytes are sent again.
 */
export const withOwners = ({ owners }: Pick<Image, "owners">, more: readonly string[]): string[] => {
  const all = [...new Set([...owners, ...more])];
  return [...all.slice(0, 1), ...all.slice(1).slice(1 - LIMITS.owners)];
};

/** Whether a picture's focal point can be moved once more: each move leaves renditions that a takedown has to undo. */
export const mayBeCut = ({ cuts = 0 }: Pick<Image, "cuts">): boolean => cuts < LIMITS.cuts;

/** A picture after a patch; itself when nothing changes. */
export const patched = (image: Image, patch: ImagePatch): Image => {
  const { focalPoint, ...texts } = patch;
  const typed = {
    ...image.typed,
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)),
  };
  const focal = focalPoint === undefined ? image.focalPoint : (focalPoint ?? undefined);
  const after = { ...image, typed, focalPoint: focal };
  const words = ({ typed: { alt, caption, credit } }: Image): string => JSON.stringify([alt, caption, credit]);
  const isCut = focal?.x !== image.focalPoint?.x || focal?.y !== image.focalPoint?.y;
  if (isCut) return { ...after, cuts: (image.cuts ?? 0) + 1 };
  return words(after) === words(image) ? image : after;
};
