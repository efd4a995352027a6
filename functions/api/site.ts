import { Hono } from "hono";
import type * as z from "zod";
import { invalid, ok, type Result } from "../../shared/domain/error.ts";
import { authorInput, sectionInput, sectionSlug, type Site, siteInput, slug } from "../../shared/domain/site.ts";
import { bounded, faultsOf } from "../../shared/intake/faults.ts";
import { loadSite, removeAuthor, removeSection, saveAuthor, saveSection, saveSite } from "../../shared/store/site.ts";
import { needs } from "./auth.ts";
import { untilSettled } from "./command.ts";
import type { ApiEnv, Call } from "./context.ts";
import { problem } from "./problem.ts";
import { isDryRun, readJsonBody } from "./request.ts";

/** A JSON body by its schema, or every fault in it. */
export const readInput = async <Schema extends z.ZodType>(
  c: Call,
  schema: Schema,
): Promise<Result<z.output<Schema>>> => {
  const body = await readJsonBody(c);
  if (!body.ok) return body;
  const parsed = schema.safeParse(body.value);
  return parsed.success ? ok(parsed.data) : invalid(...bounded(faultsOf(parsed.error)));
};

const current = (c: Call) => loadSite(c.get("services").table, c.get("services").siteUrl);

const siteJson = ({
  title,
  description,
  baseUrl,
  timeZone,
  locale,
  logo,
  nav,
  imprint,
  sections,
  authors,
}: Site & { zoneFrozen: boolean }) => ({
  title,
  description,
  baseUrl,
  timeZone,
  locale,
  logo,
  nav,
  imprint,
  sections,
  authors,
});

const slugParam = (c: Call, schema: z.ZodType<string>): Result<string> => {
  const parsed = schema.safeParse(c.req.param("slug"));
  return parsed.success ? ok(parsed.data) : invalid(...faultsOf(parsed.error, ["slug"]));
};

const changed = (c: Call, what: string): void =>
  c.get("services").events({ event: "site.changed", what, by: c.get("key").id });

const putSite = async (c: Call): Promise<Response> => {
  const input = await readInput(c, siteInput);
  if (!input.ok) return problem(c, input.refusal);
  return untilSettled(async () => {
    const before = await current(c);
    if (before.zoneFrozen && input.value.timeZone !== before.timeZone)
      return problem(c, {
        kind: "impossible",
        detail: `The time zone is frozen since the first publication: it stays ${before.timeZone}.`,
        moves: [],
      });
    if (!isDryRun(c)) {
      if (!(await saveSite(c.get("services"), before, input.value))) return undefined;
      changed(c, "site");
    }
    return c.json(siteJson({ ...before, ...input.value, baseUrl: input.value.baseUrl ?? c.get("services").siteUrl }));
  });
};

const getSection = async (c: Call): Promise<Response> => {
  const found = (await current(c)).sections.find((section) => section.slug === c.req.param("slug"));
  return found ? c.json(found) : problem(c, { kind: "missing", detail: "There is no such section." });
};

const putSection = async (c: Call): Promise<Response> => {
  const [name, input] = [slugParam(c, sectionSlug), await readInput(c, sectionInput)];
  if (!name.ok || !input.ok) return problem(c, merged(name, input));
  const site = await current(c);
  const isNew = !site.sections.some((section) => section.slug === name.value);
  if (!isDryRun(c)) {
    await saveSection(c.get("services"), site, name.value, input.value);
    changed(c, `section:${name.value}`);
  }
  return c.json({ slug: name.value, ...input.value }, isNew && !isDryRun(c) ? 201 : 200);
};

const merged = (...results: Result<unknown>[]) => {
  const refusals = results.flatMap((result) => (result.ok ? [] : [result.refusal]));
  const other = refusals.find((refusal) => refusal.kind !== "invalid");
  return (
    other ?? {
      kind: "invalid" as const,
      faults: refusals.flatMap((refusal) => ("faults" in refusal ? refusal.faults : [])),
    }
  );
};

const deleteSection = async (c: Call): Promise<Response> => {
  const site = await current(c);
  const name = c.req.param("slug") ?? "";
  if (!site.sections.some((section) => section.slug === name))
    return problem(c, { kind: "missing", detail: "There is no such section." });
  if (isDryRun(c)) return c.body(null, 204);
  if (!(await removeSection(c.get("services"), site, name)))
    return problem(c, {
      kind: "impossible",
      detail: "The section has stories; move them first.",
      moves: ["PATCH the section of its stories"],
    });
  changed(c, `section:${name}`);
  return c.body(null, 204);
};

const getAuthor = async (c: Call): Promise<Response> => {
  const found = (await current(c)).authors.find((author) => author.slug === c.req.param("slug"));
  return found ? c.json(found) : problem(c, { kind: "missing", detail: "There is no such author." });
};

const putAuthor = async (c: Call): Promise<Response> => {
  const [name, input] = [slugParam(c, slug), await readInput(c, authorInput)];
  if (!name.ok || !input.ok) return problem(c, merged(name, input));
  const isNew = !(await current(c)).authors.some((author) => author.slug === name.value);
  if (!isDryRun(c)) {
    await saveAuthor(c.get("services").table, name.value, input.value);
    changed(c, `author:${name.value}`);
  }
  return c.json({ slug: name.value, ...input.value }, isNew && !isDryRun(c) ? 201 : 200);
};

const deleteAuthor = async (c: Call): Promise<Response> => {
  const there = isDryRun(c)
    ? (await current(c)).authors.some((author) => author.slug === c.req.param("slug"))
    : await removeAuthor(c.get("services").table, c.req.param("slug") ?? "");
  if (!there) return problem(c, { kind: "missing", detail: "There is no such author." });
  if (!isDryRun(c)) changed(c, `author:${c.req.param("slug")}`);
  return c.body(null, 204);
};

/** The routes of /site, /sections and /authors. */
export const site = new Hono<ApiEnv>()
  .get("/site", needs("reporter"), async (c) => c.json(siteJson(await current(c))))
  .put("/site", needs("admin"), putSite)
  .get("/sections", needs("reporter"), async (c) => c.json({ items: (await current(c)).sections }))
  .get("/sections/:slug", needs("reporter"), getSection)
  .put("/sections/:slug", needs("admin"), putSection)
  .delete("/sections/:slug", needs("admin"), deleteSection)
  .get("/authors", needs("reporter"), async (c) => c.json({ items: (await current(c)).authors }))
  .get("/authors/:slug", needs("reporter"), getAuthor)
  .put("/authors/:slug", needs("admin"), putAuthor)
  .delete("/authors/:slug", needs("admin"), deleteAuthor);
