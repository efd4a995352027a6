import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { followed, minutes, move, pagePath, published, republish } from "../editing.ts";
import { photo } from "../fixtures/pictures.ts";
import { type Answer, story, testHouse, type TestHouse } from "../house.ts";
import { illustrated, sendPicture } from "../pictures.ts";
import { shortIdOf } from "../../shared/site/paths.ts";
import { LIMITS } from "../../shared/domain/limits.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

let n = 0;
/** An old path that no test has used. */
const fresh = (): string => `/2019/bai-${n++}.html`;
const renamed = async (answer: Answer, slug: string): Promise<string> =>
  pagePath(await republish(house, answer.body.id, { slug }));

describe("a story that is renamed", () => {
  test("there and back again answers at each address by itself, in one step at most", async () => {
    const alias = fresh();
    const sent = await published(house, { slug: "a", aliases: [alias] });
    const a = pagePath(sent);
    for (const path of [a, alias]) await house.read(path);
    const b = await renamed(sent, "b");
    expect(await Promise.all([a, b, alias].map((path) => followed(house, path)))).toEqual([[b, 200], [200], [b, 200]]);
    expect(await renamed(sent, "a")).toBe(a);
    expect(await Promise.all([a, b, alias].map((path) => followed(house, path)))).toEqual([[200], [a, 200], [a, 200]]);
    await minutes(house, 2);
    expect(await Promise.all([a, b, alias].map((path) => followed(house, path)))).toEqual([[200], [a, 200], [a, 200]]);
  });

  test("many times, and into another section, leads from everywhere to where it is", async () => {
    const sent = await published(house, { slug: "mot", aliases: [fresh(), fresh()] });
    const seen = [pagePath(sent), ...sent.body.aliases];
    for (const change of [{ slug: "hai" }, { section: "kinh-te" }, { slug: "ba" }, { section: "thoi-su" }]) {
      const now = pagePath(await republish(house, sent.body.id, change));
      for (const path of seen) expect(await followed(house, path), path).toEqual([now, 200]);
      seen.push(now);
    }
  });

  test("and then withdrawn is gone at every address, as is a second rename of it", async () => {
    const sent = await published(house, { slug: "se-go", aliases: [fresh()] });
    const paths = [pagePath(sent), ...sent.body.aliases, await renamed(sent, "se-go-hai")];
    await move(house, sent.body.id, "withdraw", { mode: "gone", reason: "x" });
    await house.quiet();
    for (const path of paths) expect(await followed(house, path), path).toEqual([410]);
    const back = await renamed(sent, "tro-lai");
    for (const path of paths) expect(await followed(house, path), path).toEqual([back, 200]);
  });
});

test("two stories that swap their slugs, in turn or at once, keep their own addresses", async () => {
  const [one, two] = [await published(house, { slug: "chao" }), await published(house, { slug: "tam-biet" })];
  const [first, second] = [pagePath(one), pagePath(two)];
  const [now1, now2] = [await renamed(one, "tam-biet"), await renamed(two, "chao")];
  expect(new Set([first, second, now1, now2]).size).toBe(4);
  const at = () => Promise.all([first, second, now1, now2].map((path) => followed(house, path)));
  expect(await at()).toEqual([[now1, 200], [now2, 200], [200], [200]]);
  house.pump.held = true;
  await Promise.all([republishHeld(one, "chao"), republishHeld(two, "tam-biet")]);
  house.pump.held = false;
  await house.quiet();
  expect(await at()).toEqual([[200], [200], [first, 200], [second, 200]]);
});

/** A rename whose pages wait. */
const republishHeld = async (answer: Answer, slug: string): Promise<void> => {
  const { id } = answer.body;
  const { headers } = await house.call("GET", `/articles/${id}`);
  await house.call("PATCH", `/articles/${id}`, { body: { slug }, headers: { "if-match": headers.get("etag") ?? "" } });
  expect((await move(house, id, "publish")).status).toBe(200);
};

