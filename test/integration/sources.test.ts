import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadSource, opened } from "../../shared/store/hooks.ts";
import { type Dump, dumpedHouse } from "../dump.ts";
import type { Answer, TestHouse } from "../house.ts";

let house: TestHouse;
let dump: () => Promise<Dump>;
beforeAll(async () => {
  ({ house, dump } = await dumpedHouse());
});
afterAll(() => house.close());

const put = (name: string, body: unknown, query = ""): Promise<Answer> =>
  house.call("PUT", `/sources/${name}${query}`, { key: house.adminKey, body });
const get = (path: string): Promise<Answer> => house.call("GET", path, { key: house.adminKey });
const remove = (name: string, query = ""): Promise<Answer> =>
  house.call("DELETE", `/sources/${name}${query}`, { key: house.adminKey });

const OLD = "bi-mat-thu-nhat-cua-toa-soan";
const NEW = "bi-mat-thu-hai-cua-toa-soan";
const GHOST = { kind: "ghost", publish: "review", section: "thoi-su", secrets: [OLD] };
const WHSEC = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
const MAPPING = { externalId: "/entry/id", headline: "/entry/title" };
/** What the function that takes the hooks will have of a source. */
const secretsOf = (name: string): Promise<string[]> =>
  house.guard.apart(async () => {
    const { table, sealingKeys } = house.functions.services;
    const source = await loadSource(table, name);
    return source ? opened(await sealingKeys(), source) : [];
  });

test("a source is made, shown without its secrets, changed and taken off; the record says so", async () => {
  const made = await put("ghost-cu", GHOST);
  expect(made.status, made.text).toBe(201);
  expect(made.body).toEqual({
    name: "ghost-cu",
    kind: "ghost",
    publish: "review",
    section: "thoi-su",
    secrets: [{ id: expect.stringMatching(/^[0-9A-Za-z]{8}$/), since: made.body.createdAt }],
    createdAt: expect.any(String),
    updatedAt: made.body.createdAt,
  });
  expect((await get("/sources/ghost-cu")).body).toEqual(made.body);
  expect((await get("/sources")).body.items).toContainEqual(made.body);
  const changed = await put("ghost-cu", { kind: "ghost", publish: "live" });
  expect([changed.status, changed.body.publish, changed.body.secrets]).toEqual([200, "live", made.body.secrets]);
  expect(changed.body).not.toHaveProperty("section");
  const { items } = (await get("/history")).body;
  expect(items[0]).toMatchObject({ action: "site.changed", subject: "source:ghost-cu" });
  expect((await remove("ghost-cu")).status).toBe(204);
  expect((await get("/sources/ghost-cu")).status).toBe(404);
  expect((await remove("ghost-cu")).status).toBe(404);
});

test("secrets are changed one for another, both active meanwhile, and stand nowhere in the clear", async () => {
  const first = await put("xoay", GHOST);
  const both = await put("xoay", { ...GHOST, secrets: [NEW, OLD] });
  expect(both.body.secrets.map(({ id }: { id: string }) => id)).toContain(first.body.secrets[0].id);
  expect(await secretsOf("xoay")).toEqual([NEW, OLD]);
  const last = await put("xoay", { ...GHOST, secrets: [NEW] });
  expect(last.body.secrets).toEqual([both.body.secrets[0]]);
  expect(await secretsOf("xoay")).toEqual([NEW]);
  const kept = JSON.stringify(await dump());
  expect(kept).toContain("xoay");
  for (const secret of [OLD, NEW]) {
    expect(kept).not.toContain(secret);
    expect(house.log()).not.toContain(secret);
  }
  // Of no use to another way of signing.
  const other = await put("xoay", { kind: "github", publish: "draft" });
  expect([other.status, other.body.errors]).toMatchObject([422, [{ pointer: "/secrets", detail: "is needed" }]]);
});

describe("each kind", () => {
  test.for([
    ["standard-webhooks", { secrets: [WHSEC] }],
    ["github", { mapping: { folder: "bai", branch: "main" } }],
    ["wordpress", {}],
    ["wordpress", { signature: { header: "X-Toa-Soan" } }],
    ["contentful", { secrets: ["c".repeat(64)] }],
    ["sanity", { mapping: { contentType: "baiViet" } }],
    ["generic", { mapping: MAPPING, signature: { type: "secret", header: "X-Secret" } }],
    [
      "generic",
      { mapping: MAPPING, signature: { type: "hmac", header: "x-sig", algorithm: "sha256", encoding: "hex" } },
    ],
    ["generic", { mapping: MAPPING, unsigned: true, secrets: undefined }],
  ] as const)("%s with %j is taken, and shown as it was said", async ([kind, more]) => {
    const asked = { kind, publish: "draft", secrets: [OLD], ...more };
    const made = await put("moi-loai", asked);
    expect([200, 201], made.text).toContain(made.status);
    const { secrets: _, ...said } = JSON.parse(
      JSON.stringify(asked).replace("X-Secret", "x-secret").replace("X-Toa-Soan", "x-toa-soan"),
    );
    expect(made.body).toMatchObject(said);
    expect(made.body.secrets).toHaveLength("unsigned" in more ? 0 : 1);
  });
});

describe("what is wrong with a source is said at once, and nothing is kept", () => {
  test.for<[string, unknown, string[]]>([
    ["a", {}, ["/kind", "/publish"]],
    ["a", { kind: "drupal", publish: "now", x: 1 }, ["/kind", "/publish", "/x"]],
    ["a", { ...GHOST, secrets: undefined }, ["/secrets"]],
    ["a", { ...GHOST, secrets: [] }, ["/secrets"]],
    ["a", { ...GHOST, secrets: ["ngan", OLD, OLD], section: "khong-co" }, ["/secrets/0", "/secrets/2", "/section"]],
    ["a", { ...GHOST, signature: { header: "x" }, mapping: { a: 1 } }, ["/signature", "/mapping/a"]],
    ["a", { ...GHOST, unsigned: true }, ["/secrets"]],
    ["a", { ...GHOST, unsigned: false }, ["/unsigned"]],
    ["a", { kind: "standard-webhooks", publish: "live", secrets: [OLD] }, ["/secrets/0"]],
    ["a", { kind: "generic", publish: "live", secrets: [OLD] }, ["/signature", "/mapping"]],
    [
      "a",
      { kind: "generic", publish: "live", secrets: [OLD], mapping: { externalId: "id" }, signature: { type: "hmac" } },
      ["/signature/header", "/signature/algorithm", "/signature/encoding", "/mapping/externalId"],
    ],
    ["Ghost_cũ", GHOST, ["/name"]],
  ])("%s %j", async ([name, body, pointers]) => {
    const before = await dump();
    const refused = await put(encodeURIComponent(name), body);
    expect([refused.status, refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([
      422,
      pointers,
    ]);
    expect(refused.text).not.toContain(OLD);
    expect(await dump()).toEqual(before);
  });

  test("a dry run says what would be, and keeps nothing", async () => {
    const before = await dump();
    const would = await put("se-co", GHOST, "?dryRun=1");
    expect([would.status, would.body.name]).toEqual([200, "se-co"]);
    expect(await dump()).toEqual(before);
  });
});
