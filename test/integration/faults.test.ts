import { AsyncLocalStorage } from "node:async_hooks";
import type { DynamoDBStreamEvent, SQSEvent } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publishPictures } from "../../functions/render/pictures.ts";
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
import { photo } from "../fixtures/pictures.ts";
import { addressesIn, illustrated, readyPicture, withdraw } from "../pictures.ts";
import { type Answer, story, testHouse, type TestHouse } from "../house.ts";

/** What happens at one I/O call of one renderer: the call alone fails, or the process dies; before its effect or after it. */
const CRASHES = ["fails before", "fails after", "dies before", "dies after"] as const;
/** Or it is stalled there, while somebody else goes all the way. */
type Mode = (typeof CRASHES)[number] | "stalls before" | "is refused after";

type Plan = {
  /** The story whose render it is. */
  story: string;
  step<Result>(name: string, effect: () => Promise<Result>): Promise<Result>;
  fired(): boolean;
  /** Resolves when whoever went on during a stall is through. */
  over(): Promise<unknown>;
};

/** The plan that the calls under way belong to: only the renderer that a test starts by hand has one. */
const plans = new AsyncLocalStorage<Plan | undefined>();

/** The trouble comes at the call with that number (from 0), or at the first one of that name. */
const planOf = (
  story: string,
  mode: Mode,
  at: number | string,
  meanwhile: () => Promise<unknown> = async () => {},
): Plan => {
  let [calls, fired, dead] = [0, false, false];
  let others: Promise<unknown> = Promise.resolve();
  return {
    story,
    fired: () => fired,
    over: () => others,
    step: async <Result>(name: string, effect: () => Promise<Result>) => {
      if (dead) throw new Error("The process is no more.");
      const here = !fired && (at === name || at === calls);
      calls++;
      if (!here) return effect();
      fired = true;
      dead = mode === "dies before" || mode === "dies after";
      if (mode === "fails before" || mode === "dies before") throw new Error("The call has failed.");
      if (mode === "stalls before") await (others = plans.run(undefined, meanwhile));
      const result = await effect();
      // As when the SDK tries a put again whose answer was lost: 412, by our own write.
      if (mode === "is refused after" && result === true && name === "put") return false as Result;
      if (mode === "fails after" || mode === "dies after") throw new Error("The answer is lost.");
      return result;
    },
  };
};

const planned =
  <Args extends unknown[], Result>(name: string, call: (...args: Args) => Promise<Result>) =>
  async (...args: Args): Promise<Result> => {
    const plan = plans.getStore();
    return plan ? plan.step(name, () => call(...args)) : call(...args);
  };

