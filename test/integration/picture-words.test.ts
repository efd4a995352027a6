import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Status } from "../../shared/domain/article.ts";
import { USE_PREFIX } from "../../shared/store/layout.ts";
import type { Services } from "../../shared/store/services.ts";
import { type Desk, deskOf, FAR, type Person } from "../fixtures/desk.ts";
import { photo } from "../fixtures/pictures.ts";
import { type Answer, story, testHouse, type TestHouse } from "../house.ts";
import { illustrated, sendPicture, uploadWith } from "../pictures.ts";

/** What happens between the next look at a picture's uses and what whoever looked does then. */
let meanwhile: (() => Promise<unknown>) | undefined;
/** How many writes the transactions had. */
const sizes: number[] = [];

const watched = (services: Services): Services => ({
  ...services,
  table: {
    ...services.table,
    query: async (ask) => {
      const items = await services.table.query(ask);
      const happens = ask.from?.startsWith(USE_PREFIX) ? meanwhile : undefined;
      if (happens) meanwhile = undefined;
      await happens?.();
      return items;
    },
    transact: (writes) => {
      sizes.push(writes.length);
      return services.table.transact(writes);
    },
  },
});

let house: TestHouse;
let desk: Desk;
let otherId = "";
beforeAll(async () => {
  house = await testHouse({ wrap: watched });
  desk = await deskOf(house);
  const { items } = (await house.call("GET", "/keys", { key: house.adminKey })).body;
  otherId = items.find(({ name }: { name: string }) => name === "Người khác").id;
});
afterAll(() => house.close());

let seed = 9100;
const fresh = (): Promise<Buffer> => photo({ width: 64, height: 48, seed: seed++ });
/** A picture that the reporter sent; its id. */
const picture = async (): Promise<string> => {
  const sent = await sendPicture(house, await fresh(), { key: desk.token("owner") });
  expect(sent.status, sent.text).toBe(201);
  await house.quiet();
  return sent.body.id;
};
/** One picture that was sent twice, at first unseen: its two ids. */
const twins = async (): Promise<[string, string]> => {
  const bytes = await fresh();
  const key = desk.token("owner");
  const first = await sendPicture(house, bytes, { key });
  await house.quiet();
  const body = { filename: "a.jpg", contentType: "image/jpeg", bytes: bytes.length };
  const twin = (await house.call("POST", "/images", { key, body })).body;
  expect(await uploadWith(twin.upload, bytes)).toBe(204);
  await house.quiet();
  return [first.body.id, twin.id];
};
const bareFigure = (image: string) => [
  { _type: "block", children: [{ _type: "span", text: "Tin." }] },
  { _type: "figure", image },
];
const PLACES: Record<string, (image: string) => Record<string, unknown>> = {
  "a figure": (image) => ({ body: bareFigure(image) }),
  "the lead image": (image) => ({ leadImage: { image } }),
};

const say = (who: Person, image: string, words: Record<string, unknown>): Promise<Answer> =>
  desk.ask(who, "PATCH", `/images/${image}`, { body: words });
const wordsOf = async (image: string): Promise<Record<string, unknown>> => {
  const { alt, caption, credit } = (await desk.ask("editor", "GET", `/images/${image}`)).body;
  return { alt, caption, credit };
};
const FIELDS = ["alt", "caption", "credit"] as const;

/** The reporter is refused whatever is said, and told what to do instead; an editor is not. */
const expectBarred = async (image: string): Promise<void> => {
  const before = await wordsOf(image);
  for (const field of FIELDS) {
    const refused = await say("owner", image, { [field]: "Chưa ai đọc." });
    expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining("in the story itself")]);
  }
  expect((await say("owner", image, { focalPoint: { x: 0, y: 0 } })).status).toBe(403);
  expect(await wordsOf(image)).toEqual(before);
  for (const field of FIELDS) expect((await say("editor", image, { [field]: `Biên tập ${image}` })).status).toBe(200);
};
const expectFree = async (image: string): Promise<void> => {
  for (const field of FIELDS) expect((await say("owner", image, { [field]: `Lời ${field}` })).status).toBe(200);
};

