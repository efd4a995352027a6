import { readable } from "../../shared/domain/access.ts";
import type { Head } from "../../shared/domain/article.ts";
import { type Fault, invalid, type Refusal, type Result } from "../../shared/domain/error.ts";
import { barred, type Move } from "../../shared/domain/moves.ts";
import { ULID } from "../../shared/domain/ulid.ts";
import { loadHead } from "../../shared/store/articles.ts";
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
export type Ask = Omit<Asked, "before" | "site"> & {
  /** Where in the request its content was sent, unless at the top. */
  under?: string;
  /** What is wrong with it as other things stand: looked at behind the idempotency record and the precondition. */
  besides?: () => Promise<Fault[]>;
};

/** A refusal of content, its pointers as the request was written. */
export const placed = (refusal: Refusal, under = ""): Refusal =>
  refusal.kind === "invalid"
    ? {
        kind: "invalid",
        faults: refusal.faults.map((fault) => ({ ...fault, pointer: `${under}${fault.pointer}` })),
      }
    : refusal;

/** Everything between a conditional command and its answer; `ask` makes the command of what was found. */
export const conditional = async (
  c: Call,
  move: Move,
  ask: (found: Found, site: LoadedSite) => Promise<Result<Ask>>,
): Promise<Response> =>
  untilSettled(c, async () => {
    const [found, site] = await Promise.all([find(c), siteOf(c)]);
    if (!found) return problem(c, noArticle());
    const { head, view } = found;
    const bar = barred(move, c.get("key"), head);
    if (bar) return problem(c, bar);
    const asked = await ask(found, site);
    if (!asked.ok && asked.refusal.kind !== "invalid") return problem(c, asked.refusal);
    const before = asked.ok ? await earlier(c, asked.value.idempotency, site) : undefined;
    if (before) return before;
    const match = ifMatch(c, seqOf(head, view));
    if (match === undefined) return problem(c, { kind: "unconditional" });
    if (!match) return stale(c, head, view, site);
    if (!asked.ok) return problem(c, asked.refusal);
    const { under, besides, ...command } = asked.value;
    const faults = (await besides?.()) ?? [];
    if (faults.length) return problem(c, invalid(...faults).refusal);
    const outcome = await carryOut(c, { ...command, before: head, site });
    if (!outcome.ok) return problem(c, placed(outcome.refusal, under));
    if (outcome.value.kind === "replay") return replayed(c, outcome.value.replay, site);
    if (outcome.value.kind === "moved") return undefined;
    const { after } = outcome.value.decision;
    const { body } = command;
    // No ETag: it would be that of somebody else's change, later.
    if (isDryRun(c)) return c.json(articleJson(after, "newest", site, body ?? (await bodyOf(c, after, "newest"))), 200);
    return answer(c, 200, after, "newest", site, { body, changed: after.siteSeq > head.siteSeq });
  });