/** Every call of a port that leaves the process goes by the plan. */
const faulty = (services: Services): Services => {
  const { table, site, bodies } = services;
  return {
    ...services,
    table: {
      get: planned("get", table.get),
      getMany: planned("getMany", table.getMany),
      query: planned("query", table.query),
      index: planned("index", table.index),
      // What ends a piece of work tells itself apart by the WORK that it deletes or replaces.
      transact: (writes) =>
        planned(
          writes.some((write) => "delete" in write && write.delete.sk.startsWith("WORK#")) ? "done" : "transact",
          table.transact,
        )(writes),
      write: planned("write", table.write),
    },
    site: { ...site, head: planned("head", site.head), put: planned("put", site.put) },
    // The feed's twenty bodies are twenty calls of one kind: the story's own stands for all.
    bodies: {
      ...bodies,
      get: (...args) => (plans.getStore()?.story === args[0] ? planned("body", bodies.get) : bodies.get)(...args),
    },
    // A first copy, a first tombstone: each is a call of its own.
    pictures: {
      publish: planned("copy", services.pictures.publish),
      names: planned("names", services.pictures.names),
      darken: planned("darken", services.pictures.darken),
    },
    purge: planned("purge", services.purge),
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
const move = async (id: string) =>
  change(id, { section: (await locate(id)).startsWith("/van-hoa/") ? "kinh-te" : "van-hoa" });
const locate = async (id: string): Promise<string> =>
  new URL((await house.call("GET", `/articles/${id}`)).body.url).pathname;

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
  const { head, live } = await loadState(services.table, id);
  if (!isPublic(head)) throw new Error("the story is not public");
  const { locale, tags, series, sourceLine, canonicalUrl, seo, bodyDigest } = head.published.content;
  const body = (await services.bodies.get(id, bodyDigest)) ?? [];
  const settings = siteView(await loadSite(services.table, services.siteUrl));
  // What is public is looked at, and nothing made so.
  const copies = { ...services, pictures: { ...services.pictures, publish: async () => {} } };
  const shown = await publishPictures(copies, head, live, body);
  if (!shown) throw new Error("the story moved while nobody touched it");
  const { lead, pictures, hero } = shown;
  const view = { ...storyOf(head, lead), body, pictures, hero, locale, tags, series, sourceLine, canonicalUrl, seo };
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
  for (const address of new Set(addressesIn((await object(pathOf(head))).text ?? ""))) {
    const { status } = await object(address);
    if (status !== 200) faults.push(`${address} answers ${status}`);
  }
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
  return [
    ...(await dead(id)),
    ...(said.state === "live" ? (await stale(id)).map((fault) => `live, but ${fault}`) : []),
  ];
};

const minutes = async (n: number): Promise<void> => {
  for (let minute = 0; minute < n; minute++) {
    await house.clock.move(61_000);
    await house.quiet();
  }
};

/** What is not live yet; whether it is right to say live, {@link unsafe} has looked at. */
const unfinished = async (id: string): Promise<string[]> => {
  const { state } = await receipt(id);
  return state === "live" ? [] : [`the receipt says ${state}`];
};

/** What is wrong once the sweep has been by, a few times if need be. */
const unhealed = async (id: string): Promise<string[]> => {
  for (let minute = 0; minute < 3 && (await receipt(id)).state !== "live"; minute++) await minutes(1);
  const said = await receipt(id);
  const open = (await worksOf(id)).filter(({ phase }) => phase !== "purge2");
  return [
    ...(said.state === "live" && said.liveSeq === said.seq ? [] : [`the receipt says ${said.state}`]),
    ...(await stale(id)),
    ...open.map(({ phase }) => `WORK is left in ${phase}`),
  ];
};

let picture: Promise<string> | undefined;
/** A small picture: a dozen renditions, each of which is a call. */
const readyOnce = (): Promise<string> => (picture ??= makeReady());
const makeReady = async (): Promise<string> => {
  // Its own work is none of what is looked at here.
  house.pump.held = false;
  const image = await readyPicture(house, await photo({ width: 64, height: 48, seed: 9 }));
  house.pump.held = true;
  return image;
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
  illustrated: {
    begin: readyOnce,
    change: async () => publish({ section: "thoi-su", body: illustrated(await readyOnce()) }),
  },
  withdrawal: {
    begin: readyOnce,
    change: async () => {
      const id = await settled({ section: "thoi-su", body: illustrated(await readyOnce()) });
      await withdraw(house, id);
      return id;
    },
  },
};
const KINDS = ["publish", "republish", "move", "illustrated"] as const;

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
    const plan = planOf(id, mode, at, () => meanwhile(id, works));
    // Dying, it answers nothing; the sweep takes over.
    await plans.run(plan, () => render(streamed(works))).catch(() => {});
    await plan.over();
    const found = [...(await unsafe(id)), ...(await check(id))];
    faults.push(...found.map((fault) => `call ${at}: ${fault}`));
    if (!plan.fired()) {
      await minutes(2);
      for (const one of ids)
        for (const { phase } of await worksOf(one)) faults.push(`WORK of ${one} is left in ${phase}`);
      return { calls: at, faults };
    }
  }
};

