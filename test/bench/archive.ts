import { decide } from "../../shared/domain/decide.ts";
import { iso } from "../../shared/domain/time.ts";
import { contentFrom } from "../../functions/api/command.ts";
import { commit } from "../../shared/store/commit.ts";
import { loadSite } from "../../shared/store/site.ts";
import { story, testHouse, type TestHouse } from "../house.ts";
import { progress, type Row } from "./table.ts";

const MINUTE = 60_000;

/** Publishes through store.commit, past the API, and waits until the pump has made the pages; oldest first. */
const fill = async (house: TestHouse, from: number, to: number): Promise<void> => {
  const { services } = house.functions;
  const by = { key: "loader", name: "Loader" };
  const site = await loadSite(services.table, services.siteUrl);
  const body = [
    {
      _type: "block" as const,
      style: "normal" as const,
      markDefs: [],
      children: [{ _type: "span" as const, text: "Một đoạn.", marks: [] }],
    },
  ];
  const one = async (n: number): Promise<void> => {
    const publishedAt = iso(Date.UTC(2020, 0, 1) + n * MINUTE);
    const fields = {
      locale: "vi",
      headline: `Tin lưu trữ ${n}`,
      bylines: [],
      tags: [],
      section: "kinh-te",
      publishedAt,
    };
    const content = contentFrom({ fields, body, warnings: [], status: "published" });
    const id = services.ids.ulid(services.clock.now());
    const decided = decide({ type: "create", id, content, publish: true }, undefined, {
      key: { id: "loader", name: "Loader", role: "editor", createdAt: "" },
      now: iso(services.clock.now()),
      site,
    });
    if (!decided.ok) throw new Error("the loader's story was refused", { cause: decided.refusal });
    await commit(services, { decision: decided.value, by, body });
  };
  for (let n = from; n < to; n += 100) {
    await Promise.all(Array.from({ length: Math.min(100, to - n) }, (_, k) => one(n + k)));
    await house.quiet();
    progress("archive", Math.min(n + 100, to), to);
  }
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
