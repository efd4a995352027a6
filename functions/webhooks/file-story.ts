import type { Head } from "../../shared/domain/article.ts";
import { ok, type Refusal, type Result, type Warning } from "../../shared/domain/error.ts";
import { heldBack, sourceWarnings } from "../../shared/domain/natural-key.ts";
import { picturesAt, withAddresses, withFetched } from "../../shared/intake/fetched.ts";
import { withImages } from "../../shared/intake/photos.ts";
import { readSubmission, type Submission } from "../../shared/intake/submission.ts";
import type { EventCommand, PictureAddress } from "../../shared/senders/kind.ts";
import type { Source } from "../../shared/senders/source.ts";
import { arrivedPictures } from "../../shared/store/arrived.ts";
import type { Write } from "../../shared/store/dynamo.ts";
import { asked, commandOf, contentFrom } from "../../shared/store/filing.ts";
import { knownPictures } from "../../shared/store/images.ts";
import { perform } from "../../shared/store/perform.ts";
import type { EventOutcome } from "../../shared/store/received.ts";
import { loadSite, type LoadedSite } from "../../shared/store/site.ts";
import { loadSourced } from "../../shared/store/sources.ts";
import type { HooksServices } from "./context.ts";
import { fetchPictures, type FetchedPictures } from "./fetch-pictures.ts";
import type { Job } from "./find.ts";
import { inOrder } from "./in-order.ts";

type Upsert = Extract<EventCommand, { type: "upsert" | "upsert-markdown" }>;
type StoryJob = Job<Upsert>;

/** Tries that are made for pictures: whatever it is about them, the last tries are the text's. */
const PICTURE_TRIES = 8;

/** As POST /articles takes it. Whether it is published is the source's to say, and no embargo is broken by whoever writes it. */
const sentOf = ({ source, command }: StoryJob) => {
  const named = { source: source.name, externalId: command.externalId };
  if (command.type === "upsert") {
    const json = JSON.stringify({ ...command.article, ...named });
    return { contentType: "application/json", bytes: new TextEncoder().encode(json), query: {} };
  }
  const query = { source: [named.source], externalId: [named.externalId], status: ["draft"] };
  return { contentType: "text/markdown; charset=utf-8", bytes: new TextEncoder().encode(command.markdown), query };
};

const readStory = async (
  { table, clock }: HooksServices,
  job: StoryJob,
  site: LoadedSite,
): Promise<Result<Submission>> => {
  const read = await readSubmission(sentOf(job), {
    zone: site.timeZone,
    locale: site.locale,
    now: clock.now(),
    site,
    section: job.source.settings.section,
    pictures: (ids) => knownPictures(table, job.key, ids),
  });
  const addresses = job.command.type === "upsert" ? (job.command.addresses ?? []) : [];
  return read.ok ? ok(withAddresses(read.value, addresses)) : read;
};

const leadOf = ({ command }: StoryJob): PictureAddress | undefined =>
  command.type === "upsert" ? command.picture : undefined;

const refused = (externalId: string, refusal: Refusal): EventOutcome => ({
  externalId,
  action: "refused",
  reason: "detail" in refusal ? refusal.detail : "The story has faults.",
  ...("faults" in refusal ? { faults: refusal.faults } : {}),
});

/**
 * Files a story as POST /articles would, with the pictures that it names, under its natural key: a new one, or another revision of the
 * one that is there. What cannot be published is kept as a draft, and says why; a picture that may still be had makes the event come
 * again, and never holds the text up. `base` is the address that relative ones are relative to.
 */
export const fileStory = async (services: HooksServices, job: StoryJob, base?: string): Promise<EventOutcome> => {
  const { externalId } = job.command;
  const site = await loadSite(services.table, services.siteUrl);
  const first = await readStory(services, job, site);
  if (!first.ok) return refused(externalId, first.refusal);
  const lead = leadOf(job);
  const isHopeful = job.event.attempts < PICTURE_TRIES && !job.isLast;
  const wanted =
    job.event.attempts > PICTURE_TRIES
      ? []
      : [...new Set([...(lead ? [lead.url] : []), ...picturesAt(first.value, base)])];
  const fetched = await fetchPictures(services, wanted);
  const filed = await inOrder(services, job, async (stamp) => {
    const now = await loadSite(services.table, services.siteUrl);
    const read = await readStory(services, job, now);
    return read.ok
      ? attempt(services, job, {
          site: now,
          stamp,
          lead,
          fetched,
          story: withFetched(read.value, fetched.pictures, base),
        })
      : refused(externalId, read.refusal);
  });
  if (filed.action === "refused" || filed.action === "stale") return filed;
  const outcome = { ...filed, warnings: [...(filed.warnings ?? []), ...fetched.warnings] };
  return fetched.mayPass && isHopeful
    ? { ...outcome, action: "waiting", reason: "A picture could not be fetched yet; the story stands without it." }
    : outcome;
};

