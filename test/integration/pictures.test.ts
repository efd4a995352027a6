import { readFileSync } from "node:fs";
import { gps } from "exifr";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { photo } from "../fixtures/pictures.ts";
import { story, testHouse, type TestHouse } from "../house.ts";
import {
  addressesIn,
  blobOf,
  figure,
  fileForm,
  formOf,
  illustrated,
  publicFiles,
  publicPictures,
  readyPicture,
  sendPicture,
  uploadWith,
} from "../pictures.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

const pathOf = (url: string): string => new URL(url).pathname;
let seed = 100;
/** A picture that no other test has sent. */
const fresh = (width = 900, height = 600): Promise<Buffer> => photo({ width, height, seed: seed++ });

describe("a story with its photos in one request", () => {
  const copy = readFileSync("test/fixtures/copy/story.txt");

  test("has them on its page, on the front and in the feed, filling the figures in order", async () => {
    // Those of the README: 1.5 MB each, with a phone's position in them.
    const photos = ["pho-di-bo", "san-khau"].map((name) => readFileSync(`test/fixtures/photos/${name}.jpg`));
    for (const bytes of photos) expect(await gps(bytes)).toMatchObject({ latitude: expect.closeTo(20.86, 1) });
    const form = formOf({ text: copy, type: "text/plain; charset=utf-8" }, photos, {
      section: "thoi-su",
      status: "published",
    });
    const sent = await fileForm(house, form);
    expect(sent.status, sent.text).toBe(201);
    expect(sent.body.warnings.map((one: { code: string }) => one.code)).not.toContain("figure-without-picture");
    const figures = sent.body.body.filter((block: { _type: string }) => block._type === "figure");
    expect(figures).toMatchObject([
      { caption: "Người dân dạo bước trên tuyến phố trong buổi sáng đầu tiên.", credit: "PV" },
      { caption: "Sân khấu nhỏ giữa phố.", credit: "PV" },
    ]);
    await house.quiet();
    const [first, second] = figures.map(({ image }: { image: string }) => image);
    const sources = await Promise.all(
      [first, second].map(async (image) =>
        Buffer.from(await (await fetch(`${house.s3.url}/media/original/${image}`)).arrayBuffer()),
      ),
    );
    expect(sources.map((bytes, n) => bytes.equals(photos[n] ?? Buffer.alloc(0)))).toEqual([true, true]);
    expect((await house.call("GET", `/images/${first}`)).body).toMatchObject({ takenAt: "2024-10-05T08:10:00+07:00" });

    const page = (await house.read(pathOf(sent.body.url))).text;
    const shown = [...new Set(addressesIn(page))];
    for (const format of ["avif", "webp", "jpg"]) expect(shown.some((one) => one.endsWith(format))).toBe(true);
    for (const address of shown) {
      const { status, headers } = await house.read(address);
      expect({ address, status }).toEqual({ address, status: 200 });
      expect(headers.get("content-type")).toMatch(/^image\/(?:avif|webp|jpeg)$/);
      expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    }
    const files = [...(await publicFiles(house))];
    for (const [key, bytes] of files) expect(bytes.includes("Broadsheet Test Phone"), key).toBe(false);
    const jpegs = files.filter(([key]) => key.endsWith(".jpg"));
    expect(jpegs.length).toBeGreaterThan(10);
    for (const [key, bytes] of jpegs) expect(await gps(bytes), key).toBeUndefined();
    await house.clock.move(60_000);
    for (const path of ["/", "/thoi-su", "/feed.xml"]) {
      const addresses = addressesIn((await house.read(path)).text);
      expect(addresses.length, path).toBeGreaterThan(0);
      for (const address of new Set(addresses)) expect((await house.read(address)).status, address).toBe(200);
    }
    const { body: receipt } = await house.call("GET", `/articles/${sent.body.id}/live`);
    expect(receipt).toMatchObject({ state: "live", pictures: "ready" });
  });

  test("is live before its pictures are ready, without them, and gets them afterwards", async () => {
    house.sqs.paused = true;
    const sent = await fileForm(
      house,
      formOf({ text: JSON.stringify(story({ body: [figureBlock] })), type: "application/json" }, [await fresh()]),
    );
    expect(sent.status, sent.text).toBe(201);
    await house.quiet();
    const path = pathOf(sent.body.url);
    expect((await house.read(path)).text).not.toContain("<picture");
    expect(await house.origin(path)).not.toContain("Chợ phiên trong sương");
    expect((await house.call("GET", `/articles/${sent.body.id}/live`)).body).toMatchObject({
      state: "live",
      pictures: "pending",
    });
    house.sqs.paused = false;
    await house.quiet();
    // Whoever opened it at once, and again in a moment.
    await house.clock.move(1_001);
    expect((await house.read(path)).text).toContain("<picture");
    expect(await house.origin(path)).toContain("Chợ phiên trong sương");
    expect((await house.call("GET", `/articles/${sent.body.id}/live`)).body).toMatchObject({ pictures: "ready" });
  });

  const figureBlock = { _type: "figure", caption: "Chợ phiên trong sương." };

  test("sent again under one Idempotency-Key is the same, other white space too; with another photo it is refused", async () => {
    const [one, two] = [await fresh(), await fresh()];
    const text = JSON.stringify(story({ body: [figureBlock] }));
    const headers = { "idempotency-key": `photos-${seed}` };
    const first = await fileForm(house, formOf({ text, type: "application/json" }, [one]), { headers });
    const again = await fileForm(house, formOf({ text: ` ${text}\n`, type: "application/json" }, [one]), { headers });
    expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    const other = await fileForm(house, formOf({ text, type: "application/json" }, [two]), { headers });
    expect(other.status).toBe(422);
  });

  test("is refused whole when a photo is none, every fault named, and nothing is kept", async () => {
    await house.quiet();
    const before = { items: house.s3.keys("media"), images: house.log().split("image.added").length };
    const form = formOf({ text: JSON.stringify(story({ headline: 7 })), type: "application/json" }, [
      await fresh(),
      Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ]);
    const sent = await fileForm(house, form);
    expect(sent.status).toBe(422);
    expect(sent.body.errors.map((fault: { pointer: string }) => fault.pointer).sort()).toEqual([
      "/headline",
      "/photo/1",
    ]);
    await house.quiet();
    expect({ items: house.s3.keys("media"), images: house.log().split("image.added").length }).toEqual(before);
  });
});

