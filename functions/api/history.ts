import { Hono } from "hono";
import * as z from "zod";
import { atLeast } from "../../shared/domain/access.ts";
import { invalid } from "../../shared/domain/error.ts";
import { iso } from "../../shared/domain/time.ts";
import { bounded, faultsOf } from "../../shared/intake/faults.ts";
import { articleHistory, type Audit, houseHistory } from "../../shared/store/history.ts";
import { needs } from "./auth.ts";
import { noArticle } from "./command.ts";
import { find } from "./conditional.ts";
import type { ApiEnv, Call } from "./context.ts";
import { cursor, limit, nextLink, queryOf } from "./paging.ts";
import { problem } from "./problem.ts";
import { takes } from "./query.ts";

/** One thing that was done; why it was is for editors alone. Times are UTC. */
export const historyItem = (audit: Audit, withReasons: boolean) => {
  const { at, by, action, article, seq, revision, publishedRevision, subject, particulars } = audit;
  const { reason, ...open } = particulars ?? {};
  const told = { ...open, ...(withReasons ? { reason } : {}) };
  const isTold = Object.values(told).some((value) => value !== undefined);
  return {
    at,
    by: by.name,
    key: by.key,
    action,
    article,
    seq,
    revision,
    publishedRevision,
    subject,
    ...(isTold ? { particulars: told } : {}),
  };
};

/** The place of an item in its article's history: the seq, and more for what did not change the article. */
const PLACE = /^\d{8}(?:#[0-9A-Z]{26})?$/;
const ofArticle = z.strictObject({ limit, cursor: cursor(PLACE).optional() });

const article = async (c: Call): Promise<Response> => {
  const asked = ofArticle.safeParse(queryOf(c));
  if (!asked.success) return problem(c, invalid(...bounded(faultsOf(asked.error))).refusal);
  const found = await find(c);
  if (!found) return problem(c, noArticle());
  if (found.view !== "newest")
    return problem(c, { kind: "forbidden", detail: "The history of a story is for its owner and for editors." });
  const { items, more } = await articleHistory(c.get("services").table, found.head.id, {
    after: asked.data.cursor,
    limit: asked.data.limit,
  });
  const withReasons = atLeast(c.get("key").role, "editor");
  return c.json(
    { items: items.map(({ audit }) => historyItem(audit, withReasons)) },
    200,
    nextLink(c, more ? items.at(-1)?.cursor : undefined),
  );
};

/** The place of an item in the index: its time, and what it is of. */
const INDEX_PLACE = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[0-9A-Z#]{1,80}$/;
const ofHouse = z.strictObject({ limit, cursor: cursor(INDEX_PLACE).optional() });

const house = async (c: Call): Promise<Response> => {
  const asked = ofHouse.safeParse(queryOf(c));
  if (!asked.success) return problem(c, invalid(...bounded(faultsOf(asked.error))).refusal);
  const { table, clock } = c.get("services");
  const { items, more } = await houseHistory(table, {
    now: iso(clock.now()),
    after: asked.data.cursor,
    limit: asked.data.limit,
  });
  return c.json(
    { items: items.map(({ audit }) => historyItem(audit, true)) },
    200,
    nextLink(c, more ? items.at(-1)?.cursor : undefined),
  );
};

/** GET /articles/{id}/history. */
export const articlesHistory = new Hono<ApiEnv>().get("/:id/history", needs("reporter"), takes("any"), article);
/** GET /history. */
export const history = new Hono<ApiEnv>().get("/", needs("admin"), takes("any"), house);