describe.each(KINDS)("a %s whose renderer", (kind) => {
  test.each(CRASHES.filter((mode) => kind === "republish" || mode.startsWith("dies")))(
    "%s each of its calls is healed by the sweep, and never says live too early",
    async (mode) => {
      const { calls, faults } = await atEachCall(kind, mode, unhealed);
      expect(faults).toEqual([]);
      expect(calls).toBeGreaterThan(10);
    },
  );

  test("is told 412 of each put that was its own ends right at once", async () => {
    const { calls, faults } = await atEachCall(kind, "is refused after", unfinished);
    expect(faults).toEqual([]);
    expect(calls).toBeGreaterThan(10);
  });

  test("stalls at each of its calls while a second delivery goes all the way ends right at once", async () => {
    const { calls, faults } = await atEachCall(kind, "stalls before", unfinished, (_, works) =>
      render(streamed(works)),
    );
    expect(faults).toEqual([]);
    expect(calls).toBeGreaterThan(10);
  });

  test("stalls at each of its calls while a newer change goes all the way ends right at once", async () => {
    const { calls, faults } = await atEachCall(kind, "stalls before", unfinished, async (id) => {
      await (kind === "move" ? move(id) : republish(id));
      const newest = (await worksOf(id)).toSorted((a, b) => b.seq - a.seq).slice(0, 1);
      await render(streamed(newest));
    });
    expect(faults).toEqual([]);
    expect(calls).toBeGreaterThan(10);
  });
});

/** Purges that were asked for a story. */
const purges = (id: string) =>
  house.cdn.invalidations.filter(({ paths }) => paths.includes(`#a-${id.toLowerCase()}`)).length;
const open = async (id: string): Promise<Work[]> => (await worksOf(id)).filter(({ phase }) => phase === "put");

describe("a delivery that comes again after the first purge", () => {
  test.each([
    ["stream", streamed],
    ["queue", queued],
  ])("by the %s leaves the second purge to its time", async (_, delivered) => {
    const id = await settled();
    await republish(id);
    const works = await open(id);
    await render(streamed(works));
    expect(purges(id)).toBe(1);
    await render(delivered(works));
    expect(purges(id)).toBe(1);
    expect((await worksOf(id)).map(({ phase }) => phase)).toEqual(["purge2"]);
    await minutes(2);
    expect(purges(id)).toBe(2);
  });
});

test("an older change that is rendered after a move was committed never turns the page into a redirect to nothing", async () => {
  const id = await settled({ section: "thoi-su" });
  const from = await locate(id);
  await republish(id);
  const older = await open(id);
  await change(id, { section: "van-hoa" });
  const to = await locate(id);
  const seen: string[] = [];
  for (let at = 0; ; at++) {
    const plan = planOf(id, "dies before", at);
    await plans.run(plan, () => render(streamed(older))).catch(() => {});
    const [old, moved] = [await object(from), await object(to)];
    if (old.status === 301 && moved.status !== 200) seen.push(`call ${at}: 301 to ${moved.status}`);
    if (!plan.fired()) break;
  }
  await minutes(2);
  expect(await unhealed(id)).toEqual([]);
  expect(seen).toEqual([]);
});

test("a change that is up is not said to have failed because an older one did", async () => {
  const id = await settled();
  await republish(id);
  const older = await open(id);
  await plans.run(planOf(id, "fails before", "put"), () => render(streamed(older)));
  expect((await receipt(id)).state).toBe("failed");
  await republish(id);
  const newer = (await open(id)).filter(({ error }) => error === undefined);
  expect.soft((await receipt(id)).state).toBe("pending");
  await render(streamed(newer));
  expect(await stale(id)).toEqual([]);
  expect((await receipt(id)).state).toBe("live");
});

test("a page that was put is purged at once, though what follows fails", async () => {
  const id = await settled();
  await republish(id);
  const works = await open(id);
  // The first transaction is goLive: the page is up by then.
  await plans.run(planOf(id, "fails before", "transact"), () => render(streamed(works)));
  expect((await object(await locate(id))).text).toContain(`Bản thứ ${count}`);
  expect(purges(id)).toBe(1);
});

test("a purge that failed and came through later leaves the receipt's pages as they were written", async () => {
  const id = await settled();
  await republish(id);
  const works = await open(id);
  await plans.run(planOf(id, "fails before", "purge"), () => render(streamed(works)));
  expect(await worksOf(id)).toMatchObject([{ phase: "purge1" }]);
  await minutes(1);
  const said = await receipt(id);
  expect(said.state).toBe("live");
  expect(said.pages.map(({ path }: { path: string }) => path)).toContain(await locate(id));
});

