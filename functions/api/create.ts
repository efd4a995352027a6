import { atLeast } from "../../shared/domain/access.ts";
import { invalid } from "../../shared/domain/error.ts";
import { type NaturalKey, naturalKeyOf, unheeded } from "../../shared/domain/natural-key.ts";
import type { PictureFacts, StoryPicture } from "../../shared/domain/picture.ts";
import { slug } from "../../shared/domain/site.ts";
import { withImages } from "../../shared/intake/photos.ts";
import { readSubmission, type Setting } from "../../shared/intake/submission.ts";
import { arrivedPictures } from "../../shared/store/arrived.ts";
import { asked, commandOf, contentFrom } from "../../shared/store/filing.ts";
import { loadSource } from "../../shared/store/hooks.ts";
import { type Idempotency, idempotencyOf, readReplay } from "../../shared/store/idempotency.ts";
import { knownPictures } from "../../shared/store/images.ts";
import type { LoadedSite } from "../../shared/store/site.ts";
import { loadSourced } from "../../shared/store/sources.ts";
import { answer, bodyOf, carryOut, replayed, untilSettled } from "./command.ts";
import type { Call } from "./context.ts";
import { articleJson } from "./present.ts";
import { problem } from "./problem.ts";
import { fieldsOfQuery, isDryRun } from "./query.ts";
import { idempotencyKeyOf, readBytes } from "./request.ts";
import { siteOf } from "./site-of.ts";

/** `kept` are the pictures that the story has already: whoever may edit it may leave them in. */
export const settingOf = (c: Call, site: LoadedSite, kept: readonly StoryPicture[] = []): Setting => ({
  zone: site.timeZone,
  locale: site.locale,
  now: c.get("services").clock.now(),
  site,
  pictures: async (ids) =>
    new Map([
      ...(await knownPictures(c.get("services").table, c.get("key"), ids)),
      ...kept.map(({ image }): [string, PictureFacts] => [image, { mine: true, alt: true, credit: true }]),
    ]),
});

/** The use of an Idempotency-Key by this call; undefined when it carries none. */
export const idempotencyFor = (
  c: Call,
  key: string | undefined,
  status: number,
  submission: unknown,
): Idempotency | undefined =>
  key === undefined
    ? undefined
    : idempotencyOf({ apiKey: c.get("key").id, method: c.req.method, path: c.req.path, key, status, submission });

/** The answer of an earlier use, if there was one. */
export const earlier = async (
  c: Call,
  use: Idempotency | undefined,
  site: LoadedSite,
): Promise<Response | undefined> => {
  const { table, clock } = c.get("services");
  const replay = use && (await readReplay(table, use, clock.now()));
  return replay && replayed(c, replay, site);
};

const RESERVED = {
  pointer: "/source",
  detail: "is the name of a source of webhooks, whose stories come by themselves: an editor's key may file one for it",
};

/** A story that a source will send is not for whoever is faster to have: its updates would be his to hold up. */
const isReserved = async (c: Call, { source }: NaturalKey): Promise<boolean> => {
  if (atLeast(c.get("key").role, "editor") || !slug.safeParse(source).success) return false;
  return (await loadSource(c.get("services").table, source)) !== undefined;
};

/** POST /articles. */
export const create = async (c: Call): Promise<Response> => {
  const { ids, clock } = c.get("services");
  const bytes = await readBytes(c);
  if (!bytes.ok) return problem(c, bytes.refusal);
  const key = idempotencyKeyOf(c);
  if (!key.ok) return problem(c, key.refusal);
  const id = ids.ulid(clock.now());
  const { table } = c.get("services");
  return untilSettled(c, async () => {
    const site = await siteOf(c);
    const read = await readSubmission(
      { contentType: c.req.header("content-type"), bytes: bytes.value, query: fieldsOfQuery(c) },
      { ...settingOf(c, site), section: c.get("key").sections?.[0] },
    );
    if (!read.ok) return problem(c, read.refusal);
    const { body: written = [], photos, status, breakEmbargo } = read.value;
    const arrived = await arrivedPictures(c.get("services"), c.get("key"), photos);
    const natural = naturalKeyOf(read.value.fields);
    const filed = await loadSourced(table, natural);
    if (natural && !filed && (await isReserved(c, natural))) return problem(c, invalid(RESERVED).refusal);
    const submission = asked(read.value, arrived.digests);
    const idempotency = isDryRun(c) ? undefined : idempotencyFor(c, key.value, filed ? 200 : 201, submission);
    const before = await earlier(c, idempotency, site);
    if (before) return before;
    const body = withImages(written, photos, arrived.ids);
    const content = contentFrom({ ...read.value, body });
    const outcome = await carryOut(c, {
      command: commandOf(
        filed ? undefined : id,
        { content, publish: status === "published", breakEmbargo },
        submission,
      ),
      before: filed,
      site,
      body,
      arrived,
      idempotency,
    });
    if (!outcome.ok) return problem(c, outcome.refusal);
    if (outcome.value.kind === "replay") return replayed(c, outcome.value.replay, site);
    if (outcome.value.kind === "moved") return undefined;
    const { after } = outcome.value.decision;
    const shown = after.content.bodyDigest === content.bodyDigest ? body : await bodyOf(c, after, "newest");
    if (isDryRun(c)) return c.json(articleJson(after, "newest", site, shown), 200);
    return answer(c, filed ? 200 : 201, after, "newest", site, {
      body: shown,
      headers: { Location: `/articles/${after.id}` },
      changed: after.siteSeq > (filed?.siteSeq ?? 0),
      warnings: after === filed ? unheeded(filed) : [],
    });
  });
};