const PASSED: Status[] = ["in-review", "approved", "scheduled", "published", "withdrawn"];

describe.each(Object.keys(PLACES))("what is said of the picture of %s", (place) => {
  test("is its reporter's to change in a draft", async () => {
    const image = await picture();
    const draft = await desk.storyIn("draft", PLACES[place]?.(image));
    await expectFree(image);
    expect((await desk.get(draft)).body).toMatchObject({ status: "draft", seq: draft.body.seq });
  });

  test.each(PASSED)("is an editor's once the story is %s", async (status) => {
    const image = await picture();
    const sent = await desk.storyIn(status, PLACES[place]?.(image));
    await expectBarred(image);
    expect((await desk.get(sent)).body).toMatchObject({ status, seq: sent.body.seq });
  });
});

test("readers of a story that was approved and scheduled see the words that were approved", async () => {
  const image = await picture();
  await say("owner", image, { caption: "Đã đọc." });
  const approved = await desk.storyIn("approved", { body: bareFigure(image) });
  await say("owner", image, { caption: "Chưa ai đọc." });
  const at = new Date(house.clock.now() + 60_000).toISOString();
  expect((await desk.move("editor", approved, "publish", { at })).status).toBe(200);
  await say("owner", image, { caption: "Chưa ai đọc." });
  await house.clock.move(61_000);
  await house.quiet();
  const page = await house.read(new URL((await desk.get(approved)).body.url).pathname);
  expect([page.status, page.text.includes("Đã đọc."), page.text.includes("Chưa ai đọc.")]).toEqual([200, true, false]);
});

test.each(["in-review", "approved"] as const)(
  "a story that is %s and rejected leaves them to the reporter again",
  async (status) => {
    const image = await picture();
    const sent = await desk.storyIn(status, { leadImage: { image } });
    await expectBarred(image);
    const rejected = await desk.move("editor", sent, "reject", { note: "Sửa chú thích." });
    expect(rejected.status, rejected.text).toBe(200);
    await expectFree(image);
    expect((await desk.move("owner", rejected, "submit")).status).toBe(200);
    await expectBarred(image);
  },
);

test("a reporter who takes a story back by an edit may change them, and may not once it is unscheduled into review", async () => {
  const image = await picture();
  const sent = await desk.storyIn("in-review", { leadImage: { image } });
  expect((await desk.edit("owner", sent, { kicker: "Lấy lại" })).body.status).toBe("draft");
  await expectFree(image);
  const other = await picture();
  const scheduled = await desk.move(
    "editor",
    await desk.storyIn("in-review", { leadImage: { image: other } }),
    "publish",
    { at: FAR },
  );
  expect((await desk.move("editor", scheduled, "unschedule")).body.status).toBe("in-review");
  await expectBarred(other);
});

describe("a story that is scheduled, and edited meanwhile,", () => {
  test("uses the pictures of both revisions, until it is a draft without one of them", async () => {
    const [pinned, later] = [await picture(), await picture()];
    const scheduled = await desk.storyIn("scheduled", { leadImage: { image: pinned } });
    const edited = await desk.edit("owner", scheduled, { leadImage: { image: later } });
    expect([edited.status, edited.body.status]).toEqual([200, "scheduled"]);
    await expectBarred(pinned);
    await expectBarred(later);
    const back = await desk.move("editor", await desk.get(edited), "unschedule");
    expect(back.body.status).toBe("draft");
    await expectFree(pinned);
    await expectFree(later);
  });
});

test("a story that is published uses the picture of a private edit too, and tells no reader of it", async () => {
  const [shown, hidden] = [await picture(), await picture()];
  const published = await desk.storyIn("published", { leadImage: { image: shown } });
  await house.quiet();
  expect((await desk.edit("owner", published, { leadImage: { image: hidden } })).status).toBe(200);
  await expectBarred(shown);
  await expectBarred(hidden);
  await house.quiet();
  const before = house.log().split('"article.live"').length;
  expect((await say("editor", hidden, { caption: "Chưa đăng." })).status).toBe(200);
  await house.quiet();
  expect(house.log().split('"article.live"').length).toBe(before);
  expect([...(await house.publicBytes()).values()].some((text) => text.includes(hidden))).toBe(false);
});

