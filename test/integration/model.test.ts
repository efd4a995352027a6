import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { iso } from "../../shared/domain/time.ts";
import { type Answer, story as sent, type TestHouse, testHouse } from "../house.ts";
import { rebuilt } from "../rebuilt.ts";
import {
  EDITORS,
  emptyWorld,
  fieldsOf,
  isEditor,
  isPublic,
  type ListName,
  LISTS,
  listings,
  mayBePinned,
  type Pin,
  REPORTERS,
  shortId,
  type Standing,
  standings,
  type Story,
  timePasses,
  unpin,
  type Who,
  type World,
} from "../story-model.ts";
import { aliasesOf, PUBLISHES, type Step, steps } from "../story-steps.ts";

/**
 * Random commands by two editors and two reporters against a model: what the house answers, what it is afterwards, what readers get of it
 * is what the model says; and the site that came of it is, bit by bit, the one that rendering everything anew gives. A sequence that
 * fails is shrunk to the shortest, and printed.
 */
type Key = { id: string; token: string };
/** A house and the model of all that was ever filed in it; a sequence works on two stories of its own. */
type Place = { house: TestHouse; keys: Record<Who, Key>; world: World };
type Model = Place & { pair: [Story, Story] };

let place: Place;

const newPlace = async (): Promise<Place> => {
  const house = await testHouse();
  const key = async (name: Who): Promise<Key> => {
    const role = isEditor(name) ? "editor" : "reporter";
    const { body } = await house.call("POST", "/keys", { key: house.adminKey, body: { name, role } });
    return { id: body.id, token: body.token };
  };
  const keys = {
    reporter: await key("reporter"),
    "other reporter": await key("other reporter"),
    editor: await key("editor"),
    "other editor": await key("other editor"),
  };
  return { house, keys, world: emptyWorld() };
};
beforeAll(async () => {
  place = await newPlace();
});
afterAll(() => place.house.close());

/** A draft of the reporter's. */
const filed = async ({ house, keys, world }: Place): Promise<Story> => {
  const headline = "Chợ nổi";
  const made = await house.call("POST", "/articles", {
    key: keys.reporter.token,
    body: sent({ status: "draft", headline }),
  });
  expect(made.status, made.text).toBe(201);
  const story: Story = {
    id: made.body.id,
    etag: made.headers.get("etag") ?? "",
    owner: "reporter",
    handedOver: false,
    status: "draft",
    seq: 1,
    revisions: [{ headline, section: "thoi-su", slug: undefined, publishedAt: undefined, aliases: undefined }],
    corrections: [],
  };
  world.stories.push(story);
  return story;
};

/** What the desk is told of a story is what the model has. */
const expectAsModelled = async ({ house }: Place, story: Story): Promise<Answer> => {
  const answer = await house.call("GET", `/articles/${story.id}`);
  const { body } = answer;
  const { headline, section, aliases } = fieldsOf(story);
  expect({
    status: body.status,
    owner: body.owner?.name,
    seq: body.seq,
    revision: body.revision,
    approved: body.approvedBy !== undefined,
    scheduled: body.scheduledRevision,
    published: body.publishedRevision,
    path: body.url && new URL(body.url).pathname,
    corrections: body.corrections.map(({ note }: { note: string }) => note),
    words: { headline: body.headline, section: body.section, aliases: body.aliases },
  }).toEqual({
    status: story.status,
    owner: story.handedOver ? story.owner : undefined,
    seq: story.seq,
    revision: story.revisions.length,
    approved: story.approved === story.revisions.length,
    scheduled: story.scheduled?.revision,
    published: story.published?.revision,
    path: story.published?.path,
    corrections: story.corrections,
    words: { headline, section, aliases },
  });
  return answer;
};

/** Why somebody may not take a step whatever the state: a story that one may not read is not there. */
const barOf = (who: Who, story: Story, editorOnly: boolean): number | undefined => {
  if (isEditor(who)) return undefined;
  if (story.owner === who) return editorOnly ? 403 : undefined;
  return isPublic(story) ? 403 : 404;
};

