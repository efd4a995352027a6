import type { Head } from "../domain/article.ts";
import type { Item, Table } from "./dynamo.ts";
import { DESK_ARTICLES, headKey, pathKey } from "./layout.ts";

// Heads are written by commit alone.
const asHead = (item: Item): Head => item as Item & Head;

export const loadHead = async (table: Table, id: string): Promise<Head | undefined> => {
  const item = await table.get(headKey(id));
  return item && asHead(item);
};

/** Those of these articles that there are, by id; each is looked up once. */
export const loadHeads = async (table: Table, ids: readonly string[]): Promise<ReadonlyMap<string, Head>> => {
  const items = ids.length ? await table.getMany([...new Set(ids)].map(headKey)) : [];
  return new Map(items.map(asHead).map((head) => [head.id, head]));
};

/** The article that a public path belongs to, now or once; undefined for a path that no story ever had. */
export const claimantOf = async (table: Table, path: string): Promise<string | undefined> => {
  const item = await table.get(pathKey(path));
  const article = item?.["article"];
  return typeof article === "string" ? article : undefined;
};

/** One page of heads for the desk, newest first by id, older than `after` when given. From an index: a moment late. */
export const deskPage = async (
  table: Table,
  after: string | undefined,
  limit: number,
): Promise<{ heads: Head[]; more: boolean }> => {
  const page = await table.index({
    name: "desk",
    pk: DESK_ARTICLES,
    limit,
    newestFirst: true,
    ...(after ? { to: after } : {}),
  });
  const heads = page.items.map(asHead).filter((head) => head.id !== after);
  return { heads, more: page.more };
};