test("an id of a picture that is another's twin is as good as its own", async () => {
  const [first, twin] = await twins();
  const draft = await desk.storyIn("draft", { leadImage: { image: twin } });
  meanwhile = () => desk.move("owner", draft, "submit");
  expect((await say("owner", first, { caption: "Chưa ai đọc." })).status).toBe(403);
  await expectBarred(first);
  await expectBarred(twin);
});

describe("a change that was decided before the story got there", () => {
  /** Whether what happens in between went through, how the change was answered, and the words in the end. */
  const outcome = async (image: string, happens: () => Promise<Answer>): Promise<unknown[]> => {
    let answer: Answer | undefined;
    meanwhile = async () => {
      answer = await happens();
    };
    const refused = await say("owner", image, { caption: "Chưa ai đọc." });
    return [(answer?.status ?? 500) < 300, refused.status, await wordsOf(image)];
  };
  const BARRED = [true, 403, {}];

  test.each([
    ["is submitted", "owner", "submit", undefined],
    ["is published", "editor", "publish", {}],
    ["is scheduled", "editor", "publish", { at: FAR }],
  ] as const)("is not made when it %s at that moment", async (_, who, move, body) => {
    const image = await picture();
    const draft = await desk.storyIn("draft", { leadImage: { image } });
    expect(await outcome(image, () => desk.move(who, draft, move, body))).toEqual(BARRED);
  });

  test("is not made when it is handed over at that moment", async () => {
    const image = await picture();
    const draft = await desk.storyIn("draft", { leadImage: { image } });
    expect(await outcome(image, () => desk.move("editor", draft, "handover", { to: otherId }))).toEqual(BARRED);
  });

  test("is not made when a story is published with it at that moment, or a private edit names it", async () => {
    const [sent, edited] = [await picture(), await picture()];
    const body = story({ leadImage: { image: sent } });
    expect(await outcome(sent, () => desk.ask("editor", "POST", "/articles", { body }))).toEqual(BARRED);
    const published = await desk.storyIn("published");
    const edit = () => desk.edit("owner", published, { leadImage: { image: edited } });
    expect(await outcome(edited, edit)).toEqual(BARRED);
  });

  test("is made when nothing but the making of the picture went on", async () => {
    const sent = await sendPicture(house, await fresh(), { key: desk.token("owner") });
    meanwhile = () => house.quiet();
    expect((await say("owner", sent.body.id, { caption: "Chợ." })).status).toBe(200);
    await house.quiet();
    expect(await wordsOf(sent.body.id)).toEqual({ caption: "Chợ." });
  });
});

describe("a story that is handed over", () => {
  const handed = async (status: Status, over: Record<string, unknown>): Promise<Answer> => {
    const given = await desk.move("editor", await desk.storyIn(status, over), "handover", { to: otherId });
    expect(given.status, given.text).toBe(200);
    return desk.get(given, "other");
  };

  test.each(["draft", ...PASSED] as const)("as %s takes its pictures along", async (status) => {
    const [lead, figure] = [await picture(), await picture()];
    const over = { leadImage: { image: lead }, body: illustrated(figure) };
    const mine = await handed(status, over);
    for (const image of [lead, figure]) {
      await expectBarred(image);
      expect((await desk.ask("other", "GET", `/images/${image}`)).status).toBe(200);
      expect((await say("other", image, { caption: "Của tôi." })).status).toBe(403);
    }
    const kept = await desk.edit("other", mine, { kicker: "Giữ ảnh" });
    expect(kept.status, kept.text).toBe(200);
    const without = await desk.edit("other", kept, { leadImage: null, body: illustrated() });
    expect(without.status, without.text).toBe(200);
    const again = await desk.edit("other", without, over);
    expect(again.status, again.text).toBe(200);
    // The figure's own words are the story's, and its new owner's.
    const words = await desk.edit("other", again, { leadImage: { image: lead, caption: "Lời của người mới." } });
    expect(words.status, words.text).toBe(200);
  });

  test("leaves its former owner those pictures that it no longer names", async () => {
    const image = await picture();
    const mine = await handed("draft", { leadImage: { image } });
    expect((await desk.edit("other", mine, { leadImage: null })).status).toBe(200);
    await expectFree(image);
  });

  test("with two ids of one picture is handed over whole", async () => {
    const [first, twin] = await twins();
    await handed("draft", { leadImage: { image: first }, body: illustrated(twin) });
    for (const image of [first, twin]) expect((await desk.ask("other", "GET", `/images/${image}`)).status).toBe(200);
    await expectBarred(twin);
  });
});

