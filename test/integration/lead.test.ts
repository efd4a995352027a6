import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Table, Write } from "../../shared/store/dynamo.ts";
import { type Answer, type Json, story, testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
/** Holds transactions up that it is asked about. */
let gate: ((writes: Write[]) => Promise<void>) | undefined;
/** Stories of thoi-su, newest first: more than a front shows. */
let news: string[];
const STORIES = 34;
const SHOWN = 30;

const done = (answer: Answer): Answer => {
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer;
};
const day = (n: number): string => new Date(Date.UTC(2024, 0, 1 + n)).toISOString();
const publish = async (over: Record<string, unknown> = {}): Promise<string> =>
  done(await house.call("POST", "/articles", { body: story(over) })).body.id;
const later = (ms: number): string => new Date(house.clock.now() + ms).toISOString();
const HOUR = 3_600_000;

type Pin = { article: string; until?: string };
const pin = (path: string, pins: (string | Pin)[], more: { key?: string } = {}): Promise<Answer> =>
  house.call("PUT", path, {
    ...more,
    body: { items: pins.map((one) => (typeof one === "string" ? { article: one } : one)) },
  });
const pinned = async (path: string): Promise<string[]> =>
  done(await house.call("GET", path)).body.items.map((item: Json) => item.article);

/** The stories of a page in their order, by the end of their addresses. */
const shown = async (path: string): Promise<string[]> => {
  await house.quiet();
  const page = (await house.origin(path)) ?? "";
  const ends = [...page.matchAll(/(?:href="|<link>[^<]*?\/\/[^/<]+)\/[a-z-]+\/(?:[a-z0-9-]+-)?([0-9a-z]{8})(?=["<])/g)];
  return [...new Set(ends.map((match) => match[1] ?? ""))];
};
const ends = (ids: readonly string[]): string[] => ids.map((id) => id.slice(-8).toLowerCase());

const etag = async (id: string): Promise<{ "if-match": string }> => ({
  "if-match": done(await house.call("GET", `/articles/${id}`)).headers.get("etag") ?? "",
});
const withdraw = async (id: string): Promise<Answer> =>
  house.call("POST", `/articles/${id}/withdraw`, { headers: await etag(id), body: { mode: "gone", reason: "Sai." } });
const republish = async (id: string): Promise<Answer> =>
  house.call("POST", `/articles/${id}/publish`, { headers: await etag(id) });

/** SDK calls that `run`, and all that it sets going, make: by name, and in all. */
const callsOf = async (run: () => Promise<unknown>): Promise<{ all: number; named: Record<string, number> }> => {
  await house.quiet();
  const before = { ...house.calls };
  await run();
  await house.quiet();
  const named = Object.fromEntries(
    Object.entries(house.calls).map(([name, count]) => [name, count - (before[name] ?? 0)]),
  );
  return { all: Object.values(named).reduce((sum, count) => sum + count, 0), named };
};

beforeAll(async () => {
  const gated = (table: Table): Table => ({
    ...table,
    transact: async (writes) => {
      await gate?.(writes);
      return table.transact(writes);
    },
  });
  house = await testHouse({ wrap: (services) => ({ ...services, table: gated(services.table) }) });
  const made: string[] = [];
  for (let n = 0; n < STORIES; n++) made.push(await publish({ headline: `Tin ${n}`, publishedAt: day(n) }));
  await house.quiet();
  news = made.reverse();
}, 180_000);
afterAll(() => house.close());

const LEADS = ["/site/lead", "/sections/thoi-su/lead"] as const;
const PAGE: Record<(typeof LEADS)[number], string> = { "/site/lead": "/", "/sections/thoi-su/lead": "/thoi-su" };

