import { afterAll, beforeAll, expect, test } from "vitest";
import { foreignWeb, bytes } from "../fixtures/foreign-web.ts";
import { photo } from "../fixtures/pictures.ts";
import { signerOf } from "../fixtures/webhook-signers.ts";
import { MAPPINGS } from "../fixtures/webhooks/mappings.ts";
import { payload } from "../fixtures/webhooks/send.ts";
import { articleOf, eventsOf, makeSource, post, settled, signedSource } from "../hooks.ts";
import { type Json, testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
let web: Awaited<ReturnType<typeof foreignWeb>>;
beforeAll(async () => {
  web = await foreignWeb();
  const jpeg = bytes(await photo({ width: 800, height: 600 }));
  for (const url of [
    "https://bao.example.vn/content/images/2024/10/lu-le-thuy.jpg",
    "https://wp.example.vn/wp-content/uploads/2024/10/lua.jpg",
    "https://wp.example.vn/lua.jpg",
    "https://wp.example.vn/wp-content/uploads/cho-noi.jpg",
    "https://wp.example.vn/cho.jpg",
    "https://cdn.sanity.io/images/p1/news/928ac96d53b0c9049836c86ff25fd3c009039a16-1600x900.jpg",
    "https://strapi.example.vn/uploads/ca-phe.jpg",
    "https://cdn.example.vn/tran-dau.jpg",
    "https://a.storyblok.com/f/1001/dua-ghe.jpg",
  ])
    web.pages.set(url, jpeg);
  house = await testHouse(web.options);
  const made = await house.call("PUT", "/sections/du-lich", { key: house.adminKey, body: { title: "Du lịch" } });
  if (made.status !== 201) throw new Error(made.text);
});
afterAll(async () => {
  await house.close();
  await web.close();
});

/** The events after another, each worked on before the next: states and what was done. */
const through = async (name: string, sendings: (() => ReturnType<typeof post>)[]): Promise<string[]> => {
  const done: string[] = [];
  for (const send of sendings) {
    const event = await settled(house, name, send());
    done.push([event.state, ...(event.outcomes ?? []).map(({ action }: Json) => action)].join(" "));
  }
  return done;
};
const page = async (article: Json) => (await house.read(new URL(article.url).pathname)).status;

test("Standard Webhooks, signed by its own package", async () => {
  const { send } = await signedSource(house, "standard", { kind: "standard-webhooks" });
  const event = await settled(house, "standard", send(payload("standard")));
  expect(event).toMatchObject({ state: "done", outcomes: [{ externalId: "toa-soan-17", action: "created" }] });
  const article = await articleOf(house, "standard", "toa-soan-17");
  expect(article).toMatchObject({
    status: "published",
    source: "standard",
    headline: "Bóng đá: Việt Nam thắng 2-1",
    bylines: [{ name: "Lê Minh" }],
    leadImage: { alt: "Cầu thủ ăn mừng" },
    section: "thoi-su",
  });
});

test("Standard Webhooks: the vector that its libraries are tested with, at the time of which it is", async () => {
  const at = 1614265330;
  const then = await testHouse({
    wrap: (services) => ({ ...services, clock: { ...services.clock, now: () => at * 1000 } }),
  });
  try {
    const secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"];
    await makeSource(then, "vector", { kind: "standard-webhooks", publish: "draft", secrets });
    const headers = {
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": String(at),
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    };
    const body = Buffer.from('{"test": 2432232314}');
    expect((await post(then, "/hooks/vector", { headers, body })).status).toBe(202);
    expect((await post(then, "/hooks/vector", { headers, body: Buffer.from('{"test": 2432232315}') })).status).toBe(
      401,
    );
    await then.quiet();
    expect(await eventsOf(then, "vector")).toMatchObject([{ state: "ignored", name: "msg_p5jXN8AQM9LWM0D4loKWxJek" }]);
  } finally {
    await then.close();
  }
});

test("Ghost: published, edited, unpublished, deleted", async () => {
  const { send } = await signedSource(house, "ghost", { kind: "ghost" });
  const ghost = (current: unknown, previous: unknown = {}) =>
    payload("ghost-published", { post: { current, previous } });
  const at = (minute: number) => ({ updated_at: `2024-10-05T01:${minute}:00.000Z` });
  expect(await through("ghost", [() => send(payload("ghost-published"))])).toEqual(["done created"]);
  const id = "66ff3a1c8d2e4b0001a1b2c3";
  const first = await articleOf(house, "ghost", id);
  expect(first).toMatchObject({
    status: "published",
    headline: "Lũ ở Lệ Thủy: nước < 1 m & còn lên",
    leadImage: { alt: "Nhà dân ngập tới mái", caption: "Xã An Thủy, sáng 5/10. Ảnh: Lê An & CTV" },
    tags: ["Thời tiết"],
  });
  expect(await page(first)).toBe(200);
  expect(
    await through("ghost", [() => send(ghost({ title: "Nước rút ở Lệ Thủy", ...at(40) }, { title: "Lũ ở Lệ Thủy" }))]),
  ).toEqual(["done updated"]);
  expect(await articleOf(house, "ghost", id)).toMatchObject({ headline: "Nước rút ở Lệ Thủy", status: "published" });
  expect(
    await through("ghost", [
      () => send(ghost({ status: "draft", ...at(50) }, { status: "published" })),
      () => send({ post: { current: {}, previous: { id, ...at(50) } } }),
    ]),
  ).toEqual(["done withdrawn kept", "done nothing"]);
  const last = await articleOf(house, "ghost", id);
  expect(last.status).toBe("withdrawn");
  expect(await page(first)).toBe(410);
});

test("a post that Ghost deletes is gone", async () => {
  const { send } = await signedSource(house, "ghost-xoa", { kind: "ghost" });
  const id = "77aa3a1c8d2e4b0001a1b2c3";
  const previous = { id, updated_at: "2024-10-05T01:30:00.000Z" };
  const sent = payload("ghost-published", { post: { current: { id, slug: "xoa-di" } } });
  expect(await through("ghost-xoa", [() => send(sent), () => send({ post: { current: {}, previous } })])).toEqual([
    "done created",
    "done withdrawn",
  ]);
  expect(await page(await articleOf(house, "ghost-xoa", id))).toBe(410);
});

test("WordPress: as the REST API has it, and as plugins send it", async () => {
  const { send } = await signedSource(house, "wp", { kind: "wordpress", publish: "live" });
  const changed = { modified_gmt: "2024-10-05T03:00:00", title: { rendered: "Giá lúa hạ" } };
  expect(
    await through("wp", [
      () => send(payload("wordpress-rest")),
      () => send(payload("wordpress-rest", changed)),
      () => send(payload("wordpress-plugin")),
      () => send({ ...Object(payload("wordpress-plugin")), action: "trashed_post" }),
      () => send({ deleted: true, previous: { id: 1042, modified_gmt: "2024-10-05T03:00:00" } }),
    ]),
  ).toEqual(["done created", "done updated", "done created", "done withdrawn", "done withdrawn"]);
  expect(await articleOf(house, "wp", "1042")).toMatchObject({
    status: "withdrawn",
    headline: "Giá lúa hạ",
    tags: ["lúa & gạo", "Đồng Tháp"],
    leadImage: { alt: "Máy gặt trên đồng" },
    bylines: [{ name: "Phạm Quang Đức" }],
  });
  expect((await articleOf(house, "wp", "2077"))?.headline).toBe("Chợ nổi & mùa nước");
});

test("Contentful: published, unpublished", async () => {
  const { send } = await signedSource(house, "newsroom", { kind: "contentful" });
  const topic = { "x-contentful-topic": "ContentManagement.DeletedEntry.unpublish" };
  expect(await through("newsroom", [() => send(payload("contentful-publish"))])).toEqual(["done created"]);
  const article = await articleOf(house, "newsroom", "5KsDBWseXY6QegucYAoacS");
  expect(article).toMatchObject({
    status: "published",
    headline: "Metro số 1 chạy thử",
    tags: ["giao thông", "metro"],
  });
  expect(await page(article)).toBe(200);
  const entry = { "x-contentful-topic": "ContentManagement.Entry.unpublish" };
  expect(
    await through("newsroom", [
      () => send(payload("contentful-unpublish"), { headers: topic }),
      () => send(payload("contentful-unpublish"), { headers: entry }),
    ]),
  ).toEqual(["ignored", "done withdrawn"]);
  expect(await page(article)).toBe(410);
});

test("Sanity", async () => {
  const { send } = await signedSource(house, "sanity", { kind: "sanity" });
  const from = { "sanity-project-id": "p1", "sanity-dataset": "news" };
  const event = await settled(
    house,
    "sanity",
    send(payload("sanity"), { headers: { ...from, "sanity-operation": "create" } }),
  );
  expect(event).toMatchObject({ state: "done", outcomes: [{ action: "created" }] });
  const article = await articleOf(house, "sanity", "7b1c9a54-3d2e-4f60-8a71-9c0d1e2f3a4b");
  expect(article).toMatchObject({
    status: "published",
    headline: "Học sinh vùng cao tới trường",
    leadImage: { alt: "Lớp học" },
  });
  const gone = payload("sanity", { operation: "delete" });
  expect((await settled(house, "sanity", send(gone))).outcomes).toMatchObject([{ action: "withdrawn" }]);
});

test("generic: Strapi with a secret in a header, Directus with an HMAC, Storyblok", async () => {
  const secret = signerOf("generic secret");
  const strapi = await signedSource(
    house,
    "strapi",
    { kind: "generic", signature: { type: "secret", header: "X-Token" }, mapping: MAPPINGS.strapi },
    secret,
  );
  const hmac = { type: "hmac", header: "X-Signature", algorithm: "sha256", encoding: "hex", prefix: "sha256=" };
  const directus = await signedSource(
    house,
    "directus",
    { kind: "generic", signature: hmac, mapping: MAPPINGS.directus },
    signerOf("generic sha256 in hex"),
  );
  const sha1 = { type: "hmac", header: "X-Signature", algorithm: "sha1", encoding: "hex" };
  const storyblok = await signedSource(
    house,
    "storyblok",
    { kind: "generic", signature: sha1, mapping: MAPPINGS.storyblok },
    signerOf("generic sha1 in hex"),
  );
  expect(
    await through("strapi", [
      () => strapi.send(payload("strapi")),
      () => strapi.send(payload("strapi", { event: "media.create" })),
    ]),
  ).toEqual(["done created", "ignored"]);
  expect(await through("directus", [() => directus.send(payload("directus"))])).toEqual(["done created"]);
  expect(await through("storyblok", [() => storyblok.send(payload("storyblok"))])).toEqual(["done created"]);
  expect(await articleOf(house, "strapi", "z7v8zma8pzb2rrdpoxkgw1wr")).toMatchObject({
    status: "published",
    headline: "Cà phê lên giá",
    leadImage: { alt: "Hạt cà phê", caption: "Phơi cà phê" },
  });
  expect(await articleOf(house, "directus", "42")).toMatchObject({ status: "published", section: "du-lich" });
  expect(await articleOf(house, "storyblok", "123456")).toMatchObject({
    status: "published",
    leadImage: { credit: "Thiện Nhân" },
  });
});

test("without a signature only where the administrator said so", async () => {
  const mapping = MAPPINGS.strapi;
  await expect(makeSource(house, "ho", { kind: "generic", publish: "draft", mapping })).rejects.toThrow("signature");
  await makeSource(house, "ho", { kind: "generic", publish: "draft", section: "thoi-su", mapping, unsigned: true });
  const body = Buffer.from(JSON.stringify(payload("strapi")));
  const event = await settled(
    house,
    "ho",
    post(house, "/hooks/ho", { headers: { "content-type": "application/json" }, body }),
  );
  expect(event.outcomes).toMatchObject([{ action: "created" }]);
  expect((await articleOf(house, "ho", "z7v8zma8pzb2rrdpoxkgw1wr"))?.status).toBe("draft");
  expect((await post(house, "/hooks/strapi", { headers: {}, body })).status).toBe(401);
  expect(await eventsOf(house, "strapi")).toHaveLength(2);
});