test(
  "the largest change of all fits into one transaction, and what it has no room to tidy up bars nobody",
  { timeout: 120_000 },
  async () => {
    const images: string[] = [];
    for (let n = 0; n < 93; n++)
      images.push((await sendPicture(house, await fresh(), { key: desk.token("owner") })).body.id);
    await house.quiet();
    const full = (from: number, n: number) => ({
      source: "nguon",
      externalId: "day-du",
      section: ["thoi-su", "kinh-te", "van-hoa"][n],
      slug: `ten-${n}`,
      leadImage: { image: images[from] },
      body: illustrated(...images.slice(from + 1, from + 31)),
      aliases: Array.from({ length: 20 }, (_, k) => `/nam-xua/${n}-${k}`),
    });
    const post = (from: number, n: number): Promise<Answer> =>
      desk.ask("editor", "POST", "/articles", {
        body: story(full(from, n)),
        headers: { "idempotency-key": `day-du-${n}` },
      });
    const sent = await post(0, 0);
    expect(sent.status, sent.text).toBe(201);
    const pins = { body: { items: [{ article: sent.body.id }] } };
    expect((await desk.ask("editor", "PUT", "/sections/thoi-su/lead", pins)).status).toBe(200);
    // Sixty-two pictures are in use, thirty-one of them by an edit that is not published.
    const { source: _s, externalId: _e, ...edit } = full(31, 1);
    const edited = await desk.edit("editor", sent, edit);
    expect(edited.status, edited.text).toBe(200);
    for (const image of [images[0], images[31], images[61]])
      expect((await say("owner", image ?? "", { alt: "x" })).status).toBe(403);
    sizes.length = 0;
    const note = { note: "Thay cả.", patch: {} };
    const published = await desk.move("editor", edited, "publish", {}, { headers: { "idempotency-key": "day-du-2" } });
    expect(published.status, published.text).toBe(200);
    const { source: _a, externalId: _b, ...patch } = full(62, 2);
    const corrected = await desk.move(
      "editor",
      published,
      "correct",
      { ...note, patch },
      { headers: { "idempotency-key": "day-du-3" } },
    );
    expect(corrected.status, corrected.text).toBe(200);
    expect(Math.max(...sizes)).toBe(100);
    await house.quiet();
    for (const image of images.slice(62)) expect((await say("owner", image, { alt: "x" })).status).toBe(403);
    for (const image of images.slice(0, 62)) expect((await say("owner", image, { alt: "x" })).status).toBe(200);
  },
);

test("a story whose picture is still to come is not approved: nobody has looked at it", async () => {
  const bytes = await fresh();
  const asked = { filename: "a.jpg", contentType: "image/jpeg", bytes: bytes.byteLength };
  const awaited = (await desk.ask("owner", "POST", "/images", { body: asked })).body;
  const draft = await desk.ask("owner", "POST", "/articles", {
    body: story({ status: "draft", leadImage: { image: awaited.id } }),
  });
  const sent = await desk.move("owner", draft, "submit");
  const refused = await desk.move("editor", sent, "approve");
  expect([refused.status, refused.body.errors]).toMatchObject([422, [{ pointer: "/leadImage/image" }]]);
  await uploadWith(awaited.upload, bytes);
  await house.quiet();
  const approved = await desk.move("editor", sent, "approve");
  expect([approved.status, approved.body.status], approved.text).toEqual([200, "approved"]);
});
