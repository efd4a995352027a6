import { readFile } from "node:fs/promises";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { describe, expect, test } from "vitest";
import { createApi } from "../../functions/api/app.ts";
import type { ApiServices } from "../../functions/api/context.ts";
import * as answers from "../../infra/build/openapi/answers.ts";
import * as examples from "../../infra/build/openapi/examples.ts";
import { listing } from "../../infra/build/openapi/parameters.ts";
import { OPENAPI_FILE, openapi, openapiText } from "../../infra/build/openapi.ts";
import { type ApiKey, ROLES } from "../../shared/domain/access.ts";
import { sha256 } from "../../shared/store/digest.ts";
import { KEY_PK } from "../../shared/store/layout.ts";

const SECRET = "s".repeat(43);
const ID = "keyOfTheTest";

/** The real app over a house that has one key, of this role, and no article. */
const apiFor = (role: ApiKey["role"]) => {
  const refuse = (): never => {
    throw new Error("this test writes nothing");
  };
  const services: ApiServices = {
    clock: { now: () => Date.UTC(2026, 10, 23), sleep: async () => {} },
    ids: { ulid: () => examples.summary.id, base62: (length) => "0".repeat(length) },
    events: () => {},
    siteUrl: "https://news.example",
    bodies: { get: async () => undefined, put: refuse },
    renditions: { get: async () => undefined },
    uploads: { put: refuse, form: refuse },
    imageQueue: { send: refuse },
    scheduleQueue: { send: refuse },
    inboxQueue: { send: refuse },
    inbox: { get: async () => undefined, put: refuse },
    sealingKeys: refuse,
    fetch: { judge: () => undefined },
    table: {
      get: async ({ pk, sk }) =>
        pk === KEY_PK && sk === ID
          ? { pk, sk, id: ID, name: "Lan", role, createdAt: "", hash: sha256(SECRET) }
          : undefined,
      getMany: async () => [],
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
const concrete = (path: string): string =>
  path
    .replace("{id}", examples.summary.id)
    .replace("{slug}", "hai-duong")
    .replace("{name}", "ban-tin")
    .replace("{event}", examples.summary.id);

describe("the document", () => {
  test("is what the schemas make of it, byte for byte (otherwise: npm run build)", async () => {
    expect(await readFile(OPENAPI_FILE, "utf8")).toBe(openapiText());
  });

  test("reads as JSON, and stays small enough to ride in the function", () => {
    expect(JSON.parse(openapiText())).toEqual(JSON.parse(JSON.stringify(openapi())));
    expect(openapiText().length).toBeLessThan(160_000);
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
      .replaceAll('schemas/SiteInput"', 'schemas/Sight"')
      .replaceAll('"state": "live"', '"state": "on"');
    const rules = (await problemsOf(broken)).map((one) => one.ruleId);
    expect(rules).toEqual(
      expect.arrayContaining(["no-unresolved-refs", "no-unused-components", "no-invalid-media-type-examples"]),
    );
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
    // A preview that is not there is told by 404, to whomever.
    expect(least === undefined ? [200, 404] : [401]).toContain(open.status);
    if (least === undefined) return;
    expect(answers.problem.safeParse(await open.json()).error).toBeUndefined();
    for (const role of ROLES) {
      const { status } = await ask(role, withKey);
      const tooLow = ROLES.indexOf(role) < ROLES.findIndex((one) => one === least);
      // An article that is not there is told by 404, to whomever.
      const expected = tooLow ? [403, 404] : [200, 201, 204, 404, 415, 422, 428];
      expect({ role, status, expected: expected.includes(status) }).toEqual({ role, status, expected: true });
      expect(Object.keys(operation.responses)).toContain(String(status));
    }
  });

  test("GET /articles takes each parameter that is documented, and no other", async () => {
    const samples: Record<string, string> = {
      status: "draft",
      from: "2024-10-05",
      to: "2024-10-06",
      limit: "5",
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
