import { AsyncLocalStorage } from "node:async_hooks";
import type { DynamoDBStreamEvent, SQSEvent } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderShared } from "../../functions/render/shared.ts";
import { siteView } from "../../functions/render/view.ts";
import { renderArticle } from "../../shared/pages/article.tsx";
import type { SharedPage } from "../../shared/site/impact.ts";
import { formerPathsOf, pathOf } from "../../shared/site/impact.ts";
import { objectKey, shortIdOf } from "../../shared/site/paths.ts";
import { isPublic, storyOf } from "../../shared/store/live.ts";
import type { Services } from "../../shared/store/services.ts";
import { loadSite } from "../../shared/store/site.ts";
import { loadState } from "../../shared/store/state.ts";
import type { Work } from "../../shared/store/work.ts";
import { type Answer, story, testHouse, type TestHouse } from "../house.ts";

/** What happens at one I/O call of one renderer: the call alone fails, or the process dies; before its effect or after it. */
const CRASHES = ["fails before", "fails after", "dies before", "dies after"] as const;
/** Or it is stalled there, while somebody else goes all the way. */
const STALLS = ["stalls before", "stalls after"] as const;
type Mode = (typeof CRASHES)[number] | (typeof STALLS)[number];

type Plan = { step<Result>(effect: () => Promise<Result>): Promise<Result>; fired(): boolean };

/** The plan that the calls under way belong to: only the renderer that a test starts by hand has one. */
const plans = new AsyncLocalStorage<Plan | undefined>();

const planOf = (mode: Mode, at: number, meanwhile: () => Promise<unknown> = async () => {}): Plan => {
  let [calls, fired, dead] = [0, false, false];
  return {
    fired: () => fired,
    step: async (effect) => {
      if (dead) throw new Error("The process is no more.");
      if (calls++ !== at) return effect();
      fired = true;
      dead = mode === "dies before" || mode === "dies after";
      if (mode === "fails before" || mode === "dies before") throw new Error("The call has failed.");
      if (mode === "stalls before") await plans.run(undefined, meanwhile);
      const result = await effect();
      if (mode === "stalls after") await plans.run(undefined, meanwhile);
      if (mode === "fails after" || mode === "dies after") throw new Error("The answer is lost.");
      return result;
    },
  };
};

const planned =
  <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
  async (...args: Args): Promise<Result> => {
    const plan = plans.getStore();
    return plan ? plan.step(() => call(...args)) : call(...args);
  };

/** Every call of a port that leaves the process goes by the plan. */
const faulty = (services: Services): Services => {
  const { table, site, bodies } = services;
  return {
    ...services,
    table: {
      get: planned(table.get),
      query: planned(table.query),
      index: planned(table.index),
      transact: planned(table.transact),
      write: planned(table.write),
    },
    site: { ...site, head: planned(site.head), put: planned(site.put) },
    bodies: { ...bodies, get: planned(bodies.get) },
    purge: planned(services.purge),
  };
};

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse({ wrap: faulty });
  // The stream's own delivery is taken for lost: tests hand the renderer its events, and what is left heals by the sweep.
  house.pump.held = true;
});
afterAll(() => house.close());

const worksOf = async (id: string): Promise<Work[]> => (await loadState(house.functions.services.table, id)).works;

/** WORK as the stream hands it to the renderer, with the image that says where to look first. */
const streamed = (works: Work[]): DynamoDBStreamEvent => ({
  Records: works.map(({ id, article, path = "", bodyDigest = "", fresh }) => ({
    eventName: "INSERT",
    dynamodb: {
      Keys: { pk: { S: `ARTICLE#${article}` }, sk: { S: `WORK#${id}` } },
      NewImage: { path: { S: path }, bodyDigest: { S: bodyDigest }, fresh: { BOOL: fresh } },
    },
  })),
});

/** WORK as the render queue hands it on. */
const queued = (works: Work[]): SQSEvent => ({
  Records: works.map(({ id, article }) => ({
    messageId: id,
    receiptHandle: id,
    body: JSON.stringify({ pk: `ARTICLE#${article}`, sk: `WORK#${id}` }),
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "0",
      SenderId: "",
      ApproximateFirstReceiveTimestamp: "0",
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "",
    awsRegion: "local",
  })),
});

const { render } = { render: (event: DynamoDBStreamEvent | SQSEvent) => house.functions.render(event) };
const receipt = async (id: string) => (await house.call("GET", `/articles/${id}/live`)).body;

