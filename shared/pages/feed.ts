import { rfc822 } from "../site/format.ts";
import { absolute, FEED, FRONT } from "../site/paths.ts";
import { storyHtml } from "./feed-body.tsx";
import { jpegOf, pathOf, PLAIN_WIDTH } from "./renditions.ts";
import { titleOf } from "./text.ts";
import type { FeedItemView, PictureView, SiteView } from "./view.ts";

/** What is no Char of XML 1.0 (https://www.w3.org/TR/xml/#charsets): a feed that holds one is not read at all. */
const ILLEGAL = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "\r": "&#13;",
};

/** Text for XML content and quoted attributes: illegal characters dropped, the rest escaped (never CDATA, which text can end). */
export const xml = (text: string): string =>
  text.replace(ILLEGAL, "").replace(/[&<>"'\r]/g, (sign) => ESCAPES[sign] ?? "");

const element = (name: string, text: string | undefined): string => (text ? `<${name}>${xml(text)}</${name}>` : "");

/** The lead picture as Media RSS (https://www.rssboard.org/media-rss); an enclosure would have to know its bytes. */
const media = (site: SiteView, picture: PictureView | undefined): string => {
  const jpeg = picture && jpegOf(picture, "full", PLAIN_WIDTH);
  if (!picture || !jpeg) return "";
  const url = xml(absolute(site.baseUrl, pathOf(picture, jpeg)));
  return [
    `<media:content url="${url}" type="image/jpeg" width="${jpeg.width}" height="${jpeg.height}" medium="image">`,
    element("media:description", picture.caption || picture.alt),
    element("media:credit", picture.credit),
    "</media:content>",
  ].join("");
};

const entry = (site: SiteView, item: FeedItemView): string => {
  const { body } = item;
  const section = site.sections.find(({ slug }) => slug === item.section);
  return [
    "<item>",
    element("title", titleOf(item)),
    element("link", absolute(site.baseUrl, item.path)),
    `<guid isPermaLink="false">${xml(`urn:ulid:${item.id}`)}</guid>`,
    element("pubDate", rfc822(item.publishedAt, site.timeZone)),
    ...item.bylines.map(({ name }) => element("dc:creator", name)),
    element("category", section?.title),
    element("description", item.standfirst),
    body && element("content:encoded", storyHtml(site, { ...item, body })),
    media(site, item.picture),
    "</item>",
  ].join("");
};

const lastBuild = (items: readonly FeedItemView[]): string | undefined =>
  items
    .map((item) => item.modifiedAt ?? item.publishedAt)
    .sort((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1);

/**
 * RSS 2.0 (https://www.rssboard.org/rss-specification) of the items as given, with the full text as escaped HTML, or
 * the standfirst alone for an item without a body. lastBuildDate is the newest moment that the items know of.
 */
export const renderFeed = (site: SiteView, items: readonly FeedItemView[]): string => {
  const at = lastBuild(items);
  return [
    '<?xml version="1.0" encoding="utf-8"?>\n',
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" ',
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel>',
    element("title", site.title),
    element("link", absolute(site.baseUrl, FRONT)),
    `<description>${xml(site.description ?? site.title)}</description>`,
    element("language", site.locale),
    at && element("lastBuildDate", rfc822(at, site.timeZone)),
    `<atom:link href="${xml(absolute(site.baseUrl, FEED))}" rel="self" type="application/rss+xml"/>`,
    // Readers find the hub here, and subscribe at it to the address that is `self` (https://www.w3.org/TR/websub/#discovery).
    site.hub && `<atom:link href="${xml(site.hub)}" rel="hub"/>`,
    ...items.map((item) => entry(site, item)),
    "</channel></rss>\n",
  ].join("");
};