describe("an upload straight to the store", () => {
  const announce = (bytes: Uint8Array, over: Record<string, unknown> = {}) =>
    house.call("POST", "/images", {
      body: { filename: "IMG_0042.jpg", contentType: "image/jpeg", bytes: bytes.byteLength, ...over },
    });
  const upload = uploadWith;

  test("of a phone's 12 MB becomes a picture like any other", async () => {
    const big = await fresh(5200, 3900);
    const padded = Buffer.concat([big, Buffer.alloc(Math.max(0, 12 * 1024 * 1024 - big.length))]);
    const { status, body } = await announce(padded);
    expect({ status, state: body.state }).toEqual({ status: 201, state: "awaiting-upload" });
    const ask = { body: story({ status: "draft", body: illustrated(body.id) }) };
    const draft = await house.call("POST", "/articles", ask);
    expect(draft.status, draft.text).toBe(201);
    expect(await upload(body.upload, padded)).toBe(204);
    await house.quiet();
    const sent = await house.call("POST", `/articles/${draft.body.id}/publish`, { headers: { "if-match": '"s1"' } });
    expect(sent.status, sent.text).toBe(200);
    await house.quiet();
    expect((await house.call("GET", `/images/${body.id}`)).body).toMatchObject({
      state: "ready",
      width: 5200,
      height: 3900,
    });
    const page = (await house.origin(pathOf(sent.body.url))) ?? "";
    expect(page).toContain("<picture");
    for (const address of new Set(addressesIn(page))) expect((await house.read(address)).status).toBe(200);
  });

  test("that breaks the form's policy is refused by the store, and the picture goes on waiting", async () => {
    const bytes = await fresh();
    const { body } = await announce(bytes);
    expect(await upload(body.upload, Buffer.concat([bytes, Buffer.from("more")]))).toBe(400);
    expect(await upload(body.upload, bytes.subarray(1))).toBe(400);
    const asPng = { ...body.upload, fields: { ...body.upload.fields, "Content-Type": "image/png" } };
    expect(await upload(asPng, bytes)).toBe(403);
    const elsewhere = { ...body.upload, fields: { ...body.upload.fields, key: "original/x" } };
    expect(await upload(elsewhere, bytes)).toBe(403);
    await house.quiet();
    expect((await house.call("GET", `/images/${body.id}`)).body.state).toBe("awaiting-upload");
    await house.clock.move(16 * 60_000);
    expect(await upload(body.upload, bytes)).toBe(403);
  });

  test("that never comes is refused in the end, and stories that wait for it are told so", async () => {
    const bytes = await fresh();
    const { body } = await announce(bytes);
    await house.clock.move(3 * 3600_000);
    await house.quiet();
    expect((await house.call("GET", `/images/${body.id}`)).body).toMatchObject({
      state: "refused",
      reason: "The file was not uploaded in time.",
    });
    const draft = await house.call("POST", "/articles", {
      body: story({ status: "draft", body: illustrated(body.id) }),
    });
    expect(draft.status).toBe(422);
    expect(draft.body.errors).toMatchObject([{ pointer: "/body/1/image" }]);
  });

  test("with an Idempotency-Key is announced once, and again gets a form that works", async () => {
    const bytes = await fresh();
    const ask = { body: { filename: "a.jpg", contentType: "image/jpeg", bytes: bytes.byteLength } };
    const headers = { "idempotency-key": `upload-${seed}` };
    const first = await house.call("POST", "/images", { ...ask, headers });
    const again = await house.call("POST", "/images", { ...ask, headers });
    expect([again.body.id, again.headers.get("idempotency-replayed")]).toEqual([first.body.id, "true"]);
    expect(await upload(again.body.upload, bytes)).toBe(204);
    await house.quiet();
    expect((await house.call("GET", `/images/${first.body.id}`)).body.state).toBe("ready");
  });

  test("of bytes that are a picture already is the same picture, for stories too", async () => {
    const bytes = await fresh();
    const known = await readyPicture(house, bytes);
    const { body } = await announce(bytes);
    expect(await upload(body.upload, bytes)).toBe(204);
    await house.quiet();
    const sent = await house.call("POST", "/articles", { body: story({ body: illustrated(body.id) }) });
    await house.quiet();
    expect((await house.call("GET", `/images/${body.id}`)).body.id).toBe(known);
    expect(await house.origin(pathOf(sent.body.url))).toContain("<picture");
    // What is said of the one is said of the other.
    await house.call("PATCH", `/images/${known}`, { body: { credit: "Minh Thư" } });
    await house.quiet();
    const other = await house.call("POST", "/articles", {
      body: story({ body: [figure(body.id, { credit: undefined })] }),
    });
    await house.quiet();
    expect(await house.origin(pathOf(other.body.url))).toContain("Minh Thư");
    await house.call("PATCH", `/images/${body.id}`, { body: { credit: "Quỳnh Mai" } });
    await house.quiet();
    expect(await house.origin(pathOf(other.body.url))).toContain("Quỳnh Mai");
  });
});

