import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Body, type Figure, textBlockOf } from "../../shared/domain/body.ts";
import type { FigureAddress } from "../../shared/intake/addresses.ts";
import { picturesAt, withAddresses, withFetched } from "../../shared/intake/fetched.ts";
import { type Picture, withImages } from "../../shared/intake/photos.ts";
import { readSubmission, type Submission } from "../../shared/intake/submission.ts";
import { waiting } from "../../shared/intake/waiting.ts";

const setting = { zone: "Asia/Ho_Chi_Minh", locale: "vi", now: Date.UTC(2026, 10, 1), section: "thoi-su" };
const submitted = async (content: string, format = "html"): Promise<Submission> => {
  const bytes = Buffer.from(JSON.stringify({ body: { format, content } }));
  const read = await readSubmission({ contentType: "application/json", bytes, query: {} }, setting);
  if (!read.ok) throw new Error(JSON.stringify(read.refusal));
  return read.value;
};
const picture = (name: string): Picture => ({
  bytes: new Uint8Array([name.length]),
  type: "image/jpeg",
  width: 3,
  height: 2,
  name,
});
const ID = "01JC0000000000000000000000";
const BASE = "https://raw.githubusercontent.com/bao/tin/0a1b/bai/2026/lu.md";

const at = (url: string, base?: string): string[] => picturesAt({ addresses: [{ block: 0, url }] }, base);

describe("addresses to be fetched", () => {
  test.each([
    ["https://a.b/c.jpg", "https://a.b/c.jpg"],
    ["http://a.b/c.jpg?x=1&y=%20", "http://a.b/c.jpg?x=1&y=%20"],
    ["HTTPS://A.B/Ảnh lũ.jpg#x", "https://a.b/%E1%BA%A2nh%20l%C5%A9.jpg"],
    ["//a.b/c.jpg", "https://a.b/c.jpg"],
    ["https://báo.vn/c.jpg", "https://xn--bo-mia.vn/c.jpg"],
  ])("%s is %s, with a base or without", (url, absolute) => {
    expect(at(url)).toEqual([absolute]);
    expect(at(url, BASE)).toEqual([absolute]);
  });

  test.each([
    ["../img/a.jpg", "https://raw.githubusercontent.com/bao/tin/0a1b/bai/img/a.jpg"],
    ["a.jpg", "https://raw.githubusercontent.com/bao/tin/0a1b/bai/2026/a.jpg"],
    ["./ảnh/a.jpg?raw=1", "https://raw.githubusercontent.com/bao/tin/0a1b/bai/2026/%E1%BA%A3nh/a.jpg?raw=1"],
    ["/a.jpg", "https://raw.githubusercontent.com/a.jpg"],
  ])("%s is told by its base alone", (url, absolute) => {
    expect(at(url)).toEqual([]);
    expect(at(url, BASE)).toEqual([absolute]);
  });

  test.each([
    "data:image/png;base64,AAAA",
    "file:///etc/passwd",
    "ftp://a.b/c.jpg",
    "javascript:alert(1)",
    "cid:image001@01DA",
    "blob:https://a.b/x",
    "https://user:secret@a.b/c.jpg",
    "https://",
    "http://[::1",
    `https://a.b/${"ả".repeat(300)}`,
  ])("%s is none", (url) => {
    expect(at(url)).toEqual([]);
    expect(at(url, BASE)).toEqual([]);
  });

  test("are each there once, in the order of the figures", () => {
    const urls = ["https://a.b/2.jpg", "x.jpg", "https://a.b/1.jpg", "https://a.b/2.jpg#y", "HTTPS://a.b:443/1.jpg"];
    const addresses = urls.map((url, block) => ({ block, url }));
    expect(picturesAt({ addresses })).toEqual(["https://a.b/2.jpg", "https://a.b/1.jpg"]);
  });
});

test("addresses that were told beside a body go to figures without a picture or an address", async () => {
  const body = [{ _type: "figure", image: ID }, { _type: "figure" }, { _type: "embed", url: "https://a.b/" }];
  const bytes = Buffer.from(JSON.stringify({ body: [...body, { _type: "figure" }] }));
  const read = await readSubmission({ contentType: "application/json", bytes, query: {} }, setting);
  if (!read.ok) throw new Error(JSON.stringify(read.refusal));
  const told = [3, 0, 1, 2, 4].map((block) => ({ block, url: `https://a.b/${block}` }));
  const before: Submission = { ...read.value, addresses: [{ block: 3, url: "own" }] };
  expect(withAddresses(before, told).addresses).toEqual([
    { block: 1, url: "https://a.b/1" },
    { block: 3, url: "own" },
  ]);
});

