import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KINDS, mappingSchema, readEvent } from "../../../shared/senders/kinds/index.ts";
import { shown } from "../../fixtures/html/show.ts";
import { deliveryOf, faultsOf, payload, read, submitted, upsertOf } from "../../fixtures/webhooks/send.ts";

const GENERIC = {
  externalId: "/entry/id",
  headline: "/entry/title",
  standfirst: { pointer: "/entry/summary", format: "html" },
  body: { pointer: "/entry/body", format: "blocks" },
  bylines: "/entry/authors",
  tags: "/entry/tags",
  picture: { url: "/entry/image/url", alt: "/entry/image/alt" },
  publishedAt: "/entry/at",
  version: "/entry/version",
  event: { pointer: "/event", publish: ["publish"], draft: ["save"], withdraw: ["remove"] },
};
const FIELDS = ["strapi", "directus", "storyblok"] as const;
const MAPPINGS = {
  strapi: {
    externalId: ["/entry/documentId", "/entry/id"],
    headline: "/entry/title",
    standfirst: "/entry/description",
    body: { pointer: "/entry/content", format: "markdown" },
    bylines: "/entry/author",
    tags: "/entry/tags",
    slug: "/entry/slug",
    publishedAt: "/entry/publishedAt",
    picture: { url: "/entry/cover/url", alt: "/entry/cover/alternativeText", caption: "/entry/cover/caption" },
    version: ["/entry/updatedAt", "/createdAt"],
    event: {
      pointer: "/event",
      publish: ["entry.publish"],
      draft: ["entry.create", "entry.update"],
      withdraw: ["entry.unpublish", "entry.delete"],
    },
  },
  directus: {
    externalId: ["/key", "/keys/0"],
    headline: "/payload/title",
    standfirst: { pointer: "/payload/summary", format: "html" },
    body: { pointer: "/payload/body", format: "html" },
    section: "/payload/category",
    publishedAt: "/payload/date_published",
    event: { pointer: "/event", publish: ["items.create", "items.update"], withdraw: ["items.delete"] },
  },
  storyblok: {
    externalId: "/story_id",
    headline: ["/story/content/headline", "/story/name"],
    standfirst: "/story/content/teaser",
    body: { pointer: "/story/content/text", format: "markdown" },
    bylines: "/story/content/author",
    tags: "/story/tag_list",
    slug: "/story/slug",
    picture: {
      url: "/story/content/image/filename",
      alt: "/story/content/image/alt",
      credit: "/story/content/image/copyright",
    },
    version: "/story/updated_at",
    event: { pointer: "/action", publish: ["published"], withdraw: ["unpublished", "deleted"] },
  },
} as const;

