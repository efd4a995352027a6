import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Body } from "../../shared/domain/body.ts";
import { figureAddresses } from "../../shared/intake/addresses.ts";
import { htmlToBlocks } from "../../shared/intake/html/blocks.ts";
import { parseHtml } from "../../shared/intake/html/html.ts";
import { markdownToBlocks } from "../../shared/intake/markdown/blocks.ts";
import { readSubmission, type Submission } from "../../shared/intake/submission.ts";
import { blackPng } from "../fixtures/picture/chunks.ts";

const setting = { zone: "Asia/Ho_Chi_Minh", locale: "vi", now: Date.UTC(2026, 10, 1), section: "thoi-su" };

const submitted = async (contentType: string, text: string | Uint8Array): Promise<Submission> => {
  const read = await readSubmission({ contentType, bytes: Buffer.from(text), query: {} }, setting);
  if (!read.ok) throw new Error(JSON.stringify(read.refusal));
  return read.value;
};
/** Each address and the caption or alternative text of the figure that it is said to be of. */
const told = ({ body, addresses }: Submission): string[] =>
  addresses.map(({ block, url }) => {
    const figure = body?.[block];
    return figure?._type === "figure" ? `${figure.caption ?? figure.alt}: ${url}` : `${block} is no figure`;
  });
const waiting = ({ warnings }: Submission): string[] =>
  warnings.filter(({ code }) => code === "figure-without-picture").map(({ pointer }) => pointer);

describe("addresses of a body's pictures", () => {
  test("in HTML are those of its figures, as written, in order", async () => {
    const read = await submitted(
      "text/html",
      `<h1>Tin <img src="https://a.b/h1.jpg" alt="x"></h1><p>Mở <img src=" https://a.b/1.jpg\n" alt="một"> kết
      <figure><img src="../anh/2.jpg"><figcaption>hai</figcaption></figure>
      <ul><li>a<img src="//c.d/3.jpg?x=1&amp;y=2" alt="ba"></ul>
      <table><tr><td>x<td><img src="https://a.b/o.jpg" alt="ô"></table>
      <img src="https://a.b/đếm.gif" width=1 height=1><img class=emoji src="https://a.b/e.png" alt="🙂">
      <img alt="không"><img src="  " alt="rỗng"><img src="https://a.b/1.jpg" alt="lại">`,
    );
    expect(told(read)).toEqual([
      "một: https://a.b/1.jpg",
      "hai: ../anh/2.jpg",
      "ba: //c.d/3.jpg?x=1&y=2",
      "lại: https://a.b/1.jpg",
    ]);
    expect(waiting(read)).toHaveLength(6);
    expect(JSON.stringify(read.body)).not.toMatch(/a\.b|anh/);
  });

  const markdown =
    'Mở.\n\n![một](../img/a.jpg "Ảnh: PV")\n\nKết ![hai](https://a.b/2.png).\n\n<img src=c.jpg alt=ba>\n';
  const figures = ["một: ../img/a.jpg", "hai: https://a.b/2.png", "ba: c.jpg"];
  test.each([
    ["Markdown", "text/markdown", `---\nheadline: Tin\n---\n${markdown}`],
    ["Markdown in JSON", "application/json", JSON.stringify({ body: { format: "markdown", content: markdown } })],
    [
      "HTML in JSON",
      "application/json",
      JSON.stringify({
        body: {
          format: "html",
          content: '<p>x<img src="../img/a.jpg" alt=một><img src=https://a.b/2.png alt=hai><img src=c.jpg alt=ba>',
        },
      }),
    ],
  ])("in %s", async (_name, type, text) => {
    const read = await submitted(type, text);
    expect(told(read)).toEqual(figures);
    expect(waiting(read)).toHaveLength(3);
  });

  test.each([
    [
      "plain text",
      "application/json",
      JSON.stringify({ body: { format: "text", content: "![a](https://a.b/c.jpg)" } }),
    ],
    ["blocks", "application/json", JSON.stringify({ body: [{ _type: "figure", caption: "A" }] })],
    ["newspaper copy", "text/plain", "Tiêu đề\n\nĐoạn văn đầu tiên.\n\nCầu mới. Ảnh: PV"],
    ["no body", "application/json", "{}"],
  ])("are not in %s", async (_name, type, text) => expect((await submitted(type, text)).addresses).toEqual([]));

  test("stay true when photos come along: a figure that one fills has no address any more, and others are where they were", async () => {
    const html = "<p>a<img src=1.jpg alt=một><p>b<img src=2.jpg alt=hai><p>c<img src=3.jpg alt=ba><p>(Còn nữa)</p>";
    const formed = async (photos: number): Promise<Submission> => {
      const form = new FormData();
      form.append("article", new Blob([html], { type: "text/html" }), "a.html");
      for (let n = 0; n < photos; n++)
        form.append("photo", new Blob([new Uint8Array(blackPng(3 + n, 2))], { type: "image/png" }), `${n}.png`);
      const sent = new Response(form);
      return submitted(sent.headers.get("content-type") ?? "", new Uint8Array(await sent.arrayBuffer()));
    };
    expect(told(await formed(0))).toEqual(["một: 1.jpg", "hai: 2.jpg", "ba: 3.jpg"]);
    const some = await formed(2);
    expect(some.photos.map(({ block }) => block)).toEqual([1, 3]);
    expect(told(some)).toEqual(["ba: 3.jpg"]);
    expect(waiting(some)).toEqual(["/body/5"]);
    const many = await formed(5);
    expect(many.photos.map(({ block }) => block)).toEqual([1, 3, 5, 6, 7]);
    expect(many.addresses).toEqual([]);
  });

  test("are at most as many as a story has figures, and none is longer than LIMITS.url", () => {
    const written = Array.from({ length: 40 }, (_, block) => ({ block, url: `https://a.b/${block}` }));
    expect(figureAddresses(written)).toEqual(written.slice(0, 30));
    const long = `https://a.b/${"x".repeat(1988)}`;
    expect(htmlToBlocks(`<img src="  ${long}  "><img src="${long}x"><img src="c">`).addresses).toEqual([
      { block: 0, url: long },
      { block: 2, url: "c" },
    ]);
  });

  test("are none of a body that is refused", () => {
    const html = `<img src="https://a.b/c.jpg" alt="${"x".repeat(4001)}">`;
    expect(htmlToBlocks(html)).toMatchObject({ blocks: [], addresses: [], faults: [{ pointer: "/body/0/alt" }] });
    expect(markdownToBlocks(`![](a)\n\n${"> ".repeat(40)}x`)).toMatchObject({ blocks: [], addresses: [] });
  });
});

