import type { Actor } from "../domain/article.ts";
import type { Decision, Particulars } from "../domain/decide/command.ts";
import { iso } from "../domain/time.ts";
import type { Item, Table, Write } from "./dynamo.ts";
import {
  articlePk,
  auditIndex,
  auditKey,
  auditPlace,
  auditRange,
  besidesKey,
  deskAudits,
  foundedKey,
  houseAuditKey,
  monthOf,
} from "./layout.ts";
import type { Services } from "./services.ts";

/**
 * The record of who did what: each item is put once, in the transaction of what it tells, and kept for ever. It holds ids, names and
 * the words that editors give with a move; no text of a story, and no secret.
 */
export type Audit = {
  /** ISO 8601, UTC. */
  at: string;
  by: Actor;
  action: string;
  /** Of an article's: which one, and its seq and newest revision after it. */
  article?: string | undefined;
  seq?: number | undefined;
  revision?: number | undefined;
  /** The revision that readers see from then on, when that is what it changed. */
  publishedRevision?: number | undefined;
  /** What else it was about: a key's id, `site`, `section:<slug>`, `author:<slug>`, `lead:<list>`, `source:<name>`, `webhook:<id>`. */
  subject?: string | undefined;
  particulars?: Particulars | undefined;
};

/** What an article's command was, for the transaction that commits it. */
export const articleAudit = ({ before, after, action, particulars }: Decision, by: Actor, at: string): Write => {
  const { id: article, seq, revision, published } = after;
  const isShown = after.status !== "withdrawn" && after.siteSeq !== (before?.siteSeq ?? 0);
  const publishedRevision = isShown ? published?.revision : undefined;
  const audit: Audit = { at, by, action, article, seq, revision, publishedRevision, particulars };
  const key = auditKey(article, seq);
  return { put: { ...key, ...audit, ...auditIndex(at, `${article}#${key.sk}`) }, if: "absent" };
};

/** A link to a preview, which changes nothing: it is told in the history of its article, and would only fill the house's. */
export const previewAudit = (
  { clock, ids }: Pick<Services, "clock" | "ids">,
  { article, seq, revision, by }: { article: string; seq: number; revision: number; by: Actor },
): Write => {
  const now = clock.now();
  const audit: Audit = { at: iso(now), by, action: "preview.created", article, revision };
  return { put: { ...besidesKey(article, seq, ids.ulid(now)), ...audit }, if: "absent" };
};

/** What happens in the house besides its articles. */
export type HouseAction =
  | "site.founded"
  | "site.changed"
  | "key.created"
  | "key.revoked"
  | "source.created"
  | "source.changed"
  | "source.removed"
  | "webhook.created"
  | "webhook.changed"
  | "webhook.disabled"
  | "webhook.removed";
export type HouseAudit = Pick<Audit, "subject" | "particulars"> & { by: Actor; action: HouseAction };

/** The same for what is no article's, now. */
export const houseAudit = ({ clock, ids }: Pick<Services, "clock" | "ids">, { by, ...what }: HouseAudit): Write => {
  const now = clock.now();
  const [at, id] = [iso(now), ids.ulid(now)];
  const key = what.action === "site.founded" ? foundedKey : houseAuditKey(at, id);
  return { put: { ...key, at, by, ...what, ...auditIndex(at, id) }, if: "absent" };
};

/** Audit items are written by this file alone. */
const asAudit = (item: Item): Audit => item as Item & Audit;

/** Items newest first; `cursor` is the place of each, and the next page begins `after` that of the last. */
export type AuditPage = { items: { audit: Audit; cursor: string }[]; more: boolean };

/** An article's history, strongly consistent. */
export const articleHistory = async (
  table: Table,
  article: string,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<AuditPage> => {
  // The range includes the item at `after`, which was told already.
  const items = await table.query({
    pk: articlePk(article),
    ...auditRange(after),
    limit: limit + 2,
    newestFirst: true,
  });
  const fresh = items
    .map((item) => ({ audit: asAudit(item), cursor: auditPlace(item.sk) }))
    .filter(({ cursor }) => cursor !== after);
  return { items: fresh.slice(0, limit), more: fresh.length > limit };
};

/** No house is older than this; one that was founded before its history was kept does not say when that was. */
const FIRST_MONTH = "2026-01";

const monthBefore = (month: string): string => {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, "0")}`;
};

/**
 * The house's history, newest first, from an index: a moment late. `after` is the cursor of the last item before the page, `now` (ISO
 * 8601) where the first page begins. Months without an item cost a query each; the founding is the last item of all.
 */
export const houseHistory = async (
  table: Table,
  { now, after, limit }: { now: string; after: string | undefined; limit: number },
): Promise<AuditPage> => {
  const founded = await table.get(foundedKey);
  const first = founded ? monthOf(asAudit(founded).at) : FIRST_MONTH;
  const found: AuditPage["items"] = [];
  let [month, last] = [monthOf(after ?? now), after];
  while (month >= first && found.length <= limit) {
    const page = await table.index({
      name: "desk",
      pk: deskAudits(month),
      limit: limit + 2 - found.length,
      newestFirst: true,
      ...(last === undefined ? {} : { to: last }),
    });
    const fresh = page.items.filter((item) => item["deskSk"] !== last);
    found.push(...fresh.map((item) => ({ audit: asAudit(item), cursor: String(item["deskSk"]) })));
    [month, last] = page.more ? [month, found.at(-1)?.cursor ?? last] : [monthBefore(month), undefined];
  }
  return { items: found.slice(0, limit), more: found.length > limit };
};
