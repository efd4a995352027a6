import type { Key } from "./dynamo.ts";

/**
 * The single table. One article's own things share its partition; what concurrent stories would fight over stands in
 * partitions of its own.
 *
 *     ARTICLE#<id>   AUDIT#<seq> | CONTENT#<revision> | HEAD | LIVE | WORK#<ulid>
 *     SITE           SETTINGS | SECTION#<slug> | AUTHOR#<slug>
 *     SITE-WORK      WORK#<ulid>
 *     LIST#<list>    <order time>#<id>            membership of published stories; <list> is "front" or "section:<slug>"
 *     HOME#<slug>    <id>                         every story filed in a section, drafts too
 *     PATH#<path>    CLAIM                        a public path belongs to one article for ever
 *     IDEM#<scope>   IDEM                         an idempotency key's record
 *     KEY            <keyId>                      API keys, hashed
 *     IMAGE#<id>     META | USE#<article> | WORK#<ulid>   a picture, the published stories that show it
 *     BYTES#<sha256> CLAIM                        the picture that has these bytes
 *
 *     index "due"    duePk, dueSk                 WORK, and pictures in the making, by when the sweep should look
 *     index "desk"   deskPk, deskSk               heads, newest first
 */
const ordinal = (n: number): string => String(n).padStart(8, "0");

export const ARTICLE_PREFIX = "ARTICLE#";
export const articlePk = (id: string): string => `${ARTICLE_PREFIX}${id}`;
export const headKey = (id: string): Key => ({ pk: articlePk(id), sk: "HEAD" });
export const revisionKey = (id: string, revision: number): Key => ({
  pk: articlePk(id),
  sk: `CONTENT#${ordinal(revision)}`,
});
export const auditKey = (id: string, seq: number): Key => ({ pk: articlePk(id), sk: `AUDIT#${ordinal(seq)}` });
/** The range that holds an article's state (HEAD, LIVE and all WORK), and none of its history: one query reads it. */
export const STATE_FROM = "HEAD";
export const STATE_TO = "WORK#~";
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

export const LIST_PREFIX = "LIST#";
export const listPk = (list: string): string => `${LIST_PREFIX}${list}`;
export const rowKey = (list: string, orderTime: string, id: string): Key => ({
  pk: listPk(list),
  sk: `${orderTime}#${id}`,
});
export const homeKey = (section: string, id: string): Key => ({ pk: `HOME#${section}`, sk: id });

export const pathKey = (path: string): Key => ({ pk: `PATH#${path}`, sk: "CLAIM" });
export const idempotencyKey = (scope: string): Key => ({ pk: `IDEM#${scope}`, sk: "IDEM" });

export const KEY_PK = "KEY";
export const apiKeyKey = (id: string): Key => ({ pk: KEY_PK, sk: id });

/** Partitions of the two indexes. */
export const DUE_WORK = "WORK";
export const DUE_IMAGES = "IMAGE";
export const DESK_ARTICLES = "ARTICLE";

/** Keys of bodies in the private bucket. */
export const BODY_PREFIX = "body/";