describe("the same bytes", () => {
  test("twice are one image, for whoever sends them", async () => {
    const bytes = await fresh();
    const [one, two] = [await sendPicture(house, bytes), await sendPicture(house, bytes, { key: house.reporterKey })];
    expect([one.status, two.status, two.body.id]).toEqual([201, 201, one.body.id]);
    await house.quiet();
    expect((await house.call("GET", `/images/${one.body.id}`, { key: house.reporterKey })).status).toBe(200);
    expect(
      house.s3.keys("media").filter((key) => key.startsWith("original/") && key.includes(one.body.id)),
    ).toHaveLength(1);
  });

  test("from several at the same moment make one image", async () => {
    const bytes = await fresh();
    const sent = await Promise.all(Array.from({ length: 6 }, () => sendPicture(house, bytes)));
    expect(sent.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 201));
    expect(new Set(sent.map(({ body }) => body.id)).size).toBe(1);
    await house.quiet();
    expect((await house.call("GET", `/images/${sent[0]?.body.id}`)).body.state).toBe("ready");
  });

  test("through two forms at the same moment make one image", async () => {
    const bytes = await fresh();
    const ask = { filename: "a.jpg", contentType: "image/jpeg", bytes: bytes.byteLength };
    const [a, b] = await Promise.all([0, 1].map(() => house.call("POST", "/images", { body: ask })));
    await Promise.all(
      [a, b].map(async (announced) => {
        const body = new FormData();
        for (const [name, value] of Object.entries<string>(announced?.body.upload.fields)) body.append(name, value);
        body.append("file", blobOf(bytes, "image/jpeg"));
        expect((await fetch(announced?.body.upload.url, { method: "POST", body })).status).toBe(204);
      }),
    );
    await house.quiet();
    const [x, y] = await Promise.all([a, b].map((one) => house.call("GET", `/images/${one?.body.id}`)));
    expect(x?.body).toMatchObject({ state: "ready" });
    expect(y?.body.id).toBe(x?.body.id);
  });
});

