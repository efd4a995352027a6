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
 *
 *     index "due"    duePk, dueSk                 WORK by the time at which the sweep should look at it
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
/** WORK of an article, or of the site itself when `article` is undefined. */
export const workKey = (article: string | undefined, id: string): Key => ({
  pk: workPk(article),
  sk: `${WORK_PREFIX}${id}`,
});
export const workPk = (article: string | undefined): string =>
  article === undefined ? "SITE-WORK" : articlePk(article);

export const SITE_PK = "SITE";
export const settingsKey: Key = { pk: SITE_PK, sk: "SETTINGS" };
export const sectionKey = (slug: string): Key => ({ pk: SITE_PK, sk: `SECTION#${slug}` });
export const authorKey = (slug: string): Key => ({ pk: SITE_PK, sk: `AUTHOR#${slug}` });

export const listPk = (list: string): string => `LIST#${list}`;
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
export const DESK_ARTICLES = "ARTICLE";
