import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { samples } from "../../infra/local/samples.ts";
import { contentFields } from "../../shared/domain/article.ts";
import { blocks } from "../../shared/domain/body.ts";
import { NEW_SECTIONS } from "../../shared/domain/site.ts";
import { slugify } from "../../shared/domain/slug.ts";
import { parseCopy } from "../../shared/intake/copy/copy.ts";

/** The moment of the README's example, which has to stay the newest story of the front page. */
const limit = Date.parse("2024-10-05T08:30:00+07:00");
const folder = new URL("../../infra/local/samples/photos/", import.meta.url);
const stories = samples.map(({ section, tags, copy, photos = [] }) => {
  const drafted = parseCopy(copy, { zone: "Asia/Ho_Chi_Minh", now: limit });
  return { ...drafted, copy, photos, content: contentFields.parse({ ...drafted.fields, section, tags }) };
});
const timeOf = (publishedAt: string | undefined): number => Date.parse(publishedAt ?? "");
const wordsOf = (copy: string): number => copy.split(/\s+/).length;

describe.each(stories.map((story) => [story.content.headline ?? "", story] as const))("%s", (headline, story) => {
  test("is read without a fault, and nothing but bylines and pictures is guessed or open", () => {
    expect(story.faults).toEqual([]);
    const codes = new Set(story.warnings.map((warning) => warning.code));
    expect([...codes].filter((code) => !["guessed-byline", "figure-without-picture"].includes(code))).toEqual([]);
  });

  test("has what publishing needs, and a date before the README's example", () => {
    expect(headline).not.toBe("");
    expect(slugify(headline)).not.toBe("");
    expect(timeOf(story.content.publishedAt)).toBeLessThan(limit);
    expect(blocks.parse(story.body).filter((block) => block._type === "block")).not.toEqual([]);
    expect(story.content.tags).not.toEqual([]);
  });

  test("has a picture for each of its captions, or is without both", () => {
    expect(blocks.parse(story.body).filter((block) => block._type === "figure")).toHaveLength(story.photos.length);
    for (const name of story.photos) {
      expect(existsSync(new URL(name, folder)), name).toBe(true);
      expect(readFileSync(new URL(name, folder)).subarray(0, 3).toString("hex"), name).toBe("ffd8ff");
    }
  });

  test("is set as a Vietnamese newspaper sets it", () => {
    expect(story.copy).toBe(story.copy.normalize("NFC").trim());
    // Straight quotes, a hyphen for a dash, 1,200 for 1.200, three full stops, and spaces that cleaning would take out.
    expect(story.copy).not.toMatch(/["'`]| - |—|\d,\d{3}(?!\d)|\u00A0| {2}|\n{3}| \n|\.\.\./u);
    expect(story.copy.split("“").length).toBe(story.copy.split("”").length);
  });
});

test("every section of a new house has five or six of the 28 stories", () => {
  expect(samples).toHaveLength(28);
  const known = NEW_SECTIONS.map((section) => section.slug);
  expect(samples.filter(({ section }) => !known.includes(section))).toEqual([]);
  for (const slug of known) expect([5, 6]).toContain(samples.filter(({ section }) => section === slug).length);
});

test("the stories stand oldest first, no two at the same moment, from August to October", () => {
  const times = stories.map((story) => timeOf(story.content.publishedAt));
  for (const [index, time] of times.entries()) expect(time).toBeGreaterThan(times[index - 1] ?? 0);
  const months = new Set(stories.map((story) => story.content.publishedAt?.slice(0, 7)));
  expect([...months]).toEqual(["2024-08", "2024-09", "2024-10"]);
});

test("no two stories have the same slug", () => {
  const slugs = stories.map((story) => slugify(story.content.headline ?? ""));
  expect(new Set(slugs).size).toBe(slugs.length);
});

test("every picture is that of one story", () => {
  const named = stories.flatMap(({ photos }) => photos);
  expect(named.toSorted()).toEqual(
    readdirSync(folder)
      .filter((name) => name.endsWith(".jpg"))
      .toSorted(),
  );
});

test("the stories differ as those of a newspaper do", () => {
  const share = (has: (story: (typeof stories)[number]) => boolean): number =>
    stories.filter(has).length / stories.length;
  expect(share((story) => story.content.bylines !== undefined)).toBeGreaterThan(0.8);
  expect(share((story) => story.content.kicker !== undefined)).toBeGreaterThan(0.4);
  expect(share((story) => story.content.kicker !== undefined)).toBeLessThan(0.6);
  expect(share((story) => story.body.some((block) => block._type === "figure"))).toBeGreaterThan(0.5);
  expect(share((story) => story.body.some((block) => block._type === "figure"))).toBeLessThan(0.7);
  expect(stories.filter((story) => story.content.sourceLine !== undefined)).toHaveLength(2);
  expect(stories.filter((story) => story.body.some((block) => "style" in block && block.style === "h2")).length).toBe(
    5,
  );
  // A brief is a story without a standfirst.
  expect(stories.filter((story) => story.content.standfirst === undefined)).toHaveLength(2);
  const lengths = stories.map((story) => wordsOf(story.copy));
  expect(Math.min(...lengths)).toBeLessThan(100);
  expect(Math.max(...lengths)).toBeGreaterThan(600);
});
