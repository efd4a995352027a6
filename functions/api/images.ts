import { Hono } from "hono";
import { atLeast } from "../../shared/domain/access.ts";
import {
  HEIC_TEXT,
  type Image,
  IMAGE_TYPES,
  changeBar,
  imagePatch,
  mayBeCut,
  mayUse,
  patched,
  refusalText,
  shownText,
  uploadInput,
} from "../../shared/domain/image.ts";
import { type Refusal, refuse, type Result } from "../../shared/domain/error.ts";
import { LIMITS } from "../../shared/domain/limits.ts";
import { iso } from "../../shared/domain/time.ts";
import { imageId } from "../../shared/domain/ulid.ts";
import { mediaType } from "../../shared/intake/media-type.ts";
import { lookAt } from "../../shared/intake/picture/look.ts";
import { arrivedPictures, newImage } from "../../shared/store/arrived.ts";
import {
  type Idempotency,
  idempotencyOf,
  idempotencyPut,
  readReplay,
  type Replay,
} from "../../shared/store/idempotency.ts";
import { addImage, isUsed, loadImages, saveImage, soonest, wantedDigests } from "../../shared/store/images.ts";
import { ARRIVES_WITHIN_MS } from "../../shared/store/uploads.ts";
import { LOST_AFTER_MS } from "../../shared/store/work.ts";
import { needs } from "./auth.ts";
import { untilSettled } from "./command.ts";
import type { ApiEnv, Call } from "./context.ts";
import { readInput } from "./input.ts";
import { problem } from "./problem.ts";
import { isDryRun, takes } from "./query.ts";
import { etagOf, idempotencyKeyOf, ifMatch, readBytes } from "./request.ts";

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

/** `id` is what it was announced as: an image that turned out to be the same as another keeps its place. */
const headersOf = (image: Image, id = image.id) => ({ Location: `/images/${id}`, ETag: etagOf(image.seq) });

/** An upload that is still awaited gets a form to make it with; each answer has a fresh one. */
const created = async (c: Call, image: Image, bytes: number | undefined, replay?: Replay): Promise<Response> => {
  const { contentType } = image;
  const waits = image.state === "awaiting-upload" && bytes !== undefined;
  const upload = waits ? await c.get("services").uploads.form(image.id, { contentType, bytes }) : undefined;
  const headers = { ...headersOf(image, replay?.id), ...(replay ? { "Idempotency-Replayed": "true" } : {}) };
  return c.json({ ...imageJson(image), upload }, 201, headers);
};

const replayOf = async (c: Call, replay: Replay, bytes: number | undefined): Promise<Response> => {
  if (!replay.same) return problem(c, { kind: "key-reused" });
  const image = await find(c, replay.id);
  // So many have sent these bytes since that this key is no longer named among their owners.
  if (!image) return problem(c, noImage);
  return created(c, image, bytes, replay);
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
    if (!(await addImage(table, image, now + ARRIVES_WITHIN_MS, recordOf(use, image.id, now)))) return undefined;
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
    // The bytes may have been lost on their way the first time: here they are again, and a picture that has them stays as it is.
    if (earlier?.same && !(await arrived.keep())) return undefined;
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
  const { table, clock, events, imageQueue } = c.get("services");
  const key = c.get("key");
  return untilSettled(c, async () => {
    const before = await find(c, id);
    if (!before) return problem(c, noImage);
    const unused = !atLeast(key.role, "editor");
    const bar = changeBar(key, before, unused && (await isUsed(table, before)));
    if (bar) return problem(c, bar);
    // Asked for or not: texts are few, and most tools just send them.
    if (ifMatch(c, before.seq) === false) return problem(c, { kind: "stale" }, imageJson(before));
    if (!input.ok) return problem(c, input.refusal);
    const after = patched(before, input.value);
    if (after.cuts !== before.cuts && !mayBeCut(before))
      return problem(c, {
        kind: "impossible",
        detail: `The focal point of a picture is moved at most ${LIMITS.cuts} times.`,
        moves: [],
      });
    const answer = (image: Image) => c.json(imageJson(image), 200, { ETag: etagOf(image.seq) });
    if (after === before) return answer(before);
    if (isDryRun(c)) return c.json(imageJson(after));
    // New crops come first: the stories are rendered again when they are there, once for everything.
    const isReady = before.state === "ready";
    const recut = isReady && wantedDigests(after)?.crops !== before.made?.crops;
    const saved = await saveImage(c.get("services"), before, after, {
      ...(recut ? { dueAt: soonest(before, clock.now() + LOST_AFTER_MS) } : {}),
      shown: isReady && !recut ? "changes" : undefined,
      unused,
    });
    if (typeof saved === "string") return undefined;
    events({ event: "image.changed", image: before.id, key: key.id });
    if (recut) await imageQueue.send([{ image: before.id }]);
    return answer(saved);
  });
};

/** The routes of /images. */
export const images = new Hono<ApiEnv>()
  .post("/", needs("reporter"), takes(), post)
  .get("/:id", needs("reporter"), async (c) => {
    const image = await find(c, c.req.param("id"));
    return image ? c.json(imageJson(image), 200, { ETag: etagOf(image.seq) }) : problem(c, noImage);
  })
  .patch("/:id", needs("reporter"), takes(), patch);