let count = 0;
const words = (): string => `Bản thứ ${++count}`;
const bodyOf = (text: string) => [{ _type: "block", children: [{ _type: "span", text }] }];

const publish = async (over: Record<string, unknown> = {}): Promise<string> => {
  const sent = await house.call("POST", "/articles", {
    body: story({ headline: `Tin ${words()}`, body: bodyOf(words()), ...over }),
  });
  expect(sent.status).toBe(201);
  return sent.body.id;
};
const change = async (id: string, patch: Record<string, unknown>): Promise<Answer> => {
  const { headers } = await house.call("GET", `/articles/${id}`);
  const patched = await house.call("PATCH", `/articles/${id}`, {
    headers: { "if-match": headers.get("etag") ?? "" },
    body: patch,
  });
  const done = await house.call("POST", `/articles/${id}/publish`, {
    headers: { "if-match": patched.headers.get("etag") ?? "" },
  });
  expect(done.status).toBe(200);
  return done;
};
const republish = (id: string) => change(id, { standfirst: words(), body: bodyOf(words()) });
let side = 0;
const move = (id: string) => change(id, { section: ++side % 2 ? "van-hoa" : "kinh-te" });

/** Publishes a story and brings it to rest: live, and its WORK gone. */
const settled = async (over: Record<string, unknown> = {}): Promise<string> => {
  const id = await publish(over);
  await render(streamed(await worksOf(id)));
  expect((await receipt(id)).state).toBe("live");
  return id;
};

/** The words of an object at the origin, render id aside, and what its metadata make of it at the edge. */
const object = async (path: string): Promise<{ text?: string; status: number; location?: string | null }> => {
  const response = await fetch(`${house.s3.url}/site/${objectKey(path)}`);
  const text = await response.text();
  if (response.status !== 200) return { status: response.status };
  return {
    text: unstamped(text),
    status: Number(response.headers.get("x-amz-meta-status") ?? 200),
    location: response.headers.get("x-amz-meta-location"),
  };
};
const unstamped = (text: string): string => text.replace(/<!-- [0-9A-Z]{26} -->\n$/, "");

const LISTS: SharedPage[] = [
  { kind: "front" },
  { kind: "feed" },
  ...["thoi-su", "van-hoa", "kinh-te"].map((slug): SharedPage => ({ kind: "section", slug })),
];

/** What a fresh render of the state as it stands gives, by key. */
const fresh = async (id: string): Promise<Map<string, string>> => {
  const { services } = house.functions;
  const made = new Map<string, string>();
  const site: Services["site"] = {
    head: async () => undefined,
    recall: () => undefined,
    put: async ({ key, body }) => {
      made.set(key, unstamped(String(body)));
      return true;
    },
  };
  await renderShared({ ...services, site }, LISTS);
  const { head } = await loadState(services.table, id);
  if (!isPublic(head)) throw new Error("the story is not public");
  const { locale, tags, sourceLine, canonicalUrl, seo, bodyDigest } = head.published.content;
  const body = (await services.bodies.get(id, bodyDigest)) ?? [];
  const settings = siteView(await loadSite(services.table, services.siteUrl));
  const view = { ...storyOf(head), body, locale, tags, sourceLine, canonicalUrl, seo };
  made.set(objectKey(pathOf(head)), renderArticle(settings, view));
  return made;
};

/** What differs from a fresh render: page, lists, redirects. Nothing, when everything that was asked for is up. */
const stale = async (id: string): Promise<string[]> => {
  const faults: string[] = [];
  for (const [key, expected] of await fresh(id)) {
    const { text, status } = await object(key === "index.html" ? "/" : `/${key}`);
    if (status !== 200) faults.push(`${key} answers ${status}`);
    else if (text !== expected) faults.push(`${key} is stale`);
  }
  const { head } = await loadState(house.functions.services.table, id);
  if (!isPublic(head)) return ["not public"];
  for (const former of formerPathsOf(head)) {
    const { status, location } = await object(former);
    if (status !== 301 || location !== pathOf(head)) faults.push(`${former} answers ${status} to ${location}`);
  }
  return faults;
};