/** Does a step, and holds the house against the model. */
const take = async (step: Step, who: Who, model: Model, n: 0 | 1): Promise<void> => {
  const { house, keys, world, pair } = model;
  const [story, other] = [pair[n], pair[n === 0 ? 1 : 0]];
  const { body, invalid, impossible, makes } = step.plan({ story, other, who, now: house.clock.now() });
  const refused =
    barOf(who, story, step.editorOnly) ??
    (invalid ? 422 : !step.from.includes(story.status) || impossible ? 409 : undefined);
  const answer = await house.call(step.move === "" ? "PATCH" : "POST", `/articles/${story.id}${step.move}`, {
    key: keys[who].token,
    body,
    headers: { "if-match": story.etag },
  });
  expect(answer.status, answer.text).toBe(refused ?? 200);
  if (refused === undefined) {
    makes();
    unpin(world);
    story.etag = answer.headers.get("etag") ?? "";
  }
  const now = await expectAsModelled(model, story);
  expect(now.headers.get("etag")).toBe(story.etag);
};

class TakeStep implements fc.AsyncCommand<Model, Place> {
  private readonly step: Step;
  private readonly who: Who;
  private readonly n: 0 | 1;
  constructor(step: Step, who: Who, n: 0 | 1) {
    this.step = step;
    this.who = who;
    this.n = n;
  }
  check = (): boolean => true;
  run = (model: Model): Promise<void> => take(this.step, this.who, model, this.n);
  toString = (): string => `${this.who}, of story ${this.n + 1}: ${this.step.name}`;
}

const leadPath = (list: ListName): string => (list === "front" ? "/site/lead" : `/sections/${list}/lead`);

/** The pinned orders, as editors see them, are the model's. */
const expectPinned = async ({ house, world }: Place): Promise<void> => {
  for (const list of LISTS) {
    const { body } = await house.call("GET", leadPath(list));
    expect([list, body.items.map((item: { article: string }) => item.article)]).toEqual([
      list,
      world.pins[list].map(({ story }) => story.id),
    ]);
  }
};

type Pinning = { list: ListName; who: Who; order: readonly (0 | 1)[]; ms: number | undefined };

/** Puts an order of the two stories on a front; what stood there before is off it. */
const pin = async ({ list, who, order, ms }: Pinning, { house, keys, world, pair }: Model): Promise<void> => {
  const until = ms === undefined ? undefined : house.clock.now() + ms;
  const pins = order.map((n): Pin => ({ story: pair[n], until }));
  const items = pins.map(({ story }) => ({
    article: story.id,
    ...(until === undefined ? {} : { until: iso(until) }),
  }));
  const answer = await house.call("PUT", leadPath(list), { key: keys[who].token, body: { items } });
  const refused = pins.every(({ story }) => mayBePinned(story, list)) ? undefined : 422;
  expect(answer.status, answer.text).toBe(isEditor(who) ? (refused ?? 200) : 403);
  if (answer.status === 200) world.pins[list] = pins;
};

class PinStories implements fc.AsyncCommand<Model, Place> {
  private readonly pinning: Pinning;
  constructor(pinning: Pinning) {
    this.pinning = pinning;
  }
  check = (): boolean => true;
  run = (model: Model): Promise<void> => pin(this.pinning, model);
  toString(): string {
    const { list, who, order, ms } = this.pinning;
    return `${who} pins ${order.map((n) => `story ${n + 1}`).join(", ") || "nothing"} to ${list}${ms === undefined ? "" : " for a minute"}`;
  }
}

/** Titles and paths of a front's stories, or of the feed's, in their order. */
const listed = (text: string, siteUrl: string): [string, string][] =>
  [
    ...text.matchAll(/<h[23]><a href="(?<path>[^"]*)">(?<title>[^<]*)</g),
    ...text.matchAll(/<item><title>(?<title>[^<]*)<\/title><link>(?<path>[^<]*)</g),
  ].map(({ groups = {} }) => [(groups["path"] ?? "").replace(siteUrl, ""), groups["title"] ?? ""]);

/** What readers find at a path. */
const found = async ({ house }: Place, path: string): Promise<Standing | { status: number; title: string }> => {
  const { status, headers, text } = await house.read(path);
  if (status === 301) return { status, to: headers.get("location") ?? "" };
  return { status, title: /<h1>([^<]*)</.exec(text)?.[1] ?? "" };
};

