import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Status } from "../../shared/domain/article.ts";
import { iso } from "../../shared/domain/time.ts";
import { sitePages } from "../../shared/site/impact.ts";
import { loadSite } from "../../shared/store/site.ts";
import { newWork, workPut } from "../../shared/store/work.ts";
import { type Answer, story, type TestHouse, testHouse } from "../house.ts";

/**
 * Random commands by two editors and a reporter against a model of a page of code: what the house answers, and what it is
 * afterwards, is what the model says. A sequence that fails is shrunk to the shortest, and printed.
 */
type Who = "reporter" | "editor" | "other editor";
type Model = {
  status: Status;
  revision: number;
  published?: number;
  scheduled?: { revision: number; from: Status };
  approved?: number;
  corrections: number;
};
type Real = { id: string; etag: string; n: number };

let house: TestHouse;
let keys: Record<Who, string>;
beforeAll(async () => {
  house = await testHouse();
  const made = await house.call("POST", "/keys", {
    key: house.adminKey,
    body: { name: "Second desk", role: "editor" },
  });
  keys = { reporter: house.reporterKey, editor: house.editorKey, "other editor": made.body.token };
}, 60_000);
afterAll(() => house.close());

const AHEAD_MS = 7 * 24 * 3600 * 1000;

/** A thing that somebody does: whether the model allows it (the status of the answer), and what it makes of the model. */
type Step = {
  name: string;
  editorOnly: boolean;
  from: readonly Status[];
  /** Refused for another reason than the state. */
  also?: (model: Model) => boolean;
  path: string;
  method?: "PATCH";
  body: (real: Real) => unknown;
  makes: (model: Model, who: Who) => void;
};

const ALL = ["draft", "in-review", "approved", "scheduled", "published", "withdrawn"] as const;

const goUp = (model: Model, revision: number): void => {
  model.status = "published";
  model.published = revision;
  delete model.scheduled;
};

const written = (model: Model, who: Who): void => {
  model.revision++;
  delete model.approved;
  if (model.status === "approved" || (model.status === "in-review" && who === "reporter")) model.status = "draft";
};

const STEPS: Step[] = [
  {
    name: "edits",
    editorOnly: false,
    from: ALL,
    path: "",
    method: "PATCH",
    body: ({ n }) => ({ headline: `Tin số ${n}` }),
    makes: written,
  },
  {
    name: "submits",
    editorOnly: false,
    from: ["draft"],
    path: "/submit",
    body: () => ({}),
    makes: (model) => void (model.status = "in-review"),
  },
  {
    name: "approves",
    editorOnly: true,
    from: ["in-review"],
    path: "/approve",
    body: () => ({}),
    makes: (model) => {
      model.status = "approved";
      model.approved = model.revision;
    },
  },
  {
    name: "rejects",
    editorOnly: true,
    from: ["in-review", "approved"],
    path: "/reject",
    body: () => ({ note: "Xin gọi lại nguồn." }),
    makes: (model) => {
      model.status = "draft";
      delete model.approved;
    },
  },
  {
    name: "publishes",
    editorOnly: true,
    from: ALL,
    path: "/publish",
    body: () => ({}),
    makes: (model) => goUp(model, model.revision),
  },
  {
    name: "schedules",
    editorOnly: true,
    from: ["draft", "in-review", "approved"],
    path: "/publish",
    body: () => ({ at: iso(house.clock.now() + AHEAD_MS) }),
    makes: (model) => {
      model.scheduled = { revision: model.revision, from: model.status };
      model.status = "scheduled";
    },
  },
  {
    name: "unschedules",
    editorOnly: true,
    from: ["scheduled"],
    path: "/unschedule",
    body: () => ({}),
    makes: (model) => {
      const from = model.scheduled?.from ?? "draft";
      model.status = from === "approved" && model.approved !== model.revision ? "draft" : from;
      delete model.scheduled;
    },
  },
  {
    name: "corrects",
    editorOnly: true,
    from: ["published"],
    also: (model) => model.published !== model.revision,
    path: "/correct",
    body: ({ n }) => ({ note: `Sửa lần ${n}`, patch: { headline: `Tin sửa ${n}` } }),
    makes: (model) => {
      model.revision++;
      model.corrections++;
      goUp(model, model.revision);
      delete model.approved;
    },
  },
  {
    name: "withdraws",
    editorOnly: true,
    from: ["published"],
    path: "/withdraw",
    body: () => ({ mode: "gone", reason: "Theo yêu cầu" }),
    makes: (model) => void (model.status = "withdrawn"),
  },
];

