import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { followed, minutes, move, pagePath, published, republish } from "../editing.ts";
import { photo } from "../fixtures/pictures.ts";
import { checkPage, mainText, metaOf } from "../fixtures/page-oracle.ts";
import { type Answer, story, testHouse, type TestHouse } from "../house.ts";
import { illustrated, publicFiles, publicPictures, readyPicture, withdraw } from "../pictures.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

const LISTS = ["/", "/feed.xml", "/thoi-su", "/kinh-te"];
const MODES = [
  { mode: "gone" },
  { mode: "notice", notice: "Bài đã nêu tên trẻ em.\n\nBáo xin lỗi <b>gia đình</b>." },
  { mode: "redirect", to: "/van-hoa" },
] as const;
type Mode = (typeof MODES)[number];

let words = 0;
/** A word in every text of a story, and nowhere else. */
const marked = () => {
  const word = `CANARY${Date.now()}X${words++}`;
  const fields = {
    kicker: `${word}:`,
    headline: `Tin ${word}`,
    standfirst: word,
    tags: [word],
    bylines: [{ name: word }],
    sourceLine: word,
    seo: { title: word, description: word },
    body: [{ _type: "block", children: [{ _type: "span", text: `Đoạn ${word}.` }] }],
  };
  return { word, fields };
};

/** Public keys in whose bytes or headers a word stands, whatever its case. */
const traces = async (word: string): Promise<string[]> =>
  [...(await house.publicBytes())]
    .filter(([, text]) => text.toLowerCase().includes(word.toLowerCase()))
    .map(([key]) => key);

const withdrawn = async (id: string, mode: Mode | Record<string, unknown>): Promise<Answer> => {
  const done = await move(house, id, "withdraw", { reason: "asked for", ...mode }, { headers: { prefer: "wait=20" } });
  expect(done.status, done.text).toBe(200);
  expect(done.body.status).toBe("withdrawn");
  return done;
};
const expectedAt = (mode: Mode): (string | number)[] => (mode.mode === "redirect" ? [mode.to, 200] : [410]);

describe.for(MODES)("a story withdrawn with $mode", (mode) => {
  test("leaves no trace at the origin or the CDN when the answer says so, though all was cached", async () => {
    const { word, fields } = marked();
    const image = await readyPicture(house, await photo({ width: 700, height: 500, seed: 6000 + words }));
    const aliases = [`/bai-cu/${mode.mode}.html`];
    const body = [...fields.body, ...illustrated(image)];
    const sent = await published(house, { ...fields, body, aliases });
    const id: string = sent.body.id;
    const first = pagePath(sent);
    const second = pagePath(await republish(house, id, { section: "kinh-te" }));
    const pictures = publicPictures(house).filter((key) => key.includes(id.toLowerCase()));
    const cached = [first, second, ...aliases, ...LISTS, ...pictures.map((key) => `/${key}`)];
    for (const path of cached) await house.read(path);
    expect((await house.read(second)).text).toContain(word);
    expect((await house.read("/feed.xml")).text).toContain(word);
    expect(pictures.length).toBeGreaterThan(3);

    const done = await withdrawn(id, mode);
    expect(done.body.live).toMatchObject({ state: "not-public", reason: "The story was withdrawn." });
    // What was known of it is known to nobody: neither its words, its address in a list, nor its pictures.
    expect(await traces(word)).toEqual([]);
    const files = await publicFiles(house);
    for (const key of pictures) expect(String(files.get(key)), key).toBe("<!doctype html><title>410</title>\n");
    for (const path of [first, second, ...aliases]) expect(await followed(house, path), path).toEqual(expectedAt(mode));
    for (const path of pictures) expect((await house.read(`/${path}`)).status, path).toBe(410);
    for (const path of LISTS) expect((await house.read(path)).text, path).not.toContain(word);
    await minutes(house, 2);
    expect(await traces(word)).toEqual([]);
  });

  test("comes back with its addresses when it is published again", async () => {
    const { word, fields } = marked();
    const alias = `/tro-lai/${mode.mode}`;
    const sent = await published(house, { ...fields, aliases: [alias] });
    const path = pagePath(sent);
    await withdrawn(sent.body.id, mode);
    expect(await followed(house, alias)).toEqual(expectedAt(mode));
    const again = await move(house, sent.body.id, "publish", {}, { headers: { prefer: "wait=20" } });
    expect(again.body.live?.state, again.text).toBe("live");
    expect(await followed(house, alias)).toEqual([path, 200]);
    expect((await house.read(path)).text).toContain(word);
    for (const list of LISTS.slice(0, 3)) expect((await house.origin(list)) ?? "", list).toContain(word);
  });
});