/** What readers get, through the CDN, is what the model has; a path that is not public yet says nothing. */
const expectShown = async (model: Model): Promise<void> => {
  const { house, world, pair } = model;
  const expected = pair.flatMap((story) => {
    const standing = standings(story);
    const hidden = aliasesOf(story).filter((path) => !(path in standing));
    return [
      ...Object.entries(standing),
      ...hidden.map((path): [string, object] => [path, { status: 404, title: "Không tìm thấy trang" }]),
    ];
  });
  const pages = await Promise.all(expected.map(async ([path]) => [path, await found(model, path)]));
  expect(Object.fromEntries(pages)).toEqual(Object.fromEntries(expected));
  const fronts = Object.keys(listings(world)).map(async (path) => [
    path,
    listed((await house.read(path)).text, house.siteUrl),
  ]);
  expect(Object.fromEntries(await Promise.all(fronts))).toEqual(listings(world));
};

/** More than a minute: what was scheduled for the next is up, second purges are done, and no list at the CDN is older than its change. */
const PASSED_MS = 62_000;

const letTimePass = async (model: Model): Promise<void> => {
  const { house, world, pair } = model;
  await house.quiet();
  await house.clock.move(PASSED_MS);
  await house.quiet();
  timePasses(world, house.clock.now());
  for (const story of pair) story.etag = (await expectAsModelled(model, story)).headers.get("etag") ?? "";
  await expectPinned(model);
  await expectShown(model);
};

class LetTimePass implements fc.AsyncCommand<Model, Place> {
  check = (): boolean => true;
  run = letTimePass;
  toString = (): string => "a minute passes";
}

const editors = fc.constantFrom<Who>(...EDITORS);
const people = fc.constantFrom<Who>(...REPORTERS, ...EDITORS);
const either = fc.constantFrom<0 | 1>(0, 1);
const taken = steps(() => ({
  reporter: place.keys.reporter.id,
  "other reporter": place.keys["other reporter"].id,
  editor: place.keys.editor.id,
  "other editor": place.keys["other editor"].id,
})).chain((step) =>
  fc
    .tuple(step.editorOnly ? fc.oneof({ weight: 9, arbitrary: editors }, people) : people, either)
    .map(([who, n]) => new TakeStep(step, who, n)),
);
const pinned = fc
  .record({
    list: fc.constantFrom(...LISTS),
    who: fc.oneof({ weight: 9, arbitrary: editors }, people),
    order: fc.constantFrom<readonly (0 | 1)[]>([0], [1], [0, 1], [1, 0], []),
    ms: fc.constantFrom(undefined, 60_000),
  })
  .map((pinning) => new PinStories(pinning));
const passes = fc.constant(new LetTimePass());
// Which of these comes next is drawn evenly.
const commands = fc.commands([...Array.from({ length: 10 }, () => taken), pinned, passes], {
  maxCommands: 40,
  size: "max",
});

/** The numbers of a story's revisions have no gap, and the one that readers see is marked. */
const expectRevisions = async ({ house }: Place, story: Story): Promise<void> => {
  const { body } = await house.call("GET", `/articles/${story.id}/revisions?limit=100`);
  const shown = isPublic(story) ? story.published?.revision : undefined;
  expect(body.items.map(({ revision, published }: Record<string, unknown>) => [revision, published === true])).toEqual(
    story.revisions.map((_, n) => [n + 1, n + 1 === shown]).reverse(),
  );
};

/** A sequence on two new stories, the second of which is public, and all that can be said of its end. */
const carryOut = async (sequence: Iterable<fc.AsyncCommand<Model, Place>>): Promise<void> => {
  const model: Model = { ...place, pair: [await filed(place), await filed(place)] };
  await take(PUBLISHES, "editor", model, 1);
  await fc.asyncModelRun(() => ({ model, real: place }), sequence);
  await letTimePass(model);
  for (const story of model.pair) await expectRevisions(model, story);
  const { differences, untouched } = await rebuilt(
    model.house,
    model.pair.map(({ id }) => id),
  );
  expect(differences).toEqual([]);
  expect(untouched.filter((key) => model.pair.some((story) => key.includes(shortId(story))))).toEqual([]);
};

test("random commands do what the model says, and a rebuild changes nothing", { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      try {
        await carryOut(sequence);
      } catch (error) {
        // What a fault has left behind must not be taken for another's, while the sequence is shrunk.
        await place.house.close();
        place = await newPlace();
        throw error;
      }
    }),
    { numRuns: 50, endOnFailure: false, interruptAfterTimeLimit: 500_000, markInterruptAsFailure: true },
  );
  expect(place.world.stories.filter(isPublic).length).toBeGreaterThan(10);
});
