import { Hono } from "hono";
import type * as z from "zod";
import { actorOf } from "../../shared/domain/access.ts";
import { invalid, ok, type Result } from "../../shared/domain/error.ts";
import { authorInput, sectionInput, sectionSlug, type Site, siteInput, slug } from "../../shared/domain/site.ts";
import { faultsOf } from "../../shared/intake/faults.ts";
import type { Source } from "../../shared/senders/source.ts";
import { listSources } from "../../shared/store/hooks.ts";
import {
  isFree,
  isKeyFree,
  removeAuthor,
  removeSection,
  saveAuthor,
  saveSection,
  saveSite,
} from "../../shared/store/site.ts";
import { needs } from "./auth.ts";
import { untilSettled } from "./command.ts";
import type { ApiEnv, ApiServices, Call } from "./context.ts";
import { pageOf } from "./paging.ts";
import { problem } from "./problem.ts";
import { forgetSite, siteOf } from "./site-of.ts";
import { readInput } from "./input.ts";
import { isDryRun, takes } from "./query.ts";

const getSite = async (c: Call): Promise<Response> => {
  const {
    version: _version,
    zoneFrozen: _zoneFrozen,
    leads: _leads,
    announces: _announces,
    ...shown
  } = await siteOf(c);
  return c.json(shown satisfies Site);
};

const slugParam = (c: Call, schema: z.ZodType<string>): Result<string> => {
  const parsed = schema.safeParse(c.req.param("slug"));
  return parsed.success ? ok(parsed.data) : invalid(...faultsOf(parsed.error, ["slug"]));
};

const changed = (c: Call, what: string): void => {
  forgetSite(c);
  c.get("services").events({ event: "site.changed", what, by: c.get("key").id });
};

const putSite = async (c: Call): Promise<Response> => {
  const input = await readInput(c, siteInput);
  if (!input.ok) return problem(c, input.refusal);
  return untilSettled(c, async () => {
    const before = await siteOf(c);
    if (before.zoneFrozen && input.value.timeZone !== before.timeZone)
      return problem(c, {
        kind: "impossible",
        detail: `The time zone is frozen since the first publication: it stays ${before.timeZone}.`,
        moves: [],
      });
    const key = input.value.indexNow?.key;
    if (key !== undefined && key !== before.indexNow?.key && !(await isKeyFree(c.get("services").table, key)))
      return problem(c, invalid({ pointer: "/indexNow/key", detail: `/${key}.txt is an old path of a story` }).refusal);
    if (!isDryRun(c)) {
      if (!(await saveSite(c.get("services"), actorOf(c.get("key")), before, input.value))) return undefined;
      changed(c, "site");
    }
    const { sections, authors } = before;
    const { siteUrl } = c.get("services");
    const after: Site = { ...input.value, baseUrl: input.value.baseUrl ?? siteUrl, sections, authors };
    return c.json(after);
  });
};

const getSection = async (c: Call): Promise<Response> => {
  const found = (await siteOf(c)).sections.find((section) => section.slug === c.req.param("slug"));
  return found ? c.json(found) : problem(c, { kind: "missing", detail: "There is no such section." });
};

const putSection = async (c: Call): Promise<Response> => {
  const [name, input] = [slugParam(c, sectionSlug), await readInput(c, sectionInput)];
  if (!name.ok || !input.ok) return problem(c, merged(name, input));
  const site = await siteOf(c);
  const isNew = !site.sections.some((section) => section.slug === name.value);
  const saved = isDryRun(c)
    ? await isFree(c.get("services").table, name.value)
    : await saveSection(c.get("services"), actorOf(c.get("key")), site, name.value, input.value);
  if (!saved)
    return problem(c, invalid({ pointer: "/slug", detail: `/${name.value} is an old path of a story` }).refusal);
  if (!isDryRun(c)) changed(c, `section:${name.value}`);
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
  const site = await siteOf(c);
  const name = c.req.param("slug") ?? "";
  if (!site.sections.some((section) => section.slug === name))
    return problem(c, { kind: "missing", detail: "There is no such section." });
  const fed = (await listSources<Pick<Source, "section">>(c.get("services").table)).filter(
    ({ settings }) => settings.section === name,
  );
  if (fed.length)
    return problem(c, {
      kind: "impossible",
      detail: `What ${fed.map((source) => source.name).join(", ")} sends is filed in the section.`,
      moves: ["PUT the sources with another section"],
    });
  if (!(await removeSection(isDryRun(c) ? keepingNothing(c) : c.get("services"), actorOf(c.get("key")), site, name)))
    return problem(c, {
      kind: "impossible",
      detail: "The section has stories; move them first.",
      moves: ["PATCH the section of its stories"],
    });
  if (isDryRun(c)) return c.json({ items: site.sections.filter((section) => section.slug !== name) });
  changed(c, `section:${name}`);
  return c.body(null, 204);
};

/** The services for a dry run: everything is looked at, and nothing written. */
const keepingNothing = (c: Call): ApiServices => {
  const services = c.get("services");
  return { ...services, table: { ...services.table, transact: async () => ({ ok: true }), write: async () => true } };
};

const noAuthor = { kind: "missing" as const, detail: "There is no such author." };

const getAuthor = async (c: Call): Promise<Response> => {
  const found = (await siteOf(c)).authors.find((author) => author.slug === c.req.param("slug"));
  return found ? c.json(found) : problem(c, noAuthor);
};

const putAuthor = async (c: Call): Promise<Response> => {
  const [name, input] = [slugParam(c, slug), await readInput(c, authorInput)];
  if (!name.ok || !input.ok) return problem(c, merged(name, input));
  const isNew = !(await siteOf(c)).authors.some((author) => author.slug === name.value);
  if (!isDryRun(c)) {
    await saveAuthor(c.get("services"), actorOf(c.get("key")), name.value, input.value);
    changed(c, `author:${name.value}`);
  }
  return c.json({ slug: name.value, ...input.value }, isNew && !isDryRun(c) ? 201 : 200);
};

const deleteAuthor = async (c: Call): Promise<Response> => {
  const name = c.req.param("slug") ?? "";
  if (isDryRun(c)) {
    const { authors } = await siteOf(c);
    const items = authors.filter((author) => author.slug !== name);
    return items.length < authors.length ? c.json({ items }) : problem(c, noAuthor);
  }
  if (!(await removeAuthor(c.get("services"), actorOf(c.get("key")), name))) return problem(c, noAuthor);
  changed(c, `author:${name}`);
  return c.body(null, 204);
};

/** The routes of /site, /sections and /authors. */
export const site = new Hono<ApiEnv>()
  .get("/site", needs("reporter"), getSite)
  .put("/site", needs("admin"), takes(), putSite)
  .get("/sections", needs("reporter"), async (c) => pageOf(c, (await siteOf(c)).sections, (section) => section.slug))
  .get("/sections/:slug", needs("reporter"), getSection)
  .put("/sections/:slug", needs("admin"), takes(), putSection)
  .delete("/sections/:slug", needs("admin"), takes(), deleteSection)
  .get("/authors", needs("reporter"), async (c) => pageOf(c, (await siteOf(c)).authors, (author) => author.slug))
  .get("/authors/:slug", needs("reporter"), getAuthor)
  .put("/authors/:slug", needs("admin"), takes(), putAuthor)
  .delete("/authors/:slug", needs("admin"), takes(), deleteAuthor);