describe("a generic source", () => {
  it("Strapi", async () => {
    const upsert = upsertOf(read("generic", payload("strapi"), {}, { mapping: MAPPINGS.strapi }));
    expect(upsert).toMatchObject({
      externalId: "z7v8zma8pzb2rrdpoxkgw1wr",
      version: "2024-10-05T01:30:00.250000000Z",
      isPublic: true,
      picture: { url: "https://strapi.example.vn/uploads/ca-phe.jpg", alt: "Hạt cà phê", caption: "Phơi cà phê" },
    });
    expect(upsert.article).toEqual({
      headline: "Cà phê lên giá",
      standfirst: "Kỷ lục 30 năm",
      body: { format: "markdown", content: "Giá cà phê **vượt đỉnh**.\n\n- Đắk Lắk\n- Gia Lai" },
      bylines: [{ name: "Đỗ Thu Hà" }],
      tags: ["cà phê", "nông sản"],
      slug: "ca-phe-len-gia",
      publishedAt: "2024-10-05T01:30:00.240Z",
    });
    const taken = await submitted(upsert);
    expect(taken.ok && shown(taken.value.body ?? [])).toEqual([
      "Giá cà phê [strong|vượt đỉnh].",
      "- Đắk Lắk",
      "- Gia Lai",
    ]);
  });

  it("Strapi's other events", () => {
    const settings = { mapping: MAPPINGS.strapi };
    const on = (event: string, entry?: unknown) =>
      read("generic", payload("strapi", { event, ...(entry !== undefined && { entry }) }), {}, settings);
    expect(upsertOf(on("entry.update")).isPublic).toBe(false);
    expect(on("entry.unpublish").commands).toEqual([
      { type: "withdraw", externalId: "z7v8zma8pzb2rrdpoxkgw1wr", version: "2024-10-05T01:30:00.250000000Z" },
    ]);
    expect(on("media.create")).toEqual({ commands: [], ignored: "Nothing is done on media.create." });
    // A known bug of theirs: https://github.com/strapi/strapi/issues/25387
    expect(faultsOf("generic", payload("strapi", { entry: "null" }), {}, settings)).toEqual([
      "/entry/documentId is missing: nothing says which story it is",
    ]);
  });

  it("Directus", async () => {
    const upsert = upsertOf(read("generic", payload("directus"), {}, { mapping: MAPPINGS.directus }));
    expect(upsert.externalId).toBe("42");
    expect(upsert.article).toMatchObject({
      standfirst: "Cuối tuần đông & vui",
      section: "du-lich",
      publishedAt: "2024-10-05T08:30:00",
    });
    expect(await submitted(upsert)).toMatchObject({
      ok: true,
      value: { fields: { publishedAt: "2024-10-05T01:30:00.000Z" } },
    });
    const update = payload("directus", { event: "items.update", key: null, keys: ["42"] });
    expect(upsertOf(read("generic", update, {}, { mapping: MAPPINGS.directus })).externalId).toBe("42");
  });

  it("Storyblok", async () => {
    const upsert = upsertOf(read("generic", payload("storyblok"), {}, { mapping: MAPPINGS.storyblok }));
    expect(upsert).toMatchObject({ externalId: "123456", picture: { credit: "Thiện Nhân" } });
    expect(upsert.article).toMatchObject({
      headline: "Lễ hội đua ghe ngo",
      bylines: [{ name: "Thạch Sa Rây" }],
      tags: ["lễ hội", "Sóc Trăng"],
    });
    expect(await submitted(upsert)).toMatchObject({ ok: true });
  });

  it("says everything that is wrong at once", () => {
    const entry = { id: {}, title: ["a"], summary: 1, body: "text", at: {}, image: { url: "anh.jpg", alt: [] } };
    expect(faultsOf("generic", { event: "publish", entry }, {}, { mapping: GENERIC })).toEqual([
      "/entry/id must be text or a whole number",
      "/entry/title must be text",
      "/entry/body must be a list of blocks",
      "/entry/at must be text",
      "/entry/image/alt must be text",
    ]);
  });

  it("takes what fits, and says what does not", () => {
    const tags = Array.from({ length: 12 }, (_, n) => `tag ${n}`);
    const reading = read(
      "generic",
      { event: "save", entry: { id: 1, tags, image: { url: "/anh.jpg" }, version: 7 } },
      {},
      { mapping: GENERIC },
    );
    expect(upsertOf(reading)).toMatchObject({
      isPublic: false,
      version: "0000000000000007",
      article: { tags: tags.slice(0, 10) },
    });
    expect(reading.warnings?.map(({ pointer, detail }) => `${pointer} ${detail}`)).toEqual([
      "/entry/tags only the first 10 are taken over, not: tag 10, tag 11",
      "/entry/image/url is no absolute http or https address of a picture",
    ]);
  });

  it("pointers are RFC 6901's", () => {
    const at = (pointer: string) =>
      upsertOf(
        read(
          "generic",
          { id: "1", "a/b": { "~c": ["x", "y"] }, "": "z" },
          {},
          { mapping: { externalId: "/id", headline: pointer } },
        ),
      ).article;
    expect(at("/a~1b/~0c/1")).toEqual({ headline: "y" });
    expect(at("/")).toEqual({ headline: "z" });
    expect([at("/a~1b/~0c/01"), at("/constructor"), at("/id/length")]).toEqual([{}, {}, {}]);
  });
});

