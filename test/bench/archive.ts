import type { ApiKey } from "../../shared/domain/access.ts";
import { textBlockOf } from "../../shared/domain/body.ts";
import { decide } from "../../shared/domain/decide.ts";
import { iso } from "../../shared/domain/time.ts";
import { contentFrom } from "../../functions/api/command.ts";
import { commit } from "../../shared/store/commit.ts";
import { inParallel } from "../../shared/runtime/parallel.ts";
import { goLive, isPublic } from "../../shared/store/live.ts";
import { loadSite } from "../../shared/store/site.ts";
import { loadState } from "../../shared/store/state.ts";
import { workDone } from "../../shared/store/work.ts";
import { story, testHouse, type TestHouse } from "../house.ts";
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

/** SDK calls and objects of one publish, by name. */
const costOf = async (house: TestHouse): Promise<{ calls: number; objects: number; detail: string }> => {
  const before = { ...house.calls };
  const sent = await house.call("POST", "/articles", { body: story() });
  if (sent.status !== 201) throw new Error(sent.text);
  await house.quiet();
  const used = Object.entries(house.calls).map(([name, count]): [string, number] => [
    name,
    count - (before[name] ?? 0),
  ]);
  const detail = used
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
  return {
    calls: used.reduce((sum, [, count]) => sum + count, 0),
    objects: (house.calls["PutObject"] ?? 0) - (before["PutObject"] ?? 0),
    detail,
  };
};

/** What one publish costs with a small archive and with a large one. */
export const archive = async (large: number): Promise<Row[]> => {
  const house = await testHouse();
  await fill(house, 0, 100);
  await costOf(house);
  const small = await costOf(house);
  await fill(house, 100, large);
  await costOf(house);
  const big = await costOf(house);
  await house.close();
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
  ];
};
