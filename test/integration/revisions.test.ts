import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wordDiff } from "../../functions/api/word-diff.ts";
import { photo } from "../fixtures/pictures.ts";
import { type Answer, story, testHouse, type TestHouse } from "../house.ts";
import { illustrated, readyPicture } from "../pictures.ts";

let house: TestHouse;
let owner = "";
let other = "";
beforeAll(async () => {
  house = await testHouse();
  const key = async (name: string): Promise<string> =>
    (await house.call("POST", "/keys", { key: house.adminKey, body: { name, role: "reporter" } })).body.token;
  owner = await key("Người viết");
  other = await key("Người khác");
});
afterAll(() => house.close());

const paragraph = (text: string) => [{ _type: "block", children: [{ _type: "span", text }] }];
const etagOf = (answer: Answer): string => answer.headers.get("etag") ?? "";
const tagged = (answer: Answer, body?: unknown) => ({
  headers: { "if-match": etagOf(answer) },
  ...(body === undefined ? {} : { body }),
});

/** A story whose revisions say their numbers: 1 and then 3 were published, 2 was not, nor was any after 3. */
const told = async (most: number): Promise<string> => {
  let last = await house.call("POST", "/articles", {
    key: owner,
    body: story({ status: "draft", headline: "Bản 1", body: paragraph("Chợ họp lại lần 1.") }),
  });
  const { id } = last.body;
  for (let n = 1; n <= most; n++) {
    if (n > 1) {
      const change = { headline: `Bản ${n}`, body: paragraph(`Chợ họp lại lần ${n}.`) };
      last = await house.call("PATCH", `/articles/${id}`, { ...tagged(last, change), key: owner });
      expect(last.status, last.text).toBe(200);
    }
    if (n === 1 || n === 3) last = await house.call("POST", `/articles/${id}/publish`, tagged(last));
  }
  return id;
};

const numbers = (answer: Answer): number[] => answer.body.items.map((item: { revision: number }) => item.revision);
/** All pages of a list, by the links that it gives. */
const walk = async (path: string, key: string): Promise<number[][]> => {
  const pages: number[][] = [];
  for (let next: string | undefined = path; next;) {
    const page = await house.call("GET", next, { key });
    expect(page.status, page.text).toBe(200);
    pages.push(numbers(page));
    next = /<([^>]+)>; rel="next"/.exec(page.headers.get("link") ?? "")?.[1];
  }
  return pages;
};