describe("a mapping", () => {
  it("is strict, and its pointers are well-formed", () => {
    const issues = (mapping: unknown) =>
      mappingSchema("generic")
        .safeParse(mapping)
        .error?.issues.map(({ path, code }) => `${path.join(".")} ${code}`);
    expect(
      issues({ externalId: "entry/id", headline: "/a~2", nonsense: 1, body: { pointer: "/b", format: "rtf" } }),
    ).toEqual([
      "externalId invalid_format",
      "headline invalid_format",
      "body.format invalid_value",
      " unrecognized_keys",
    ]);
    for (const name of FIELDS) expect(issues(MAPPINGS[name])).toBeUndefined();
    expect(mappingSchema("generic").safeParse(undefined).success).toBe(false);
    expect(KINDS.filter((kind) => mappingSchema(kind).safeParse({ nonsense: 1 }).success)).toEqual([]);
    expect(KINDS.filter((kind) => !mappingSchema(kind).safeParse(undefined).success)).toEqual(["generic"]);
  });

  it("that is none is said", () => {
    expect(faultsOf("generic", {}, {}, { mapping: { externalId: "x" } })).toEqual([
      expect.stringMatching(/^ cannot be read: the source's \/mapping\/externalId must be a JSON pointer/),
    ]);
  });
});

describe("Standard Webhooks", () => {
  it("an article as POST /articles takes it", async () => {
    const upsert = upsertOf(read("standard-webhooks", payload("standard")));
    expect(upsert).toEqual({
      type: "upsert",
      externalId: "toa-soan-17",
      version: "2024-10-05T01:30:00.123456000Z",
      article: {
        headline: "Bóng đá: Việt Nam thắng 2-1",
        standfirst: "Hai bàn trong hiệp hai",
        body: { format: "markdown", content: "Trận đấu **kịch tính**." },
        bylines: [{ name: "Lê Minh" }],
        tags: ["bóng đá"],
      },
      picture: { url: "https://cdn.example.vn/tran-dau.jpg", alt: "Cầu thủ ăn mừng" },
      isPublic: true,
    });
    expect(await submitted(upsert)).toMatchObject({ ok: true, value: { status: "published" } });
  });

  it.each([
    ["article.published", "draft", true],
    ["article.updated", "published", true],
    ["article.updated", null, false],
    ["article.created", "draft", false],
  ])("%s of a %s is public: %s", (type, status, isPublic) =>
    expect(upsertOf(read("standard-webhooks", payload("standard", { type, data: { status } }))).isPublic).toBe(
      isPublic,
    ),
  );

  it.each(["article.unpublished", "article.withdrawn", "article.deleted"])("%s", (type) =>
    expect(read("standard-webhooks", { type, timestamp: "2024-10-06T00:00:00Z", data: { id: 17 } }).commands).toEqual([
      { type: "withdraw", externalId: "17", version: "2024-10-06T00:00:00.000000000Z" },
    ]),
  );

  it("other events, and a mapping of its own", () => {
    expect(read("standard-webhooks", { type: "user.created", data: {} }).ignored).toBe(
      "Nothing is done on user.created.",
    );
    const mapping = { headline: "/data/entry/name", event: { publish: ["story.live"] } };
    expect(
      upsertOf(
        read(
          "standard-webhooks",
          { type: "story.live", timestamp: 5, data: { id: 1, entry: { name: "Tin" } } },
          {},
          { mapping },
        ),
      ),
    ).toMatchObject({
      externalId: "1",
      article: { headline: "Tin" },
      isPublic: true,
    });
  });

  it("faults", () =>
    expect(faultsOf("standard-webhooks", { type: "article.published", data: { status: "live", picture: {} } })).toEqual(
      [
        "/data/status must be draft or published",
        "/data/picture/url is needed",
        "/data/externalId is missing: nothing says which story it is",
      ],
    ));
});

describe("whatever comes", () => {
  const mappings: Record<string, unknown> = { generic: GENERIC };
  const headers = fc.constantFrom<Record<string, string>>(
    {},
    { "x-github-event": "push" },
    { "x-contentful-topic": "ContentManagement.Entry.publish" },
    { "x-contentful-topic": "ContentManagement.Entry.delete" },
    { "sanity-operation": "delete", "sanity-document-id": "a" },
    { "content-type": "application/x-www-form-urlencoded" },
  );

  it("is not JSON or not UTF-8", () => {
    for (const kind of KINDS) {
      const settings = { mapping: mappings[kind] };
      const topic = { "x-contentful-topic": "ContentManagement.Entry.publish" };
      expect(faultsOf(kind, "{", topic, settings)).toEqual([" is not JSON"]);
      const bytes = { ...deliveryOf("", topic), body: Uint8Array.of(0x22, 0xff, 0x22) };
      expect(readEvent(kind, bytes, settings)).toMatchObject({ ok: false, refusal: { kind: "malformed" } });
    }
  });

  it("nothing of it throws", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), fc.jsonValue({ maxDepth: 6 }), headers, (kind, value, sent) => {
        expect(readEvent(kind, deliveryOf(value, sent), { mapping: mappings[kind] })).toHaveProperty("ok");
      }),
      { numRuns: 3000 },
    );
  });

  /** Payloads of the right shape in which any values may be others. */
  const broken = (value: unknown): fc.Arbitrary<unknown> => {
    const self =
      value !== null && typeof value === "object" && !Array.isArray(value)
        ? fc.record(Object.fromEntries(Object.entries(value).map(([key, member]) => [key, broken(member)])), {
            requiredKeys: [],
          })
        : Array.isArray(value)
          ? fc.tuple(...value.map(broken))
          : fc.constant(value);
    return fc.oneof({ weight: 12, arbitrary: self }, { weight: 1, arbitrary: fc.jsonValue() });
  };

  it.each([
    ["ghost", "ghost-published"],
    ["wordpress", "wordpress-rest"],
    ["wordpress", "wordpress-plugin"],
    ["contentful", "contentful-publish"],
    ["sanity", "sanity"],
    ["github", "github-push"],
    ["standard-webhooks", "standard"],
  ] as const)("nothing like an event of %s (%s) throws", (kind, name) => {
    fc.assert(
      fc.property(broken(payload(name)), (value) => {
        const delivery = deliveryOf(value, { "x-contentful-topic": "ContentManagement.Entry.publish" });
        expect(readEvent(kind, delivery)).toHaveProperty("ok");
      }),
      { numRuns: 500 },
    );
  });
});
