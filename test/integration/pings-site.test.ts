import { AsyncLocalStorage } from "node:async_hooks";
import type { SQSEvent } from "aws-lambda";
import { SaxesParser } from "saxes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { iso } from "../../shared/domain/time.ts";
import type { Services } from "../../shared/store/services.ts";
import { workKey } from "../../shared/store/layout.ts";
import { waitingWork } from "../../shared/store/work.ts";
import { published } from "../editing.ts";
import { story, testHouse, type TestHouse } from "../house.ts";
import { rebuilt } from "../rebuilt.ts";

const HUB = "https://hub.example/push?a=1&b=2";
const [ONE, TWO] = ["6f1d8c2b9a4e47d0b35c7e18f2a90d64", "Khoa-Moi-2026"];
const fileOf = (key: string): string => `/${key}.txt`;

/** What is called by it is no part of the renderer that waits for it, and does nothing by that one's rights. */
const outside = AsyncLocalStorage.snapshot();

/** What a renderer that is about to put the file of the first key waits for. */
let meanwhile: (() => Promise<void>) | undefined;
const stalling = (services: Services): Services => ({
  ...services,
  site: {
    ...services.site,
    put: async (object, seen) => {
      const wait = object.key === `${ONE}.txt` ? meanwhile : undefined;
      if (wait) meanwhile = undefined;
      if (wait) await outside(wait);
      return services.site.put(object, seen);
    },
  },
});

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse({ wrap: stalling });
  await published(house);
});
afterAll(() => house.close());

const put = (settings: object, query = "") =>
  house.call("PUT", `/site${query}`, { key: house.adminKey, body: { title: "Báo Hòa Giang", ...settings } });
/** Settings as they are to be, and a moment for the edge to forget what was there. */
const set = async (settings: object): Promise<void> => {
  const answer = await put(settings);
  expect(answer.status, answer.text).toBe(200);
  await house.quiet();
  await house.clock.move(2000);
};
const indexNow = (key: string) => ({ indexNow: { key } });

type Link = { rel: string | undefined; href: string | undefined };
/** The links of a feed's channel in Atom's namespace, as a strict parser reads them. */
const channelLinks = (xml: string): Link[] => {
  const links: Link[] = [];
  const open: string[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ local, uri, attributes }) => {
    if (uri === "http://www.w3.org/2005/Atom" && local === "link" && open.join("/") === "rss/channel")
      links.push({ rel: attributes["rel"]?.value, href: attributes["href"]?.value });
    open.push(local);
  });
  parser.on("closetag", () => void open.pop());
  parser.write(xml).close();
  return links;
};
const feed = async (): Promise<string> => (await house.origin("/feed.xml")) ?? "";
const withoutId = (xml: string): string => xml.replace(/<!-- [0-9A-Z]{26} -->\n$/, "");

describe("a feed", () => {
  test("names its hub and its topic while WebSub is on, and is as it was when it is off", async () => {
    await set({});
    const before = await feed();
    const self = { rel: "self", href: `${house.siteUrl}/feed.xml` };
    expect(channelLinks(before)).toEqual([self]);
    await set({ webSub: { hub: HUB } });
    expect((await house.call("GET", "/site")).body.webSub).toEqual({ hub: HUB });
    await house.clock.move(10_000);
    const served = await house.read("/feed.xml");
    expect(served.headers.get("content-type")).toContain("application/rss+xml");
    expect(channelLinks(served.text)).toEqual([self, { rel: "hub", href: HUB }]);
    await published(house, { headline: "Bài sau" });
    expect(channelLinks(await feed())).toContainEqual({ rel: "hub", href: HUB });
    await set({});
    expect(withoutId(await feed())).not.toContain("hub.example");
    expect(channelLinks(await feed())).toEqual([self]);
    expect((await house.call("GET", "/site")).body).not.toHaveProperty("webSub");
  });
});

