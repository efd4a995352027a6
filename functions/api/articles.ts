import { Hono } from "hono";
import * as z from "zod";
import { barred, readable } from "../../shared/domain/access.ts";
import type { Head } from "../../shared/domain/article.ts";
import type { Result } from "../../shared/domain/error.ts";
import { ULID } from "../../shared/domain/ulid.ts";
import { writeCopy } from "../../shared/intake/copy/write.ts";
import { bounded, faultsOf } from "../../shared/intake/faults.ts";
import { mergePatch } from "../../shared/intake/merge-patch.ts";
import { readPatched } from "../../shared/intake/submission.ts";
import { loadHead } from "../../shared/store/articles.ts";
import type { LoadedSite } from "../../shared/store/site.ts";
import { loadState } from "../../shared/store/state.ts";
import { prefersText } from "./accept.ts";
import { needs } from "./auth.ts";
import { answer, bodyOf, carryOut, contentFrom, noArticle, replayed, stale, untilSettled } from "./command.ts";
import type { ApiEnv, Call } from "./context.ts";
import { create, earlier, idempotencyFor, settingOf } from "./create.ts";
import { listArticles } from "./listing.ts";
import { recentSiteOf, siteOf } from "./site-of.ts";
import { articleJson, contentOf, fieldsJson, seqOf, type View } from "./present.ts";
import { problem } from "./problem.ts";
import { receiptOf } from "./receipt.ts";
import { isDryRun, takes } from "./query.ts";
import { etagOf, idempotencyKeyOf, ifMatch, ifNoneMatch, readJsonBody } from "./request.ts";

/** The article under `:id` and how much of it the caller may see; undefined is a 404. */
const find = async (c: Call): Promise<{ head: Head; view: View } | undefined> => {
  const id = c.req.param("id") ?? "";
  const head = ULID.test(id) ? await loadHead(c.get("services").table, id) : undefined;
  const view = head && readable(c.get("key"), head);
  return head && view && view !== "nothing" ? { head, view } : undefined;
};

const get = async (c: Call): Promise<Response> => {
  const [found, site] = await Promise.all([find(c), recentSiteOf(c)]);
  if (!found) return problem(c, noArticle());
  const { head, view } = found;
  const headers = { ETag: etagOf(seqOf(head, view)), Vary: "Accept" };
  if (ifNoneMatch(c, seqOf(head, view))) return c.body(null, 304, headers);
  if (!prefersText(c.req.header("accept"))) return answer(c, 200, head, view, site, { headers });
  const fields = fieldsJson(contentOf(head, view), site.timeZone);
  const copy = writeCopy(
    { ...fields, ...articleJson(head, view, site), body: await bodyOf(c, head, view) },
    site.timeZone,
  );
  return c.text(copy, 200, headers);
};

/** Everything between a conditional command and its answer; `ask` makes the command of what was found. */
const conditional = async (
  c: Call,
  action: "edit" | "publish",
  ask: (
    found: { head: Head; view: View },
    site: LoadedSite,
  ) => Promise<Result<Omit<Parameters<typeof carryOut>[1], "before" | "site">>>,
): Promise<Response> =>
  untilSettled(c, async () => {
    const [found, site] = await Promise.all([find(c), siteOf(c)]);
    if (!found) return problem(c, noArticle());
    const { head, view } = found;
    const bar = barred(action, c.get("key"), head);
    if (bar) return problem(c, bar);
    const asked = await ask(found, site);
    if (!asked.ok && asked.refusal.kind !== "invalid") return problem(c, asked.refusal);
    const before = asked.ok ? await earlier(c, asked.value.idempotency, site) : undefined;
    if (before) return before;
    const match = ifMatch(c, seqOf(head, view));
    if (match === undefined) return problem(c, { kind: "unconditional" });
    if (!match) return stale(c, head, view, site);
    if (!asked.ok) return problem(c, asked.refusal);
    const outcome = await carryOut(c, { ...asked.value, before: head, site });
    if (!outcome.ok) return problem(c, outcome.refusal);
    if (outcome.value.kind === "replay") return replayed(c, outcome.value.replay, site);
    if (outcome.value.kind === "moved") return undefined;
    const { after } = outcome.value.decision;
    const { body } = asked.value;
    // No ETag: it would be that of somebody else's change, later.
    if (isDryRun(c)) return c.json(articleJson(after, "newest", site, body ?? (await bodyOf(c, after, "newest"))), 200);
    return answer(c, 200, after, "newest", site, { body, changed: after.siteSeq > head.siteSeq });
  });

const patch = async (c: Call): Promise<Response> => {
  const body = await readJsonBody(c);
  if (!body.ok) return problem(c, body.refusal);
  return conditional(c, "edit", async ({ head }, site) => {
    const merged = mergePatch(fieldsJson(head.content, site.timeZone), body.value.value);
    const read = await readPatched({ ...body.value, value: merged.value }, settingOf(c, site, head.content.pictures));
    if (!read.ok) return read;
    const bodySent = merged.touched.has("body") ? (read.value.body ?? []) : undefined;
    const kept = head.content.warnings.filter((warning) => !merged.touched.has(warning.pointer.split("/")[1] ?? ""));
    const fresh = read.value.warnings.filter(
      (warning) => !kept.some((one) => one.code === warning.code && one.pointer === warning.pointer),
    );
    const content = contentFrom({ ...read.value, body: bodySent, warnings: [...kept, ...fresh] }, head.content);
    return { ok: true, value: { command: { type: "edit", content }, body: bodySent } };
  });
};

/** `at` comes with the schedule. */
const publishInput = z.strictObject({});

const publish = async (c: Call): Promise<Response> => {
  const body = await readJsonBody(c);
  if (!body.ok) return problem(c, body.refusal);
  const key = idempotencyKeyOf(c);
  if (!key.ok) return problem(c, key.refusal);
  const parsed = publishInput.safeParse(body.value.value);
  const faults = [...body.value.faults, ...(parsed.success ? [] : faultsOf(parsed.error))];
  if (faults.length) return problem(c, { kind: "invalid", faults: bounded(faults) });
  return conditional(c, "publish", async () => ({
    ok: true,
    value: {
      command: { type: "publish" },
      idempotency: isDryRun(c) ? undefined : idempotencyFor(c, key.value, 200, {}),
    },
  }));
};

const live = async (c: Call): Promise<Response> => {
  const id = c.req.param("id") ?? "";
  if (!ULID.test(id)) return problem(c, noArticle());
  const [state, site] = await Promise.all([loadState(c.get("services").table, id), recentSiteOf(c)]);
  const seen = state.head && readable(c.get("key"), state.head);
  return seen === undefined || seen === "nothing" ? problem(c, noArticle()) : c.json(receiptOf(state, site));
};

/** The routes of /articles. */
export const articles = new Hono<ApiEnv>()
  .post("/", needs("reporter"), takes("any"), create)
  .get("/", needs("reporter"), takes("any"), listArticles)
  .get("/:id", needs("reporter"), get)
  .patch("/:id", needs("reporter"), takes(), patch)
  .post("/:id/publish", needs("reporter"), takes(), publish)
  .get("/:id/live", needs("reporter"), live);