test("the notice is a page of the site that names nothing of the story, and asks not to be found", async () => {
  const { word, fields } = marked();
  const sent = await published(house, fields);
  await withdrawn(sent.body.id, MODES[1]);
  const page = await house.read(pagePath(sent));
  expect(page.status).toBe(410);
  expect(checkPage(page.text.replace(/<!-- \w+ -->\n$/, ""))).toEqual([]);
  expect(metaOf(page.text, "robots")).toBe("noindex");
  expect(mainText(page.text)).toContain("Bài đã nêu tên trẻ em.Báo xin lỗi <b>gia đình</b>.Tòa soạn gỡ bài lúc ");
  expect(page.text).not.toContain(word);
  expect(page.text).not.toContain("asked for");
});

test("a first purge that is lost is made up for by the second, a minute later", async () => {
  const { word, fields } = marked();
  const sent = await published(house, fields);
  const path = pagePath(sent);
  for (const cached of [path, ...LISTS]) await house.read(cached);
  house.cdn.dropPurges = true;
  await withdrawn(sent.body.id, MODES[0]);
  await house.quiet();
  house.cdn.dropPurges = false;
  expect(await traces(word)).toEqual([]);
  expect((await house.read(path)).text).toContain(word);
  await house.clock.move(61_000);
  await house.quiet();
  expect((await house.read(path)).status).toBe(410);
  for (const list of LISTS) expect((await house.read(list)).text, list).not.toContain(word);
});

describe("a withdrawn story's redirect", () => {
  const pair = async () =>
    [await published(house, { headline: "Tin A" }), await published(house, { headline: "Tin B" })] as const;

  test("leads to where the other story stands by now, in one step", async () => {
    const [a, b] = await pair();
    const old = pagePath(b);
    const now = pagePath(await republish(house, b.body.id, { slug: "ten-moi" }));
    await withdrawn(a.body.id, { mode: "redirect", to: old });
    expect(await followed(house, pagePath(a))).toEqual([now, 200]);
  });

  test("still leads to it in one step when it moves afterwards, and to nothing when it is withdrawn", async () => {
    const [a, b] = await pair();
    const c = await published(house, { headline: "Tin C", aliases: ["/tin-c/cu"] });
    await withdrawn(c.body.id, { mode: "redirect", to: pagePath(a) });
    await withdrawn(a.body.id, { mode: "redirect", to: pagePath(b) });
    const old = [pagePath(a), pagePath(c), "/tin-c/cu"];
    for (const path of old) expect(await followed(house, path), path).toEqual([pagePath(b), 200]);
    const now = pagePath(await republish(house, b.body.id, { slug: "ten-sau" }));
    for (const path of old) expect(await followed(house, path), path).toEqual([now, 200]);
    await withdrawn(b.body.id, { mode: "gone" });
    // The words of its address stand nowhere but in its own.
    expect((await traces("ten-sau")).filter((key) => key !== now.slice(1))).toEqual([]);
    for (const path of old) expect(await followed(house, path), path).toEqual([410]);
    expect((await move(house, b.body.id, "publish", {}, { headers: { prefer: "wait=20" } })).body.live.state).toBe(
      "live",
    );
    for (const path of old) expect(await followed(house, path), path).toEqual([now, 200]);
  });

  test("leads only to a page that is there", async () => {
    const [a] = await pair();
    const draft = await house.call("POST", "/articles", { body: story({ status: "draft", aliases: ["/chua/dang"] }) });
    expect((await move(house, draft.body.id, "publish", { at: "2999-01-01T00:00:00Z" })).status).toBe(200);
    for (const to of ["/khong-co", "/thoi-su/khong-co-0000000000", "/chua/dang", "/thoi-su/x/y"]) {
      const refused = await move(house, a.body.id, "withdraw", { mode: "redirect", reason: "x", to });
      expect([refused.status, refused.body.errors?.[0].pointer], to).toEqual([422, "/to"]);
    }
    for (const to of ["/", "/thoi-su/", "/feed.xml", "/tags/le-hoi"]) {
      const fine = await move(
        house,
        a.body.id,
        "withdraw",
        { mode: "redirect", reason: "x", to },
        { query: "?dryRun=1" },
      );
      expect(fine.status, to).toBe(200);
    }
  });

  test("never comes back to itself, by itself, by its old paths or by another story", async () => {
    const [a, b] = await pair();
    await withdrawn(a.body.id, { mode: "redirect", to: pagePath(b) });
    // Past the API, which refuses it: the renderer alone keeps readers out of the ring.
    await withdraw(house, b.body.id, { mode: "redirect", to: pagePath(a), target: a.body.id });
    await house.quiet();
    await minutes(house, 2);
    expect(await followed(house, pagePath(b))).toEqual([410]);
    expect(await followed(house, pagePath(a))).toEqual([410]);
    const c = await published(house, { headline: "Tin C", aliases: ["/bai-c/cu"] });
    for (const to of [pagePath(c), "/bai-c/cu", `${pagePath(c)}/?x=1`]) {
      const refused = await move(house, c.body.id, "withdraw", { mode: "redirect", reason: "x", to });
      expect(refused.status, to).toBe(422);
    }
    await withdraw(house, c.body.id, { mode: "redirect", to: "/bai-c/cu" });
    await house.quiet();
    expect(await followed(house, pagePath(c))).toEqual([410]);
  });

  test.for(["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/x y"])(
    "does not lead off the site: %s",
    async (to) => {
      const sent = await published(house);
      const refused = await move(house, sent.body.id, "withdraw", { mode: "redirect", reason: "x", to });
      expect(refused.status, refused.text).toBe(422);
      expect(refused.body.errors).toMatchObject([{ pointer: "/to" }]);
      expect((await house.read(pagePath(sent))).status).toBe(200);
    },
  );
});

