import { Hono } from "hono";
import { readable } from "../../shared/domain/access.ts";
import type { Head } from "../../shared/domain/article.ts";
import type { Result } from "../../shared/domain/error.ts";
import { writeCopy } from "../../shared/intake/copy/write.ts";
import { mergePatch } from "../../shared/intake/merge-patch.ts";
import { readPatched, readSubmission, type Setting } from "../../shared/intake/submission.ts";
import { loadHead } from "../../shared/store/articles.ts";
import { type Idempotency, idempotencyOf, readReplay } from "../../shared/store/idempotency.ts";
import { type LoadedSite, loadSite } from "../../shared/store/site.ts";
import { needs } from "./auth.ts";
import { answer, bodyOf, carryOut, contentFrom, noArticle, replayed, stale, untilSettled } from "./command.ts";
import type { ApiEnv, Call } from "./context.ts";
import { listArticles } from "./listing.ts";
import { articleJson, contentOf, fieldsJson, seqOf, type View } from "./present.ts";
import { problem } from "./problem.ts";
import { receiptOf } from "./receipt.ts";
import {
  etagOf,
  fieldsOfQuery,
  idempotencyKeyOf,
  ifMatch,
  ifNoneMatch,
  isDryRun,
  readBytes,
  readJsonBody,
} from "./request.ts";

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

const settingOf = (c: Call, site: LoadedSite): Setting => ({
  zone: site.timeZone,
  locale: site.locale,
  now: c.get("services").clock.now(),
  section: c.get("key").sections?.[0],
});

const siteOf = (c: Call): Promise<LoadedSite> => loadSite(c.get("services").table, c.get("services").siteUrl);

/** The article under `:id` and how much of it the caller may see; undefined is a 404. */
const find = async (c: Call): Promise<{ head: Head; view: View } | undefined> => {
  const id = c.req.param("id") ?? "";
  const head = ULID.test(id) ? await loadHead(c.get("services").table, id) : undefined;
  const view = head && readable(c.get("key"), head);
  return head && view && view !== "nothing" ? { head, view } : undefined;
};

const idempotencyFor = (
  c: Call,
  key: string | undefined,
  status: number,
  submission: unknown,
): Idempotency | undefined =>
  key === undefined
    ? undefined
    : idempotencyOf({ apiKey: c.get("key").id, method: c.req.method, path: c.req.path, key, status, submission });

const earlier = async (c: Call, use: Idempotency | undefined, site: LoadedSite): Promise<Response | undefined> => {
  const { table, clock } = c.get("services");
  const replay = use && (await readReplay(table, use, clock.now()));
  return replay && replayed(c, replay, site);
};

const create = async (c: Call): Promise<Response> => {
  const { ids, clock } = c.get("services");
  const bytes = await readBytes(c);
  if (!bytes.ok) return problem(c, bytes.refusal);
  const key = idempotencyKeyOf(c);
  if (!key.ok) return problem(c, key.refusal);
  const id = ids.ulid(clock.now());
  return untilSettled(async () => {
    const site = await siteOf(c);
    const read = await readSubmission(
      { contentType: c.req.header("content-type"), bytes: bytes.value, query: fieldsOfQuery(c) },
      settingOf(c, site),
    );
    if (!read.ok) return problem(c, read.refusal);
    const { fields, body = [], status } = read.value;
    const content = contentFrom({ ...read.value, body });
    const idempotency = isDryRun(c)
      ? undefined
      : idempotencyFor(c, key.value, 201, { fields, body: content.bodyDigest, status });
    const before = await earlier(c, idempotency, site);
    if (before) return before;
    const outcome = await carryOut(c, {
      command: { type: "create", id, content, publish: status === "published" },
      before: undefined,
      site,
      body,
      idempotency,
    });
    if (!outcome.ok) return problem(c, outcome.refusal);
    if (outcome.value.kind === "replay") return replayed(c, outcome.value.replay, site);
    if (outcome.value.kind === "moved") return undefined;
    const { after } = outcome.value.decision;
    if (isDryRun(c)) return c.json(articleJson(after, "newest", site, body), 200);
    return answer(c, 201, after, "newest", site, {
      body,
      headers: { Location: `/articles/${after.id}` },
      changed: after.siteSeq > 0,
    });
  });
};

const get = async (c: Call): Promise<Response> => {
  const [found, site] = await Promise.all([find(c), siteOf(c)]);
  if (!found) return problem(c, noArticle());
  const { head, view } = found;
  if (ifNoneMatch(c, seqOf(head, view))) return c.body(null, 304, { ETag: etagOf(seqOf(head, view)) });
  if (!/\btext\/plain\b/i.test(c.req.header("accept") ?? ""))
    return answer(c, 200, head, view, site, { headers: { Vary: "Accept" } });
  const fields = fieldsJson(contentOf(head, view), site.timeZone);
  const copy = writeCopy(
    { ...fields, ...articleJson(head, view, site), body: await bodyOf(c, head, view) },
    site.timeZone,
  );
  return c.text(copy, 200, { Vary: "Accept" });
};

/** Everything between a conditional command and its answer; `ask` makes the command of what was found. */
const conditional = async (
  c: Call,
  ask: (
    found: { head: Head; view: View },
    site: LoadedSite,
  ) => Promise<Result<Omit<Parameters<typeof carryOut>[1], "before" | "site">>>,
): Promise<Response> =>
  untilSettled(async () => {
    const [found, site] = await Promise.all([find(c), siteOf(c)]);
    if (!found) return problem(c, noArticle());
    const { head, view } = found;
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
    return answer(c, 200, after, "newest", site, {
      body: asked.value.body,
      changed: !isDryRun(c) && after.siteSeq > head.siteSeq,
    });
  });

const patch = async (c: Call): Promise<Response> => {
  const body = await readJsonBody(c);
  if (!body.ok) return problem(c, body.refusal);
  return conditional(c, async ({ head }, site) => {
    const merged = mergePatch(fieldsJson(head.content, site.timeZone), body.value);
    const read = await readPatched(merged.value, settingOf(c, site));
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

const publish = async (c: Call): Promise<Response> => {
  const body = await readJsonBody(c);
  if (!body.ok) return problem(c, body.refusal);
  const key = idempotencyKeyOf(c);
  if (!key.ok) return problem(c, key.refusal);
  const unknown =
    body.value !== null && typeof body.value === "object" && !Array.isArray(body.value)
      ? Object.keys(body.value)
      : undefined;
  if (!unknown || unknown.length) {
    const faults = (unknown ?? [""]).map((name) =>
      name ? { pointer: `/${name}`, detail: "is an unknown field" } : { pointer: "", detail: "must be a JSON object" },
    );
    return problem(c, { kind: "invalid", faults });
  }
  return conditional(c, async () => ({
    ok: true,
    value: {
      command: { type: "publish" },
      idempotency: isDryRun(c) ? undefined : idempotencyFor(c, key.value, 200, {}),
    },
  }));
};

const live = async (c: Call): Promise<Response> => {
  const [found, site] = await Promise.all([find(c), siteOf(c)]);
  return found ? c.json(await receiptOf(c.get("services"), found.head, site)) : problem(c, noArticle());
};

/** The routes of /articles. */
export const articles = new Hono<ApiEnv>()
  .post("/", needs("reporter"), create)
  .get("/", needs("reporter"), listArticles)
  .get("/:id", needs("reporter"), get)
  .patch("/:id", needs("reporter"), patch)
  .post("/:id/publish", needs("reporter"), publish)
  .get("/:id/live", needs("reporter"), live);
