import type { Key } from "./dynamo.ts";

/**
 * The single table. One article's own things share its partition; what concurrent stories would fight over stands in
 * partitions of its own.
 *
 *     ARTICLE#<id>   AUDIT#<seq> | AUDIT#<seq>#<ulid> | CONTENT#<revision> | HEAD | LED#<article> | LIVE | WORK#<ulid>
 *     SITE           SETTINGS | SECTION#<slug> | AUTHOR#<slug> | LEAD#<list> | ANNOUNCES
 *     SITE-WORK      WORK#<ulid>
 *     LIST#<list>    <order time>#<id>            membership of published stories; <list> is "front" or "section:<slug>"
 *     HOME#<slug>    <id>                         every story filed in a section, drafts too
 *     PATH#<path>    CLAIM                        a public path belongs to one article, or one section's front, for ever
 *     SOURCE#<sha256> CLAIM                       the article that has this natural key (source and externalId)
 *     IDEM#<scope>   IDEM                         an idempotency key's record
 *     KEY            <keyId>                      API keys, hashed
 *     IMAGE#<id>     META | USE#<article> | WORK#<ulid>   a picture, the stories that use it (see uses.ts)
 *     BYTES#<sha256> CLAIM                        the picture that has these bytes
 *     HISTORY        FOUNDED                      the house's first audit item
 *     HISTORY#<yyyy-mm> <ulid>                    audit items that are no article's: of keys and settings
 *     HOOKS          <name>                       sources of webhooks, their secrets sealed
 *     EVENTS#<source> <ulid>                      what a sender sent, and what became of it
 *     SEEN#<sha256>  SEEN                         the event that has this id at its source
 *     STAMP#<sha256> STAMP                        the newest event of a story of a source (by its natural key)
 *     WEBHOOKS       <id>                         whom we tell of what is published, their secrets sealed
 *     NEWS#<article> NEWS#<seq>#<ulid>            the outbox: what is to be told
 *     DELIVERIES#<webhook> <ulid>                 one telling of it, and its tries
 *     TURNS#<webhook> <article>#<seq>#<ulid>      a telling that is under way: the first of an article goes first
 *     PREVIEW#<sha256 of the token> PREVIEW       a link to a revision, until it expires
 *
 * AUDIT, CONTENT and HISTORY items are put once and kept for ever; no code changes or deletes one.
 *
 *     index "due"    duePk, dueSk                 WORK, pictures in the making, scheduled heads and pinned orders, by when the sweep should look
 *     index "desk"   deskPk, deskSk               heads, newest first; audit items by month, in the order of their time
 */
const ordinal = (n: number): string => String(n).padStart(8, "0");

export const ARTICLE_PREFIX = "ARTICLE#";
export const articlePk = (id: string): string => `${ARTICLE_PREFIX}${id}`;
export const headKey = (id: string): Key => ({ pk: articlePk(id), sk: "HEAD" });
export const revisionKey = (id: string, revision: number): Key => ({
  pk: articlePk(id),
  sk: `CONTENT#${ordinal(revision)}`,
});
/** The ends of an article's revisions, up to one of them. */
export const revisionRange = (to: number) => ({ from: "CONTENT#", to: `CONTENT#${ordinal(to)}` });
const AUDIT_PREFIX = "AUDIT#";
export const auditKey = (id: string, seq: number): Key => ({
  pk: articlePk(id),
  sk: `${AUDIT_PREFIX}${ordinal(seq)}`,
});
/** Of what happened to an article while it stood at a seq, and did not change it. */
export const besidesKey = (id: string, seq: number, ulid: string): Key => ({
  pk: articlePk(id),
  sk: `${auditKey(id, seq).sk}#${ulid}`,
});
/** Where an audit item stands in its article's history. */
export const auditPlace = (sk: string): string => sk.slice(AUDIT_PREFIX.length);
/** The ends of an article's history, down from one place in it (inclusive) or from its end. */
export const auditRange = (place = "~") => ({ from: AUDIT_PREFIX, to: `${AUDIT_PREFIX}${place}` });
/** The largest number that an ordinal of ours can say. */
export const LAST = 99_999_999;
/** The range that holds an article's state (HEAD, LED, LIVE and all WORK), and none of its history: one query reads it. */
export const STATE_FROM = "HEAD";
export const STATE_TO = "WORK#~";
export const LED_PREFIX = "LED#";
/** A withdrawn story whose redirect leads to this one: its paths are written again when this one's page moves. */
export const ledKey = (id: string, led: string): Key => ({ pk: articlePk(id), sk: `${LED_PREFIX}${led}` });
export const liveKey = (id: string): Key => ({ pk: articlePk(id), sk: "LIVE" });

/** The prefix by which the stream's filter knows WORK; `infra/topology.ts` uses it too. */
export const WORK_PREFIX = "WORK#";
export const SITE_WORK_PK = "SITE-WORK";
/** What a piece of work is about: a story, a picture, or the site itself. */
export type About = { article?: string | undefined; image?: string | undefined };
export const workKey = ({ article, image }: About, id: string): Key => ({
  pk: article === undefined ? (image === undefined ? SITE_WORK_PK : imagePk(image)) : articlePk(article),
  sk: `${WORK_PREFIX}${id}`,
});

export const IMAGE_PREFIX = "IMAGE#";
export const imagePk = (id: string): string => `${IMAGE_PREFIX}${id}`;
export const imageKey = (id: string): Key => ({ pk: imagePk(id), sk: "META" });
export const USE_PREFIX = "USE#";
export const useKey = (image: string, article: string): Key => ({ pk: imagePk(image), sk: `${USE_PREFIX}${article}` });
export const BYTES_PREFIX = "BYTES#";
export const bytesKey = (sha256: string): Key => ({ pk: `${BYTES_PREFIX}${sha256}`, sk: "CLAIM" });