test("WORK that cannot even be loaded does not stop what came in the same batch", async () => {
  const [bad, good] = [await publish(), await publish()];
  const works = [...(await open(bad)), ...(await open(good))];
  // The first one is the load of the first piece of WORK.
  await plans.run(planOf(bad, "fails before", "get"), () => render(queued(works))).catch(() => {});
  expect((await receipt(good)).state).toBe("live");
  expect(await unhealed(bad)).toEqual([]);
});

test("publishing what is published, under an idempotency key, leaves the audit of the first publication as it was", async () => {
  const id = await settled();
  const audit = async () => (await house.functions.services.table.query({ pk: `ARTICLE#${id}`, prefix: "AUDIT#" }))[0];
  const before = await audit();
  const again = await house.call("POST", `/articles/${id}/publish`, {
    key: house.adminKey,
    headers: { "if-match": '"s1"', "idempotency-key": "again" },
  });
  expect(again.status).toBe(200);
  expect(await audit()).toEqual(before);
});

test("a receipt that could not be kept at the end of one story's work does not end the invocation for the others", async () => {
  const [bad, good] = [await publish(), await publish()];
  const works = [...(await open(bad)), ...(await open(good))];
  const ends = planOf(bad, "fails before", "done");
  await expect(plans.run(ends, () => render(streamed(works)))).resolves.toBeDefined();
  expect(await unhealed(bad)).toEqual([]);
  expect(await unhealed(good)).toEqual([]);
});

test("everything delivered again at the end, twice and at once, changes no byte", async () => {
  await minutes(5);
  // Bytes with their render ids: whatever is put shows.
  const bytes = async () =>
    [...(await house.publicBytes())].map(([key, text]) => [key, text.slice(text.indexOf("\n"))]);
  const before = await bytes();
  house.pump.twice = true;
  house.pump.held = false;
  await house.quiet();
  expect(await bytes()).toEqual(before);
});

describe("a withdrawal whose renderer", () => {
  beforeAll(() => {
    house.pump.held = true;
  });
  /** What of a withdrawn story can still be seen. */
  const seen = async (id: string): Promise<string[]> => {
    const { head } = await loadState(house.functions.services.table, id);
    if (!head?.published) return ["it was never public"];
    const path = pathOf({ id, published: head.published });
    const folder = `images/${id.toLowerCase()}/`;
    const faults: string[] = [];
    for (const key of [objectKey(path), ...house.s3.keys("site").filter((one) => one.startsWith(folder))]) {
      const { status } = await object(`/${key}`);
      if (status !== 410) faults.push(`${key} answers ${status}`);
    }
    for (const list of ["/", "/feed.xml", "/thoi-su"])
      if ((await object(list)).text?.includes(shortIdOf(id))) faults.push(`${list} names it`);
    return faults;
  };
  const unseen = async (id: string): Promise<string[]> => {
    for (let minute = 0; minute < 3 && (await seen(id)).length > 0; minute++) await minutes(1);
    return seen(id);
  };

  test.each(CRASHES)("%s each of its calls is complete once the sweep has been by", async (mode) => {
    const { calls, faults } = await atEachCall("withdrawal", mode, unseen);
    expect(faults).toEqual([]);
    expect(calls).toBeGreaterThan(20);
  });

  test("meets a publish that stalls at each of its calls: nothing of it comes back", async () => {
    const { calls, faults } = await atEachCall(
      "illustrated",
      "stalls before",
      async (id) => [...(await seen(id))],
      async (id) => {
        await withdraw(house, id);
        const newest = (await worksOf(id)).toSorted((a, b) => b.seq - a.seq).slice(0, 1);
        await render(streamed(newest));
      },
    );
    // The last round has no stall, and so no withdrawal.
    expect(faults.filter((fault) => !fault.startsWith(`call ${calls}:`))).toEqual([]);
    expect(calls).toBeGreaterThan(20);
  });
});
