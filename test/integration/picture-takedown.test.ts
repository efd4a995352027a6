import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Services } from "../../shared/store/services.ts";
import { loadState } from "../../shared/store/state.ts";
import { photo } from "../fixtures/pictures.ts";
import { commandOf } from "../fixtures/work.ts";
import { type Answer, story, testHouse, type TestHouse } from "../house.ts";
import {
  addressesIn,
  announceAndUpload,
  illustrated,
  publicPictures,
  readyPicture,
  sendPicture,
  withdraw,
} from "../pictures.ts";

/** Set, the next look-up of pictures waits for it: a renderer that has read its story and sleeps before it knows the pictures. */
let stall: Promise<void> | undefined;
let asleep = false;
const stalling = (services: Services): Services => ({
  ...services,
  table: {
    ...services.table,
    getMany: async (keys) => {
      const wait = stall;
      if (!wait || !keys.some(({ pk }) => pk.startsWith("IMAGE#"))) return services.table.getMany(keys);
      stall = undefined;
      asleep = true;
      await wait;
      return services.table.getMany(keys);
    },
  },
});

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse({ wrap: stalling });
});
afterAll(() => house.close());

let seed = 900;
const fresh = (width = 700, height = 500): Promise<Buffer> => photo({ width, height, seed: seed++ });
const pathOf = (answer: Answer): string => new URL(answer.body.url).pathname;
const publish = async (images: string[], over: Record<string, unknown> = {}): Promise<Answer> => {
  const sent = await house.call("POST", "/articles", { body: story({ body: illustrated(...images), ...over }) });
  expect(sent.status, sent.text).toBe(201);
  return sent;
};
const republish = async (id: string, images: string[]): Promise<void> => {
  const { headers } = await house.call("GET", `/articles/${id}`);
  const edited = await house.call("PATCH", `/articles/${id}`, {
    body: { body: illustrated(...images) },
    headers: { "if-match": headers.get("etag") ?? "" },
  });
  expect(edited.status, edited.text).toBe(200);
  const done = await house.call("POST", `/articles/${id}/publish`, {
    headers: { "if-match": edited.headers.get("etag") ?? "" },
  });
  expect(done.status, done.text).toBe(200);
};
const ofStory = (id: string): string[] => publicPictures(house).filter((key) => key.includes(id.toLowerCase()));
const statuses = async (keys: Iterable<string>): Promise<number[]> => {
  const found = new Set<number>();
  for (const key of keys) found.add((await house.read(key.startsWith("/") ? key : `/${key}`)).status);
  return [...found];
};
const minutes = async (n: number): Promise<void> => {
  for (let minute = 0; minute < n; minute++) {
    await house.clock.move(61_000);
    await house.quiet();
  }
};

describe("a render that sleeps between its story and its pictures, while the story is withdrawn", () => {
  test.each(["a picture becomes ready", "a picture gets another focal point"])(
    "and %s, makes nothing public",
    async (what) => {
      const bytes = await fresh();
      const isNew = what.includes("ready");
      house.sqs.paused = isNew;
      const image = (await sendPicture(house, bytes)).body.id;
      if (!isNew) await house.quiet();
      house.pump.held = true;
      const sent = await publish([image]);
      let wake = (): void => {};
      asleep = false;
      stall = new Promise<void>((resolve) => (wake = resolve));
      const late = house.functions.render(await commandOf(house, sent.body.id));
      while (!asleep) await new Promise((resolve) => setTimeout(resolve, 2));
      house.pump.held = false;
      await house.pump.quiet();
      await withdraw(house, sent.body.id);
      await house.pump.quiet();
      house.sqs.paused = false;
      if (!isNew) await house.call("PATCH", `/images/${image}`, { body: { focalPoint: { x: 0, y: 0 } } });
      await house.quiet();
      wake();
      await late;
      await house.quiet();
      await minutes(2);
      expect((await house.read(pathOf(sent))).status).toBe(410);
      expect((await statuses(ofStory(sent.body.id))).filter((status) => status !== 410)).toEqual([]);
      expect((await house.call("GET", `/images/${image}`)).body.state).toBe("ready");
    },
  );
});

test("more pictures than one batch holds, swapped while no renderer was up, are all taken off", async () => {
  const images: string[] = [];
  for (let n = 0; n < 104; n++) images.push((await sendPicture(house, await fresh(24, 18))).body.id);
  await house.quiet();
  const sent = await publish(images.slice(0, 30));
  await house.quiet();
  const first = ofStory(sent.body.id);
  house.pump.held = true;
  for (let from = 30; from < 104; from += 30) await republish(sent.body.id, images.slice(from, from + 30));
  await withdraw(house, sent.body.id);
  house.pump.held = false;
  await house.quiet();
  await minutes(2);
  expect(await statuses([...first, ...ofStory(sent.body.id)])).toEqual([410]);
  expect((await house.read(pathOf(sent))).status).toBe(410);
  expect((await loadState(house.functions.services.table, sent.body.id)).works).toEqual([]);
}, 120_000);

