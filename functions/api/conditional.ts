import { readable } from "../../shared/domain/access.ts";
import type { Head } from "../../shared/domain/article.ts";
import type { Refusal, Result, Warning } from "../../shared/domain/error.ts";
import { barred, type Move } from "../../shared/domain/moves.ts";
import { ULID } from "../../shared/domain/ulid.ts";
import { loadHead } from "../../shared/store/articles.ts";
import type { Idempotency } from "../../shared/store/idempotency.ts";
import type { LoadedSite } from "../../shared/store/site.ts";
import { answer, type Asked, bodyOf, carryOut, noArticle, replayed, stale, untilSettled } from "./command.ts";
import type { Call } from "./context.ts";
import { earlier } from "./create.ts";
import { articleJson, seqOf, type View } from "./present.ts";
import { problem } from "./problem.ts";
import { isDryRun } from "./query.ts";
import { ifMatch } from "./request.ts";
import { siteOf } from "./site-of.ts";

export type Found = { head: Head; view: View };

/** The article under `:id` and how much of it the caller may see; undefined is a 404. */
export const find = async (c: Call): Promise<Found | undefined> => {
  const id = c.req.param("id") ?? "";
  const head = ULID.test(id) ? await loadHead(c.get("services").table, id) : undefined;
  const view = head && readable(c.get("key"), head);
  return head && view && view !== "nothing" ? { head, view } : undefined;
};

/** What is asked of an article that was found. */
export type Ask = Omit<Asked, "before" | "site" | "idempotency"> & {
  /** Where in the request that is which a decision finds fault with, unless it is where the decision says. */
  place?: (pointer: string) => string;
  /** What was taken out of the move's own words: said in the answer, and kept nowhere. */
  warnings?: Warning[];
};

/** A refusal, its pointers as the request was written. */
export const placed = (refusal: Refusal, place: (pointer: string) => string): Refusal =>
  refusal.kind === "invalid"
    ? { kind: "invalid", faults: refusal.faults.map((fault) => ({ ...fault, pointer: place(fault.pointer) })) }
    : refusal;

/**
 * Everything between a conditional command and its answer; `ask` makes the command of what was found. An earlier `use` of an
 * Idempotency-Key is answered first: what was asked need not make sense any more of what the article has become.
 */
export const conditional = async (
  c: Call,
  move: Move,
  ask: (found: Found, site: LoadedSite) => Promise<Result<Ask>>,
  use?: Idempotency,
): Promise<Response> =>
  untilSettled(c, async () => {
    const [found, site] = await Promise.all([find(c), siteOf(c)]);
    if (!found) return problem(c, noArticle());
    const { head, view } = found;
    const bar = barred(move, c.get("key"), head);
    if (bar) return problem(c, bar);
    const known = await earlier(c, use, site);
    if (known) return known;
    const asked = await ask(found, site);
    if (!asked.ok && asked.refusal.kind !== "invalid") return problem(c, asked.refusal);
    const match = ifMatch(c, seqOf(head, view));
    if (match === undefined) return problem(c, { kind: "unconditional" });
    if (!match) return stale(c, head, view, site);
    if (!asked.ok) return problem(c, asked.refusal);
    const { place = (pointer) => pointer, warnings = [], ...command } = asked.value;
    const outcome = await carryOut(c, { ...command, idempotency: use, before: head, site });
    if (!outcome.ok) return problem(c, placed(outcome.refusal, place));
    if (outcome.value.kind === "replay") return replayed(c, outcome.value.replay, site);
    if (outcome.value.kind === "moved") return undefined;
    const { after } = outcome.value.decision;
    const { body } = command;
    if (!isDryRun(c))
      return answer(c, 200, after, "newest", site, { body, warnings, changed: after.siteSeq > head.siteSeq });
    const shown = articleJson(after, "newest", site, body ?? (await bodyOf(c, after, "newest")));
    // No ETag: it would be that of somebody else's change, later.
    return c.json({ ...shown, warnings: [...shown.warnings, ...warnings] }, 200);
  });