describe("the revisions of a story", () => {
  let id = "";
  beforeAll(async () => {
    id = await told(5);
  });

  test("are listed newest first, page by page, each with who and when, and which readers see now", async () => {
    const all = await house.call("GET", `/articles/${id}/revisions`, { key: owner });
    expect(numbers(all)).toEqual([5, 4, 3, 2, 1]);
    expect(all.body.items.map((item: { published?: true }) => item.published ?? false)).toEqual([
      false,
      false,
      true,
      false,
      false,
    ]);
    expect(all.body.items[0]).toEqual({ revision: 5, at: expect.stringMatching(/Z$/), by: "Người viết" });
    expect(all.headers.get("link")).toBeNull();
    expect(await walk(`/articles/${id}/revisions?limit=2`, owner)).toEqual([[5, 4], [3, 2], [1]]);
    expect(await walk(`/articles/${id}/revisions?limit=1`, house.editorKey)).toEqual([[5], [4], [3], [2], [1]]);
  });

  test("read as the article did then", async () => {
    for (const n of [1, 2, 5]) {
      const { status, body } = await house.call("GET", `/articles/${id}/revisions/${n}`, { key: owner });
      expect(status).toBe(200);
      expect(body).toMatchObject({ id, revision: n, headline: `Bản ${n}`, section: "thoi-su", by: "Người viết" });
      expect(body.body[0].children[0].text).toBe(`Chợ họp lại lần ${n}.`);
    }
    const now = (await house.call("GET", `/articles/${id}`, { key: owner })).body;
    const newest = (await house.call("GET", `/articles/${id}/revisions/5`, { key: owner })).body;
    for (const name of ["headline", "section", "tags", "bylines", "locale", "body", "warnings"])
      expect(newest[name]).toEqual(now[name]);
  });

  test("are to a reporter who may read what is published that one alone, and to nobody once it is withdrawn", async () => {
    expect(await walk(`/articles/${id}/revisions?limit=1`, other)).toEqual([[3]]);
    const statuses = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(
        async (n) => (await house.call("GET", `/articles/${id}/revisions/${n}`, { key: other })).status,
      ),
    );
    expect(statuses).toEqual([404, 404, 200, 404, 404, 404]);
    const asked = (path: string) => house.call("GET", `/articles/${id}/revisions/${path}`, { key: other });
    expect((await asked("3?diff=3")).status).toBe(200);
    // What is not shown any more, what never was, and what is not there are answered alike.
    const unseen = await asked("6");
    for (const path of ["1", "3?diff=1", "3?diff=2", "3?diff=6", "1?diff=3"]) {
      const { status, body } = await asked(path);
      expect([path, status, { ...body, instance: unseen.body.instance }]).toEqual([path, 404, unseen.body]);
    }
    const restored = await house.call("POST", `/articles/${id}/restore`, {
      key: other,
      headers: { "if-match": "*" },
      body: { revision: 1 },
    });
    expect(restored.status).toBe(403);

    const gone = await told(1);
    const now = await house.call("GET", `/articles/${gone}`);
    await house.call("POST", `/articles/${gone}/withdraw`, tagged(now, { mode: "gone", reason: "Nhầm người." }));
    expect((await house.call("GET", `/articles/${gone}/revisions`, { key: other })).status).toBe(404);
    expect((await house.call("GET", `/articles/${gone}/revisions`, { key: owner })).status).toBe(200);
  });

  test("that were withdrawn or corrected away stay so: to nobody but the owner and editors, though the story came back", async () => {
    let last = await house.call("POST", "/articles", {
      key: owner,
      body: story({ status: "draft", headline: "VU-KHONG" }),
    });
    const { id } = last.body;
    const move = async (name: string, body?: unknown): Promise<void> => {
      last = await house.call("POST", `/articles/${id}/${name}`, tagged(last, body));
      expect(last.status, last.text).toBe(200);
    };
    /** All that can be asked of revisions, by numbers that there are and one that there is not. */
    const told = async (key: string): Promise<{ list: number[]; open: string[]; text: string }> => {
      const numbered = [1, 2, 3, 4];
      const paths = numbered.flatMap((n) => [`${n}`, ...numbered.map((other) => `${n}?diff=${other}`)]);
      const list = await house.call("GET", `/articles/${id}/revisions`, { key });
      const answers = await Promise.all(
        paths.map(async (path) => ({
          path,
          ...(await house.call("GET", `/articles/${id}/revisions/${path}`, { key })),
        })),
      );
      return {
        list: list.status === 200 ? numbers(list) : [],
        open: answers.filter(({ status }) => status === 200).map(({ path }) => path),
        text: [list, ...answers].map(({ text }) => text).join("\n"),
      };
    };
    await move("publish");
    expect(await told(other)).toMatchObject({ list: [1], open: ["1", "1?diff=1"] });
    await move("withdraw", { mode: "gone", reason: "Nguồn tin rút lời." });
    expect(await told(other)).toMatchObject({ list: [], open: [] });
    expect(
      (await house.call("GET", `/articles/${id}/revisions`, { key: owner })).body.items[0].published,
    ).toBeUndefined();
    last = await house.call("PATCH", `/articles/${id}`, tagged(last, { headline: "SAI-TEN" }));
    await move("publish");
    const back = await told(other);
    expect(back).toMatchObject({ list: [2], open: ["2", "2?diff=2"] });
    expect(back.text).not.toContain("VU-KHONG");
    await move("correct", { note: "Sửa tên.", patch: { headline: "Đúng tên" } });
    const corrected = await told(other);
    expect(corrected).toMatchObject({ list: [3], open: ["3", "3?diff=3"] });
    expect(corrected.text).not.toMatch(/VU-KHONG|SAI-TEN/);
    for (const key of [owner, house.editorKey]) expect((await told(key)).list).toEqual([3, 2, 1]);
    expect((await told(owner)).text).toMatch(/VU-KHONG[^]*SAI-TEN|SAI-TEN[^]*VU-KHONG/);
  });

  test.each(["0", "6", "01", "1e0", "x", "99999999", "999999999999"])("%s is none of them", async (n) => {
    expect((await house.call("GET", `/articles/${id}/revisions/${n}`)).status).toBe(404);
    expect((await house.call("GET", `/articles/${id}/revisions/5?diff=${n}`)).status).toBe(422);
  });

  test.each(["limit=0", "limit=101", "cursor=x", "page=2", "limit=1&limit=2"])(
    "a list is not asked by %s",
    async (query) => {
      expect((await house.call("GET", `/articles/${id}/revisions?${query}`)).status).toBe(422);
    },
  );
});

