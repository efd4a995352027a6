import { describe, expect, it } from "vitest";
import { withAddresses } from "../../../shared/intake/fetched.ts";
import { portableText } from "../../../shared/senders/kinds/portable-text.ts";
import { richTextToHtml } from "../../../shared/senders/kinds/rich-text.ts";
import { read, submitted, upsertOf } from "../../fixtures/webhooks/send.ts";

describe("pictures within a body", () => {
  const asset = (fields: Record<string, unknown>) => ({
    nodeType: "embedded-asset-block",
    data: { target: { sys: { id: "b", type: "Asset" }, fields } },
    content: [],
  });

  it("of rich text, that came along with their files", async () => {
    const text = { nodeType: "paragraph", content: [{ nodeType: "text", value: "Mở", marks: [] }] };
    const linked = { nodeType: "embedded-asset-block", data: { target: { sys: { id: "c", type: "Link" } } } };
    const file = {
      en: { url: "//images.ctfassets.net/a/en.jpg" },
      vi: { url: "//images.ctfassets.net/a/vi.jpg?x=1&y=2" },
    };
    const content = [
      text,
      linked,
      asset({ file, description: { en: "A bridge", vi: 'Cầu "mới"' } }),
      asset({ file: { url: "https://a.b/c.jpg" } }),
    ];
    const body = { vi: { nodeType: "document", data: {}, content } };
    const sys = { id: "e1", contentType: { sys: { id: "article" } }, version: 4 };
    const event = { sys, fields: { title: { vi: "Tin" }, body } };
    const topic = { "x-contentful-topic": "ContentManagement.Entry.publish" };
    const taken = await submitted(upsertOf(read("contentful", event, topic, { locale: "vi" })));
    expect(taken).toMatchObject({
      ok: true,
      value: {
        body: [{}, { _type: "figure" }, { _type: "figure", alt: 'Cầu "mới"' }, { _type: "figure" }],
        addresses: [
          { block: 2, url: "https://images.ctfassets.net/a/vi.jpg?x=1&y=2" },
          { block: 3, url: "https://a.b/c.jpg" },
        ],
      },
    });
  });

  it("of rich text cannot be anything but attributes", () => {
    const url = '"><script>alert(1)</script>';
    expect(
      richTextToHtml({ nodeType: "document", content: [asset({ file: { url }, description: url })] }, undefined),
    ).toBe(
      `<figure><img src="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" alt="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"></figure>`,
    );
  });

  const blocks = [
    { _type: "block", children: [] },
    { _type: "image", asset: { _ref: "image-abc-3x2-jpg" } },
    { _type: "poll" },
    { _type: "image", alt: "A", asset: { _id: "x", url: " https://cdn.sanity.io/images/p/d/a-3x2.jpg " } },
    { _type: "figure", caption: "B", image: { asset: { url: "https://a.b/b.jpg" } } },
    { _type: "mainImage", url: "https://a.b/c.jpg" },
    { _type: "image", src: "/d.jpg" },
    { _type: "figure", image: "01JC0000000000000000000000" },
    { _type: "figure", credit: "PV" },
  ];

  it("of Portable Text, that say where their files are", () => {
    const { body, addresses } = portableText(blocks, "");
    expect(body.map((block) => block._type)).toEqual(Array(7).fill("figure"));
    expect(JSON.stringify(body)).not.toMatch(/https|d\.jpg/);
    expect(addresses).toEqual([
      { block: 1, url: "https://cdn.sanity.io/images/p/d/a-3x2.jpg" },
      { block: 2, url: "https://a.b/b.jpg" },
      { block: 3, url: "https://a.b/c.jpg" },
      { block: 4, url: "/d.jpg" },
    ]);
  });

  it("of Sanity and of a mapping stand beside the article, with the blocks of the body that it brings", async () => {
    const document = { _id: "a", _type: "post", title: "Tin", body: blocks };
    const headers = { "sanity-project-id": "p", "sanity-dataset": "d" };
    const sanity = upsertOf(read("sanity", document, headers));
    expect(sanity.addresses).toEqual([
      { block: 0, url: "https://cdn.sanity.io/images/p/d/abc-3x2.jpg" },
      { block: 1, url: "https://cdn.sanity.io/images/p/d/a-3x2.jpg" },
      { block: 2, url: "https://a.b/b.jpg" },
    ]);
    const mapping = { externalId: "/_id", headline: "/title", body: { pointer: "/body", format: "blocks" } };
    const generic = upsertOf(read("generic", document, {}, { mapping }));
    expect(generic.addresses?.map(({ block }) => block)).toEqual([1, 2, 3, 4]);
    const taken = await submitted(sanity);
    expect(taken).toMatchObject({ ok: true, value: { addresses: [] } });
    expect(taken.ok && withAddresses(taken.value, sanity.addresses ?? []).addresses).toEqual(sanity.addresses);
    expect(upsertOf(read("sanity", { ...document, body: "Chữ" }, headers))).not.toHaveProperty("addresses");
  });

  it("of Portable Text, where its sender knows better", () => {
    const { addresses } = portableText(blocks, "", ({ asset: file }) =>
      typeof file === "object" && file !== null && "_ref" in file ? `https://cdn/${String(file._ref)}` : undefined,
    );
    expect(addresses).toEqual([{ block: 0, url: "https://cdn/image-abc-3x2-jpg" }]);
  });
});
