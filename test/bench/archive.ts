import type { ApiKey } from "../../shared/domain/access.ts";
import { textBlockOf } from "../../shared/domain/body.ts";
import { decide } from "../../shared/domain/decide/decide.ts";
import { iso } from "../../shared/domain/time.ts";
import { contentFrom } from "../../shared/store/filing.ts";
import { commit } from "../../shared/store/commit.ts";
import { inParallel } from "../../shared/runtime/parallel.ts";
import { goLive, isPublic } from "../../shared/store/live.ts";
import { loadSite } from "../../shared/store/site.ts";
import { loadState } from "../../shared/store/state.ts";
import { workDone } from "../../shared/store/work.ts";
import { type Answer, story, testHouse, type TestHouse } from "../house.ts";
import { progress, type Row } from "./table.ts";

const MINUTE = 60_000;
const NONE = { pictures: {}, sets: [], pending: false };

/**
 * Fills the archive by the store alone: each story is committed and goes live as the renderer would have it, but its page is not
 * written, which nothing here reads. Oldest first.
 */
const fill = async (house: TestHouse, from: number, to: number): Promise<void> => {
  const { services } = house.functions;
  const { table, ids, clock } = services;
  const by = { key: "loader", name: "Loader" };
  const key: ApiKey = { id: by.key, name: by.name, role: "editor", createdAt: "" };
  const site = await loadSite(table, services.siteUrl);
  const body = [textBlockOf("Một đoạn.")];
  const one = async (n: number): Promise<void> => {
    const publishedAt = iso(Date.UTC(2020, 0, 1) + n * MINUTE);
    const fields = {
      locale: "vi",
      headline: `Tin lưu trữ ${n}`,
      bylines: [],
      tags: [],
      section: "thoi-su",
      publishedAt,
    };
    const content = contentFrom({ fields, body, warnings: [] });
    const id = ids.ulid(clock.now());
    const decided = decide({ type: "create", id, content, publish: true }, undefined, {
      key,
      now: iso(clock.now()),
      site,
      pictures: new Map(),
    });
    if (!decided.ok) throw new Error("the loader's story was refused", { cause: decided.refusal });
    await commit(services, { decision: decided.value, by, body });
    const { head, live, works } = await loadState(table, id);
    if (!isPublic(head) || !(await goLive(table, { head, live, shown: NONE }, ids.ulid(clock.now()), clock.now())))
      throw new Error("not live");
    for (const work of works) await table.transact([workDone(work)]);
  };
  house.pump.held = true;
  for (let n = from; n < to; n += 100) {
    await inParallel(
      Array.from({ length: Math.min(100, to - n) }, (_, k) => n + k),
      8,
      one,
    );
    progress("archive", Math.min(n + 100, to), to);
  }
  house.pump.held = false;
  await house.quiet();
};

type Cost = { calls: number; objects: number; tags: number[]; detail: string };

/** SDK calls, objects and tags of each purge that one call of the API costs, to the end of its second purge. */
const costOf = async (house: TestHouse, act: () => Promise<Answer>): Promise<Cost & { sent: Answer }> => {
  const before = { ...house.calls };
  const purged = house.cdn.invalidations.length;
  const sent = await act();
  if (sent.status >= 300) throw new Error(sent.text);
  await house.quiet();
  const used = Object.entries(house.calls).map(([name, count]): [string, number] => [
    name,
    count - (before[name] ?? 0),
  ]);
  const detail = used
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
  const objects = (house.calls["PutObject"] ?? 0) - (before["PutObject"] ?? 0);
  await house.clock.move(MINUTE + 1000);
  await house.quiet();
  return {
    calls: used.reduce((sum, [, count]) => sum + count, 0),
    objects,
    tags: house.cdn.invalidations.slice(purged).map(({ paths }) => paths.length),
    detail,
    sent,
  };
};

/** What it costs to publish a story, to correct it, and to withdraw it. */
const costs = async (house: TestHouse): Promise<Record<"publish" | "correct" | "withdraw", Cost>> => {
  const publish = await costOf(house, () => house.call("POST", "/articles", { body: story() }));
  const path = `/articles/${publish.sent.body.id}`;
  const move = async (name: string, body: object): Promise<Answer> => {
    const { headers } = await house.call("GET", path);
    return house.call("POST", `${path}/${name}`, { body, headers: { "if-match": headers.get("etag") ?? "" } });
  };
  return {
    publish,
    correct: await costOf(house, () => move("correct", { note: "Đã sửa.", patch: { standfirst: "Đã sửa." } })),
    withdraw: await costOf(house, () => move("withdraw", { mode: "gone", reason: "asked for" })),
  };
};

const told = ({ calls, objects, tags }: Cost): string =>
  `${calls} calls, ${objects} objects, ${tags.join(" and ")} tags purged`;

/** What one publish, correction and withdrawal cost with a small archive and with a large one. */
export const archive = async (large: number): Promise<Row[]> => {
  const house = await testHouse();
  await fill(house, 0, 100);
  await costs(house);
  const { publish: small, ...less } = await costs(house);
  await fill(house, 100, large);
  await costs(house);
  const { publish: big, ...more } = await costs(house);
  await house.close();
  // Counts are no matter of the machine: what differs has got worse.
  for (const [what, [a, b]] of Object.entries({
    publish: [small, big],
    correct: [less.correct, more.correct],
    withdraw: [less.withdraw, more.withdraw],
  } as const))
    if (told(a) !== told(b) || [...a.tags, ...b.tags].some((tags) => tags > 2)) {
      process.stderr.write(`${what} costs more than it may: ${told(a)}; ${told(b)}\n`);
      process.exitCode = 1;
    }
  const peer = "Hugo 9-11 s, Eleventy 28 s, Astro 54 s to add one of 10,000";
  return [
    {
      what: "SDK calls of one publish, archive of 100",
      figure: `${small.calls} calls, ${small.objects} objects`,
      goal: "<= 8 objects",
    },
    {
      what: `SDK calls of one publish, archive of ${large}`,
      figure: `${big.calls} calls, ${big.objects} objects`,
      goal: "the same",
      peer,
    },
    { what: "  which are", figure: big.detail },
    ...(["correct", "withdraw"] as const).flatMap((what): Row[] => [
      {
        what: `SDK calls to ${what} a story, archive of 100`,
        figure: told(less[what]),
        goal: "<= 2 tags in each of 2 purges",
      },
      { what: `SDK calls to ${what} a story, archive of ${large}`, figure: told(more[what]), goal: "the same" },
    ]),
  ];
};