describe("restoring", () => {
  const restore = (id: string, etag: string, revision: unknown, more: { key?: string; query?: string } = {}) =>
    house.call("POST", `/articles/${id}/restore${more.query ?? ""}`, {
      headers: { "if-match": etag },
      body: { revision },
      ...(more.key === undefined ? {} : { key: more.key }),
    });

  test("makes a new revision with the old words, which readers see when it is published", async () => {
    const id = await told(4);
    await house.quiet();
    const before = await house.call("GET", `/articles/${id}`, { key: owner });
    const dry = await restore(id, etagOf(before), 2, { query: "?dryRun=1" });
    expect(dry.body).toMatchObject({ revision: 5, headline: "Bản 2" });
    expect((await house.call("GET", `/articles/${id}`)).body).toMatchObject({ revision: 4 });
    const restored = await restore(id, etagOf(before), 2, { key: owner });
    expect(restored.status, restored.text).toBe(200);
    expect(restored.body).toMatchObject({ revision: 5, headline: "Bản 2", status: "published", publishedRevision: 3 });
    expect(restored.body.body[0].children[0].text).toBe("Chợ họp lại lần 2.");
    const path = new URL(restored.body.url).pathname;
    await house.quiet();
    expect(await house.origin(path)).toContain("Chợ họp lại lần 3.");
    expect((await house.call("POST", `/articles/${id}/publish`, tagged(restored))).status).toBe(200);
    await house.quiet();
    expect(await house.origin(path)).toContain("Chợ họp lại lần 2.");
    expect(numbers(await house.call("GET", `/articles/${id}/revisions`))).toEqual([5, 4, 3, 2, 1]);
    expect(await walk(`/articles/${id}/revisions`, other)).toEqual([[5]]);
  });

  test("needs the ETag of what was seen, and a revision that there is", async () => {
    const id = await told(2);
    const now = etagOf(await house.call("GET", `/articles/${id}`));
    expect((await house.call("POST", `/articles/${id}/restore`, { body: { revision: 1 } })).status).toBe(428);
    const stale = await restore(id, '"s1"', 1);
    expect(stale.status).toBe(412);
    expect(stale.body.current).toMatchObject({ revision: 2 });
    for (const revision of [3, 0, -1, 1.5, "1", null, 1e9]) {
      const refused = await restore(id, now, revision);
      expect(refused.status, JSON.stringify(revision)).toBe(422);
      expect(refused.body.errors).toEqual([{ pointer: "/revision", detail: expect.any(String) }]);
    }
    // What is there already is no other revision.
    expect((await restore(id, now, 2)).body).toMatchObject({ revision: 2 });
  });

  test("is done once under an Idempotency-Key", async () => {
    const id = await told(2);
    const now = etagOf(await house.call("GET", `/articles/${id}`));
    const ask = () =>
      house.call("POST", `/articles/${id}/restore`, {
        headers: { "if-match": now, "idempotency-key": "once" },
        body: { revision: 1 },
      });
    expect((await ask()).body).toMatchObject({ revision: 3 });
    const again = await ask();
    expect(again.body).toMatchObject({ revision: 3 });
    expect(again.headers.get("idempotency-replayed")).toBe("true");
  });

  test("says which section is gone; a picture that the story had comes back, whoever sent it", async () => {
    await house.call("PUT", "/sections/tam-thoi", { key: house.adminKey, body: { title: "Tạm" } });
    const image = await readyPicture(house, await photo({ width: 640, height: 480, seed: 77 }));
    const made = await house.call("POST", "/articles", {
      key: owner,
      body: story({ status: "draft", section: "tam-thoi" }),
    });
    const { id } = made.body;
    const change = { body: illustrated(image), section: "thoi-su" };
    const second = await house.call("PATCH", `/articles/${id}`, tagged(made, change));
    const third = await house.call("PATCH", `/articles/${id}`, tagged(second, { body: paragraph("Không ảnh.") }));
    // The editor's picture is none of the reporter's, but it has been the story's.
    const back = await restore(id, etagOf(third), 2, { key: owner });
    expect(back.status, back.text).toBe(200);
    expect(back.body.body[1]).toMatchObject({ _type: "figure", image });
    expect((await house.call("DELETE", "/sections/tam-thoi", { key: house.adminKey })).status).toBe(204);
    const refused = await restore(id, etagOf(back), 1);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([
      { pointer: "/section", detail: expect.stringContaining("is no section of this site") },
    ]);
  });
});