export const SITE_PK = "SITE";
export const settingsKey: Key = { pk: SITE_PK, sk: "SETTINGS" };
export const sectionKey = (slug: string): Key => ({ pk: SITE_PK, sk: `SECTION#${slug}` });
export const authorKey = (slug: string): Key => ({ pk: SITE_PK, sk: `AUTHOR#${slug}` });
/** There is, or was, somebody to tell of what is published. */
export const announcesKey: Key = { pk: SITE_PK, sk: "ANNOUNCES" };
/** The pinned order of a list. */
export const LEAD_PREFIX = "LEAD#";
export const leadKey = (list: string): Key => ({ pk: SITE_PK, sk: `${LEAD_PREFIX}${list}` });

export const LIST_PREFIX = "LIST#";
export const listPk = (list: string): string => `${LIST_PREFIX}${list}`;
export const rowKey = (list: string, orderTime: string, id: string): Key => ({
  pk: listPk(list),
  sk: `${orderTime}#${id}`,
});
export const HOME_PREFIX = "HOME#";
export const homeKey = (section: string, id: string): Key => ({ pk: `${HOME_PREFIX}${section}`, sk: id });

export const HOOKS_PK = "HOOKS";
export const hookKey = (name: string): Key => ({ pk: HOOKS_PK, sk: name });
export const EVENTS_PREFIX = "EVENTS#";
export const eventsPk = (source: string): string => `${EVENTS_PREFIX}${source}`;
export const eventKey = (source: string, id: string): Key => ({ pk: eventsPk(source), sk: id });
export const SEEN_PREFIX = "SEEN#";
export const seenKey = (sha256: string): Key => ({ pk: `${SEEN_PREFIX}${sha256}`, sk: "SEEN" });
export const STAMP_PREFIX = "STAMP#";
export const stampKey = (sha256: string): Key => ({ pk: `${STAMP_PREFIX}${sha256}`, sk: "STAMP" });

export const WEBHOOKS_PK = "WEBHOOKS";
export const webhookKey = (id: string): Key => ({ pk: WEBHOOKS_PK, sk: id });
/** The prefix of the outbox, in both keys: the stream's filter knows news by it. */
export const NEWS_PREFIX = "NEWS#";
export const newsPk = (subject: string): string => `${NEWS_PREFIX}${subject}`;
export const newsKey = (subject: string, seq: number, id: string): Key => ({
  pk: newsPk(subject),
  sk: `${NEWS_PREFIX}${ordinal(seq)}#${id}`,
});
export const DELIVERIES_PREFIX = "DELIVERIES#";
export const deliveriesPk = (target: string): string => `${DELIVERIES_PREFIX}${target}`;
export const deliveryKey = (target: string, id: string): Key => ({ pk: deliveriesPk(target), sk: id });
export const TURNS_PREFIX = "TURNS#";
export const turnsPk = (target: string): string => `${TURNS_PREFIX}${target}`;
export const lanePrefix = (lane: string): string => `${lane}#`;
export const turnKey = (target: string, lane: string, seq: number, id: string): Key => ({
  pk: turnsPk(target),
  sk: `${lanePrefix(lane)}${ordinal(seq)}#${id}`,
});

/** The month of an instant (ISO 8601, UTC): a partition of the house's history, so that none grows for ever. */
export const monthOf = (at: string): string => at.slice(0, 7);
export const foundedKey: Key = { pk: "HISTORY", sk: "FOUNDED" };
export const HISTORY_PREFIX = "HISTORY#";
export const houseAuditKey = (at: string, ulid: string): Key => ({ pk: `${HISTORY_PREFIX}${monthOf(at)}`, sk: ulid });
/** Where an audit item stands in the index: in its month, by its time; `of` keeps two of one moment apart. */
export const auditIndex = (at: string, of: string) => ({ deskPk: deskAudits(monthOf(at)), deskSk: `${at}#${of}` });

export const previewKey = (tokenSha256: string): Key => ({ pk: `PREVIEW#${tokenSha256}`, sk: "PREVIEW" });

export const PATH_PREFIX = "PATH#";
export const pathKey = (path: string): Key => ({ pk: `${PATH_PREFIX}${path}`, sk: "CLAIM" });
export const SOURCE_PREFIX = "SOURCE#";
export const sourceKey = (sha256: string): Key => ({ pk: `${SOURCE_PREFIX}${sha256}`, sk: "CLAIM" });
export const idempotencyKey = (scope: string): Key => ({ pk: `IDEM#${scope}`, sk: "IDEM" });

export const KEY_PK = "KEY";
export const apiKeyKey = (id: string): Key => ({ pk: KEY_PK, sk: id });

/** Partitions of the two indexes. */
export const DUE_WORK = "WORK";
export const DUE_IMAGES = "IMAGE";
export const DUE_LEADS = "LEAD";
export const DUE_EVENTS = "EVENT";
export const DUE_NEWS = "NEWS";
/** Deliveries of one receiver: a partition of its own, so that one who is down stands in nobody's way. */
export const dueDeliveries = (target: string): string => `DELIVERY#${target}`;
/** Of heads: stories that are scheduled, by when the schedule is to look at them. */
export const DUE_RELEASES = "PUBLISH";
export const DESK_ARTICLES = "ARTICLE";
export const deskAudits = (month: string): string => `AUDIT#${month}`;

/** Keys of bodies in the private bucket. */
export const BODY_PREFIX = "body/";
/** Keys of what senders of webhooks sent, in the same. */
export const INBOX_PREFIX = "inbox/";
