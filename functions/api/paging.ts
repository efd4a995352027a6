import * as z from "zod";
import { invalid } from "../../shared/domain/error.ts";
import { bounded, faultsOf } from "../../shared/intake/faults.ts";
import type { Call } from "./context.ts";
import { problem } from "./problem.ts";

/** `?limit=`: 1 to 100, 20 unless said. */
export const limit = z
  .string()
  .regex(/^(?:[1-9]\d?|100)$/, "must be a number from 1 to 100")
  .transform(Number)
  .default(20);

/** A cursor of ours, as the id of the last item before it; `id` is what ids of that list look like. */
export const cursor = (id: RegExp) =>
  z
    .string()
    .transform((text) => /^1:(.+)$/.exec(Buffer.from(text, "base64url").toString("latin1"))?.[1])
    .refine((after) => after !== undefined && id.test(after), "is no cursor of ours");

/** The query's parameters as a schema takes them; one that stands twice is a list, which no parameter is. */
export const queryOf = (c: Call): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(c.req.queries()).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );

/** `Link: <...>; rel="next"` (RFC 8288) to what follows the item `after`; no header on the last page. */
export const nextLink = (c: Call, after: string | undefined): Record<string, string> => {
  if (after === undefined) return {};
  const url = new URL(c.req.url);
  url.searchParams.set("cursor", Buffer.from(`1:${after}`).toString("base64url"));
  return { Link: `<${url.pathname}${url.search}>; rel="next"` };
};

const ask = z.strictObject({ limit, cursor: cursor(/^[0-9A-Za-z-]{1,79}$/).optional() });

/** A page of a list that is known whole, `idOf` naming its items; a cursor whose item is gone begins anew. */
export const pageOf = <Item>(c: Call, items: Item[], idOf: (item: Item) => string): Response => {
  const asked = ask.safeParse(queryOf(c));
  if (!asked.success) return problem(c, invalid(...bounded(faultsOf(asked.error))).refusal);
  const from = asked.data.cursor === undefined ? 0 : items.findIndex((item) => idOf(item) === asked.data.cursor) + 1;
  const page = items.slice(from, from + asked.data.limit);
  const last = page.at(-1);
  const more = from + page.length < items.length;
  return c.json({ items: page }, 200, nextLink(c, more && last !== undefined ? idOf(last) : undefined));
};
