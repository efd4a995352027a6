import { parse } from "exifr";
import { load } from "exifreader";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commandOf } from "../fixtures/work.ts";
import { CANARY, laden, photo } from "../fixtures/pictures.ts";
import { story, testHouse, type TestHouse } from "../house.ts";
import { addressesIn, illustrated, publicFiles, publicPictures, readyPicture, withdraw } from "../pictures.ts";

let house: TestHouse;
beforeEach(async () => {
  house = await testHouse();
});
afterEach(() => house.close());

const pathOf = (url: string): string => new URL(url).pathname;

/** What two independent readers find in a picture besides pixels: names of whole blocks. */
const blocksIn = async (bytes: Buffer): Promise<string[]> => {
  const options = {
    tiff: true,
    exif: true,
    gps: true,
    iptc: true,
    xmp: true,
    icc: true,
    jfif: false,
    mergeOutput: false,
  };
  const one: object = (await parse(bytes, options).catch(() => undefined)) ?? {};
  const two: object = load(bytes, { expanded: true });
  return [...Object.keys(one).map((name) => name.toLowerCase()), ...Object.keys(two).map((name) => name.toLowerCase())];
};
/** Pixels and colour: how large it is, how it is coded, which colours it means. */
const HARMLESS = new Set(["file", "icc", "jfif", "ihdr", "riff", "png"]);

describe("a photographer's position", () => {
  test.each(["jpg", "png", "webp", "avif"] as const)("in a %s is in no byte that is public", async (format) => {
    const type = format === "jpg" ? "image/jpeg" : `image/${format}`;
    const original = await laden(format);
    expect(original.includes(CANARY)).toBe(true);
    const sent = await house.call("POST", "/images", { body: new Uint8Array(original), type });
    expect(sent.status, sent.text).toBe(201);
    const published = await house.call("POST", "/articles", { body: story({ body: illustrated(sent.body.id) }) });
    await house.quiet();
    const pictures = publicPictures(house);
    expect(pictures.some((key) => key.endsWith("avif"))).toBe(true);
    expect(await house.origin(pathOf(published.body.url))).toContain("<picture");
    for (const [key, bytes] of await publicFiles(house)) expect(bytes.includes(CANARY), key).toBe(false);
    expect(house.log()).not.toContain(CANARY);
    const files = await publicFiles(house);
    for (const key of pictures) {
      const found = await blocksIn(files.get(key) ?? Buffer.alloc(0));
      expect({ key, found: found.filter((name) => !HARMLESS.has(name)) }).toEqual({ key, found: [] });
    }
    // The original is as it came, where nobody but the newsroom can read it.
    const kept = await fetch(`${house.s3.url}/media/original/${sent.body.id}`);
    expect(Buffer.from(await kept.arrayBuffer()).equals(original)).toBe(true);
  });

  test("would be found: both readers see all of it in the original", async () => {
    const found = await blocksIn(await laden());
    expect(found).toEqual(expect.arrayContaining(["gps", "exif", "iptc", "xmp"]));
  });
});

test("a draft's pictures have no public key, whatever becomes of them", async () => {
  const image = await readyPicture(house, await photo({ width: 700, height: 500, seed: 1 }));
  const draft = await house.call("POST", "/articles", { body: story({ status: "draft", body: illustrated(image) }) });
  await house.call("PATCH", `/images/${image}`, { body: { focalPoint: { x: 0, y: 0 }, caption: "Mật" } });
  await house.quiet();
  expect(publicPictures(house)).toEqual([]);
  // An edit of a published story that nobody has published yet is a draft too.
  const live = await house.call("POST", "/articles", { body: story() });
  await house.call("PATCH", `/articles/${live.body.id}`, {
    body: { body: illustrated(image) },
    headers: { "if-match": '"s1"' },
  });
  await house.quiet();
  expect(publicPictures(house)).toEqual([]);
  expect(draft.status).toBe(201);
});