describe.each(LEADS)("%s", (path) => {
  const page = PAGE[path];
  const other = path === "/site/lead" ? "/thoi-su" : "/";

  test("puts its stories first, in its order, then the newest without them; no other list knows of it", async () => {
    const [a = "", b = "", c = ""] = [news[7], news[2], news[11]];
    const [feed, elsewhere] = [await shown("/feed.xml"), await shown(other)];
    expect(done(await pin(path, [a, b, c])).body).toEqual({ items: [{ article: a }, { article: b }, { article: c }] });
    const rest = news.filter((id) => ![a, b, c].includes(id));
    expect(await shown(page)).toEqual(ends([a, b, c, ...rest]).slice(0, SHOWN));
    expect(await shown(other)).toEqual(elsewhere);
    expect(await shown("/feed.xml")).toEqual(feed);
    expect(feed).toEqual(ends(news).slice(0, 20));
    expect(await pinned(path)).toEqual([a, b, c]);

    done(await pin(path, [c, a]));
    expect((await shown(page)).slice(0, 3)).toEqual(ends([c, a, news[0] ?? ""]));
    done(await pin(path, []));
    expect(await shown(page)).toEqual(ends(news).slice(0, SHOWN));
    expect(await pinned(path)).toEqual([]);
  });

  test("sent again as it stands is the same answer, and writes nothing; a dry run keeps nothing", async () => {
    const body = [{ article: news[3] ?? "", until: later(HOUR) }, news[1] ?? ""];
    const first = done(await pin(path, body));
    const again = await callsOf(async () => expect((await pin(path, body)).body).toEqual(first.body));
    expect(again.named["TransactWriteItems"]).toBe(0);
    expect(again.named["PutObject"]).toBe(0);
    const dry = await callsOf(async () => {
      const tried = done(await pin(`${path}?dryRun=1`, [news[9] ?? ""]));
      expect(tried.body).toEqual({ items: [{ article: news[9] }] });
    });
    expect(dry.named["TransactWriteItems"]).toBe(0);
    expect((await house.call("GET", path)).body).toEqual(first.body);
    done(await pin(path, []));
  });

  test("takes a story off by itself once its time is up, and not before: what stands in the table decides", async () => {
    const [a = "", b = "", c = ""] = [news[5], news[6], news[8]];
    done(await pin(path, [{ article: a, until: later(10 * 60_000) }, b, { article: c, until: later(20 * 60_000) }]));
    expect((await house.call("GET", path)).body.items[0].until).toMatch(/^\d{4}-.*\+07:00$/);
    await house.clock.move(9 * 60_000);
    await house.sweep();
    expect((await shown(page)).slice(0, 3)).toEqual(ends([a, b, c]));
    await house.clock.move(2 * 60_000);
    await house.sweep();
    expect((await shown(page)).slice(0, 3)).toEqual(ends([b, c, news[0] ?? ""]));
    expect(await pinned(path)).toEqual([b, c]);
    await house.clock.move(10 * 60_000);
    await house.sweep();
    expect((await shown(page)).slice(0, 2)).toEqual(ends([b, news[0] ?? ""]));
    // Nothing is due any more.
    const idle = await callsOf(() => house.sweep());
    expect(idle.named["TransactWriteItems"]).toBe(0);
    done(await pin(path, []));
  });

  test("reads a story that is older than all that it shows by its own row: two calls more, however many there are", async () => {
    const old = news.slice(SHOWN);
    expect(old.length).toBeGreaterThan(3);
    done(await pin(path, [old[2] ?? "", news[4] ?? "", old[0] ?? "", old[3] ?? ""]));
    const first = ends([old[2] ?? "", news[4] ?? "", old[0] ?? "", old[3] ?? ""]);
    expect(await shown(page)).toEqual([...first, ...ends(news.filter((id) => id !== news[4]).slice(0, SHOWN - 4))]);
    const { named } = await callsOf(() => publish({ headline: "Tin cũ", publishedAt: "2020-01-01" }));
    expect(named["BatchGetItem"]).toBe(2);
    done(await pin(path, []));
    const plain = await callsOf(() => publish({ headline: "Tin cũ nữa", publishedAt: "2020-01-02" }));
    expect(plain.all).toBe(16);
    done(await pin(path, [news[4] ?? ""]));
    const near = await callsOf(() => publish({ headline: "Tin cũ hơn", publishedAt: "2020-01-03" }));
    expect(near.all).toBe(16);
    done(await pin(path, []));
  });

  test("takes twenty, all older than the newest thirty if need be, and not one more", async () => {
    const old = news.slice(-20);
    done(await pin(path, old));
    expect(await shown(page)).toEqual(ends([...old, ...news.slice(0, 10)]));
    const refused = await pin(path, news.slice(0, 21));
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([{ pointer: "/items", detail: "has more than 20 members" }]);
    expect(await pinned(path)).toEqual(old);
    done(await pin(path, []));
  });

  test("shows a story that is pinned before it is published from then on, and nothing of it before", async () => {
    const draft = done(
      await house.call("POST", "/articles", { body: story({ status: "draft", headline: "Chuyện còn kín" }) }),
    ).body.id;
    done(await pin(path, [draft, news[3] ?? ""]));
    expect((await shown(page)).slice(0, 2)).toEqual(ends([news[3] ?? "", news[0] ?? ""]));
    expect(await house.origin(page)).not.toContain("Chuyện còn kín");
    done(await republish(draft));
    expect((await shown(page)).slice(0, 2)).toEqual(ends([draft, news[3] ?? ""]));
    done(await withdraw(draft));
    expect((await shown(page)).slice(0, 2)).toEqual(ends([news[3] ?? "", news[0] ?? ""]));
    expect(await pinned(path)).toEqual([news[3]]);
    const refused = await pin(path, [news[3] ?? "", draft]);
    expect(refused.body.errors).toEqual([{ pointer: "/items/1/article", detail: "was withdrawn: publish it first" }]);
    // Brought back, it stands where its time puts it.
    done(await republish(draft));
    expect((await shown(page)).slice(0, 2)).toEqual(ends([news[3] ?? "", draft]));
    done(await withdraw(draft));
    done(await pin(path, []));
  });

  test("names every fault, and changes nothing", async () => {
    done(await pin(path, [news[0] ?? ""]));
    const faults = async (body: unknown): Promise<string[]> => {
      const answer = await house.call("PUT", path, { body });
      expect(answer.status, answer.text).toBe(422);
      return answer.body.errors.map((fault: Json) => `${fault.pointer}: ${fault.detail}`);
    };
    const strange = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    expect(
      await faults({
        items: [
          { article: news[0], until: "mai" },
          { article: news[0], until: later(-1000) },
          { article: strange, colour: "red" },
          { until: 5 },
          "x",
        ],
        more: 1,
      }),
    ).toEqual([
      "/items/2/colour: is an unknown field",
      "/items/3/article: is needed",
      "/items/3/until: must be text",
      "/items/4: must be an object",
      "/more: is an unknown field",
      "/items/0/until: is no time: write 2024-10-05T08:30:00+07:00 (without an offset, the site's zone counts)",
      "/items/1/until: lies in the past",
      "/items/1/article: stands in the list before",
      "/items/2/article: is no article of this house",
    ]);
    expect(await faults({})).toEqual(["/items: is needed"]);
    expect(await faults({ items: [{ article: "x" }] })).toEqual(["/items/0/article: is no article's id"]);
    expect((await house.call("PUT", path, { body: "{", type: "application/json" })).status).toBe(400);
    expect(await pinned(path)).toEqual([news[0]]);
    done(await pin(path, []));
  });
});