test("a picture that is made is left alone by the sweep", async () => {
  await readyPicture(house, await fresh());
  const before = house.functions.invocations.images;
  await house.clock.move(10 * 60_000);
  await house.quiet();
  expect(house.functions.invocations.images).toBe(before);
});

describe("a changed picture", () => {
  const rendersOf = (): number => house.log().split('"event":"article.live"').length - 1;
  let image = "";
  let paths: string[] = [];
  beforeEach(async () => {
    image = await readyPicture(house, await fresh(1400, 900));
    paths = [];
    for (let n = 0; n < 3; n++) {
      const over = { alt: undefined, caption: undefined, credit: undefined };
      const sent = await house.call("POST", "/articles", { body: story({ body: [figure(image, over)] }) });
      paths.push(pathOf(sent.body.url));
    }
    await house.quiet();
  });

  test("renders the stories that show it again, each once, whatever changed", async () => {
    const before = rendersOf();
    const patch = {
      alt: "Chợ nhìn từ trên cao",
      caption: "Chợ sáng thứ Bảy.",
      credit: "Hải An",
      focalPoint: { x: 0.1, y: 0.9 },
    };
    const answer = await house.call("PATCH", `/images/${image}`, { body: patch });
    expect(answer.body).toMatchObject(patch);
    await house.quiet();
    for (const path of paths) {
      const page = (await house.origin(path)) ?? "";
      for (const text of ["Chợ nhìn từ trên cao", "Chợ sáng thứ Bảy.", "Hải An"]) expect(page).toContain(text);
      for (const address of new Set(addressesIn(page))) expect((await house.read(address)).status, address).toBe(200);
    }
    expect(rendersOf() - before).toBe(3);
    const again = rendersOf();
    await house.call("PATCH", `/images/${image}`, { body: patch });
    await house.quiet();
    expect(rendersOf()).toBe(again);
  });

  test("is cut around its new focal point, in lists and for share cards", async () => {
    const cardOf = async (): Promise<string> =>
      addressesIn((await house.origin(paths[0] ?? "")) ?? "").find((one) => one.includes("-card-")) ?? "";
    const before = await cardOf();
    await house.call("PATCH", `/images/${image}`, { body: { focalPoint: { x: 0, y: 0 } } });
    await house.quiet();
    const after = await cardOf();
    expect(after).not.toBe(before);
    const bytesAt = async (path: string): Promise<Buffer> =>
      Buffer.from(await (await fetch(`${house.siteUrl}${path}`)).arrayBuffer());
    expect((await bytesAt(before)).equals(await bytesAt(after))).toBe(false);
  });

  test("keeps what a story says itself, and takes null for what was typed", async () => {
    const own = await house.call("POST", "/articles", { body: story({ body: [figure(image)] }) });
    await house.call("PATCH", `/images/${image}`, { body: { caption: "Của ảnh." } });
    await house.quiet();
    const page = (await house.origin(pathOf(own.body.url))) ?? "";
    expect([page.includes("Chú thích."), page.includes("Của ảnh.")]).toEqual([true, false]);
    expect((await house.call("PATCH", `/images/${image}`, { body: { caption: null } })).body).not.toHaveProperty(
      "caption",
    );
  });
});