describe("the file of a key", () => {
  const stands = async (key: string): Promise<void> => {
    const served = await house.read(fileOf(key));
    expect([served.status, served.text]).toEqual([200, key]);
    expect(served.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  };
  const isGone = async (key: string): Promise<void> => {
    const { status, text } = await house.read(fileOf(key));
    expect(status).toBe(410);
    expect(text).not.toContain(key);
  };

  test("is served while IndexNow is on, replaced with the key, and gone when it is off; and comes back", async () => {
    expect((await house.read(fileOf(ONE))).status).toBe(404);
    await set(indexNow(ONE));
    await stands(ONE);
    expect((await house.call("GET", "/site")).body.indexNow).toEqual({
      key: ONE,
      endpoint: "https://api.indexnow.org/indexnow",
    });
    await set(indexNow(TWO));
    await isGone(ONE);
    await stands(TWO);
    await set({});
    await isGone(ONE);
    await isGone(TWO);
    expect((await house.call("GET", "/site")).body).not.toHaveProperty("indexNow");
    await set(indexNow(ONE));
    await stands(ONE);
    await isGone(TWO);
  });

  test("stays when other settings and sections change, and is what a rebuild makes", async () => {
    await set({ ...indexNow(ONE), description: "Tin trong tỉnh." });
    const section = await house.call("PUT", "/sections/moi", { key: house.adminKey, body: { title: "Mới" } });
    expect(section.status).toBe(201);
    await house.quiet();
    await stands(ONE);
    expect(await rebuilt(house, [])).toMatchObject({ differences: [] });
    await stands(ONE);
  });

  test("is no page: neither robots.txt nor what is not found changes, whatever is asked for", async () => {
    const before = await Promise.all([house.origin("/robots.txt"), house.origin("/404")]);
    for (const key of ["robots", "404", "../robots", "Security", "robots.txt", "index.html"]) {
      const { status, body } = await put(indexNow(key));
      expect(status).toBe(422);
      for (const { pointer } of body.errors) expect(pointer).toBe("/indexNow/key");
    }
    const many = await put({ indexNow: { key: "404", endpoint: "http://a.example/" }, webSub: { hub: "ftp://a" } });
    expect(many.body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
      "/indexNow/endpoint",
      "/indexNow/key",
      "/indexNow/key",
      "/webSub/hub",
    ]);
    await house.quiet();
    expect(await Promise.all([house.origin("/robots.txt"), house.origin("/404")])).toEqual(before);
  });

  test("never stands at a story's old path, nor such a path where it stands or stood", async () => {
    await published(house, { headline: "Bài cũ", aliases: [fileOf("bai-cua-2019")] });
    for (const query of ["", "?dryRun=1"]) {
      const taken = await put(indexNow("bai-cua-2019"), query);
      expect([taken.status, taken.body.errors]).toEqual([
        422,
        [{ pointer: "/indexNow/key", detail: "/bai-cua-2019.txt is an old path of a story" }],
      ]);
    }
    expect((await house.read(fileOf("bai-cua-2019"))).status).toBe(301);
    for (const key of [ONE, TWO]) {
      const late = await house.call("POST", "/articles", { body: story({ aliases: [fileOf(key)] }) });
      expect([late.status, late.body.errors]).toMatchObject([422, [{ pointer: "/aliases/0" }]]);
    }
    await stands(ONE);
  });

  test("is not made by a dry run", async () => {
    const answer = await put(indexNow("chi-la-thu-thoi"), "?dryRun=1");
    expect([answer.status, answer.body.indexNow.key]).toEqual([200, "chi-la-thu-thoi"]);
    await house.quiet();
    expect(await house.origin(fileOf("chi-la-thu-thoi"))).toBeUndefined();
    await stands(ONE);
  });

  test("is right at rest though a renderer slept while the key went and came back", async () => {
    const { table, clock } = house.functions.services;
    // Another renderer does all that is to be done.
    const others = async (): Promise<void> => {
      const works = await waitingWork(table, iso(clock.now()), 10);
      const Records = works.map(({ id }) => ({ body: JSON.stringify(workKey({}, id)) }));
      // The renderer reads nothing of a message but its body.
      await house.functions.render({ Records } as SQSEvent);
    };
    await set(indexNow(ONE));
    // What goes wrong in there is the renderer's fault as it sees it: it is told of here.
    let slept: unknown = "not at all";
    const going = async () => {
      await others();
      expect(await house.origin(fileOf(ONE))).not.toBe(ONE);
      expect((await put(indexNow(ONE))).status).toBe(200);
      await others();
      expect(await house.origin(fileOf(ONE))).toBe(ONE);
      expect(await waitingWork(table, iso(clock.now()), 10)).toEqual([]);
    };
    meanwhile = () =>
      going().then(
        () => void (slept = "and woke"),
        (error: unknown) => void (slept = error),
      );
    await set({});
    expect(slept).toBe("and woke");
    await stands(ONE);
  });
});