describe("a section's order", () => {
  test("has only stories of the section, and loses the one that moves away; the front's keeps it", async () => {
    const guest = await publish({ headline: "Tin kinh tế", section: "kinh-te", publishedAt: day(3) });
    const refused = await pin("/sections/thoi-su/lead", [guest]);
    expect(refused.body.errors).toEqual([{ pointer: "/items/0/article", detail: "is no story of thoi-su" }]);
    for (const path of ["/site/lead", "/sections/kinh-te/lead"]) done(await pin(path, [guest]));
    expect((await shown("/kinh-te"))[0]).toBe(ends([guest])[0]);
    const move = { section: "van-hoa" };
    done(await house.call("PATCH", `/articles/${guest}`, { headers: await etag(guest), body: move }));
    // Readers still find it there.
    expect(await pinned("/sections/kinh-te/lead")).toEqual([guest]);
    done(await republish(guest));
    expect(await pinned("/sections/kinh-te/lead")).toEqual([]);
    expect(await pinned("/site/lead")).toEqual([guest]);
    expect(await shown("/kinh-te")).toEqual([]);
    expect((await shown("/"))[0]).toBe(ends([guest])[0]);
    done(await pin("/site/lead", []));
  });

  test("is nothing where there is no section, and goes with it", async () => {
    for (const method of ["GET", "PUT"])
      expect(
        (await house.call(method, "/sections/khong-co/lead", method === "PUT" ? { body: { items: [] } } : {})).status,
      ).toBe(404);
    const key = house.adminKey;
    done(await house.call("PUT", "/sections/xem-thu", { key, body: { title: "Xem thử" } }));
    const draft = done(await house.call("POST", "/articles", { body: story({ status: "draft", section: "xem-thu" }) }))
      .body.id;
    done(await pin("/sections/xem-thu/lead", [draft]));
    const move = { section: "thoi-su" };
    done(await house.call("PATCH", `/articles/${draft}`, { headers: await etag(draft), body: move }));
    done(await house.call("DELETE", "/sections/xem-thu", { key }));
    done(await house.call("PUT", "/sections/xem-thu", { key, body: { title: "Xem lại" } }));
    expect(await pinned("/sections/xem-thu/lead")).toEqual([]);
    expect((await house.call("GET", "/site", { key })).body).not.toHaveProperty("leads");
  });

  test("is the business of keys that may write there; the front is every section's", async () => {
    const key = done(
      await house.call("POST", "/keys", {
        key: house.adminKey,
        body: { name: "Thể thao", role: "editor", sections: ["the-thao"] },
      }),
    ).body.token;
    expect((await pin("/sections/the-thao/lead", [], { key })).status).toBe(200);
    expect((await pin("/sections/thoi-su/lead", [], { key })).status).toBe(403);
    expect((await pin("/site/lead", [], { key })).status).toBe(403);
    expect((await house.call("GET", "/site/lead", { key })).status).toBe(200);
  });
});