describe("a story's lead image", () => {
  test("stands above the text, in lists, OpenGraph, JSON-LD and the feed", async () => {
    const [lead, other] = [await readyPicture(house, await fresh()), await readyPicture(house, await fresh())];
    const sent = await house.call("POST", "/articles", {
      body: story({
        leadImage: { image: lead, alt: "Cổng chợ", caption: "Cổng chợ phiên.", credit: "Quang Huy" },
        body: illustrated(other),
      }),
    });
    expect(sent.status, sent.text).toBe(201);
    expect(sent.body.leadImage).toMatchObject({ image: lead, credit: "Quang Huy" });
    await house.quiet();
    const page = (await house.origin(pathOf(sent.body.url))) ?? "";
    expect(page.split("<picture").length - 1).toBe(2);
    const main = page.slice(page.indexOf("<main"));
    expect(main.indexOf("Cổng chợ phiên.")).toBeGreaterThan(0);
    expect(main.indexOf("Cổng chợ phiên.")).toBeLessThan(main.indexOf("Sáng nay chợ họp lại."));
    expect(page).toMatch(/<meta property="og:image" content="[^"]+-card-[^"]+\.jpg"/);
    expect(
      JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(page)?.[1] ?? "{}").image[0],
    ).toMatchObject({
      "@type": "ImageObject",
      creditText: expect.stringContaining("Quang Huy"),
    });
    expect(await house.origin("/feed.xml")).toContain("<media:content");
    // Taken away again by a merge patch, the first figure leads.
    const patched = await house.call("PATCH", `/articles/${sent.body.id}`, {
      body: { leadImage: null },
      headers: { "if-match": sent.headers.get("etag") ?? "" },
    });
    expect(patched.body).not.toHaveProperty("leadImage");
  });
});

describe("what a picture says of itself", () => {
  test("is asked for by the site: a warning, or no publishing without", async () => {
    const image = await readyPicture(house, await fresh());
    const body = [figure(image, { alt: undefined, credit: undefined })];
    const draft = await house.call("POST", "/articles", { body: story({ status: "draft", body }) });
    const codes = draft.body.warnings.map((one: { code: string; pointer: string }) => `${one.code} ${one.pointer}`);
    expect(codes).toEqual(["picture-without-alt /body/0", "picture-without-credit /body/0"]);

    const { sections: _s, authors: _a, ...settings } = (await house.call("GET", "/site")).body;
    const set = (pictures: object | undefined) =>
      house.call("PUT", "/site", { key: house.adminKey, body: { ...settings, pictures } });
    expect((await set({ alt: "require", credit: "warn" })).status).toBe(200);
    const refused = await house.call("POST", `/articles/${draft.body.id}/publish`, { headers: { "if-match": '"s1"' } });
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map((fault: { pointer: string }) => fault.pointer)).toEqual(["/body/0/alt"]);
    await house.call("PATCH", `/images/${image}`, { body: { alt: "Chợ phiên" } });
    const done = await house.call("POST", `/articles/${draft.body.id}/publish`, { headers: { "if-match": '"s1"' } });
    expect(done.status, done.text).toBe(200);
    expect(done.body.warnings.map((one: { code: string }) => one.code)).toEqual(["picture-without-credit"]);
    expect((await set(undefined)).status).toBe(200);
  });
});

