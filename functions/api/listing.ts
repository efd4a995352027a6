import * as z from "zod";
import { type ApiKey, readable } from "../../shared/domain/access.ts";
import { type Head, orderTime, STATUSES } from "../../shared/domain/article.ts";
import { type Fault, type Result, invalid, ok } from "../../shared/domain/error.ts";
import { parseTime } from "../../shared/domain/time.ts";
import { ULID } from "../../shared/domain/ulid.ts";
import { faultsOf } from "../../shared/intake/faults.ts";
import { deskPage } from "../../shared/store/articles.ts";
import { loadSite } from "../../shared/store/site.ts";
import type { Call } from "./context.ts";
import { cursor, limit, nextLink, queryOf } from "./paging.ts";
import { articleJson, contentOf, type View } from "./present.ts";
import { problem } from "./problem.ts";

/** Heads looked at for one answer; a rare filter may give a short page and a cursor to go on from. */
const MOST_READ = 1000;
const PAGE = 100;

const word = z.string().max(300);
const ask = z.strictObject({
  status: z.enum(STATUSES).optional(),
  section: word.optional(),
  tag: word.optional(),
  author: word.optional(),
  source: word.optional(),
  from: word.optional(),
  to: word.optional(),
  limit,
  cursor: cursor(ULID).optional(),
});
type Ask = Omit<z.output<typeof ask>, "from" | "to"> & { from: number; to: number };

const readAsk = (c: Call, zone: string): Result<Ask> => {
  const parsed = ask.safeParse(queryOf(c));
  const faults: Fault[] = parsed.success ? [] : faultsOf(parsed.error);
  const time = (name: "from" | "to", otherwise: number): number => {
    const text = c.req.query(name);
    const at = text === undefined ? otherwise : parseTime(text, zone);
    if (at === undefined && !faults.some((fault) => fault.pointer === `/${name}`))
      faults.push({ pointer: `/${name}`, detail: "is no time" });
    return at ?? otherwise;
  };
  const from = time("from", -Infinity);
  const to = time("to", Infinity);
  return parsed.success && faults.length === 0 ? ok({ ...parsed.data, from, to }) : invalid(...faults);
};

const fits = (head: Head, view: View, { status, section, tag, author, source, from, to }: Ask): boolean => {
  const content = contentOf(head, view);
  const at = Date.parse(content.publishedAt ?? (head.published ? orderTime(head.published) : head.createdAt));
  return (
    (status === undefined || head.status === status) &&
    (section === undefined || content.section === section) &&
    (tag === undefined || content.tags.includes(tag)) &&
    (author === undefined || content.bylines.some((byline) => byline.author === author || byline.name === author)) &&
    (source === undefined || content.source === source) &&
    at >= from &&
    at <= to
  );
};

type Found = { head: Head; view: View };

const visible = (key: ApiKey, head: Head): Found[] => {
  const view = readable(key, head);
  return view === "nothing" ? [] : [{ head, view }];
};

/** GET /articles: newest first by creation, filtered; `from` and `to` go by the time that orders the story. */
export const listArticles = async (c: Call): Promise<Response> => {
  const { table, siteUrl } = c.get("services");
  const site = await loadSite(table, siteUrl);
  const asked = readAsk(c, site.timeZone);
  if (!asked.ok) return problem(c, asked.refusal);
  const found: Found[] = [];
  let after = asked.value.cursor;
  let more = true;
  for (let read = 0; more && found.length < asked.value.limit && read < MOST_READ;) {
    const page = await deskPage(table, after, PAGE);
    for (const head of page.heads) {
      if (found.length === asked.value.limit) break;
      after = head.id;
      found.push(...visible(c.get("key"), head).filter((one) => fits(one.head, one.view, asked.value)));
    }
    read += PAGE;
    more = page.more || (page.heads.at(-1)?.id ?? after) !== after;
  }
  const items = found.map(({ head, view }) => articleJson(head, view, site));
  return c.json({ items }, 200, nextLink(c, more ? after : undefined));
};
