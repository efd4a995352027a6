import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blocks } from "../../shared/domain/body.ts";
import { markdownToBlocks } from "../../shared/intake/markdown/blocks.ts";
import { lineOf } from "../../shared/intake/lines.ts";
import { parseMarkdown } from "../../shared/intake/markdown/markdown.ts";
import { plainToBlocks } from "../../shared/intake/plain.ts";
import { shown } from "../fixtures/html/show.ts";

const lines = (markdown: string): string[] => {
  const { blocks: body, faults } = markdownToBlocks(markdown);
  expect(faults).toEqual([]);
  return shown(body);
};

describe("Markdown", () => {
  it.each<[string, string, string[]]>([
    ["paragraphs", "a\nb\n\nc", ["a b", "c"]],
    ["hard line ends", "a  \nb\\\nc", ["a\nb\nc"]],
    ["headings", "# a\n## b\n### c\n#### d", ["## a", "## b", "### c", "#### d"]],
    ["marks", "**a** _b_ `c` ***d***", ["[strong|a] [em|b] [code|c] [strong em|d]"]],
    ["links", '[a](https://b.c/?d&e "t") <https://f.g>', ["[https://b.c/?d&e|a] [https://f.g|https://f.g]"]],
    ["addresses stay as written", "[a](https://b.c/Hải-Phòng)", ["[https://b.c/Hải-Phòng|a]"]],
    ["lists", "- a\n  1. b\n- c\n\n  d", ["- a", " 1. b", "- c\nd"]],
    ["quotations", "> a\n>\n> b", ["> a", "> b"]],
    ["code", "```js\na\n  b\n```\n\n    c", ["[code|a\n  b]", "[code|c]"]],
    [
      "tables",
      "| a | b |\n|---|---|\n| *c* | d |",
      ['table {"header":true,"rows":[{"cells":["a","b"]},{"cells":["c","d"]}]}'],
    ],
    ["rules", "a\n\n---\n\nb", ["a", "b"]],
    ["inline HTML", "a<sub>2</sub> <b>c</b>\n\n<p>d</p>\n<script>e</script>", ["a[sub|2] [strong|c]", "d"]],
    ["a picture", '![Cầu _mới_](a.jpg "Ảnh: Hải An")', ['figure {"caption":"Cầu mới","credit":"Hải An"}']],
    ["a picture without words", "![](a.jpg)", ["figure {}"]],
    ["a picture in a sentence", "a ![b](c) d", ["a", 'figure {"caption":"b"}', "d"]],
    ["quotes in a caption", '![a "b" &lt;c&gt;](d)', ['figure {"caption":"a \\"b\\" <c>"}']],
    [
      "a line that is only an address",
      'a\nhttps://b.c/?d=1&e="2\nf',
      ["a", 'embed {"url":"https://b.c/?d=1&e=\\"2"}', "f"],
    ],
    [
      "addresses that are no embeds",
      "http://a.b\n\n- https://c.d\n\nsee https://e.f",
      ["http://a.b", "- https://c.d", "see https://e.f"],
    ],
    ["entities", "a &amp; b &lt;c&gt; &copy;", ["a & b <c> ©"]],
  ])("%s", (_name, markdown, expected) => expect(lines(markdown)).toEqual(expected));

  it("an unsafe link keeps its text, and is named", () => {
    const { blocks: body, warnings } = markdownToBlocks("a\n\n[b](javascript:alert(1))");
    expect(shown(body)).toEqual(["a", "b"]);
    expect(warnings.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(["dropped-link /body/1"]);
  });

  it.each([
    ["too deep a quotation", `${">".repeat(40)} a`, "lists and quotations are nested too deeply"],
    ["too many lines", "a\n".repeat(50_001), "has more than 50000 lines of Markdown"],
    ["too much text", "a".repeat(1024 * 1024 + 1), "has more than 1048576 characters of Markdown"],
  ])("refuses %s", (_name, markdown, detail) =>
    expect(markdownToBlocks(markdown)).toEqual({
      blocks: [],
      addresses: [],
      warnings: [],
      faults: [{ pointer: "/body", detail }],
    }),
  );

  it("loses nothing at the deepest level that it takes", () => {
    expect(lines(`${">".repeat(29)} a`)).toEqual(["> a"]);
  });

  it("anything at all becomes valid blocks, the same ones each time", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "# ",
        "- ",
        "1. ",
        "> ",
        "\n",
        "\n\n",
        "    ",
        "```\n",
        "|a|b|\n|-|-|\n",
        "---\n",
        "https://a.b\n",
      ),
      fc.constantFrom(
        "*",
        "**",
        "_",
        "`",
        "[",
        "](",
        ")",
        "![",
        "<b>",
        "</b>",
        "<td>",
        "<",
        "&",
        "\\",
        '"',
        "x",
        "e\u0301",
      ),
      fc.string({ unit: "binary", maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { body, faults } = parseMarkdown(pieces.join(""));
        expect(faults.length === 0 || pieces.join("").startsWith("---")).toBe(true);
        expect(blocks.parse(body)).toEqual(body);
        expect(parseMarkdown(pieces.join("")).body).toEqual(body);
      }),
      { numRuns: 200 },
    );
  });
});