describe("who may do what", () => {
  test("a reporter sees, names and changes own pictures alone; an editor all", async () => {
    const [mine, theirs] = [
      await sendPicture(house, await fresh(), { key: house.reporterKey }),
      await sendPicture(house, await fresh()),
    ];
    const key = house.reporterKey;
    expect((await house.call("GET", `/images/${mine.body.id}`, { key })).status).toBe(200);
    expect((await house.call("GET", `/images/${mine.body.id}`)).status).toBe(200);
    expect((await house.call("GET", `/images/${theirs.body.id}`, { key })).status).toBe(404);
    expect((await house.call("PATCH", `/images/${theirs.body.id}`, { key, body: { alt: "x" } })).status).toBe(404);
    const named = await house.call("POST", "/articles", {
      key,
      body: story({ status: "draft", body: illustrated(mine.body.id, theirs.body.id) }),
    });
    expect(named.status).toBe(422);
    expect(named.body.errors).toMatchObject([{ pointer: "/body/2/image" }]);
  });

  test("a reporter may go on with a story in which an editor put a picture", async () => {
    const key = house.reporterKey;
    const draft = await house.call("POST", "/articles", { key, body: story({ status: "draft" }) });
    const image = await readyPicture(house, await fresh());
    const edited = await house.call("PATCH", `/articles/${draft.body.id}`, {
      body: { body: illustrated(image) },
      headers: { "if-match": '"s1"' },
    });
    expect(edited.status, edited.text).toBe(200);
    const again = await house.call("PATCH", `/articles/${draft.body.id}`, {
      key,
      body: { headline: "Chợ phiên họp lại", body: illustrated(image) },
      headers: { "if-match": '"s2"' },
    });
    expect(again.status, again.text).toBe(200);
  });
});

test("all can be seen before anything that can wait is done, though S3 tells twice of some", async () => {
  await house.quiet();
  const before = house.log().length;
  house.sqs.paused = true;
  const [one, two, last] = [await fresh(), await fresh(), await fresh()];
  // As it goes when pictures are sent alone, and again with their stories.
  for (const bytes of [one, two, one, two, one, two, last])
    expect((await sendPicture(house, bytes)).status).toBeLessThan(300);
  house.sqs.paused = false;
  await house.quiet();
  const lines: { event?: string; avif?: boolean }[] = house
    .log()
    .slice(before)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const made = lines.filter(({ event }) => event === "image.ready").map(({ avif }) => avif);
  expect(made).toEqual([false, false, false, true, true, true]);
});

test("a dry run of a picture, of an announcement or of a story with photos keeps nothing", async () => {
  await house.quiet();
  const before = { keys: house.s3.keys("media"), publicKeys: publicPictures(house), log: house.log().length };
  const bytes = await fresh();
  expect(
    (await house.call("POST", "/images?dryRun=1", { body: new Uint8Array(bytes), type: "image/jpeg" })).status,
  ).toBe(200);
  const announced = await house.call("POST", "/images?dryRun=1", {
    body: { filename: "a.jpg", contentType: "image/jpeg", bytes: 10 },
  });
  expect([announced.status, announced.body.upload]).toEqual([200, undefined]);
  const form = formOf({ text: JSON.stringify(story({ body: [{ _type: "figure" }] })), type: "application/json" }, [
    bytes,
  ]);
  expect((await fileForm(house, form, { query: "?dryRun=1" })).status).toBe(200);
  await house.quiet();
  expect({ keys: house.s3.keys("media"), publicKeys: publicPictures(house), log: house.log().length }).toEqual(before);
});
