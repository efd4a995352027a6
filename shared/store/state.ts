import type { Head } from "../domain/article.ts";
import type { Item, Table } from "./dynamo.ts";
import { articlePk, LED_PREFIX, STATE_FROM, STATE_TO, WORK_PREFIX } from "./layout.ts";
import type { Live } from "./live.ts";
import type { Work } from "./work.ts";

/**
 * Where an article stands: its head, what readers see of it, and what is still to be done; `led` are withdrawn stories whose
 * redirects lead to it, or once did.
 */
export type ArticleState = { head: Head | undefined; live: Live | undefined; works: Work[]; led: string[] };

/** An article's whole state in one consistent query: head, receipt and work lie side by side in its partition. */
export const loadState = async (table: Table, article: string): Promise<ArticleState> => {
  const items = await table.query({ pk: articlePk(article), from: STATE_FROM, to: STATE_TO });
  const of = (sk: string): Item | undefined => items.find((item) => item.sk === sk);
  // Each kind is written in one place: heads by commit, receipts by goLive, work by the store's work.ts.
  return {
    head: of("HEAD") as (Item & Head) | undefined,
    live: of("LIVE") as (Item & Live) | undefined,
    led: items.flatMap(({ sk }) => (sk.startsWith(LED_PREFIX) ? [sk.slice(LED_PREFIX.length)] : [])),
    works: items.filter((item) => item.sk.startsWith(WORK_PREFIX)) as (Item & Work)[],
  };
};
