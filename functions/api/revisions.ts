import { Hono } from "hono";
import * as z from "zod";
import type { Content } from "../../shared/domain/article.ts";
import type { Body } from "../../shared/domain/body.ts";
import { type Fault, invalid, ok, refuse, type Result } from "../../shared/domain/error.ts";
import { plainText } from "../../shared/domain/plain-text.ts";
import { restoreInput } from "../../shared/domain/revision-input.ts";
import { bounded, faultsOf } from "../../shared/intake/faults.ts";
import { LAST } from "../../shared/store/layout.ts";
import { listRevisions, loadContent, loadRevision, type Revision } from "../../shared/store/revisions.ts";
import type { LoadedSite } from "../../shared/store/site.ts";
import { needs } from "./auth.ts";
import { noArticle } from "./command.ts";
import { conditional, find, type Found } from "./conditional.ts";
import type { ApiEnv, Call } from "./context.ts";
import { idempotencyFor } from "./create.ts";
import { readInput } from "./input.ts";
import { cursor, limit, nextLink, queryOf } from "./paging.ts";
import { fieldsJson } from "./present.ts";
import { problem } from "./problem.ts";
import { isDryRun, takes } from "./query.ts";
import { idempotencyKeyOf } from "./request.ts";
import { recentSiteOf } from "./site-of.ts";

/** A number that an article's revisions and changes may have. */
export const NUMBER = /^[1-9]\d{0,7}$/;

/** A revision as a list shows it; who may read only what is published is told of no other. */
export const revisionItem = ({ revision, at, by, published }: Revision) => ({
  revision,
  at,
  by: by.name,
  ...(published ? { published } : {}),
});

const isVisible = ({ view }: Found, revision: Revision | undefined): revision is Revision =>
  revision !== undefined && (view === "newest" || revision.published);

const listing = z.strictObject({ limit, cursor: cursor(NUMBER).optional() });

const list = async (c: Call): Promise<Response> => {
  const asked = listing.safeParse(queryOf(c));
  if (!asked.success) return problem(c, invalid(...bounded(faultsOf(asked.error))).refusal);
  const found = await find(c);
  if (!found) return problem(c, noArticle());
  const { revisions, more } = await listRevisions(c.get("services").table, found.head.id, {
    before: asked.data.cursor === undefined ? LAST : Number(asked.data.cursor),
    limit: asked.data.limit,
    only: found.view === "newest" ? "all" : "published",
  });
  const last = revisions.at(-1)?.revision;
  return c.json({ items: revisions.map(revisionItem) }, 200, nextLink(c, more ? last?.toString() : undefined));
};

const bodyOf = async (c: Call, article: string, { content }: Revision): Promise<Body> => {
  const body = await c.get("services").bodies.get(article, content.bodyDigest);
  if (!body) throw new Error("the stored body cannot be read");
  return body;
};

/** An old content as GET /articles/{id} gives the newest. */
export const revisionJson = (article: string, revision: Revision, site: Pick<LoadedSite, "timeZone">, body: Body) => ({
  id: article,
  ...revisionItem(revision),
  ...fieldsJson(revision.content, site.timeZone),
  body,
  warnings: revision.content.warnings,
});

const noRevision = { kind: "missing" as const, detail: "There is no such revision." };

const reading = z.strictObject({ diff: z.string().regex(NUMBER, "must be a revision's number").optional() });

const get = async (c: Call): Promise<Response> => {
  const asked = reading.safeParse(queryOf(c));
  if (!asked.success) return problem(c, invalid(...bounded(faultsOf(asked.error))).refusal);
  const { table } = c.get("services");
  const [found, site] = await Promise.all([find(c), recentSiteOf(c)]);
  if (!found) return problem(c, noArticle());
  const { id } = found.head;
  const wanted = c.req.param("n") ?? "";
  const load = async (number: string): Promise<Revision | undefined> => {
    const revision = NUMBER.test(number) ? await loadRevision(table, id, Number(number)) : undefined;
    return isVisible(found, revision) ? revision : undefined;
  };
  const revision = await load(wanted);
  if (!revision) return problem(c, noRevision);
  if (asked.data.diff === undefined) return c.json(revisionJson(id, revision, site, await bodyOf(c, id, revision)));
  const against = await load(asked.data.diff);
  if (!against)
    return problem(c, invalid({ pointer: "/diff", detail: "is no revision of this story that you may read" }).refusal);
  const [before, after] = await Promise.all([bodyOf(c, id, against), bodyOf(c, id, revision)]);
  // Seldom asked for: not read at a cold start.
  const { wordDiff } = await import("./word-diff.ts");
  const field = (name: "kicker" | "headline" | "standfirst") =>
    wordDiff(against.content[name] ?? "", revision.content[name] ?? "");
  return c.json({
    revision: revision.revision,
    against: against.revision,
    kicker: field("kicker"),
    headline: field("headline"),
    standfirst: field("standfirst"),
    body: wordDiff(plainText(before), plainText(after)),
  });
};

/** The content of the revision that a request names, or the fault that there is none. */
export const namedContent = async (c: Call, { head }: Found, number: number): Promise<Result<Content>> => {
  const content = await loadContent(c.get("services").table, head.id, number);
  const fault: Fault = { pointer: "/revision", detail: `is none of this story; the newest is ${head.revision}` };
  return content ? ok(content) : invalid(fault);
};

const restore = async (c: Call): Promise<Response> => {
  const input = await readInput(c, restoreInput);
  if (!input.ok && input.refusal.kind !== "invalid") return problem(c, input.refusal);
  const key = idempotencyKeyOf(c);
  if (!key.ok) return problem(c, key.refusal);
  return conditional(c, "restore", async (found) => {
    if (!input.ok) return refuse(input.refusal);
    const { revision } = input.value;
    const named = await namedContent(c, found, revision);
    if (!named.ok) return named;
    const idempotency = isDryRun(c) ? undefined : idempotencyFor(c, key.value, 200, { revision });
    return ok({ command: { type: "restore", revision, content: named.value }, idempotency });
  });
};

/** The routes of an article's revisions. */
export const revisions = new Hono<ApiEnv>()
  .get("/:id/revisions", needs("reporter"), takes("any"), list)
  .get("/:id/revisions/:n", needs("reporter"), takes("any"), get)
  .post("/:id/restore", needs("reporter"), takes(), restore);
