import { Hono } from "hono";
import * as z from "zod";
import type { Content } from "../../shared/domain/article.ts";
import type { Body } from "../../shared/domain/body.ts";
import { type Fault, invalid, ok, type Result } from "../../shared/domain/error.ts";
import { plainText } from "../../shared/domain/plain-text.ts";
import { restoreInput } from "../../shared/domain/revision-input.ts";
import { bounded, faultsOf } from "../../shared/intake/faults.ts";
import { publicOf } from "../../shared/site/impact.ts";
import { LAST } from "../../shared/store/layout.ts";
import { listRevisions, loadContent, loadRevision, type Revision } from "../../shared/store/revisions.ts";
import type { LoadedSite } from "../../shared/store/site.ts";
import { needs } from "./auth.ts";
import { noArticle } from "./command.ts";
import { find, type Found } from "./conditional.ts";
import type { ApiEnv, Call } from "./context.ts";
import { parsed } from "./input.ts";
import { moving } from "./moves.ts";
import { cursor, limit, nextLink, queryOf } from "./paging.ts";
import { fieldsJson } from "./present.ts";
import { problem } from "./problem.ts";
import { takes } from "./query.ts";
import { recentSiteOf } from "./site-of.ts";

/** A number that an article's revisions and changes may have. */
const NUMBER = /^[1-9]\d{0,7}$/;

/** The number of the revision that readers see now. */
const shownOf = ({ head }: Found): number | undefined => publicOf(head)?.revision;

/** A revision as a list shows it. */
const revisionItem = ({ revision, at, by }: Revision, found: Found) => ({
  revision,
  at,
  by: by.name,
  ...(revision === shownOf(found) ? { published: true as const } : {}),
});

/**
 * Who may read only what is published of a story reads what readers see now, and is told of no other revision: what was corrected or
 * withdrawn is not to be had again.
 */
const mayRead = (found: Found, revision: number): boolean => found.view === "newest" || revision === shownOf(found);

const revisionOf = async (c: Call, found: Found, revision: number): Promise<Revision | undefined> =>
  mayRead(found, revision) ? loadRevision(c.get("services").table, found.head.id, revision) : undefined;

const pageOf = async (c: Call, found: Found, page: { before: number; limit: number }) => {
  if (found.view === "newest") return listRevisions(c.get("services").table, found.head.id, page);
  const shown = shownOf(found) ?? page.before;
  const revision = shown < page.before ? await revisionOf(c, found, shown) : undefined;
  return { revisions: revision ? [revision] : [], more: false };
};

const listing = z.strictObject({ limit, cursor: cursor(NUMBER).optional() });

const list = async (c: Call): Promise<Response> => {
  const asked = listing.safeParse(queryOf(c));
  if (!asked.success) return problem(c, invalid(...bounded(faultsOf(asked.error))).refusal);
  const found = await find(c);
  if (!found) return problem(c, noArticle());
  const { revisions, more } = await pageOf(c, found, {
    before: asked.data.cursor === undefined ? LAST : Number(asked.data.cursor),
    limit: asked.data.limit,
  });
  const last = revisions.at(-1)?.revision;
  return c.json(
    { items: revisions.map((revision) => revisionItem(revision, found)) },
    200,
    nextLink(c, more ? last?.toString() : undefined),
  );
};

const bodyOf = async (c: Call, article: string, { content }: Revision): Promise<Body> => {
  const body = await c.get("services").bodies.get(article, content.bodyDigest);
  if (!body) throw new Error("the stored body cannot be read");
  return body;
};

/** An old content as GET /articles/{id} gives the newest. */
const revisionJson = (found: Found, revision: Revision, site: Pick<LoadedSite, "timeZone">, body: Body) => ({
  id: found.head.id,
  ...revisionItem(revision, found),
  ...fieldsJson(revision.content, site.timeZone),
  body,
  warnings: revision.content.warnings,
});

const noRevision = { kind: "missing" as const, detail: "There is no such revision." };

const reading = z.strictObject({ diff: z.string().regex(NUMBER, "must be a revision's number").optional() });

const get = async (c: Call): Promise<Response> => {
  const asked = reading.safeParse(queryOf(c));
  if (!asked.success) return problem(c, invalid(...bounded(faultsOf(asked.error))).refusal);
  const [found, site] = await Promise.all([find(c), recentSiteOf(c)]);
  if (!found) return problem(c, noArticle());
  const { id } = found.head;
  const wanted = c.req.param("n") ?? "";
  const revision = NUMBER.test(wanted) ? await revisionOf(c, found, Number(wanted)) : undefined;
  if (!revision) return problem(c, noRevision);
  if (asked.data.diff === undefined) return c.json(revisionJson(found, revision, site, await bodyOf(c, id, revision)));
  const against = await revisionOf(c, found, Number(asked.data.diff));
  if (!against && found.view !== "newest") return problem(c, noRevision);
  if (!against) return problem(c, invalid({ pointer: "/diff", detail: "is no revision of this story" }).refusal);
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
export const namedContent = async (
  c: Call,
  { head }: Pick<Found, "head">,
  number: number,
): Promise<Result<Content>> => {
  const content = await loadContent(c.get("services").table, head.id, number);
  const fault: Fault = { pointer: "/revision", detail: `is none of this story; the newest is ${head.revision}` };
  return content ? ok(content) : invalid(fault);
};

const restore = moving("restore", async (sent, { c, head }) => {
  const { data, faults } = parsed(restoreInput, sent);
  if (!data || faults.length) return invalid(...bounded(faults));
  const { revision } = data;
  const content = await namedContent(c, { head }, revision);
  return content.ok ? ok({ command: { type: "restore", revision, content: content.value } }) : content;
});

/** The routes of an article's revisions. */
export const revisions = new Hono<ApiEnv>()
  .get("/:id/revisions", needs("reporter"), takes("any"), list)
  .get("/:id/revisions/:n", needs("reporter"), takes("any"), get)
  .post("/:id/restore", needs("reporter"), takes(), restore);
