import { AsyncLocalStorage } from "node:async_hooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renditionsOf } from "../../shared/domain/rendition.ts";
import type { Services } from "../../shared/store/services.ts";
import { accepted, photo, refused } from "../fixtures/pictures.ts";
import { type Dump, dumpedHouse } from "../dump.ts";
import { story, type TestHouse } from "../house.ts";
import { blobOf, illustrated, publicPictures, sendPicture } from "../pictures.ts";

/** What goes wrong in one invocation (the first set, or AVIF behind it): at its nth call, before or after it took effect. */
type Fault = { turn: "first set" | "avif"; at: number; mode: "dies before" | "dies after" | "fails once" };
type Run = Fault & { calls: number; dead: boolean };

const runs = new AsyncLocalStorage<Run>();

const step = async <Result>(effect: () => Promise<Result>): Promise<Result> => {
  const run = runs.getStore();
  if (!run) return effect();
  // A process that is no more makes no further call, and runs no `finally` either.
  if (run.dead) throw new Error("The process is no more.");
  const here = run.calls++ === run.at;
  if (!here) return effect();
  run.dead = run.mode !== "fails once";
  if (run.mode !== "dies after") throw new Error("The call has failed.");
  await effect();
  throw new Error("The answer is lost.");
};

/** Every call that leaves the process is a step. */
const stepping = <Port extends object>(port: Port): Port =>
  new Proxy(port, {
    get: (target, name) => {
      const call: unknown = Reflect.get(target, name);
      return typeof call === "function"
        ? (...args: unknown[]) => step(async () => Reflect.apply(call, target, args))
        : call;
    },
  });

const faulty = (services: Services): Services => ({
  ...services,
  table: stepping(services.table),
  media: stepping(services.media),
  imageQueue: stepping(services.imageQueue),
  laterQueue: stepping(services.laterQueue),
});

let house: TestHouse;
let dump: () => Promise<Dump>;
let fault: Fault | undefined;
let last: Run | undefined;
beforeAll(async () => {
  ({ house, dump } = await dumpedHouse({ wrap: faulty }));
  const { images } = house.functions;
  house.functions.images = (event) => {
    // S3's own word brings the first set; ours, which names the picture, brings AVIF.
    const turn = event.Records[0]?.body.includes("Object Created") ? "first set" : "avif";
    if (fault?.turn !== turn) return images(event);
    last = { ...fault, calls: 0, dead: false };
    fault = undefined;
    return runs.run(last, () => images(event));
  };
});
afterAll(() => house.close());

const SIZE = { width: 64, height: 48 };
let seed = 500;

/** A story and its picture, with this fault on the way; answers whether the fault was met. */
const through = async (planned: Fault): Promise<boolean> => {
  const bytes = await photo({ ...SIZE, seed: seed++ });
  fault = planned;
  const sent = await sendPicture(house, bytes);
  const published = await house.call("POST", "/articles", { body: story({ body: illustrated(sent.body.id) }) });
  await house.quiet();
  const met = last !== undefined && last.calls > planned.at;
  for (let minutes = 0; minutes < 20; minutes++) {
    await house.clock.move(60_000);
    await house.quiet();
  }
  const { body } = await house.call("GET", `/images/${sent.body.id}`);
  expect({ planned, state: body.state }).toEqual({ planned, state: "ready" });
  const page = (await house.origin(new URL(published.body.url).pathname)) ?? "";
  expect({ planned, avif: page.includes(".avif"), webp: page.includes(".webp") }).toEqual({
    planned,
    avif: true,
    webp: true,
  });
  const made = house.s3.keys("media").filter((key) => key.startsWith(`rendition/${sent.body.id}/`));
  expect(made).toHaveLength(renditionsOf(SIZE).length);
  expect(house.s3.keys("media").filter((key) => key === `upload/${sent.body.id}`)).toEqual([]);
  return met;
};

describe("a crash at each step of making a picture", () => {
  const turns = ["first set", "avif"] as const;
  const modes = ["dies before", "dies after", "fails once"] as const;
  test.each(turns.flatMap((turn) => modes.map((mode) => ({ turn, mode }))))(
    "heals by itself: $turn, it $mode",
    async ({ turn, mode }) => {
      let at = 0;
      for (; at < 80 && (await through({ turn, at, mode })); at++);
      // As many as there are renditions of so small a picture, and some calls more.
      expect(at).toBeGreaterThan(5);
      expect(at).toBeLessThan(80);
    },
    300_000,
  );
});

describe("a file that is sent", () => {
  test("as one of many kinds makes the right picture", async () => {
    for (const { name, bytes, type, width, height } of await accepted()) {
      const sent = await sendPicture(house, bytes, { type });
      expect({ name, status: sent.status, text: sent.text }).toMatchObject({ name, status: 201 });
      await house.quiet();
      const { body } = await house.call("GET", `/images/${sent.body.id}`);
      expect({ name, ...body }).toMatchObject({ name, state: "ready", width, height });
    }
  });

  test("as no picture, a broken one or a trap is refused, nothing is kept, and the house lives", async () => {
    await house.quiet();
    const before = await dump();
    for (const { name, bytes, type, by } of await refused()) {
      if (by !== "look") continue;
      const sent = await sendPicture(house, bytes, { type });
      expect({ name, status: [415, 422].includes(sent.status) }, sent.text).toEqual({ name, status: true });
    }
    await house.quiet();
    expect(await dump()).toEqual(before);
    expect((await house.call("GET", "/health")).status).toBe(200);
  });

  test("straight to the store is refused there, whatever its header says, and its bytes go", async () => {
    const rows = (await refused()).filter(({ bytes }) => bytes.length > 0);
    for (const { name, bytes, type, reason } of rows) {
      const announced = await house.call("POST", "/images", {
        body: { filename: `${name}.jpg`, contentType: type, bytes: bytes.length },
      });
      expect(announced.status, name).toBe(201);
      const body = new FormData();
      for (const [field, value] of Object.entries<string>(announced.body.upload.fields)) body.append(field, value);
      body.append("file", blobOf(bytes, type), "photo.jpg");
      expect((await fetch(announced.body.upload.url, { method: "POST", body })).status, name).toBe(204);
      await house.quiet();
      const { body: image } = await house.call("GET", `/images/${announced.body.id}`);
      expect({ name, state: image.state }).toEqual({ name, state: "refused" });
      expect(house.log()).toContain(`"image.refused","image":"${image.id}","code":"${reason}"`);
      expect(
        house.s3.keys("media").filter((key) => key.includes(image.id)),
        name,
      ).toEqual([]);
    }
    expect(publicPictures(house).length).toBeGreaterThan(0);
  });
});
