import { readable } from "../../shared/domain/access.ts";
import type { Head } from "../../shared/domain/article.ts";
import type { Body } from "../../shared/domain/body.ts";
import { refuse, type Result, type Warning } from "../../shared/domain/error.ts";
import { loadHead } from "../../shared/store/articles.ts";
import type { Replay } from "../../shared/store/idempotency.ts";
import { type Ask, type Outcome, perform } from "../../shared/store/perform.ts";
import type { LoadedSite } from "../../shared/store/site.ts";
import type { Call } from "./context.ts";
import { articleJson, contentOf, seqOf, type View } from "./present.ts";
import { problem } from "./problem.ts";
import { awaitLive } from "./receipt.ts";
import { isDryRun } from "./query.ts";
import { etagOf, waitOf } from "./request.ts";

/** Times a command is decided again because the state moved between reading and committing. */
const TRIES = 12;

/** What is asked for in a call, and all that a decision needs. */
export type Asked = Omit<Ask, "dryRun">;

/** Decides and commits for whoever calls; nothing is kept on a dry run. */
export const carryOut = (c: Call, asked: Asked): Promise<Result<Outcome>> =>
  perform(c.get("services"), c.get("key"), { ...asked, dryRun: isDryRun(c) });

/** So many writers met at one thing that a try never went through. */
export class Crowded extends Error {
  override readonly name = "Crowded";
}

/** Tries `attempt` again while the state moves under it, each time after a longer pause; throws Crowded when it never rests. */
export const untilSettled = async (c: Call, attempt: () => Promise<Response | undefined>): Promise<Response> => {
  for (let n = 1; n <= TRIES; n++) {
    const response = await attempt();
    if (response) return response;
    await c.get("services").clock.sleep(Math.random() * Math.min(500, 10 * 2 ** n));
  }
  throw new Crowded();
};

/** The article as a key may see it, with the headers that every answer about one carries. */
export const answer = async (
  c: Call,
  status: 200 | 201,
  head: Head,
  view: View,
  site: LoadedSite,
  extra: { body?: Body | undefined; headers?: Record<string, string>; changed?: boolean; warnings?: Warning[] } = {},
): Promise<Response> => {
  const services = c.get("services");
  const body = extra.body ?? (await bodyOf(c, head, view));
  const wait = extra.changed ? waitOf(c) : 0;
  const live = wait > 0 ? { live: await awaitLive(services, head, site, wait) } : {};
  const headers = {
    ETag: etagOf(seqOf(head, view)),
    ...extra.headers,
    ...(wait > 0 ? { "Preference-Applied": `wait=${wait}` } : {}),
  };
  const shown = articleJson(head, view, site, body);
  const warnings = [...shown.warnings, ...(extra.warnings ?? [])];
  return c.json({ ...shown, warnings, ...live }, status, headers);
};

/** The stored body of what a view shows. A body that is gone is a fault of ours, said as one. */
export const bodyOf = async (c: Call, head: Head, view: View): Promise<Body> => {
  const body = await c.get("services").bodies.get(head.id, contentOf(head, view).bodyDigest);
  if (!body) throw new Error("the stored body cannot be read");
  return body;
};

/** 412, with the article as GET gives it to this caller. */
export const stale = async (c: Call, head: Head, view: View, site: LoadedSite): Promise<Response> =>
  problem(c, { kind: "stale" }, articleJson(head, view, site, await bodyOf(c, head, view)));

/** The same answer as the first time, with the article as it is now. */
export const replayed = async (c: Call, replay: Replay, site: LoadedSite): Promise<Response> => {
  if (!replay.same) return problem(c, { kind: "key-reused" });
  const head = await loadHead(c.get("services").table, replay.id);
  if (!head) throw new Error("an idempotency record names an article that is not there");
  const view = readable(c.get("key"), head);
  if (view === "nothing") return problem(c, noArticle());
  const headers = {
    "Idempotency-Replayed": "true",
    // What was submitted has one, whether it was made or sent again under its natural key.
    ...(c.req.path === "/articles" ? { Location: `/articles/${head.id}` } : {}),
  };
  // Readers have seen nothing of a change that is newer than all that they see.
  return answer(c, replay.status === 201 ? 201 : 200, head, view, site, {
    headers,
    changed: head.siteSeq >= replay.seq,
  });
};

export const noArticle = () => refuse({ kind: "missing", detail: "There is no such article." }).refusal;
