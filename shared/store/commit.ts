import type { Decision } from "../domain/decide/command.ts";
import type { Actor, Head } from "../domain/article.ts";
import type { Body } from "../domain/body.ts";
import type { Fault } from "../domain/error.ts";
import { homesOf } from "../domain/lead.ts";
import type { KnownPictures } from "../domain/picture.ts";
import { iso } from "../domain/time.ts";
import type { Announcement } from "../domain/webhook.ts";
import { announcementOf } from "../site/announcement.ts";
import { type Impact, impactOf, pathOf } from "../site/impact.ts";
import { bucketTagOf, tagOf } from "../site/paths.ts";
import { claimWrite, newClaims, takenFault } from "./claims.ts";
import { bodyDigest, bodyJson } from "./digest.ts";
import type { Write } from "./dynamo.ts";
import { type Idempotency, idempotencyPut, readReplay, type Replay } from "./idempotency.ts";
import { articleAudit } from "./history.ts";
import { DESK_ARTICLES, headKey, homeKey, ledKey, revisionKey, settingsKey } from "./layout.ts";
import { type Leads, unpinWrites } from "./lead.ts";
import { newsPut } from "./outbox.ts";
import { dueEntry } from "./release.ts";
import type { Services } from "./services.ts";
import { sourceWrites } from "./sources.ts";
import { disuseWrites, useWrites } from "./uses.ts";
import { LOST_AFTER_MS, newWork, workPut } from "./work.ts";

export type Committed =
  | { kind: "committed" }
  /** The same command came before under its idempotency key. */
  | { kind: "replay"; replay: Replay }
  /** Somebody else changed the article, or the site, since it was read: decide again. */
  | { kind: "moved" }
  /** A path that the change would make the article's is somebody else's, and will be: deciding again is no use. */
  | { kind: "taken"; faults: Fault[] };

export type Commit = {
  decision: Decision;
  by: Actor;
  /** The body, when this command brings a new one. */
  body?: Body | undefined;
  idempotency?: Idempotency | undefined;
  /** Further writes of the same transaction; a condition of theirs that does not hold counts as a state that moved. */
  beside?: readonly Write[];
  /** The zone that the command was decided in, when no publication has frozen it yet. */
  freezeZone?: string | undefined;
  /** The pinned orders as they were read: a story that leaves its place leaves its pins there. */
  leads?: Leads | undefined;
  /** The pictures as the decision knew them; those that the change puts to use are told so. */
  pictures?: KnownPictures | undefined;
  /** Whether the site has anybody to tell of what is published. */
  announces?: boolean | undefined;
};

/** What one transaction takes (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html). */
const MOST_WRITES = 100;

/**
 * Keeps a decision: the body as an immutable object first, then one TransactWriteItems with everything else, WORK
 * included. Who brings no body needs no `bodies`. Acknowledge only after it; what it holds is never lost, and without it nothing has happened.
 */
