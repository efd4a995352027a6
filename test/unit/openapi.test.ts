import { readFile } from "node:fs/promises";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { describe, expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import { createApi } from "../../functions/api/app.ts";
import type { ApiServices } from "../../functions/api/context.ts";
import { articleJson, fieldsJson } from "../../functions/api/present.ts";
import type { Problem } from "../../functions/api/problem.ts";
import type { Receipt } from "../../functions/api/receipt.ts";
import * as answers from "../../infra/build/openapi/answers.ts";
import * as examples from "../../infra/build/openapi/examples.ts";
import { listing } from "../../infra/build/openapi/parameters.ts";
import { OPENAPI_FILE, openapi, openapiText } from "../../infra/build/openapi.ts";
import { type ApiKey, keyInput, ROLES } from "../../shared/domain/access.ts";
import { articleInput, type Head } from "../../shared/domain/article.ts";
import { authorInput, sectionInput, siteInput } from "../../shared/domain/site.ts";
import { readSubmission } from "../../shared/intake/submission.ts";
import { sha256 } from "../../shared/store/digest.ts";
import { KEY_PK } from "../../shared/store/layout.ts";

const SECRET = "s".repeat(43);
const ID = "keyOfTheTest";
const ZONE = "Asia/Ho_Chi_Minh";
const NOW = Date.UTC(2026, 10, 23);

/** The real app over a house that has one key, of this role, and no article. */
const apiFor = (role: ApiKey["role"]) => {
  const refuse = (): never => {
    throw new Error("this test writes nothing");
  };
  const services: ApiServices = {
    clock: { now: () => NOW, sleep: async () => {} },
    ids: { ulid: () => examples.summary.id, base62: (length) => "0".repeat(length) },
    events: () => {},
    siteUrl: "https://news.example",
    bodies: { get: async () => undefined, put: refuse },
    table: {
      get: async ({ pk, sk }) =>
        pk === KEY_PK && sk === ID
          ? { pk, sk, id: ID, name: "Lan", role, createdAt: "", hash: sha256(SECRET) }
          : undefined,
      query: async () => [],
      index: async () => ({ items: [], more: false }),
      transact: refuse,
      write: refuse,
    },
  };
  return createApi(services);
};
const withKey = { Authorization: `Bearer bs_${ID}_${SECRET}` };

const operations = Object.entries(openapi().paths).flatMap(([path, item]) =>
  (["get", "post", "put", "patch", "delete"] as const).flatMap((method) => {
    const found = item[method];
    return found
      ? [{ name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path, operation: found }]
      : [];
  }),
);
/** A path to ask for: the id is no key's and no article's, and so is the slug. */
const concrete = (path: string): string => path.replace("{id}", examples.summary.id).replace("{slug}", "hai-duong");

describe("the document", () => {
  test("is what the schemas make of it, byte for byte (otherwise: npm run build)", async () => {
    expect(await readFile(OPENAPI_FILE, "utf8")).toBe(openapiText());
  });

  test("reads as JSON, and stays small enough to ride in the function", () => {
    expect(JSON.parse(openapiText())).toEqual(JSON.parse(JSON.stringify(openapi())));
    expect(openapiText().length).toBeLessThan(60_000);
  });

  const problemsOf = async (source: string) =>
    (
      await lintFromString({
        source,
        absoluteRef: "/openapi.json",
        config: await createConfig({ extends: ["recommended"] }),
      })
    ).map(({ ruleId, severity, message, location }) => ({ ruleId, severity, message, at: location[0]?.pointer }));
  test("has neither errors nor warnings by the linter's recommended rules", async () => {
    expect(await problemsOf(openapiText())).toEqual([]);
    const broken = openapiText()
      .replace('"minLength": 1', '"minLength": "1"')
      .replace(/"story": /, '"story ": ');
    expect(await problemsOf(broken)).not.toEqual([]);
  });
});

describe("routes", () => {
  test("are those of the app, no more and no fewer", () => {
    const routes = apiFor("admin").routes.filter((route) => route.method !== "ALL");
    const served = routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
    expect(operations.map(({ name }) => name).sort()).toEqual([...new Set(served)].sort());
  });

  test.each(operations)("$name asks for the key that is documented", async ({ method, path, operation }) => {
    const least = operation.security?.[0]?.["key"]?.[0];
    const ask = (role: ApiKey["role"], headers: Record<string, string>) =>
      apiFor(role).request(`${concrete(path)}?dryRun=1`, { method, headers });
    const open = await ask("admin", {});
    expect(open.status).toBe(least === undefined ? 200 : 401);
    if (least === undefined) return;
    expect(answers.problem.safeParse(await open.json()).error).toBeUndefined();
    for (const role of ROLES) {
      const { status } = await ask(role, withKey);
      // An article that is not there is told by 404, to whomever.
      if (ROLES.indexOf(role) < ROLES.findIndex((one) => one === least)) expect([403, 404]).toContain(status);
      else expect([401, 403]).not.toContain(status);
      expect(Object.keys(operation.responses)).toContain(String(status));
    }
  });

  test("GET /articles takes each parameter that is documented, and no other", async () => {
    const samples: Record<string, string> = {
      status: "draft",
      from: "2024-10-05",
      to: "2024-10-06",
      limit: "5",
      cursor: "",
    };
    for (const { name } of listing.filter((parameter) => parameter.name !== "cursor")) {
      const { status } = await apiFor("editor").request(`/articles?${name}=${samples[name] ?? "x"}`, {
        headers: withKey,
      });
      expect({ name, status }).toEqual({ name, status: 200 });
    }
    const refused = await apiFor("editor").request("/articles?cursor=x&page=2&limit=0", { headers: withKey });
    expect(refused.status).toBe(422);
    const { errors } = answers.problem.parse(await refused.json());
    expect(errors?.map((fault) => fault.pointer).sort()).toEqual(["/cursor", "/limit", "/page"]);
  });
});

const head: Head = {
  id: examples.summary.id,
  seq: 2,
  revision: 1,
  siteSeq: 2,
  status: "published",
  owner: { key: ID, name: "Lan" },
  createdAt: "2024-10-05T01:31:04.118Z",
  updatedAt: "2024-10-05T01:31:04.118Z",
  updatedBy: { key: ID, name: "Lan" },
  content: {
    locale: "vi",
    kicker: "Hải Phòng:",
    headline: "Phố đi bộ",
    standfirst: "Sáng 5/10.",
    bylines: [{ name: "Hải An", author: "hai-an" }],
    section: "thoi-su",
    tags: ["phố đi bộ"],
    slug: "pho-di-bo",
    publishedAt: "2024-10-05T01:30:00.000Z",
    sourceLine: "TTXVN",
    canonicalUrl: "https://news.example/a",
    seo: { title: "Phố đi bộ" },
    bodyDigest: "0".repeat(64),
    hasBody: true,
    warnings: [{ code: "guessed-byline", pointer: "/bylines", detail: "was taken for the signature" }],
  },
};
const published: Head = {
  ...head,
  published: {
    revision: 1,
    content: head.content,
    firstAt: head.createdAt,
    at: head.createdAt,
    address: { section: "thoi-su", slug: "pho-di-bo" },
    former: [],
  },
};

describe("answers", () => {
  const strict = z.strictObject({ ...answers.summary.shape, ...answers.contents.shape });
  const site = { timeZone: ZONE, baseUrl: "https://news.example" };
  const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  test("an article has the documented members and no other, each of its type", () => {
    for (const view of ["newest", "published"] as const)
      expect(strict.parse(sent(articleJson(published, view, site, [])))).toMatchObject({ status: "published" });
    expect(Object.keys(strict.parse(sent(articleJson(published, "newest", site, []))))).toEqual(
      expect.arrayContaining(Object.keys(strict.omit({ live: true }).shape)),
    );
    expect(strict.parse(sent(articleJson({ ...head, status: "draft" }, "newest", site, [])))).not.toHaveProperty("url");
    expect(Object.keys(fieldsJson(head.content, ZONE)).sort()).toEqual(
      Object.keys(articleInput.omit({ body: true, status: true }).shape).sort(),
    );
  });

  test("their types are those of the code that makes them", () => {
    // Whether a member may be absent is seen by value, above: `undefined` and absence are one in JSON.
    type Members<T> = { [Name in keyof T]-?: Exclude<T[Name], undefined> };
    expectTypeOf<Members<ReturnType<typeof articleJson>>>().toExtend<Omit<Members<z.output<typeof strict>>, "live">>();
    expectTypeOf<keyof ReturnType<typeof articleJson>>().toEqualTypeOf<
      Exclude<keyof z.output<typeof strict>, "live">
    >();
    expectTypeOf<Receipt>().toExtend<z.output<typeof answers.receipt>>();
    expectTypeOf<Omit<Problem, "current">>().toExtend<
      Omit<z.output<typeof answers.problem>, "type" | "instance" | "current">
    >();
    expectTypeOf<ApiKey>().toExtend<z.output<typeof answers.key>>();
  });
});

describe("examples", () => {
  test("are taken by the schemas they stand for", () => {
    expect(articleInput.safeParse(examples.submission).error).toBeUndefined();
    expect(siteInput.safeParse(examples.site).error).toBeUndefined();
    expect(keyInput.safeParse(examples.keyInput).error).toBeUndefined();
    expect(sectionInput.safeParse({ title: examples.section.title }).error).toBeUndefined();
    expect(authorInput.safeParse({ name: examples.author.name }).error).toBeUndefined();
  });

  test.each([
    ["text/plain", examples.copy],
    ["text/markdown", examples.markdown],
    ["text/html", examples.html],
    ["application/json", JSON.stringify(examples.submission)],
  ])("the story as %s is understood", (contentType, text) => {
    const read = readSubmission(
      { contentType, bytes: new TextEncoder().encode(text), query: {} },
      { zone: ZONE, locale: "vi", now: NOW, section: "thoi-su" },
    );
    expect(read).toMatchObject({
      ok: true,
      value: { fields: { headline: examples.summary.headline, section: "thoi-su" } },
    });
    if (contentType === "text/html" || !read.ok) return;
    const { kicker, standfirst, bylines } = examples.summary;
    expect(read.value.fields).toMatchObject({ kicker, standfirst, bylines, publishedAt: "2024-10-05T01:30:00.000Z" });
    expect(read.value.body).toMatchObject(examples.article.body.map(({ children }) => ({ children })));
  });
});
