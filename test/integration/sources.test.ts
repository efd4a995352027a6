import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadSource, opened, removeSource, saveSource } from "../../shared/store/hooks.ts";
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
const TOLD = { kind: "ghost", publish: "review", unsigned: false };
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
  expect((await remove("ghost-cu")).status).toBe(204);
  const source = { kind: "ghost", unsigned: false, secrets: [made.body.secrets[0].id] };
  expect((await get("/history?limit=3")).body.items).toMatchObject([
    { action: "source.removed", subject: "source:ghost-cu" },
    { action: "source.changed", subject: "source:ghost-cu", particulars: { source: { ...source, publish: "live" } } },
    { action: "source.created", subject: "source:ghost-cu", particulars: { source: { ...source, publish: "review" } } },
  ]);
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
    ["a", { ...GHOST, secrets: ["aaaaaaaaaaaaaaaaaaaa"] }, ["/secrets/0"]],
    [
      "a",
      { kind: "wordpress", publish: "live", secrets: [OLD], signature: { header: "Content-Type" } },
      ["/signature/header"],
    ],
    [
      "a",
      { kind: "wordpress", publish: "live", secrets: [OLD], signature: { scheme: "unsigned" } },
      ["/signature/scheme"],
    ],
    ["a", { kind: "wordpress", publish: "live", secrets: [OLD], signature: { type: "hamc" } }, ["/signature/type"]],
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

test("a name that no source can have is no source's, and one of two that change a source at once begins anew", async () => {
  const long = "a".repeat(1100);
  expect([(await get(`/sources/${long}`)).status, (await remove(long)).status]).toEqual([404, 404]);
  const all = await Promise.all(Array.from({ length: 8 }, () => put("cung-luc", GHOST)));
  expect(all.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([...Array<number>(7).fill(200), 201]);
  // Read before it was taken off and made anew, which counts from the beginning, it is another.
  const { services } = house.functions;
  const by = { key: "desk", name: "Desk" };
  const before = await house.guard.apart(() => loadSource(services.table, "cung-luc"));
  await remove("cung-luc");
  await house.clock.move(5);
  for (let n = 0; n < 8; n++) await put("cung-luc", { ...GHOST, secrets: [NEW] });
  if (!before) throw new Error("there was a source");
  expect(await house.guard.apart(() => saveSource(services, by, before, before, TOLD))).toBe(false);
  expect(await house.guard.apart(() => removeSource(services, by, before))).toBe(false);
  expect(await secretsOf("cung-luc")).toEqual([NEW]);
});

test("a secret that travelled in a header is not kept as a key to sign with", async () => {
  const asked = { kind: "generic", publish: "draft", mapping: MAPPING, secrets: [OLD] };
  const header = "x-toa-soan";
  expect((await put("doi-cach", { ...asked, signature: { type: "secret", header } })).status).toBe(201);
  const signature = { type: "hmac", header, algorithm: "sha256", encoding: "hex" };
  const refused = await put("doi-cach", { ...asked, secrets: undefined, signature });
  expect([refused.status, refused.body.errors]).toMatchObject([422, [{ pointer: "/secrets" }]]);
});

test("a section stays while a source is filed in it", async () => {
  await put("chuyen-muc", { ...GHOST, section: "the-thao" });
  const remove = () => house.call("DELETE", "/sections/the-thao", { key: house.adminKey });
  const refused = await remove();
  expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining("chuyen-muc")]);
  await put("chuyen-muc", { ...GHOST, section: "van-hoa" });
  expect((await remove()).status).toBe(204);
});