/** Links of the lists that lead nowhere: to no object, or by a redirect to none. */
const dead = async (id: string): Promise<string[]> => {
  const keys = new Set(house.s3.keys("site"));
  const faults: string[] = [];
  const links = new Set<string>();
  for (const list of ["/", "/feed.xml", "/thoi-su", "/van-hoa", "/kinh-te"]) {
    const { text = "" } = await object(list);
    for (const [, path = ""] of text.matchAll(/(\/(?:thoi-su|van-hoa|kinh-te)\/[a-z0-9-]+)/g)) links.add(path);
  }
  for (const path of links) {
    if (!keys.has(objectKey(path))) faults.push(`${path} is linked and not there`);
    else if (path.endsWith(shortIdOf(id))) {
      const { status, location } = await object(path);
      if (status === 301 && !keys.has(objectKey(location ?? ""))) faults.push(`${path} leads to nothing`);
    }
  }
  return faults;
};

/** What no moment may show: dead links, or a receipt that says live of something that is not up. */
const unsafe = async (id: string): Promise<string[]> => {
  const said = await receipt(id);
  return [...(await dead(id)), ...(said.state === "live" ? (await stale(id)).map((fault) => `live, but ${fault}`) : [])];
};

const minutes = async (n: number): Promise<void> => {
  for (let minute = 0; minute < n; minute++) {
    await house.clock.move(61_000);
    await house.quiet();
  }
};

/** What is wrong once the sweep has been by, a few times if need be. */
const unhealed = async (id: string): Promise<string[]> => {
  for (let minute = 0; minute < 3 && (await receipt(id)).state !== "live"; minute++) await minutes(1);
  const said = await receipt(id);
  const open = (await worksOf(id)).filter(({ phase }) => phase !== "purge2");
  return [
    ...(said.state === "live" && said.liveSeq === said.seq ? [] : [`the receipt says ${said.state}`]),
    ...(await stale(id)),
    ...(await dead(id)),
    ...open.map(({ phase }) => `WORK is left in ${phase}`),
  ];
};

/** Changes to be done at each index: each makes WORK, and says whose. */
const CHANGES = {
  publish: { begin: async () => "", change: () => publish({ section: "thoi-su" }) },
  republish: {
    begin: () => settled(),
    change: async (id: string) => {
      await republish(id);
      return id;
    },
  },
  move: {
    begin: () => settled({ section: "kinh-te" }),
    change: async (id: string) => {
      await move(id);
      return id;
    },
  },
};
const KINDS = Object.keys(CHANGES) as (keyof typeof CHANGES)[];

/** Does a change once for each I/O call of its render, with the mode's trouble there; names what went wrong at which call. */
const atEachCall = async (
  kind: keyof typeof CHANGES,
  mode: Mode,
  check: (id: string) => Promise<string[]>,
  meanwhile: (id: string, works: Work[]) => Promise<unknown> = async () => {},
): Promise<{ calls: number; faults: string[] }> => {
  const faults: string[] = [];
  const { begin, change: changed } = CHANGES[kind];
  const first = await begin();
  const ids = new Set<string>();
  for (let at = 0; ; at++) {
    const id = await changed(first);
    ids.add(id);
    const works = (await worksOf(id)).filter(({ phase }) => phase === "put");
    const plan = planOf(mode, at, () => meanwhile(id, works));
    // Dying, it answers nothing; the sweep takes over.
    await plans.run(plan, () => render(streamed(works))).catch(() => {});
    const found = [...(await unsafe(id)), ...(await check(id))];
    faults.push(...found.map((fault) => `call ${at}: ${fault}`));
    if (!plan.fired()) {
      await minutes(2);
      for (const one of ids) for (const { phase } of await worksOf(one)) faults.push(`WORK of ${one} is left in ${phase}`);
      return { calls: at, faults };
    }
  }
};

describe.each(KINDS)("a %s whose renderer", (kind) => {
  test.each(CRASHES)("%s each of its calls is healed by the sweep, and never says live too early", async (mode) => {
    const { calls, faults } = await atEachCall(kind, mode, unhealed);
    expect(faults).toEqual([]);
    expect(calls).toBeGreaterThan(10);
  });

  test.each(STALLS)("%s each of its calls while a second delivery goes all the way ends right", async (mode) => {
    const { calls, faults } = await atEachCall(kind, mode, unhealed, (_, works) => render(streamed(works)));
    expect(faults).toEqual([]);
    expect(calls).toBeGreaterThan(10);
  });

  test("stalls at each of its calls while a newer change goes all the way ends right at once", async () => {
    const { calls, faults } = await atEachCall(kind, "stalls before", stale, async (id) => {
      await (kind === "move" ? move(id) : republish(id));
      const newest = (await worksOf(id)).toSorted((a, b) => b.seq - a.seq).slice(0, 1);
      await render(streamed(newest));
    });
    expect(faults).toEqual([]);
    expect(calls).toBeGreaterThan(10);
  });
});
