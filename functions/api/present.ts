import type { Content, Head } from "../../shared/domain/article.ts";
import type { Body } from "../../shared/domain/body.ts";
import { sourceWarnings } from "../../shared/domain/natural-key.ts";
import { formatTime } from "../../shared/domain/time.ts";
import { pathOf } from "../../shared/site/impact.ts";
import { absolute } from "../../shared/site/paths.ts";
import type { LoadedSite } from "../../shared/store/site.ts";

/** Which of an article's contents a key gets to see. */
export type View = "newest" | "published";

export const contentOf = (head: Head, view: View): Content =>
  view === "published" ? (head.published?.content ?? head.content) : head.content;

/** The version number of what a view shows; private edits do not show through the published one. */
export const seqOf = (head: Head, view: View): number => (view === "published" ? head.siteSeq : head.seq);

/** The fields that a client sets, as JSON gives them back and a merge patch takes them; the body aside. */
export const fieldsJson = (content: Content, zone: string) => {
  const {
    locale,
    kicker,
    headline,
    standfirst,
    bylines,
    section,
    tags,
    leadImage,
    slug,
    publishedAt,
    series,
    translationOf,
    source,
    externalId,
    sourceLine,
    canonicalUrl,
    aliases,
    embargoUntil,
    seo,
  } = content;
  return {
    locale,
    kicker,
    headline,
    standfirst,
    bylines,
    section,
    tags,
    leadImage,
    slug,
    publishedAt: publishedAt && formatTime(Date.parse(publishedAt), zone),
    series,
    translationOf,
    source,
    externalId,
    sourceLine,
    canonicalUrl,
    aliases,
    embargoUntil: embargoUntil && formatTime(Date.parse(embargoUntil), zone),
    seo,
  };
};

/** What stands where a withdrawn story stood; why is for the record alone. */
const withdrawalJson = ({ withdrawal }: Head, zone: string) => {
  if (!withdrawal) return undefined;
  const at = formatTime(Date.parse(withdrawal.at), zone);
  const { mode } = withdrawal;
  switch (mode) {
    case "gone":
      return { mode, at };
    case "notice":
      return { mode, at, notice: withdrawal.notice };
    case "redirect":
      return { mode, at, to: withdrawal.to };
  }
};

/** What the desk sees of a story besides its content: whose it is now, if it was another's before, when it goes up, what an editor wrote to its reporter, how it was withdrawn. */
const inHand = (head: Head, { timeZone }: Pick<LoadedSite, "timeZone">) => {
  const { owner, handedOver, scheduled, note, approval, revision } = head;
  return {
    owner: handedOver && { key: owner.key, name: owner.name },
    scheduledAt: scheduled && formatTime(Date.parse(scheduled.at), timeZone),
    scheduledRevision: scheduled?.revision,
    approvedBy: approval?.revision === revision ? approval.by.name : undefined,
    note,
    withdrawal: withdrawalJson(head, timeZone),
  };
};

/** An article as the API shows it: absent fields are left out; times of the story in the site's zone, of the record in UTC. */
export const articleJson = (head: Head, view: View, site: Pick<LoadedSite, "timeZone" | "baseUrl">, body?: Body) => {
  const content = contentOf(head, view);
  const { published } = head;
  const fields = fieldsJson(content, site.timeZone);
  return {
    id: head.id,
    status: head.status,
    revision: view === "published" ? published?.revision : head.revision,
    seq: seqOf(head, view),
    ...fields,
    slug: fields.slug ?? published?.address.slug,
    // Without a time of its own, that of the first publication: also where readers still see one that was since removed.
    publishedAt: fields.publishedAt ?? (published && formatTime(Date.parse(published.firstAt), site.timeZone)),
    ...(body === undefined ? {} : { body }),
    url: published && absolute(site.baseUrl, pathOf({ id: head.id, published })),
    publishedRevision: published?.revision,
    createdAt: head.createdAt,
    updatedAt: view === "published" ? published?.at : head.updatedAt,
    updatedBy: (view === "published" ? (published?.by ?? head.owner) : head.updatedBy).name,
    corrections: (published?.corrections ?? []).map(({ at, note }) => ({
      at: formatTime(Date.parse(at), site.timeZone),
      note,
    })),
    ...(view === "newest" ? inHand(head, site) : {}),
    warnings: [...content.warnings, ...(view === "newest" ? sourceWarnings(head) : [])],
  };
};
