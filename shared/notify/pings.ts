import type { Published } from "../domain/article.ts";
import type { Site } from "../domain/site.ts";
import { formerPathsOf, oldPathsOf, pathOf } from "../site/impact.ts";
import { absolute, FEED, keyFilePath } from "../site/paths.ts";

/** An event of an article with what readers can see changed by it: pages and feeds, by absolute addresses. */
export type Changed = { type: string; urls: readonly string[]; feeds: readonly string[] };

export type PingTarget = "websub" | "indexnow";
export type PingRequest = { url: string; method: "POST"; headers: Record<string, string>; body: string };
export type Ping = { target: PingTarget; request: PingRequest };

/** What becomes of a ping after an answer: it is through, it is sent again as any delivery, or its settings are wrong. */
export type PingFate = "done" | "again" | "refused";

/** For how long, in ms, nothing is sent again after settings were refused. */
export const REFUSED_FOR_MS = 24 * 3_600_000;

/** Events that readers see something of. */
const SEEN = new Set(["article.published", "article.updated", "article.corrected", "article.withdrawn"]);

/**
 * The pages and feeds that such an event of a story changed, as absolute addresses. Its old paths turn with it when it comes and goes,
 * and the last of them when it moves, which an update may be.
 */
export const changedBy = (type: string, head: { id: string; published: Published }, baseUrl: string): Changed => {
  const turns = type === "article.published" || type === "article.withdrawn";
  const paths = [pathOf(head), ...(turns ? oldPathsOf(head) : formerPathsOf(head).slice(-1))];
  return { type, urls: paths.map((path) => absolute(baseUrl, path)), feeds: [absolute(baseUrl, FEED)] };
};

/**
 * What to tell the WebSub hub and the search engines of an event, as far as the settings say so; nothing for events that readers see
 * nothing of. Each address is told once, however often it is given.
 */
export const pingsFor = (
  { type, urls, feeds }: Changed,
  site: Pick<Site, "baseUrl" | "webSub" | "indexNow">,
): Ping[] => {
  if (!SEEN.has(type)) return [];
  const { baseUrl, webSub, indexNow } = site;
  const submission = indexNow && toIndexNow(indexNow, baseUrl, urls);
  return [
    ...(webSub ? [...new Set(feeds)].map((feed) => toHub(webSub.hub, feed)) : []),
    ...(submission ? [submission] : []),
  ];
};

/**
 * How a hub is told is not WebSub's affair (https://www.w3.org/TR/websub/#publishing). Google's and Superfeedr's read `hub.url`, as
 * PubSubHubbub 0.3 (7.1) had it, Switchboard and the test suite of WebSub say `hub.topic`; hubs are to ignore parameters that they do
 * not know. Several feeds in one request are read in different ways (repeated fields, a list), so each has a request of its own.
 */
const toHub = (hub: string, feed: string): Ping => ({
  target: "websub",
  request: {
    url: hub,
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ "hub.mode": "publish", "hub.topic": feed, "hub.url": feed }).toString(),
  },
});

/** A set of addresses (https://www.indexnow.org/documentation); one of another host would have all of them refused (422). */
const toIndexNow = (
  { key, endpoint }: NonNullable<Site["indexNow"]>,
  baseUrl: string,
  urls: readonly string[],
): Ping | undefined => {
  const { host } = new URL(baseUrl);
  const urlList = [...new Set(urls)].filter((url) => URL.parse(url)?.host === host);
  if (!urlList.length) return undefined;
  return {
    target: "indexnow",
    request: {
      url: endpoint,
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify({ host, key, keyLocation: absolute(baseUrl, keyFilePath(key)), urlList }),
    },
  };
};

/** Answers of IndexNow that say that key, key file or addresses are not what they should be. */
const WRONG_SETTINGS = new Set([400, 403, 422]);

/**
 * What an answer means; without a `status` there was none. A hub's 2xx is all there is to say, and of what else it answers nothing is
 * agreed upon. IndexNow's 202 is one that will look at the key file yet; what it refuses, it would refuse in an hour too.
 */
export const pingFate = (target: PingTarget, status: number | undefined): PingFate => {
  if (status === undefined) return "again";
  if (status >= 200 && status <= 299) return "done";
  return target === "indexnow" && WRONG_SETTINGS.has(status) ? "refused" : "again";
};
