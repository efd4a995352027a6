import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Resolve } from "../../shared/runtime/guarded/lookup.ts";
import { bytes, foreignWeb, type Page, status } from "../fixtures/foreign-web.ts";
import { CANARY, laden, photo } from "../fixtures/pictures.ts";
import { HEIC } from "../fixtures/picture/hostile.ts";
import { articleOf, eventsOf, settled, signedSource, standardSource, told } from "../hooks.ts";
import { type Json, testHouse, type TestHouse } from "../house.ts";
import { addressesIn, publicFiles } from "../pictures.ts";

let house: TestHouse;
let web: Awaited<ReturnType<typeof foreignWeb>>;
let send: Awaited<ReturnType<typeof standardSource>>["send"];
let jpeg: Buffer;

/** A name of which nothing is known at first, and which leads inside from then on. */
let lookups = 0;
const resolve: Resolve = async (host) => {
  if (host === "doi-ten.example.vn" && ++lookups > 1) return [{ address: "127.0.0.1" }];
  if (host === "trong-nha.example.vn") return [{ address: "93.184.215.14" }, { address: "10.0.0.7" }];
  throw Object.assign(new Error("There is none."), { code: "EAI_AGAIN" });
};

beforeAll(async () => {
  web = await foreignWeb({ ms: 1500, resolve });
  house = await testHouse(web.options);
  ({ send } = await standardSource(house, "anh"));
  jpeg = await photo({ width: 640, height: 480 });
});
afterAll(async () => {
  await house.close();
  await web.close();
});

let n = 0;
let story = "";
beforeEach(() => {
  story = `a-${++n}`;
});
const HOST = "https://anh.example.vn";
const V = "2026-11-20T01:00:00Z";
const withPicture = (url: string): Promise<Json> =>
  settled(house, "anh", send(told({ externalId: story, picture: { url, alt: "Ảnh" } }, V)));
const page = async (): Promise<string> => {
  const article = await articleOf(house, "anh", story);
  expect(article?.status).toBe("published");
  return (await house.read(new URL(article.url).pathname)).text;
};
const imagesIn = ({ body }: Json): (string | undefined)[] =>
  body.filter(({ _type }: Json) => _type === "figure").map(({ image }: Json) => image);
/** Nothing of where the house lives, and nothing of what lies inside. */
const INSIDE = /127\.0\.0\.1|169\.254|10\.0\.0\.7|93\.184|localhost|ECONN|ENOTFOUND|EAI_|getaddrinfo|latest\/meta/;

const endless: Page = (response) => {
  response.writeHead(200, { "content-type": "image/jpeg" });
  const block = Buffer.alloc(1024 * 1024, 0xff);
  const more = (): void => {
    while (!response.destroyed && response.write(block));
  };
  response.on("drain", more);
  response.write(jpeg);
  more();
};
const slow: Page = (response) => {
  response.writeHead(200, { "content-type": "image/jpeg" });
  response.write(jpeg.subarray(0, 100));
};

test.each<[what: string, url: string, pages: Record<string, () => Page>, reason: RegExp]>([
  [
    "redirects to the metadata service",
    `${HOST}/chuyen`,
    { [`${HOST}/chuyen`]: () => status(302, { location: "http://169.254.169.254/latest/meta-data/" }) },
    /not https on port 443/,
  ],
  [
    "redirects to it over https",
    `${HOST}/chuyen-s`,
    { [`${HOST}/chuyen-s`]: () => status(302, { location: "https://169.254.169.254/latest/meta-data/" }) },
    /not public/,
  ],
  ["has an address inside among others", "https://trong-nha.example.vn/a.jpg", {}, /not public/],
  ["never ends", `${HOST}/mai`, { [`${HOST}/mai`]: () => endless }, /larger than 15728640 bytes/],
  ["is not there", `${HOST}/khong`, { [`${HOST}/khong`]: () => status(404) }, /status 404/],
  ["is no picture", `${HOST}/chu`, { [`${HOST}/chu`]: () => bytes("<html>Không</html>", "image/jpeg") }, /./],
  ["is HEIC", `${HOST}/heic`, { [`${HOST}/heic`]: () => bytes(Object.values(HEIC)[0] ?? "", "image/heic") }, /HEIC/],
])("a picture that %s: the story is up without it, and says why", async (_what, url, pages, reason) => {
  for (const [at, make] of Object.entries(pages)) web.pages.set(at, make());
  const event = await withPicture(url);
  expect(event).toMatchObject({
    state: "done",
    attempts: 1,
    outcomes: [
      { action: "created", warnings: [{ code: "picture-not-fetched", detail: expect.stringMatching(reason) }] },
    ],
  });
  const { request: _request, ...shown } = event;
  expect(JSON.stringify(shown)).not.toMatch(INSIDE);
  expect(addressesIn(await page())).toEqual([]);
});

