import type { Decision } from "../domain/decide.ts";
import type { Actor, Head } from "../domain/article.ts";
import type { Body } from "../domain/body.ts";
import { iso } from "../domain/time.ts";
import { type Impact, impactOf, pathOf, publicImages } from "../site/impact.ts";
import { bucketTagOf, tagOf } from "../site/paths.ts";
import { bodyDigest, bodyJson } from "./digest.ts";
import type { Write } from "./dynamo.ts";
import { type Idempotency, idempotencyPut, readReplay, type Replay } from "./idempotency.ts";
import { auditKey, DESK_ARTICLES, headKey, homeKey, pathKey, revisionKey, settingsKey, useKey } from "./layout.ts";
import type { Services } from "./services.ts";
import { LOST_AFTER_MS, newWork, workPut } from "./work.ts";

export type Committed =
  | { kind: "committed" }
  /** The same command came before under its idempotency key. */
  | { kind: "replay"; replay: Replay }
  /** Somebody else changed the article, or the site, since it was read: decide again. */
  | { kind: "moved" };

export type Commit = {
  decision: Decision;
  by: Actor;
  /** The body, when this command brings a new one. */
  body?: Body | undefined;
  idempotency?: Idempotency | undefined;
  /** The zone that the command was decided in, when no publication has frozen it yet. */
  freezeZone?: string | undefined;
};

/**
 * Keeps a decision: the body as an immutable object first, then one TransactWriteItems with everything else, WORK
 * included. Acknowledge only after it; what it holds is never lost, and without it nothing has happened.
 */
export const commit = async (
  services: Pick<Services, "table" | "bodies" | "clock" | "ids" | "events">,
  { decision, by, body, idempotency, freezeZone }: Commit,
): Promise<Committed> => {
  const { table, bodies, clock, ids, events } = services;
  const { before, after, action } = decision;
  const now = clock.now();
  if (body) {
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
          put: { ...headKey(after.id), ...after, deskPk: DESK_ARTICLES, deskSk: after.id },
          if: before ? { equals: { seq: before.seq } } : "absent",
        };
  const audit: Write = {
    put: { ...auditKey(after.id, after.seq), action, by, at: iso(now), revision: after.revision },
    if: "absent",
  };
  const writes: Write[] = [head, ...(same ? [] : [audit]), ...homeWrites(before, after), ...useWrites(before, after)];
  if (before?.revision !== after.revision)
    writes.push({ put: { ...revisionKey(after.id, after.revision), content: after.content, by, at: iso(now) } });
  if (impact && after.published)
    writes.push(...publicWrites({ ...after, published: after.published }, impact, ids.ulid(now), now));
  if (impact && freezeZone !== undefined)
    writes.push({ update: settingsKey, set: { zoneFrozen: true }, if: { equals: { timeZone: freezeZone } } });
  if (idempotency) writes.push(idempotencyPut(idempotency, { resource: "article", id: after.id, seq: after.seq }, now));

  const outcome = await table.transact(writes);
  if (outcome.ok) {
    if (!same)
      events({
        event: "article.committed",
        article: after.id,
        seq: after.seq,
        revision: after.revision,
        action,
        key: by.key,
      });
    return { kind: "committed" };
  }
  const replay = idempotency && (await readReplay(table, idempotency, now));
  return replay ? { kind: "replay", replay } : { kind: "moved" };
};

/** A story is filed at home in one section, so that a section with stories is known at once, whatever an index says. */
const homeWrites = (before: Head | undefined, after: Head): Write[] => {
  const homes = (head: Head | undefined): string[] =>
    [head?.content.section, head?.published?.address.section].filter((section) => section !== undefined);
  const old = new Set(homes(before));
  const now = new Set(homes(after));
  return [
    ...[...now].filter((section) => !old.has(section)).map((section): Write => ({ put: homeKey(section, after.id) })),
    ...[...old]
      .filter((section) => !now.has(section))
      .map((section): Write => ({ delete: homeKey(section, after.id) })),
  ];
};

/** Which published stories show a picture is filed with the picture: it finds them when it is ready, or changes. */
const useWrites = (before: Head | undefined, after: Head): Write[] => {
  const [old, now] = [new Set(publicImages(before)), new Set(publicImages(after))];
  return [
    ...[...now.difference(old)].map((image): Write => ({ put: useKey(image, after.id) })),
    ...[...old.difference(now)].map((image): Write => ({ delete: useKey(image, after.id) })),
  ];
};

const publicWrites = (
  head: Head & { published: NonNullable<Head["published"]> },
  impact: Impact,
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
    createdAt: iso(now),
  });
  const claim: Write = { put: { ...pathKey(pathOf(head)), article: head.id }, if: { absentOr: { article: head.id } } };
  const isNew = !impact.changed || impact.moved;
  return [...(isNew ? [claim] : []), workPut(work, iso(now + LOST_AFTER_MS))];
};