describe("pictures that were fetched", () => {
  test("fill the figures that named them; nothing is said any more of what those lack", async () => {
    const html = `<p>a<img src=https://a.b/1.jpg alt=một><p>b<img src=2.jpg alt=hai><p>c
      <figure><img src=https://a.b/3.jpg><figcaption><a href=https://c.d/>ba</a></figcaption></figure><script></script>`;
    const before = await submitted(html);
    const filled = withFetched(before, new Map([["https://a.b/3.jpg", picture("3")]]));
    expect(filled.photos).toEqual([{ ...picture("3"), block: 5 }]);
    expect(filled.addresses.map(({ url }) => url)).toEqual(["https://a.b/1.jpg", "2.jpg"]);
    expect(filled.warnings.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      "dropped-element /body",
      "dropped-link /body/5",
      "figure-without-picture /body/1",
      "figure-without-picture /body/3",
    ]);
    expect(filled).toMatchObject({ body: before.body, fields: before.fields, status: before.status });
  });

  test("of a document with a base are known by their absolute addresses", async () => {
    const before = await submitted("![một](../img/a.jpg)\n\nx\n\n![hai](../img/a.jpg#b)", "markdown");
    expect(picturesAt(before, BASE)).toEqual(["https://raw.githubusercontent.com/bao/tin/0a1b/bai/img/a.jpg"]);
    const fetched = new Map(picturesAt(before, BASE).map((url) => [url, picture("a")]));
    const filled = withFetched(before, fetched, BASE);
    expect(filled.photos.map(({ block }) => block)).toEqual([0, 2]);
    expect(filled).toMatchObject({ addresses: [], warnings: [] });
    expect(
      withImages(filled.body ?? [], filled.photos, [ID, ID]).map((block) => "image" in block && block.image),
    ).toEqual([ID, false, ID]);
    expect(withFetched(before, fetched)).toEqual(before);
  });

  test("none at all change nothing", async () => {
    const before = await submitted("<img src=https://a.b/1.jpg>");
    expect(withFetched(before, new Map())).toEqual(before);
    expect(withFetched(before, new Map([["https://a.b/2.jpg", picture("2")]]))).toEqual(before);
  });

  test("stand among the photos that came along, as withImages needs them", () => {
    const block = fc.constantFrom("text", "photo", "named", "bare");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(block, fc.nat(5)), { maxLength: 30 }),
        fc.uniqueArray(fc.nat(5)),
        (blocks, fetched) => {
          const figure: Figure = { _type: "figure" };
          const body: Body = blocks.map(([kind]) => (kind === "text" ? textBlockOf("x") : figure));
          const open = blocks.flatMap(([kind], n) => (kind === "named" || kind === "bare" ? [n] : []));
          const addresses = blocks.flatMap(([kind, n], b): FigureAddress[] =>
            kind === "named" ? [{ block: b, url: `https://a.b/${n}` }] : [],
          );
          const submission: Submission = {
            fields: { locale: "vi", bylines: [], tags: [] },
            body,
            photos: blocks.flatMap(([kind], n) => (kind === "photo" ? [{ ...picture("p"), block: n }] : [])),
            addresses,
            warnings: open.map((n) => waiting(figure, n)),
            status: "draft",
          };
          const filled = withFetched(submission, new Map(fetched.map((n) => [`https://a.b/${n}`, picture(`${n}`)])));
          const places = filled.photos.map((photo) => photo.block);
          expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
          const shown = withImages(
            body,
            filled.photos,
            places.map(() => ID),
          );
          // Every figure either has a picture now, or is said to have none.
          const bare = shown.flatMap((one, n) => (one._type === "figure" && !one.image ? [`/body/${n}`] : []));
          expect(filled.warnings.map(({ pointer }) => pointer)).toEqual(bare);
          expect(picturesAt(filled).filter((url) => fetched.some((n) => url === `https://a.b/${n}`))).toEqual([]);
          for (const { block: place, name } of filled.photos)
            expect(blocks[place]?.join(" ")).toMatch(name === "p" ? /^photo / : new RegExp(`^named ${name}$`));
        },
      ),
      { numRuns: 200 },
    );
  });
});