describe("an old path of another system", () => {
  test("is kept with the article, redirects once it is published, and goes on when it is off the list", async () => {
    const [kept, dropped] = [fresh(), fresh()];
    const draft = await house.call("POST", "/articles", { body: story({ status: "draft", aliases: [kept, dropped] }) });
    await house.quiet();
    expect(draft.body.aliases).toEqual([kept, dropped]);
    expect(await followed(house, kept)).toEqual([404]);
    const sent = await move(house, draft.body.id, "publish");
    await house.quiet();
    await house.clock.move(2000);
    const path = pagePath(sent);
    for (const alias of [kept, dropped]) expect(await followed(house, alias)).toEqual([path, 200]);
    const edited = await republish(house, draft.body.id, { aliases: [kept] });
    expect(edited.body.aliases).toEqual([kept]);
    const moved = await renamed(sent, "ten-khac");
    for (const alias of [kept, dropped]) expect(await followed(house, alias)).toEqual([moved, 200]);
    const other = await house.call("POST", "/articles", { body: story({ aliases: [dropped] }) });
    expect(other.status).toBe(422);
  });

  test("is a scheduled story's from when it is scheduled, as its own address is: its time does not come in vain", async () => {
    const alias = fresh();
    const body = story({ status: "draft", slug: "den-gio", aliases: [alias] });
    const sent = await house.call("POST", "/articles", { body });
    const at = new Date(house.clock.now() + 60_000).toISOString();
    expect((await move(house, sent.body.id, "publish", { at })).status).toBe(200);
    const path = `/thoi-su/den-gio-${shortIdOf(sent.body.id)}`;
    for (const taken of [alias, path]) {
      const other = await house.call("POST", "/articles", { body: story({ aliases: [taken] }) });
      expect([other.status, other.body.errors], other.text).toMatchObject([422, [{ pointer: "/aliases/0" }]]);
      expect(await followed(house, taken)).toEqual([404]);
    }
    await minutes(house, 2);
    expect(await followed(house, alias)).toEqual([path, 200]);
  });

  test("may come later, by an edit or with a correction, and by a query or front matter", async () => {
    const [later, corrected, asked, front] = [fresh(), fresh(), fresh(), fresh()];
    const sent = await published(house);
    const path = pagePath(sent);
    await republish(house, sent.body.id, { aliases: [later] });
    const done = await move(house, sent.body.id, "correct", {
      note: "Địa chỉ cũ.",
      patch: { aliases: [later, corrected] },
    });
    expect(done.status, done.text).toBe(200);
    await house.quiet();
    for (const alias of [later, corrected]) expect(await followed(house, alias)).toEqual([path, 200]);
    const markdown = `---\nheadline: Tin cũ\nsection: thoi-su\nstatus: published\naliases: ["${front}"]\n---\nMột đoạn.\n`;
    const two = await house.call("POST", `/articles`, { body: markdown, type: "text/markdown" });
    expect(two.body.aliases, two.text).toEqual([front]);
    const three = await house.call("POST", `/articles?section=thoi-su&status=published&aliases=${asked},${fresh()}`, {
      body: "Tin\n\nMột đoạn.",
      type: "text/plain",
    });
    expect(three.body.aliases, three.text).toHaveLength(2);
    await house.quiet();
    expect(await followed(house, front)).toEqual([pagePath(two), 200]);
    expect(await followed(house, asked)).toEqual([pagePath(three), 200]);
  });

  test("that is another story's address, old or new, is refused by its place, at once, and nothing is kept", async () => {
    const theirs = fresh();
    const other = await published(house, { slug: "cua-toi", aliases: [theirs] });
    const [was, is] = [pagePath(other), await renamed(other, "cua-toi-moi")];
    const good = fresh();
    for (const taken of [theirs, was, is]) {
      for (const query of ["", "?dryRun=1"]) {
        const calls = house.calls["TransactWriteItems"] ?? 0;
        const refused = await house.call("POST", `/articles${query}`, { body: story({ aliases: [good, taken] }) });
        expect(refused.status, refused.text).toBe(422);
        expect(refused.body.errors).toEqual([
          { pointer: "/aliases/1", detail: `${taken} belongs to another page of this site` },
        ]);
        expect((house.calls["TransactWriteItems"] ?? 0) - calls).toBe(query ? 0 : 1);
      }
    }
    const mine = await published(house);
    const { headers } = await house.call("GET", `/articles/${mine.body.id}`);
    const match = { "if-match": headers.get("etag") ?? "" };
    const kept = await house.call("PATCH", `/articles/${mine.body.id}`, {
      body: { aliases: [theirs] },
      headers: match,
    });
    expect(kept.status).toBe(200);
    expect((await move(house, mine.body.id, "publish")).body.errors).toMatchObject([{ pointer: "/aliases/0" }]);
    // Nothing of the refused ones is claimed.
    expect((await published(house, { aliases: [good] })).status).toBe(201);
    await house.quiet();
    expect(await followed(house, theirs)).toEqual([is, 200]);
  });

  test("in a correction is refused under the patch", async () => {
    const theirs = fresh();
    await published(house, { aliases: [theirs] });
    const sent = await published(house);
    const done = await move(house, sent.body.id, "correct", { note: "x", patch: { aliases: [theirs] } });
    expect(done.body.errors, done.text).toMatchObject([{ pointer: "/patch/aliases/0" }]);
  });

  test("is one story's, though two ask for it at the same moment", async () => {
    const both = fresh();
    const answers = await Promise.all(
      [1, 2, 3, 4].map((k) =>
        house.call("POST", "/articles", { body: story({ headline: `Tin ${k}`, aliases: [both] }) }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 422, 422, 422]);
    await house.quiet();
    const winner = answers.find(({ status }) => status === 201);
    expect(await followed(house, both)).toEqual([winner && pagePath(winner), 200]);
  });

  test("may be the story's own former address, and stays out of the way of its page", async () => {
    const sent = await published(house, { slug: "vong" });
    const first = pagePath(sent);
    const second = pagePath(await republish(house, sent.body.id, { slug: "vong-hai", aliases: [first] }));
    expect(await followed(house, first)).toEqual([second, 200]);
    expect(await renamed(sent, "vong")).toBe(first);
    expect(await followed(house, first)).toEqual([200]);
    expect(await followed(house, second)).toEqual([first, 200]);
  });

  test("and the front of a section never meet, whichever comes first", async () => {
    const key = house.adminKey;
    const put = (slug: string, query = "") =>
      house.call("PUT", `/sections/${slug}${query}`, { key, body: { title: "Mục" } });
    const front = await house.call("POST", "/articles", { body: story({ status: "draft", aliases: ["/thoi-su"] }) });
    expect(front.body.errors).toEqual([{ pointer: "/aliases/0", detail: "is the front of a section" }]);
    const sent = await published(house, { aliases: ["/ten-bai-cu"] });
    for (const query of ["", "?dryRun=1"]) {
      const refused = await put("ten-bai-cu", query);
      expect(refused.status, refused.text).toBe(422);
      expect(refused.body.errors).toEqual([{ pointer: "/slug", detail: "/ten-bai-cu is an old path of a story" }]);
    }
    await house.quiet();
    expect(await followed(house, "/ten-bai-cu")).toEqual([pagePath(sent), 200]);
    // A section that is no more keeps its front, which says so.
    expect((await put("chuyen-cu")).status).toBe(201);
    expect((await house.call("DELETE", "/sections/chuyen-cu", { key })).status).toBe(204);
    await house.quiet();
    const after = await house.call("POST", "/articles", { body: story({ aliases: ["/chuyen-cu"] }) });
    expect(after.body.errors).toMatchObject([{ pointer: "/aliases/0" }]);
    expect((await put("chuyen-cu")).status).toBe(201);
  });

  test("is answered for by the story though it has as many as it may, and no more in all its time", async () => {
    const some = () => Array.from({ length: LIMITS.aliases }, fresh);
    const sent = await published(house, { aliases: some() });
    const all: string[] = [...sent.body.aliases];
    for (let k = 1; k < LIMITS.aliasesEver / LIMITS.aliases; k++)
      all.push(...(await republish(house, sent.body.id, { aliases: some() })).body.aliases);
    expect(all).toHaveLength(LIMITS.aliasesEver);
    const more = await republish(house, sent.body.id, { aliases: [fresh()] });
    expect(more.body.errors).toMatchObject([{ pointer: "/aliases" }]);
    const now = pagePath(await republish(house, sent.body.id, { aliases: all.slice(0, 1), slug: "sau-tram" }));
    for (const path of all) expect(await followed(house, path), path).toEqual([now, 200]);
    await move(house, sent.body.id, "withdraw", { mode: "redirect", reason: "x", to: "/van-hoa" });
    await house.quiet();
    for (const path of [...all, now]) expect(await followed(house, path), path).toEqual(["/van-hoa", 200]);
  }, 60_000);
});

test("a change of all that can change at once is still one commit, which DynamoDB takes", async () => {
  // Pictures that nobody has looked at yet are as many items of a commit as those that are ready.
  house.sqs.paused = true;
  const picture = async (): Promise<string> => {
    const sent = await sendPicture(house, await photo({ width: 24, height: 18, seed: 9000 + n++ }));
    expect(sent.status, sent.text).toBe(201);
    return sent.body.id;
  };
  const all = async () => {
    const [lead = "", ...others] = await Promise.all(Array.from({ length: LIMITS.figures + 1 }, picture));
    return { leadImage: { image: lead }, body: illustrated(...others) };
  };
  const some = () => Array.from({ length: LIMITS.aliases }, fresh);
  const first = { ...(await all()), aliases: some(), slug: "tat-ca" };
  const sent = await house.call("POST", "/articles", { body: story(first) });
  expect(sent.status, sent.text).toBe(201);
  await house.pump.quiet();
  const patch = { ...(await all()), aliases: some(), slug: "tat-ca-moi", section: "van-hoa" };
  const headers = { "idempotency-key": "all-at-once" };
  const done = await move(house, sent.body.id, "correct", { note: "Đã sửa.", patch }, { headers });
  expect(done.status, done.text).toBe(200);
  await house.pump.quiet();
  for (const path of [pagePath(sent), ...first.aliases, ...patch.aliases])
    expect(await followed(house, path), path).toEqual([pagePath(done), 200]);
});
