import { Hono } from "hono";
import {
  HEIC_TEXT,
  type Image,
  IMAGE_TYPES,
  imagePatch,
  mayUse,
  patched,
  refusalText,
  shownText,
  uploadInput,
} from "../../shared/domain/image.ts";
import { type Refusal, refuse, type Result } from "../../shared/domain/error.ts";
import { iso } from "../../shared/domain/time.ts";
import { imageId } from "../../shared/domain/ulid.ts";
import { mediaType } from "../../shared/intake/media-type.ts";
import { lookAt } from "../../shared/intake/picture/look.ts";
import {
  type Idempotency,
  idempotencyOf,
  idempotencyPut,
  readReplay,
  type Replay,
} from "../../shared/store/idempotency.ts";
import { addImage, loadImages, saveImage, wantedDigests } from "../../shared/store/images.ts";
import { needs } from "./auth.ts";
import { untilSettled } from "./command.ts";
import type { ApiEnv, Call } from "./context.ts";
import { readInput } from "./input.ts";
import { arrivedPictures, newImage } from "./photos.ts";
import { problem } from "./problem.ts";
import { isDryRun, takes } from "./query.ts";
import { idempotencyKeyOf, readBytes } from "./request.ts";

const MINUTE = 60_000;
/** Past its form's time, and a slow line's. */
const WAITS_MS = 2 * 3600_000;

const noImage = { kind: "missing" as const, detail: "There is no such image." };

/** A picture as the API shows it; absent fields are left out. */
const imageJson = (image: Image) => ({
  id: image.id,
  state: image.state,
  reason: image.reason && refusalText(image.reason),
  contentType: image.contentType,
  width: image.width,
  height: image.height,
  alt: shownText(image, "alt"),
  caption: shownText(image, "caption"),
  credit: shownText(image, "credit"),
  byline: image.found.byline,
  takenAt: image.found.takenAt,
  focalPoint: image.focalPoint,
  createdAt: image.createdAt,
});

/** The picture under an id, as far as the caller may see it; undefined is a 404. */
const find = async (c: Call, id: string): Promise<Image | undefined> => {
  if (!imageId.safeParse(id).success) return undefined;
  const image = (await loadImages(c.get("services").table, [id])).get(id);
  return image && mayUse(c.get("key"), image) ? image : undefined;
};

const location = (id: string) => ({ Location: `/images/${id}` });

/** An upload that is still awaited gets a form to make it with; each answer has a fresh one. */
const created = async (c: Call, image: Image, bytes: number | undefined, replayed = false): Promise<Response> => {
  const { contentType } = image;
  const waits = image.state === "awaiting-upload" && bytes !== undefined;
  const upload = waits ? await c.get("services").uploads.form(image.id, { contentType, bytes }) : undefined;
  const headers = { ...location(image.id), ...(replayed ? { "Idempotency-Replayed": "true" } : {}) };
  return c.json({ ...imageJson(image), upload }, 201, headers);
};

const replayOf = async (c: Call, replay: Replay, bytes: number | undefined): Promise<Response> => {
  if (!replay.same) return problem(c, { kind: "key-reused" });
  const image = await find(c, replay.id);
  if (!image) throw new Error("an idempotency record names a picture that is not there");
  return created(c, image, bytes, true);
};

const useOf = (c: Call, key: string | undefined, submission: unknown): Idempotency | undefined =>
  key === undefined || isDryRun(c)
    ? undefined
    : idempotencyOf({ apiKey: c.get("key").id, method: "POST", path: c.req.path, key, status: 201, submission });

const recordOf = (use: Idempotency | undefined, id: string, now: number) =>
  use ? [idempotencyPut(use, { resource: "image", id, seq: 1 }, now)] : [];

/** Announces an upload: the answer's form takes it straight to S3, and its coming makes a picture of it. */
const announce = async (c: Call, key: string | undefined): Promise<Response> => {
  const input = await readInput(c, uploadInput);
  if (!input.ok) return problem(c, input.refusal);
  const { table, ids, clock, events } = c.get("services");
  const { contentType, bytes } = input.value;
  const use = useOf(c, key, input.value);
  return untilSettled(c, async () => {
    const earlier = use && (await readReplay(table, use, clock.now()));
    if (earlier) return replayOf(c, earlier, bytes);
    const now = clock.now();
    const image = newImage(ids.ulid(now), c.get("key"), iso(now), { contentType, state: "awaiting-upload" });
    if (isDryRun(c)) return c.json(imageJson(image), 200);
    if (!(await addImage(table, image, now + WAITS_MS, recordOf(use, image.id, now)))) return undefined;
    events({ event: "image.added", image: image.id, key: image.by.key });
    return created(c, image, bytes);
  });
};

