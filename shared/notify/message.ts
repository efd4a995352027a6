import { type Head, orderTime } from "../domain/article.ts";
import type { EventType } from "../domain/webhook.ts";
import { publicOf } from "../site/impact.ts";
import { absolute } from "../site/paths.ts";

/** What is told: of an article, where its seq stood; or, of a webhook that is tried out, nothing. `at` is ISO 8601, UTC. */
export type Told = {
  id: string;
  type: EventType;
  at: string;
  article?: string | undefined;
  seq?: number | undefined;
  /** With article.scheduled: when it is to go up (ISO 8601, UTC). */
  scheduledFor?: string | undefined;
};

/** Where a story stands when a message of it is made: as it was committed, and as far as its pages are up. */
export type Standing = {
  head: Head | undefined;
  live: { path: string; doneSeq?: number | undefined } | undefined;
  baseUrl: string;
};

/** The same for every try, every receiver and every resend: receivers know by it what they have had. */
export const messageId = (id: string): string => `msg_${id}`;

/** The words of a story that readers see already; nothing of one that was withdrawn since, or whose newest revision is not up yet. */
const wordsOf = ({ head, live }: Standing) => {
  const published = publicOf(head);
  if (!head || !published || (live?.doneSeq ?? 0) < head.siteSeq) return {};
  const { content, address, firstAt, at } = published;
  return {
    kicker: content.kicker,
    headline: content.headline,
    standfirst: content.standfirst,
    section: address.section,
    bylines: content.bylines.map(({ name }) => name),
    publishedAt: orderTime(published),
    modifiedAt: at > firstAt ? at : undefined,
  };
};

const dataOf = ({ type, article, seq, scheduledFor }: Told, standing: Standing | undefined) => {
  const ids = { id: article, sequence: seq };
  if (type === "article.scheduled") return { ...ids, scheduledFor };
  const path = standing?.live?.path;
  const url = standing && path !== undefined ? absolute(standing.baseUrl, path) : undefined;
  // That a story is gone, its words would only say once more.
  return { ...ids, url, ...(standing && type !== "article.withdrawn" ? wordsOf(standing) : {}) };
};

/**
 * The body of a message, made anew for every try of what is true then: a retry never tells the text of a story that was withdrawn
 * meanwhile, and nothing is told of a page before it is live. `sequence` rises with every message of an article, and may skip.
 */
export const messageOf = (told: Told, standing?: Standing): string =>
  JSON.stringify({
    type: told.type,
    timestamp: told.at,
    data: told.type === "webhook.test" ? {} : dataOf(told, standing),
  });