/** What anybody could have sent, while the source took whatever came, is no more than a draft once it does not. */
const outcomeOf = ({ source, event }: StoryJob): Source["publish"] => {
  const { publish, scheme } = source.settings;
  return event.isUnsigned && scheme.scheme !== "unsigned" ? "draft" : publish;
};

type Filing = {
  site: LoadedSite;
  stamp: Write;
  lead: PictureAddress | undefined;
  fetched: FetchedPictures;
  story: Submission;
};

/** One decision and its commit; undefined when the state has moved in between. */
const attempt = async (
  services: HooksServices,
  job: StoryJob,
  { site, stamp, lead, fetched, story }: Filing,
): Promise<EventOutcome | undefined> => {
  const { table, ids, clock } = services;
  const { source, command, key } = job;
  const { externalId } = command;
  const top = lead && fetched.pictures.get(lead.url);
  const pictures = [...(top ? [top] : []), ...story.photos];
  const arrived = await arrivedPictures(services, key, pictures);
  const [topId] = top ? arrived.ids : [];
  const { url: _url, ...words } = lead ?? { url: "" };
  const fields = topId === undefined ? story.fields : { ...story.fields, leadImage: { image: topId, ...words } };
  const body = withImages(story.body ?? [], story.photos, arrived.ids.slice(top ? 1 : 0));
  const before = await loadSourced(table, { source: source.name, externalId });
  const submission = asked({ ...story, fields }, arrived.digests);
  const content = contentFrom({ ...story, fields, body });
  const publish = outcomeOf(job);
  const isLive = publish === "live" && command.isPublic;
  const id = before ? undefined : ids.ulid(clock.now());
  const ask = (isPublished: boolean) =>
    perform(services, key, {
      command: commandOf(id, { content, publish: isPublished, breakEmbargo: undefined }, submission),
      before,
      site,
      body,
      arrived,
      beside: [stamp],
    });
  const asLive = isLive ? await ask(true) : undefined;
  const outcome = asLive?.ok ? asLive : await ask(false);
  if (!outcome.ok) return refused(externalId, outcome.refusal);
  if (outcome.value.kind !== "done") return undefined;
  const { after } = outcome.value.decision;
  const bar = asLive && !asLive.ok ? asLive.refusal : undefined;
  if (publish === "review" && command.isPublic) await submit(services, job, after);
  const isBeside = !command.isPublic && after.published !== undefined && after !== before;
  const why = bar ? kept(bar) : isBeside ? BESIDE : {};
  return { externalId, ...told(before, after, story.warnings), ...why };
};

const BESIDE: Partial<EventOutcome> = {
  action: "kept",
  reason: "Its sender does not say that it is public: it is kept, and changes nothing that readers see.",
};

const kept = (bar: Refusal): Partial<EventOutcome> => ({
  action: "kept",
  reason: "detail" in bar ? bar.detail : "It is kept as a draft, for it cannot be published as it is.",
  ...("faults" in bar ? { faults: bar.faults } : {}),
});

const told = (
  before: Head | undefined,
  after: Head,
  warnings: Warning[],
): Pick<EventOutcome, "action" | "article" | "warnings"> => {
  const held = before ? [...sourceWarnings(after), ...(after === before ? [heldBack(after) ?? []].flat() : [])] : [];
  const action = !before ? "created" : after === before ? "unchanged" : held.length ? "kept" : "updated";
  return { action, article: after.id, warnings: [...warnings, ...held] };
};

/** A draft goes on to the editors; anything else is there, or past it. Somebody who was faster has done it. */
const submit = async (services: HooksServices, { key }: StoryJob, head: Head): Promise<void> => {
  if (head.status !== "draft") return;
  const site = await loadSite(services.table, services.siteUrl);
  await perform(services, key, { command: { type: "submit" }, before: head, site });
};
