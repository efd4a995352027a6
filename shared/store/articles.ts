import type { Head } from "../domain/article.ts";
import { type Body, blocks } from "../domain/body.ts";
import type { Item, Table } from "./dynamo.ts";
import { DESK_ARTICLES, headKey } from "./layout.ts";
import type { Bodies } from "./objects.ts";

// Heads are written by commit alone.
const asHead = (item: Item): Head => item as Item & Head;

export const loadHead = async (table: Table, id: string): Promise<Head | undefined> => {
  const item = await table.get(headKey(id));
  return item && asHead(item);
};

/** A stored body; undefined when its object cannot be had or is damaged. */
export const loadBody = async (bodies: Bodies, article: string, digest: string): Promise<Body | undefined> => {
  const json = await bodies.get(article, digest);
  if (json === undefined) return undefined;
  try {
    const parsed = blocks.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
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