/** What a file is refused for before a byte of it is decoded: 415 when it is no picture that we take, 422 when it is a bad one. */
const barOf = (looked: Extract<ReturnType<typeof lookAt>, { ok: false }>): Refusal => {
  if (looked.heic) return { kind: "unsupported", detail: HEIC_TEXT };
  const detail = refusalText(looked.reason);
  return looked.reason === "not-an-image"
    ? { kind: "unsupported", detail }
    : { kind: "invalid", faults: [{ pointer: "", detail }] };
};

const take = async (c: Call, key: string | undefined): Promise<Response> => {
  const bytes = await readBytes(c);
  if (!bytes.ok) return problem(c, bytes.refusal);
  const looked = lookAt(bytes.value);
  if (!looked.ok) return problem(c, barOf(looked));
  const services = c.get("services");
  return untilSettled(c, async () => {
    const arrived = await arrivedPictures(services, c.get("key"), [{ bytes: bytes.value, type: looked.type }]);
    const [id = ""] = arrived.ids;
    const use = useOf(c, key, arrived.digests);
    const now = services.clock.now();
    const earlier = use && (await readReplay(services.table, use, now));
    if (earlier) return replayOf(c, earlier, undefined);
    const refused = arrived.known.get(id)?.refused;
    if (refused) return problem(c, barOf({ ok: false, reason: refused }));
    if (isDryRun(c)) return c.json({ state: "processing", contentType: looked.type }, 200);
    if (!(await arrived.keep((image) => recordOf(use, image, now)))) return undefined;
    const image = await find(c, id);
    if (!image) throw new Error("a picture that was kept is not there");
    return created(c, image, undefined);
  });
};

const post = async (c: Call): Promise<Response> => {
  const key = idempotencyKeyOf(c);
  if (!key.ok) return problem(c, key.refusal);
  const kind = kindOf(c.req.header("content-type"));
  if (!kind.ok) return problem(c, kind.refusal);
  return kind.value === "json" ? announce(c, key.value) : take(c, key.value);
};

const kindOf = (contentType: string | undefined): Result<"json" | "bytes"> => {
  const { type } = mediaType(contentType);
  if (type === "application/json") return { ok: true, value: "json" };
  if (IMAGE_TYPES.some((known) => known === type)) return { ok: true, value: "bytes" };
  if (/^image\/hei[cf]/.test(type)) return refuse({ kind: "unsupported", detail: HEIC_TEXT });
  return refuse({
    kind: "unsupported",
    detail: `Send a picture as ${IMAGE_TYPES.join(", ")}, or application/json for an upload straight to the store.`,
  });
};

const patch = async (c: Call): Promise<Response> => {
  const input = await readInput(c, imagePatch);
  const id = c.req.param("id") ?? "";
  return untilSettled(c, async () => {
    const before = await find(c, id);
    if (!before) return problem(c, noImage);
    if (!input.ok) return problem(c, input.refusal);
    const after = patched(before, input.value);
    if (after === before || isDryRun(c)) return c.json(imageJson(after));
    const { clock, events, imageQueue } = c.get("services");
    // New crops come first: the stories are rendered again when they are there, once for everything.
    const isReady = before.state === "ready";
    const recut = isReady && wantedDigests(after)?.crops !== before.made?.crops;
    const dueAt = clock.now() + (before.state === "awaiting-upload" ? WAITS_MS : MINUTE);
    if ((await saveImage(c.get("services"), before, after, { dueAt, shown: isReady && !recut ? "changes" : undefined })) !== "saved")
      return undefined;
    events({ event: "image.changed", image: before.id, key: c.get("key").id });
    if (recut) await imageQueue.send([{ image: before.id }]);
    return c.json(imageJson(after));
  });
};

/** The routes of /images. */
export const images = new Hono<ApiEnv>()
  .post("/", needs("reporter"), takes(), post)
  .get("/:id", needs("reporter"), async (c) => {
    const image = await find(c, c.req.param("id"));
    return image ? c.json(imageJson(image)) : problem(c, noImage);
  })
  .patch("/:id", needs("reporter"), takes(), patch);