describe("two ids of one picture in a story", () => {
  /** A picture, and another id that turned out to be the same. */
  const pair = async (): Promise<[string, string]> => {
    const bytes = await fresh();
    const known = await readyPicture(house, bytes);
    const twin = await announceAndUpload(house, bytes);
    await house.quiet();
    return [known, twin];
  };
  const shown = async (sent: Answer): Promise<{ page: number; pictures: number[]; figures: number }> => {
    await house.quiet();
    await minutes(2);
    const { status, text } = await house.read(pathOf(sent));
    return {
      page: status,
      pictures: await statuses(new Set(addressesIn(text))),
      figures: text.split("<picture").length - 1,
    };
  };

  test("replace each other, and the page's pictures are there", async () => {
    const [known, twin] = await pair();
    const sent = await publish([twin]);
    await house.quiet();
    await republish(sent.body.id, [known]);
    expect(await shown(sent)).toEqual({ page: 200, pictures: [200], figures: 1 });
  });

  test("stand in it both, and one goes", async () => {
    const [known, twin] = await pair();
    const sent = await publish([twin, known]);
    await house.quiet();
    await republish(sent.body.id, [known]);
    expect(await shown(sent)).toEqual({ page: 200, pictures: [200], figures: 1 });
  });

  test("before and after a withdrawal are shown, and what was taken off stays off", async () => {
    const [known, twin] = await pair();
    const sent = await publish([twin]);
    await house.quiet();
    const before = ofStory(sent.body.id);
    await withdraw(house, sent.body.id);
    await house.quiet();
    await republish(sent.body.id, [known]);
    expect(await shown(sent)).toEqual({ page: 200, pictures: [200], figures: 1 });
    expect(await statuses(before)).toEqual([410]);
  });

  test("as lead image and as figure are shown once", async () => {
    const [known, twin] = await pair();
    const sent = await publish([known], { leadImage: { image: twin } });
    expect(await shown(sent)).toMatchObject({ page: 200, figures: 1 });
  });
});

test("a changed caption is on every story's page at the CDN at once, by a purge of its own for each", async () => {
  const image = await readyPicture(house, await fresh());
  const stories: Answer[] = [];
  const bare = { alt: undefined, caption: undefined, credit: undefined };
  for (let n = 0; n < 4; n++) {
    const body = [{ _type: "figure", image, ...bare }];
    stories.push(await house.call("POST", "/articles", { body: story({ headline: `Tin ${n}`, body }) }));
  }
  await house.quiet();
  for (const sent of stories) expect((await house.read(pathOf(sent))).status).toBe(200);
  await house.call("PATCH", `/images/${image}`, { body: { caption: "Chú thích đã sửa." } });
  await house.quiet();
  for (const sent of stories) expect((await house.read(pathOf(sent))).text).toContain("Chú thích đã sửa.");
  await minutes(2);
  for (const sent of stories) expect((await loadState(house.functions.services.table, sent.body.id)).works).toEqual([]);
});

test("a new story whose pictures come after it purges nothing, and shows them within seconds", async () => {
  const asked = (): number => house.log().split('"event":"purge.asked"').length;
  const before = asked();
  house.sqs.paused = true;
  const image = (await sendPicture(house, await fresh())).body.id;
  const sent = await publish([image]);
  await house.pump.quiet();
  expect((await house.read(pathOf(sent))).text).not.toContain("<picture");
  house.sqs.paused = false;
  await house.quiet();
  await house.clock.move(41_000);
  expect((await house.read(pathOf(sent))).text).toContain("<picture");
  await minutes(2);
  expect(asked()).toBe(before);
});

test("a picture that has not been uploaded yet cannot be published: nobody has seen it", async () => {
  const announced = await house.call("POST", "/images", {
    body: { filename: "a.jpg", contentType: "image/jpeg", bytes: 1000 },
  });
  const sent = await house.call("POST", "/articles", { body: story({ body: illustrated(announced.body.id) }) });
  expect(sent.status).toBe(422);
  expect(sent.body.errors).toMatchObject([{ pointer: "/body/1/image", detail: "has not been uploaded yet" }]);
  const draft = await house.call("POST", "/articles", {
    body: story({ status: "draft", body: illustrated(announced.body.id) }),
  });
  expect(draft.status, draft.text).toBe(201);
});
