import { Hono } from "hono";
import { actorOf } from "../../shared/domain/access.ts";
import { invalid, ok, type Result } from "../../shared/domain/error.ts";
import { slug } from "../../shared/domain/site.ts";
import { iso } from "../../shared/domain/time.ts";
import { bounded, faultsOf } from "../../shared/intake/faults.ts";
import type { Source } from "../../shared/senders/source.ts";
import {
  listSources,
  loadSource,
  removeSource,
  saveSource,
  sealedFor,
  type StoredSource,
} from "../../shared/store/hooks.ts";
import type { Keyring } from "../../shared/store/seal.ts";
import { needs } from "./auth.ts";
import { untilSettled } from "./command.ts";
import type { ApiEnv, Call } from "./context.ts";
import { pageOf } from "./paging.ts";
import { problem } from "./problem.ts";
import { isDryRun, takes } from "./query.ts";
import { readJsonBody } from "./request.ts";
import { siteOf } from "./site-of.ts";

type Stored = StoredSource<Source>;

/** A source as its administrator sees it: how it signs, as it was said, and of each secret its id and since when it is active. */
const sourceJson = ({ name, settings, secrets, createdAt, updatedAt }: Stored) => {
  const {
    kind,
    publish,
    section,
    mapping,
    scheme: { scheme, ...signature },
  } = settings;
  return {
    name,
    kind,
    publish,
    section,
    mapping,
    ...(scheme === "unsigned" ? { unsigned: true as const } : {}),
    ...(Object.keys(signature).length ? { signature } : {}),
    secrets: secrets.map(({ id, since }) => ({ id, since })),
    createdAt,
    updatedAt,
  };
};

const nameOf = (c: Call): Result<string> => {
  const name = slug.safeParse(c.req.param("name"));
  return name.success ? ok(name.data) : invalid(...faultsOf(name.error, ["name"]));
};

const load = async (c: Call, name: string): Promise<Stored | undefined> =>
  slug.safeParse(name).success ? loadSource<Source>(c.get("services").table, name) : undefined;

const noSource = { kind: "missing" as const, detail: "There is no such source." };

/** The keys that secrets are sealed with; undefined when the house was set up without them. */
export const keysOf = async (c: Call): Promise<Keyring | undefined> => {
  try {
    return await c.get("services").sealingKeys();
  } catch (error) {
    if (error instanceof Error && error.name === "ParameterNotFound") return undefined;
    throw error;
  }
};

/** Why nothing can be sealed. */
export const noKeys = {
  kind: "impossible" as const,
  detail: "This house has no key to seal secrets with: see “The sealing key” in infra/docs/deploying.md.",
  moves: ["npm run deploy, which makes it"],
};

const put = async (c: Call): Promise<Response> => {
  const { clock, ids } = c.get("services");
  const [name, body] = [nameOf(c), await readJsonBody(c)];
  if (!body.ok) return problem(c, body.refusal);
  if (!name.ok) return problem(c, name.refusal);
  // The readers of seven kinds come with it: not read at a cold start.
  const { readSource } = await import("../../shared/senders/source.ts");
  return untilSettled(c, async () => {
    const [before, { sections }] = await Promise.all([load(c, name.value), siteOf(c)]);
    const known = { sections: sections.map((section) => section.slug), before: before?.settings };
    const read = readSource(body.value.value, known);
    const found = !read.ok && "faults" in read.refusal ? read.refusal.faults : [];
    const faults = [...body.value.faults, ...found];
    if (faults.length) return problem(c, invalid(...bounded(faults)).refusal);
    if (!read.ok) return problem(c, read.refusal);
    const { source, secrets } = read.value;
    const kept = source.scheme.scheme === "unsigned" ? [] : (before?.secrets ?? []);
    const now = clock.now();
    const keys = secrets && (await keysOf(c));
    if (secrets && !keys) return problem(c, noKeys);
    const after: Stored = {
      name: name.value,
      settings: source,
      secrets: keys ? sealedFor(ids, keys, name.value, { secrets, before: kept, now }) : kept,
      version: (before?.version ?? 0) + 1,
      createdAt: before?.createdAt ?? iso(now),
      updatedAt: iso(now),
    };
    if (isDryRun(c)) return c.json(sourceJson(after));
    if (!(await saveSource(c.get("services"), actorOf(c.get("key")), before, after, toldOf(source)))) return undefined;
    changed(c, name.value);
    return c.json(sourceJson(after), before ? 200 : 201);
  });
};

const toldOf = ({ kind, publish, scheme }: Source) => ({ kind, publish, unsigned: scheme.scheme === "unsigned" });

const changed = (c: Call, name: string): void =>
  c.get("services").events({ event: "site.changed", what: `source:${name}`, by: c.get("key").id });

const remove = (c: Call): Promise<Response> =>
  untilSettled(c, async () => {
    const source = await load(c, c.req.param("name") ?? "");
    if (!source) return problem(c, noSource);
    if (isDryRun(c)) {
      const left = (await listSources<Source>(c.get("services").table)).filter(({ name }) => name !== source.name);
      return c.json({ items: left.map(sourceJson) });
    }
    if (!(await removeSource(c.get("services"), actorOf(c.get("key")), source))) return undefined;
    changed(c, source.name);
    return c.body(null, 204);
  });

/** The routes of /sources. */
export const sources = new Hono<ApiEnv>()
  .get("/", needs("admin"), async (c) =>
    pageOf(c, (await listSources<Source>(c.get("services").table)).map(sourceJson), ({ name }) => name),
  )
  .get("/:name", needs("admin"), async (c) => {
    const source = await load(c, c.req.param("name"));
    return source ? c.json(sourceJson(source)) : problem(c, noSource);
  })
  .put("/:name", needs("admin"), takes(), put)
  .delete("/:name", needs("admin"), takes(), remove);