describe("anything at all", () => {
  const tag = fc.constantFrom(
    ..."p div b a table tr td caption ul li figure figcaption h1 pre blockquote svg script template br".split(" "),
  );
  const image = fc
    .tuple(fc.nat(99), fc.constantFrom("", " width=1 height=0", " class=emoji", " alt=a", ' data-caption="c"'))
    .map(([n, more]) => `<img src="https://a.b/${n}.jpg"${more}>`);
  const piece = fc.oneof(
    tag.map((name) => `<${name}>`),
    tag.map((name) => `</${name}>`),
    image,
    image,
    fc.constantFrom("<p class=pullquote>", "x", " y. ", "![m](https://a.b/m.jpg)", "\n\n", "<img>", "<!--", "-->"),
  );
  const pieces = fc.array(piece, { maxLength: 60 }).map((all) => all.join(""));

  test("as HTML or Markdown: each address is of a figure without an image, in order, and said to be without", () => {
    let seen = 0;
    const look = ({ body, addresses, warnings }: Pick<Submission, "addresses" | "warnings"> & { body: Body }): void => {
      const at = addresses.map(({ block }) => block);
      expect(at).toEqual([...new Set(at)].sort((a, b) => a - b));
      for (const block of at) {
        expect(body[block]).toMatchObject({ _type: "figure" });
        expect(body[block]).not.toHaveProperty("image");
        expect(warnings.filter(({ pointer }) => pointer === `/body/${block}`)).toContainEqual(
          expect.objectContaining({ code: "figure-without-picture" }),
        );
      }
      seen += at.length;
    };
    fc.assert(
      fc.property(pieces, (text) => {
        const html = htmlToBlocks(text);
        look({ ...html, body: html.blocks });
        const markdown = markdownToBlocks(text);
        look({ ...markdown, body: markdown.blocks });
        const story = parseHtml(text);
        look({ ...story, addresses: story.addresses ?? [] });
      }),
      { numRuns: 300 },
    );
    expect(seen).toBeGreaterThan(300);
  });

  test("each picture that is alone in its paragraph is told of, at the figure that its caption is of", () => {
    const part = fc.oneof(
      fc.nat(999).map((n) => ({ html: `<p><img src="https://a.b/${n}" data-caption="${n}"></p>`, n })),
      fc.constantFrom("<p>x</p>", "<ul><li>a<li>b</ul>", "<hr>", "<table><tr><td>1<td>2</table>", "").map((html) => ({
        html,
        n: undefined,
      })),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 25 }), (parts) => {
        const { blocks, addresses } = htmlToBlocks(parts.map(({ html }) => html).join(""));
        const wanted = parts.flatMap(({ n }) => (n === undefined ? [] : [`${n}`]));
        expect(addresses.map(({ url }) => url)).toEqual(wanted.map((n) => `https://a.b/${n}`));
        expect(addresses.map(({ block }) => blocks[block])).toEqual(
          wanted.map((caption) => ({ _type: "figure", caption })),
        );
      }),
      { numRuns: 200 },
    );
  });
});