type Change = { op: "same" | "added" | "removed"; text: string };
const without = (changes: Change[], op: Change["op"]): string =>
  changes.flatMap((change) => (change.op === op ? [] : [change.text])).join("");

describe("the difference of two revisions", () => {
  test("is told by words, of the headline, the kicker, the standfirst and the text", async () => {
    const made = await house.call("POST", "/articles", {
      body: story({
        status: "draft",
        kicker: "Hải Phòng:",
        headline: "Phố đi bộ ven sông mở cửa đón khách",
        body: {
          format: "text",
          content: "Sáng 5/10, phố dài 1,2 km mở cửa.\n\nPhố có 40 ghế đá.\n\nSân khấu ở giữa phố.",
        },
      }),
    });
    const { id } = made.body;
    const change = {
      kicker: null,
      headline: "Phố đi bộ ven sông đã mở cửa, đón 20.000 lượt khách",
      body: {
        format: "text",
        content: "Sáng 6/10, phố dài 1,2 km mở cửa.\n\nPhố có 40 ghế đá.\n\nSân khấu nhỏ ở giữa phố.",
      },
    };
    await house.call("PATCH", `/articles/${id}`, tagged(made, change));
    const { status, body } = await house.call("GET", `/articles/${id}/revisions/2?diff=1`);
    expect(status).toBe(200);
    expect(body).toEqual({
      revision: 2,
      against: 1,
      kicker: [{ op: "removed", text: "Hải Phòng:" }],
      headline: [
        { op: "same", text: "Phố đi bộ ven sông " },
        { op: "added", text: "đã " },
        { op: "same", text: "mở cửa" },
        { op: "added", text: "," },
        { op: "same", text: " đón" },
        { op: "added", text: " 20.000 lượt" },
        { op: "same", text: " khách" },
      ],
      standfirst: [],
      body: [
        { op: "same", text: "Sáng " },
        { op: "removed", text: "5" },
        { op: "added", text: "6" },
        { op: "same", text: "/10, phố dài 1,2 km mở cửa.\nPhố có 40 ghế đá.\nSân khấu " },
        { op: "added", text: "nhỏ " },
        { op: "same", text: "ở giữa phố." },
      ],
    });
    const other = (await house.call("GET", `/articles/${id}/revisions/1?diff=2`)).body;
    expect(without(other.body, "added")).toBe(without(body.body, "removed"));
    const none = (await house.call("GET", `/articles/${id}/revisions/2?diff=2`)).body;
    expect(none.body).toEqual([{ op: "same", text: without(body.body, "removed") }]);
  });

  const word = fc.constantFrom(
    "phố",
    "đi",
    "bộ",
    "ven",
    "sông",
    "mở",
    "cửa",
    "đón",
    "khách",
    "Ế",
    "1,2",
    "a",
    ".",
    "“",
    "🙂",
    "e\u0301",
  );
  const gap = fc.constantFrom(" ", " ", " ", "\n", "  ", "");
  const text = fc.array(fc.tuple(word, gap), { maxLength: 60 }).map((pairs) => pairs.flat().join(""));

  test("makes either text again, whatever they are, and no change is empty or told twice", () => {
    fc.assert(
      fc.property(
        fc.oneof(text, fc.string({ unit: "grapheme" })),
        fc.oneof(text, fc.string({ unit: "binary" })),
        (before, after) => {
          const changes = wordDiff(before, after);
          expect(without(changes, "added")).toBe(before);
          expect(without(changes, "removed")).toBe(after);
          expect(changes.filter((change) => change.text === "")).toEqual([]);
          expect(changes.filter((change, n) => change.op === changes[n - 1]?.op)).toEqual([]);
          expect(before === after).toBe(changes.every(({ op }) => op === "same"));
        },
      ),
      { numRuns: 500 },
    );
  });

  test("of two megabytes that have nothing in common is told as well", () => {
    const long = (n: number): string => Array.from({ length: 150_000 }, (_, at) => `w${(at * n) % 997}`).join(" ");
    const [before, after] = [long(31), long(37)];
    const changes = wordDiff(before, after);
    expect(without(changes, "added")).toBe(before);
    expect(without(changes, "removed")).toBe(after);
    // Few words that changed in a long text are still found.
    const few = wordDiff(before, before.replace("w31 ", "khác "));
    expect(few.filter(({ op }) => op === "added")).toEqual([{ op: "added", text: "khác" }]);
  });
});