describe("front matter", () => {
  const story = readFileSync(new URL("../fixtures/markdown/story.md", import.meta.url), "utf8");

  it.each([
    ["LF", story],
    ["CRLF", story.replaceAll("\n", "\r\n")],
  ])("gives fields as text and the lines they stand on (%s)", (_name, text) => {
    const { fields, body, lines: at, faults, warnings } = parseMarkdown(text);
    expect({ faults, warnings }).toEqual({ faults: [], warnings: [] });
    expect(fields).toEqual({
      kicker: "Hải Phòng:",
      headline: "Phố đi bộ",
      standfirst: "Sáng 5/10, thành phố đưa vào hoạt động.",
      bylines: [{ name: "Hải An" }, { name: "Minh", author: "minh" }],
      tags: ["2024", "no", "giao thông"],
      publishedAt: "2024-10-05",
      seo: { title: "Phố" },
      status: "published",
      sourceLine: undefined,
      mood: "happy",
    });
    expect(shown(body)).toEqual(["## Đầu đề khác", "Đoạn một."]);
    const of = (pointer: string): number | undefined => lineOf(at, pointer);
    expect([
      of("/kicker"),
      of("/bylines/1/author"),
      of("/tags/2"),
      of("/seo/title/x"),
      of("/mood"),
      of("/none"),
    ]).toEqual([2, 9, 10, 13, 16, undefined]);
    expect([at["headline"], at["tags"], at["constructor"]]).toEqual([3, 10, undefined]);
  });

  it("without a headline takes the first # heading, out of the body", () => {
    expect(parseMarkdown("---\ntags: [a]\nheadline:\n---\n\na\n\n# B *c*\n\n# d")).toMatchObject({
      fields: { tags: ["a"], headline: "B c" },
      faults: [],
    });
    const { fields, body } = parseMarkdown("a\n\n# B\n\n# d");
    expect(fields).toEqual({ headline: "B" });
    expect(shown(body)).toEqual(["a", "## d"]);
  });

  it("need not be there, and may be empty", () => {
    expect(parseMarkdown("a\n\n---\n\nb").fields).toEqual({});
    expect(parseMarkdown("---\n---\na")).toMatchObject({ fields: {}, faults: [], body: [{ _type: "block" }] });
    expect(parseMarkdown("---\n# nothing\n---\na")).toMatchObject({ fields: {}, faults: [] });
  });

  it("takes one name for bylines", () => {
    expect(parseMarkdown("---\nbylines: Hải An\n---\n").fields.bylines).toEqual([{ name: "Hải An" }]);
  });

  it.each<[string, string, string, number, RegExp]>([
    ["an unquoted colon", "a: x\nkicker: Hải Phòng: mở cửa", "", 3, /must stand in quotes/],
    ["a reserved first character", "a: @x", "", 2, /must stand in quotes/],
    ["an open list", "a: [1, 2", "", 2, /^YAML: Flow sequence/],
    ["a tab", "a:\n\tb: c", "", 3, /^YAML: Tabs/],
    ["an alias", "a: x\nb: *c", "/b", 3, /Anchors and aliases/],
    ["an anchor", "a: &b c", "/a", 2, /Anchors and aliases/],
    ["an anchor on a key", "&a b: c", "/b", 2, /Anchors and aliases/],
    ["a tag", "a: !!binary x", "", 2, /Tags are not understood/],
    ["a second use of a key", "a: 1\nb: 2\na: 3", "/a", 4, /a second time/],
    ["a second use of an inner key", "seo: {title: a, title: b}", "/seo/title", 2, /a second time/],
    ["__proto__", "a: 1\n__proto__: {b: c}", "/__proto__", 3, /is no field/],
    ["an inner __proto__", "seo:\n  __proto__: {b: c}", "/seo/__proto__", 3, /is no field/],
    ["a list at the top", "- a\n- b", "", 2, /`field: value`/],
    ["two documents", "a: b\n...\nc: d", "", 4, /more than one document/],
    ["a key that is no text", "? [a]\n: b", "", 2, /^YAML: /],
    ["deep lists", "- ".repeat(5000), "", 2, /nested too deeply/],
    ["deep brackets", `a: ${"[".repeat(5000)}`, "", 2, /nested too deeply/],
    ["too much of it", `a: ${"x".repeat(70_000)}`, "", 2, /more than 65536 characters/],
    ["a billion laughs", "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", "/a", 2, /Anchors and aliases/],
  ])("refuses %s, with the line", (_name, yaml, pointer, line, detail) => {
    const { fields, faults } = parseMarkdown(`---\n${yaml}\n---\n# H\n`);
    expect(faults[0]).toEqual({ pointer, line, detail: expect.stringMatching(detail) });
    expect(Object.keys(fields)).toEqual(["headline"]);
  });

  it("names every fault at once", () => {
    const { faults } = parseMarkdown("---\na: &x 1\na: 2\n__proto__: 3\n---\n");
    expect(faults.map(({ line }) => line)).toEqual([2, 3, 4]);
  });

  it("refuses front matter without an end", () => {
    expect(parseMarkdown("---\na: b\n\ntext").faults).toEqual([
      { pointer: "", line: 1, detail: "front matter begins here, but no second --- line ends it" },
    ]);
  });
});

describe("plain text", () => {
  it.each<[string, string, string[]]>([
    ["blank lines part, and lines stay", "a\nb\n\n \nc\r\nd\n", ["a\nb", "c\nd"]],
    ["without blank lines each line is a paragraph", "\n\na\nb\r\nc\n\n", ["a", "b", "c"]],
    ["spaces are folded", "  a \t b\u00A0\u00A0c  ", ["a b c"]],
    ["nothing", " \n\u200B\n", []],
    ["markup is text", "# a <b>c</b>", ["# a <b>c</b>"]],
    ["control and direction characters go", "a\u202Eb\u0000", ["ab"]],
  ])("%s", (_name, text, expected) => expect(shown(plainToBlocks(text))).toEqual(expected));
});