describe("at the same moment", () => {
  test("ten orders end as one of them, and the page as it says", async () => {
    const orders = Array.from({ length: 10 }, (_, n) => [news[n] ?? "", news[n + 10] ?? ""]);
    for (const answer of await Promise.all(orders.map((order) => pin("/site/lead", order)))) done(answer);
    const last = await pinned("/site/lead");
    expect(orders).toContainEqual(last);
    expect((await shown("/")).slice(0, 2)).toEqual(ends(last));
    done(await pin("/site/lead", []));
  });

  test("a story that is withdrawn between being looked at and being pinned is not pinned", async () => {
    const id = await publish({ headline: "Tin lui", publishedAt: day(2) });
    await house.quiet();
    let stalled = (): void => {};
    const isStalled = new Promise<void>((resolve) => (stalled = resolve));
    let letGo = (): void => {};
    const released = new Promise<void>((resolve) => (letGo = resolve));
    gate = async (writes) => {
      if (!writes.some((write) => "put" in write && write.put.sk === "LEAD#front")) return;
      gate = undefined;
      stalled();
      await released;
    };
    const put = pin("/site/lead", [id]);
    await isStalled;
    done(await withdraw(id));
    letGo();
    expect((await put).body.errors).toEqual([
      { pointer: "/items/0/article", detail: "was withdrawn: publish it first" },
    ]);
    expect(await pinned("/site/lead")).toEqual([]);
  });

  test("pinning a story and withdrawing it leaves no pin of what is withdrawn", async () => {
    for (let n = 0; n < 12; n++) {
      const id = await publish({ headline: `Tin lui ${n}`, publishedAt: day(n) });
      await house.quiet();
      const [put, gone] = await Promise.all([pin("/site/lead", [news[0] ?? "", id]), withdraw(id)]);
      expect(gone.status, gone.text).toBe(200);
      expect([200, 422]).toContain(put.status);
      expect(await pinned("/site/lead"), `round ${n}`).not.toContain(id);
      done(await pin("/site/lead", []));
    }
    expect(await shown("/")).toEqual(ends(news).slice(0, SHOWN));
  });
});
