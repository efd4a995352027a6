import { describe, expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import { articleJson, fieldsJson } from "../../functions/api/present.ts";
import type { Problem } from "../../shared/domain/problem.ts";
import type { Receipt } from "../../functions/api/receipt.ts";
import * as answers from "../../infra/build/openapi/answers.ts";
import * as examples from "../../infra/build/openapi/examples.ts";
import { type ApiKey, keyInput, parseToken } from "../../shared/domain/access.ts";
import { articleInput, type Head, type Published } from "../../shared/domain/article.ts";
import { uploadInput } from "../../shared/domain/image.ts";
import { correctInput, publishInput, rejectInput, withdrawInput } from "../../shared/domain/move-input.ts";
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
  handedOver: true,
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
    series: { slug: "ven-song", title: "Ven sông", part: 2 },
    translationOf: examples.summary.id,
    source: "TTXVN",
    externalId: "tin/1",
    sourceLine: "TTXVN",
    canonicalUrl: "https://news.example/a",
    aliases: ["/cu/pho-di-bo.html"],
    embargoUntil: "2024-10-05T01:00:00.000Z",
    seo: { title: "Phố đi bộ" },
    bodyDigest: "0".repeat(64),
    hasBody: true,
    pictures: [{ image: examples.image.id, pointer: "/leadImage", alt: true, credit: true }],
    warnings: [{ code: "guessed-byline", pointer: "/bylines", detail: "was taken for the signature" }],
  },
};
const showing: Published = {
  revision: 1,
  content: head.content,
  firstAt: head.createdAt,
  at: head.createdAt,
  address: { section: "thoi-su", slug: "pho-di-bo" },
  former: [],
  pictures: { [examples.image.id]: 1 },
  formerPictures: {},
};
const published: Head = { ...head, published: showing };

/** All that a story can have, though none has all of it at once. */
const inHand: Head = {
  ...published,
  approval: { revision: 1, by: LAN, at: head.createdAt },
  note: "Thiếu nguồn.",
  scheduled: { at: head.createdAt, revision: 1, content: head.content, by: LAN, from: "approved" },
  withdrawal: { mode: "redirect", to: "/thoi-su", at: head.createdAt, by: LAN },
};
const DESK = ["owner", "scheduledAt", "scheduledRevision", "approvedBy", "note", "withdrawal"];

describe("answers", () => {
  const strict = z.strictObject({ ...answers.summary.shape, ...answers.contents.shape });
  const site = { timeZone: ZONE, baseUrl: "https://news.example" };
  const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  test("an article has the documented members and no other, each of its type", () => {
    for (const view of ["newest", "published"] as const)
      expect(strict.parse(sent(articleJson(published, view, site, [])))).toMatchObject({ status: "published" });
    const corrected = { ...showing, corrections: [{ at: head.createdAt, note: "Đính chính.", revision: 1 }] };
    expect(strict.parse(sent(articleJson({ ...inHand, published: corrected }, "published", site, [])))).toMatchObject({
      corrections: [{ at: "2024-10-05T08:31:04.118+07:00", note: "Đính chính." }],
    });
    const shown = Object.keys(strict.parse(sent(articleJson(inHand, "newest", site, []))));
    expect(shown).toEqual(expect.arrayContaining(Object.keys(strict.omit({ live: true }).shape)));
    const seen = Object.keys(strict.parse(sent(articleJson(inHand, "published", site, []))));
    expect(shown.filter((name) => !seen.includes(name)).sort()).toEqual([...DESK].sort());
    expect(strict.parse(sent(articleJson({ ...head, status: "draft" }, "newest", site, [])))).not.toHaveProperty("url");
    expect(Object.keys(fieldsJson(head.content, ZONE)).sort()).toEqual(
      Object.keys(articleInput.omit({ body: true, status: true, breakEmbargo: true }).shape).sort(),
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
    expect(rejectInput.safeParse(examples.rejection).error).toBeUndefined();
    expect(publishInput.safeParse(examples.publication).error).toBeUndefined();
    expect(correctInput.safeParse(examples.correction).error).toBeUndefined();
    expect(withdrawInput.safeParse(examples.withdrawal).error).toBeUndefined();
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
