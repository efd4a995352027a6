import { describe, expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import { articleJson, fieldsJson } from "../../functions/api/present.ts";
import type { Problem } from "../../functions/api/problem.ts";
import type { Receipt } from "../../functions/api/receipt.ts";
import * as answers from "../../infra/build/openapi/answers.ts";
import * as examples from "../../infra/build/openapi/examples.ts";
import { type ApiKey, keyInput, parseToken } from "../../shared/domain/access.ts";
import { articleInput, type Head } from "../../shared/domain/article.ts";
import { uploadInput } from "../../shared/domain/image.ts";
import { authorInput, sectionInput, siteInput } from "../../shared/domain/site.ts";
import { readSubmission } from "../../shared/intake/submission.ts";

const ZONE = "Asia/Ho_Chi_Minh";
const NOW = Date.UTC(2026, 10, 23);
const LAN = { key: "keyOfTheTest", name: "Lan" };

const head: Head = {
  id: examples.summary.id,
  seq: 2,
  revision: 1,
  siteSeq: 2,
  status: "published",
  owner: LAN,
  createdAt: "2024-10-05T01:31:04.118Z",
  updatedAt: "2024-10-05T01:31:04.118Z",
  updatedBy: LAN,
  content: {
    locale: "vi",
    kicker: "Hải Phòng:",
    headline: "Phố đi bộ",
    standfirst: "Sáng 5/10.",
    bylines: [{ name: "Hải An", author: "hai-an" }],
    section: "thoi-su",
    tags: ["phố đi bộ"],
    leadImage: { image: examples.image.id, alt: "Hàng cây", caption: "Phố đi bộ.", credit: "PV" },
    slug: "pho-di-bo",
    publishedAt: "2024-10-05T01:30:00.000Z",
    sourceLine: "TTXVN",
    canonicalUrl: "https://news.example/a",
    seo: { title: "Phố đi bộ" },
    bodyDigest: "0".repeat(64),
    hasBody: true,
    pictures: [{ image: examples.image.id, pointer: "/leadImage", alt: true, credit: true }],
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
    pictures: { [examples.image.id]: 1 },
    formerPictures: {},
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
    expect(uploadInput.safeParse(examples.upload).error).toBeUndefined();
    expect(keyInput.safeParse(examples.keyInput).error).toBeUndefined();
    expect(parseToken(`Bearer ${examples.newKey.token}`)?.id).toBe(examples.newKey.id);
    expect(sectionInput.safeParse({ title: examples.section.title }).error).toBeUndefined();
    expect(authorInput.safeParse({ name: examples.author.name }).error).toBeUndefined();
  });

  test.each([
    ["text/plain", examples.copy],
    ["text/markdown", examples.markdown],
    ["text/html", examples.html],
    ["application/json", JSON.stringify(examples.submission)],
  ])("the story as %s is understood", async (contentType, text) => {
    const read = await readSubmission(
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
