import { pageOfPath } from "../site/redirect.ts";
import { pathOf, publicOf } from "../site/impact.ts";
import { claimantOf, loadHead } from "./articles.ts";
import type { Table } from "./dynamo.ts";

/** Withdrawn stories that one redirect is followed through. */
const HOPS = 10;

/**
 * Where a path of this site leads by now, for the redirect of the withdrawn story `from`: the present page of the story that it is,
 * or was, a path of; through other withdrawn stories to where those lead; the path itself when no story's. Undefined when it ends at a
 * story that is gone, or comes back to `from`.
 *
 * As it answers only what is not a redirect at that moment, redirects never make a ring: of those in one, the last that was written
 * would have had to lead to a page, which has been withdrawn, and written, since.
 */
export const wayTo = async (table: Table, to: string, from: string): Promise<string | undefined> => {
  const passed = new Set([from]);
  for (let path = to; passed.size <= HOPS;) {
    const page = pageOfPath(path);
    const id = page === undefined ? undefined : await claimantOf(table, page);
    if (id === undefined) return path;
    if (passed.has(id)) return undefined;
    passed.add(id);
    const head = await loadHead(table, id);
    // Nobody has seen it yet: the path is claimed for a time to come.
    if (!head?.published) return path;
    const withdrawal = publicOf(head) ? undefined : (head.withdrawal ?? { mode: "gone" as const });
    if (!withdrawal || withdrawal.mode === "notice") return pathOf({ id, published: head.published });
    if (withdrawal.mode === "gone") return undefined;
    path = withdrawal.to;
  }
  return undefined;
};