test("a name that leads inside from the second look-up on is refused then", async () => {
  const event = await withPicture("https://doi-ten.example.vn/a.jpg");
  expect(event).toMatchObject({ state: "retrying", outcomes: [{ action: "waiting" }] });
  await house.clock.move(61_000);
  await house.quiet();
  const [again] = await eventsOf(house, "anh");
  expect(again).toMatchObject({
    state: "done",
    attempts: 2,
    outcomes: [{ warnings: [{ detail: expect.stringContaining("not public") }] }],
  });
  expect(JSON.stringify(again)).not.toMatch(INSIDE);
  expect(lookups).toBe(2);
});

test("one that fails at first comes at the next try; the story is up at once without it", async () => {
  web.pages.set(`${HOST}/lai.jpg`, status(500));
  const event = await withPicture(`${HOST}/lai.jpg`);
  expect(event).toMatchObject({
    state: "retrying",
    reason: "A picture could not be fetched yet; the story stands without it.",
    outcomes: [{ action: "waiting", warnings: [{ detail: expect.stringContaining("status 500") }] }],
  });
  expect(addressesIn(await page())).toEqual([]);
  web.pages.set(`${HOST}/lai.jpg`, bytes(jpeg));
  await house.clock.move(61_000);
  await house.quiet();
  const [again] = await eventsOf(house, "anh");
  expect(again).toMatchObject({ state: "done", attempts: 2, outcomes: [{ action: "updated" }] });
  expect(again.outcomes[0]).not.toHaveProperty("warnings");
  expect(addressesIn(await page()).length).toBeGreaterThan(0);
});

test("one that never ends to come counts as slow, and is given up before the last tries, which are the text's alone", async () => {
  web.pages.set(`${HOST}/cham.jpg`, slow);
  const event = await withPicture(`${HOST}/cham.jpg`);
  expect(event).toMatchObject({
    state: "retrying",
    outcomes: [{ warnings: [{ detail: expect.stringContaining("did not answer within") }] }],
  });
  web.pages.set(`${HOST}/cham.jpg`, status(503));
  for (let hour = 0; hour < 12; hour++) {
    await house.clock.move(3_600_000);
    await house.quiet();
  }
  const [last] = await eventsOf(house, "anh");
  expect(last).toMatchObject({
    state: "done",
    attempts: 8,
    outcomes: [{ action: "unchanged", warnings: [{ code: "picture-not-fetched" }] }],
  });
  expect(addressesIn(await page())).toEqual([]);
});

test("an event of which a newer one was taken meanwhile fetches nothing for it", async () => {
  web.pages.set(`${HOST}/cu.jpg`, bytes(jpeg));
  await settled(house, "anh", send(told({ externalId: story }, "2026-11-20T05:00:00Z")));
  const old = await withPicture(`${HOST}/cu.jpg`);
  expect(old.outcomes).toMatchObject([{ action: "stale" }]);
  expect(web.asked.filter((url) => url === `${HOST}/cu.jpg`)).toEqual([]);
});

test("pictures in HTML and in Markdown become figures of the page, each once", async () => {
  const colours = await Promise.all([1, 2].map((seed) => photo({ width: 320, height: 200 + seed * 20 })));
  colours.forEach((picture, at) => web.pages.set(`${HOST}/than-${at}.jpg`, bytes(picture)));
  const html = `<p>Mở.</p><figure><img src="${HOST}/than-0.jpg" alt="Một"><figcaption>Chú một</figcaption></figure><p>Kết.</p>`;
  const first = await settled(
    house,
    "anh",
    send(told({ externalId: story, body: { format: "html", content: html } }, V)),
  );
  expect(first.outcomes).toMatchObject([{ action: "created" }]);
  const shown = await page();
  for (const part of ["Chú một", 'alt="Một"']) expect(shown.includes(part), part).toBe(true);
  const [before] = imagesIn(await articleOf(house, "anh", story));
  const two = `Mở.\n\n![Hai](${HOST}/than-1.jpg)\n\nGiữa.\n\n![Một lại](${HOST}/than-0.jpg)\n`;
  await settled(
    house,
    "anh",
    send(told({ externalId: story, body: { format: "markdown", content: two } }, "2026-11-20T02:00:00Z")),
  );
  const figures = imagesIn(await articleOf(house, "anh", story));
  expect((await page()).match(/<figure/g)).toHaveLength(2);
  // The bytes of the first were there already.
  expect(figures).toEqual([expect.any(String), before]);
});

test("where the camera was is on no public picture", async () => {
  const { send: ghost } = await signedSource(house, "gps", { kind: "ghost" });
  web.pages.set(`${HOST}/gps.jpg`, bytes(await laden()));
  const post = { id: "g1", status: "published", title: "Lũ", html: "<p>Lũ lên.</p>", feature_image: `${HOST}/gps.jpg` };
  const event = await settled(house, "gps", ghost({ post: { current: post, previous: { status: "draft" } } }));
  expect(event).toMatchObject({ state: "done", outcomes: [{ action: "created" }] });
  expect((await articleOf(house, "gps", "g1")).leadImage).toBeDefined();
  const files = await publicFiles(house);
  expect([...files.keys()].filter((key) => key.startsWith("images/")).length).toBeGreaterThan(0);
  expect(
    [...files].filter(([, file]) => file.includes(CANARY) || file.includes("Exif\0\0")).map(([key]) => key),
  ).toEqual([]);
});