/** Does a step, and holds the house against the model. */
const carryOut = async (step: Step, who: Who, model: Model, real: Real): Promise<void> => {
  const name = `${who} ${step.name}`;
  const { editorOnly, from, also, path, method = "POST", body, makes } = step;
  const call = (): Promise<Answer> =>
    house.call(method, `/articles/${real.id}${path}`, {
      key: keys[who],
      body: body(real),
      headers: { "if-match": real.etag },
    });
  real.n++;
  const answer = await call();
  const refused =
    editorOnly && who === "reporter" ? 403 : !from.includes(model.status) || also?.(model) ? 409 : undefined;
  expect([name, answer.status], answer.text).toEqual([name, refused ?? 200]);
  if (refused === undefined) {
    makes(model, who);
    real.etag = answer.headers.get("etag") ?? "";
  }
  const now = await house.call("GET", `/articles/${real.id}`);
  expect({
    status: now.body.status,
    revision: now.body.revision,
    published: now.body.publishedRevision,
    corrections: now.body.corrections.length,
  }).toEqual({
    status: model.status,
    revision: model.revision,
    published: model.published,
    corrections: model.corrections,
  });
  expect(now.headers.get("etag")).toBe(real.etag);
};

class Command implements fc.AsyncCommand<Model, Real> {
  private readonly step: Step;
  private readonly who: Who;
  constructor(step: Step, who: Who) {
    this.step = step;
    this.who = who;
  }
  check(): boolean {
    return true;
  }
  run(model: Model, real: Real): Promise<void> {
    return carryOut(this.step, this.who, model, real);
  }
  toString(): string {
    return `${this.who} ${this.step.name}`;
  }
}

const WHO: Who[] = ["reporter", "editor", "other editor"];
const commands = fc.commands(
  STEPS.flatMap((step) => WHO.map((who) => fc.constant(new Command(step, who)))),
  { maxCommands: 25 },
);

/** Render ids aside, every public byte. */
const plainSite = async (): Promise<Map<string, string>> =>
  new Map(
    [...(await house.publicBytes())].map(([key, text]) => [
      key,
      text
        .replace(/<!-- [0-9A-Z]{26} -->\n$/, "")
        .replace(/# [0-9A-Z]{26}\n$/, "")
        .replaceAll(/\["(?:etag|last-modified|date|content-length|x-amz-request-id)","[^"]*"\],?/g, "")
        .replaceAll(/\["(?:etag|last-modified|date|content-length|x-amz-request-id)","(?:\\.|[^"\\])*"\],?/g, ""),
    ]),
  );

const ids: string[] = [];

test("random commands by two editors and a reporter do what the model says", { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      const made = await house.call("POST", "/articles", { key: keys.reporter, body: story({ status: "draft" }) });
      expect(made.status).toBe(201);
      ids.push(made.body.id);
      const setup = () => ({
        model: { status: "draft", revision: 1, corrections: 0 } satisfies Model as Model,
        real: { id: made.body.id, etag: made.headers.get("etag") ?? "", n: 0 },
      });
      await fc.asyncModelRun(setup, sequence);
    }),
    { numRuns: 60, endOnFailure: false },
  );
});

test("the site that came of it is the one that rendering everything anew gives", { timeout: 120_000 }, async () => {
  await house.quiet();
  const before = await plainSite();
  expect(before.size).toBeGreaterThan(20);
  const { table, ids: makeIds, clock, siteUrl } = house.functions.services;
  const site = await loadSite(table, siteUrl);
  const now = clock.now();
  const everything = newWork({
    id: makeIds.ulid(now),
    seq: 0,
    pages: sitePages(site.sections.map(({ slug }) => slug)),
    createdAt: iso(now),
  });
  const published = await Promise.all(
    ids.map(async (id) => ({ id, answer: await house.call("GET", `/articles/${id}`) })),
  );
  const works = published.flatMap(({ id, answer }) =>
    answer.body.url === undefined
      ? []
      : [
          newWork({
            id: makeIds.ulid(now),
            article: id,
            path: new URL(answer.body.url).pathname,
            seq: answer.body.seq,
            moved: true,
            createdAt: iso(now),
          }),
        ],
  );
  expect(works.length).toBeGreaterThan(5);
  for (const work of [...works, everything]) await table.transact([workPut(work, iso(now + 60_000))]);
  await house.quiet();
  const after = await plainSite();
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
  for (const [key, bytes] of before) expect(after.get(key), key).toBe(bytes);
});