describe("a correction", () => {
  test("is on the page and in the feed, dated, at once; what was wrong is nowhere", async () => {
    const { word, fields } = marked();
    const right = marked();
    const sent = await published(house, { ...fields, slug: "tin-se-sua" });
    const path = pagePath(sent);
    for (const cached of [path, ...LISTS]) await house.read(cached);
    await house.clock.move(120_000);
    const { fields: patch } = right;
    const done = await move(
      house,
      sent.body.id,
      "correct",
      { note: "Số đúng là 1,2 km.", patch },
      { headers: { prefer: "wait=20" } },
    );
    expect(done.status, done.text).toBe(200);
    expect(done.body.live.state).toBe("live");
    const page = await house.read(path);
    expect(checkPage(page.text.replace(/<!-- \w+ -->\n$/, ""))).toEqual([]);
    const [{ at }] = done.body.corrections;
    const [, y, m, d, time] = /^(\d+)-(\d+)-(\d+)T(\d+:\d+)/.exec(at) ?? [];
    expect(mainText(page.text)).toContain(`Đính chính${d}/${m}/${y}, ${time}Số đúng là 1,2 km.`);
    expect(mainText(page.text)).toContain(`Cập nhật ${d}/${m}/${y}, ${time}`);
    expect(page.text).toContain(right.word);
    await house.clock.move(41_000);
    for (const list of LISTS.slice(0, 3)) expect((await house.read(list)).text, list).toContain(right.word);
    expect(await traces(word)).toEqual([]);
  });
});

/** SDK calls and purged tags of what `act` does, to the end of the second purge. */
const costOf = async (act: () => Promise<unknown>): Promise<{ calls: Record<string, number>; purges: string[][] }> => {
  const [before, purged] = [{ ...house.calls }, house.cdn.invalidations.length];
  await act();
  await house.quiet();
  const calls = Object.fromEntries(
    Object.entries(house.calls).flatMap(([name, n]) => (n === before[name] ? [] : [[name, n - (before[name] ?? 0)]])),
  );
  await minutes(house, 1);
  return { calls, purges: house.cdn.invalidations.slice(purged).map(({ paths }) => [...paths]) };
};

test("a withdrawal and a correction cost the same with a hundred stories in the lists as with ten", async () => {
  await house.close();
  house = await testHouse();
  const others = async (n: number): Promise<void> => {
    for (let k = 0; k < n; k++) await house.call("POST", "/articles", { body: story({ headline: `Tin thứ ${k}` }) });
    await house.quiet();
    await minutes(house, 2);
  };
  const costs = async () => {
    const sent = await published(house, { aliases: [`/gia/${words++}`] });
    const patch = { standfirst: "Đã sửa." };
    return {
      correct: await costOf(() => move(house, sent.body.id, "correct", { note: "Đã sửa.", patch })),
      withdraw: await costOf(() => move(house, sent.body.id, "withdraw", { mode: "gone", reason: "x" })),
    };
  };
  await others(10);
  const small = await costs();
  await others(90);
  const large = await costs();
  for (const what of ["correct", "withdraw"] as const) {
    expect(large[what].calls, what).toEqual(small[what].calls);
    for (const { purges } of [small[what], large[what]]) {
      expect(purges, what).toHaveLength(2);
      for (const tags of purges) expect(tags.length, what).toBe(2);
    }
  }
}, 120_000);