export const commit = async (
  services: Pick<Services, "table" | "clock" | "ids" | "events"> & Partial<Pick<Services, "bodies">>,
  { decision, by, body, idempotency, beside = [], freezeZone, leads, pictures = new Map(), announces = false }: Commit,
): Promise<Committed> => {
  const { table, bodies, clock, ids, events } = services;
  const { before, after } = decision;
  const now = clock.now();
  if (body) {
    if (!bodies) throw new TypeError("a new body needs a place to be kept in");
    const json = bodyJson(body);
    await bodies.put(after.id, bodyDigest(json), json);
  }
  const impact = impactOf(before, after);
  // Nothing changes, and only the use of an idempotency key is kept: the article has to be still as it was.
  const same = before === after;
  const head: Write =
    same && before
      ? { check: headKey(after.id), if: { equals: { seq: before.seq } } }
      : {
          put: { ...headKey(after.id), ...after, ...dueEntry(after), deskPk: DESK_ARTICLES, deskSk: after.id },
          if: before ? { equals: { seq: before.seq } } : "absent",
        };
  const audit = same ? [] : [articleAudit(decision, by, iso(now))];
  // First, so that a claim's place among the writes is its place here.
  const claims = newClaims(before, after);
  const writes: Write[] = [
    ...claims.map((claim) => claimWrite(claim, after.id)),
    head,
    ...audit,
    ...homeWrites(before, after),
    ...useWrites(before, after, pictures),
    ...(leads ? unpinWrites(before, after, leads) : []),
    ...sourceWrites(before, after),
    ...ledWrites(before, after),
    ...beside,
  ];
  if (before?.revision !== after.revision)
    writes.push({
      put: { ...revisionKey(after.id, after.revision), content: after.content, by, at: iso(now) },
      if: "absent",
    });
  const news = announces ? announcementOf(decision) : undefined;
  if (impact && after.published)
    writes.push(...publicWrites({ ...after, published: after.published }, { impact, news }, ids.ulid(now), now));
  else if (news) writes.push(announced(after, news, ids.ulid(now), now));
  if (impact && freezeZone !== undefined)
    writes.push({ update: settingsKey, set: { zoneFrozen: true }, if: { equals: { timeZone: freezeZone } } });
  if (idempotency) writes.push(idempotencyPut(idempotency, { resource: "article", id: after.id, seq: after.seq }, now));
  writes.push(...disuseWrites(before, after).slice(0, Math.max(0, MOST_WRITES - writes.length)));

  const outcome = await table.transact(writes);
  if (outcome.ok) {
    if (!same)
      events({
        event: "article.committed",
        article: after.id,
        seq: after.seq,
        revision: after.revision,
        action: decision.action,
        key: by.key,
      });
    return { kind: "committed" };
  }
  const replay = idempotency && (await readReplay(table, idempotency, now));
  if (replay) return { kind: "replay", replay };
  const taken = claims.filter((_, n) => outcome.failed.includes(n));
  const isSettled = outcome.failed.length > 0 && taken.length === outcome.failed.length;
  return isSettled ? { kind: "taken", faults: taken.map(takenFault) } : { kind: "moved" };
};

/** Whom a withdrawn story's redirect leads to, knows it: it moves with that one's page. */
const ledWrites = (before: Head | undefined, after: Head): Write[] => {
  const [old, now] = [before, after].map((head) =>
    head?.withdrawal?.mode === "redirect" ? head.withdrawal.target : undefined,
  );
  if (old === now) return [];
  return [
    ...(old === undefined ? [] : [{ delete: ledKey(old, after.id) }]),
    ...(now === undefined ? [] : [{ put: ledKey(now, after.id) }]),
  ];
};

/** A story is filed at home in its sections, now and once it is released, so that a section with stories is known at once, whatever an index says. */
const homeWrites = (before: Head | undefined, after: Head): Write[] => {
  const [old, now] = [new Set(homesOf(before)), new Set(homesOf(after))];
  return [
    ...[...now].filter((section) => !old.has(section)).map((section): Write => ({ put: homeKey(section, after.id) })),
    ...[...old]
      .filter((section) => !now.has(section))
      .map((section): Write => ({ delete: homeKey(section, after.id) })),
  ];
};

/** What is true as soon as it is committed. */
const announced = ({ id: article, seq, scheduled }: Head, type: Announcement, id: string, now: number): Write =>
  newsPut({ id, article, type, seq, at: iso(now), ...(scheduled ? { scheduledFor: scheduled.at } : {}) }, now);

/** `news` waits for the work to be done. */
const publicWrites = (
  head: Head & { published: NonNullable<Head["published"]> },
  { impact, news }: { impact: Impact; news: Announcement | undefined },
  id: string,
  now: number,
): Write[] => {
  const work = newWork({
    id,
    article: head.id,
    path: pathOf(head),
    seq: head.seq,
    lists: impact.lists,
    moved: impact.moved,
    fresh: !impact.changed,
    bodyDigest: head.published.content.bodyDigest,
    ...(impact.dark.length ? { dark: impact.dark } : {}),
    tags: impact.changed ? [tagOf(head.id), bucketTagOf(head.id)] : [],
    ...(news ? { news } : {}),
    createdAt: iso(now),
  });
  return [workPut(work, iso(now + LOST_AFTER_MS))];
};