describe("a picture that is taken off", () => {
  const statuses = async (addresses: Iterable<string>): Promise<number[]> => {
    const found = new Set<number>();
    for (const address of addresses) found.add((await house.read(`/${address}`)).status);
    return [...found];
  };
  const published = async () => {
    const image = await readyPicture(house, await photo({ width: 1300, height: 900, seed: 2 }));
    const sent = await house.call("POST", "/articles", { body: story({ body: illustrated(image) }) });
    return { image, id: String(sent.body.id), path: pathOf(sent.body.url) };
  };

  test("with its story answers 410 everywhere, for good; published again it has new addresses", async () => {
    const { id, path } = await published();
    await house.quiet();
    const keys = publicPictures(house);
    expect(await statuses(keys)).toEqual([200]);
    await withdraw(house, id);
    await house.quiet();
    await house.clock.move(61_000);
    await house.quiet();
    expect(await statuses([...keys, path.slice(1)])).toEqual([410]);
    for (const list of ["/", "/thoi-su", "/feed.xml"]) expect(await house.origin(list)).not.toContain(path);

    const { body: now } = await house.call("GET", `/articles/${id}`);
    const again = await house.call("POST", `/articles/${id}/publish`, { headers: { "if-match": `"s${now.seq}"` } });
    expect(again.status, again.text).toBe(200);
    await house.quiet();
    await house.clock.move(61_000);
    expect(await statuses(keys)).toEqual([410]);
    const shown = addressesIn((await house.read(path)).text);
    expect(shown.length).toBeGreaterThan(0);
    expect(await statuses(new Set(shown.map((address) => address.slice(1))))).toEqual([200]);
  });

  test("in a new revision of its story answers 410, and the others stay where they are", async () => {
    const { image, id, path } = await published();
    const other = await readyPicture(house, await photo({ width: 900, height: 900, seed: 3 }));
    const publish = async (body: unknown): Promise<void> => {
      const { headers } = await house.call("GET", `/articles/${id}`);
      const edited = await house.call("PATCH", `/articles/${id}`, {
        body: { body },
        headers: { "if-match": headers.get("etag") ?? "" },
      });
      expect(edited.status, edited.text).toBe(200);
      const sent = await house.call("POST", `/articles/${id}/publish`, {
        headers: { "if-match": edited.headers.get("etag") ?? "" },
      });
      expect(sent.status, sent.text).toBe(200);
      await house.quiet();
    };
    await publish(illustrated(image, other));
    const both = publicPictures(house);
    await publish(illustrated(other));
    await house.clock.move(61_000);
    await house.quiet();
    const shown = new Set(addressesIn((await house.read(path)).text).map((address) => address.slice(1)));
    expect(await statuses(shown)).toEqual([200]);
    const gone = both.filter((key) => [410].includes(0) || !shown.has(key));
    const left = await Promise.all(gone.map(async (key) => (await house.read(`/${key}`)).status));
    expect(left).toContain(410);
    // And back again: at other addresses, for the old ones say 410 for ever.
    await publish(illustrated(image, other));
    const back = addressesIn((await house.origin(path)) ?? "");
    expect(await statuses(new Set(back.map((address) => address.slice(1))))).toEqual([200]);
  });

  /** A render that read the published story sleeps in its copies, while the story is withdrawn. Answers what its pictures say then. */
  const lateTwin = async (): Promise<number[]> => {
    house.pump.held = true;
    const { id } = await published();
    let wake = (): void => {};
    const slept = new Promise<void>((resolve) => (wake = resolve));
    let asleep = 0;
    house.s3.gate = async ({ name, bucket }) => {
      if (name !== "CopyObject" || bucket !== "site") return;
      asleep++;
      await slept;
    };
    const twin = house.functions.render(await commandOf(house, id));
    while (asleep < 16) await new Promise((resolve) => setTimeout(resolve, 5));
    delete house.s3.gate;
    house.pump.held = false;
    await house.quiet();
    const keys = publicPictures(house);
    await withdraw(house, id);
    await house.quiet();
    wake();
    await twin;
    await house.quiet();
    await house.clock.move(61_000);
    await house.quiet();
    return statuses([...keys, ...publicPictures(house)]);
  };

  test("stays off though a late twin of the copy runs afterwards", async () => {
    expect(await lateTwin()).toEqual([410]);
  });

  test("would come back by that twin if copies did not look (the test of the test)", async () => {
    house.s3.honourPreconditions = false;
    expect(await lateTwin()).toContain(200);
  });
});
