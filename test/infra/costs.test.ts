import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alarms as all, type AlarmShape } from "../../infra/alarms.ts";
import { functions, type Trigger } from "../../infra/topology.ts";
import { METRIC_NAMES } from "../../shared/runtime/events.ts";
import type { Access } from "../../infra/local/iam/guard.ts";
import { subscribe } from "../fixtures/desk-of-webhooks.ts";
import { foreignWeb, status } from "../fixtures/foreign-web.ts";
import { standardSource, told } from "../hooks.ts";
import { story, testHouse, type TestHouse } from "../house.ts";

const alarms: readonly AlarmShape[] = all;
const text = readFileSync("infra/docs/costs.md", "utf8");

/** The tables of the document, each a list of rows by the names of their columns. */
const tables = [...text.matchAll(/(?:^\|.*\|\n)+/gm)].map(([table]) => {
  const rows = table
    .trim()
    .split("\n")
    .map((row) =>
      row
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.replaceAll("*", "").trim()),
    );
  const [names = [], , ...body] = rows;
  return body.map((cells) => new Map(names.map((name, n) => [name, cells[n] ?? ""])));
});
const tableOf = (column: string) => {
  const found = tables.find(([first]) => first?.has(column));
  if (!found) throw new Error(`no table has a column ${column}`);
  return found;
};
const numberIn = (row: Map<string, string> | undefined, column: string): number => {
  const cell = (row?.get(column) ?? "").replaceAll(",", "");
  expect(cell, column).toMatch(/^\d+(\.\d+)?$/);
  return Number(cell);
};

const COUNTED = ["a publish", "its photo", "a correction", "an event", "a telling", "a view", "a month"] as const;
/** What is billed: for how many of it each thing is good, how much is free, and what one costs. */
const billed = tableOf("free a month").map((row) => {
  const id = row.get("id") ?? "";
  const price = tableOf("price, $").find((one) => one.get("id") === id);
  return {
    id,
    counts: Object.fromEntries(COUNTED.map((column) => [column, numberIn(row, column)])) as Record<
      (typeof COUNTED)[number],
      number
    >,
    free: numberIn(row, "free a month"),
    each: numberIn(price, "price, $") / numberIn(price, "per"),
  };
});
const priceOf = (id: string) => billed.find((one) => one.id === id);
const counts = (id: string) => billed.find((one) => one.id === id)?.counts;

const MONTHS = [
  { column: "nothing", publishes: 0, views: 0 },
  { column: "300 publishes, 100,000 views", publishes: 300, views: 100_000 },
  { column: "3,000 publishes, 3 million views", publishes: 3000, views: 3_000_000 },
  { column: "30,000 publishes, 30 million views", publishes: 30_000, views: 30_000_000 },
];
const monthly = tableOf("a month with");
const cell = (name: string, column: string): number =>
  numberIn(
    monthly.find((row) => row.get("a month with") === name),
    column,
  );

/** One photo a story, and one correction of four. */
const quantity = ({ counts }: (typeof billed)[number], publishes: number, views: number): number =>
  publishes * (counts["a publish"] + counts["its photo"] + counts["a correction"] / 4) +
  views * counts["a view"] +
  counts["a month"];

describe.each(MONTHS)("a month with $column", ({ column, publishes, views }) => {
  const rows = billed.map((one) => {
    const all = quantity(one, publishes, views);
    return { id: one.id, listed: all * one.each, toPay: Math.max(0, all - one.free) * one.each };
  });

  test("costs for each thing what its price and its counts make", () => {
    expect(monthly.map((row) => row.get("a month with"))).toEqual([...rows.map(({ id }) => id), "to pay", "listed"]);
    for (const { id, toPay } of rows) expect(Math.abs(cell(id, column) - toPay), id).toBeLessThan(0.0051);
  });

  test("and in all what they make together", () => {
    const sum = (of: "listed" | "toPay") => rows.reduce((sum, row) => sum + row[of], 0);
    expect(Math.abs(cell("to pay", column) - sum("toPay"))).toBeLessThan(0.0051);
    expect(Math.abs(cell("listed", column) - sum("listed"))).toBeLessThan(0.0051);
  });
});

test("one of each costs what is said, storage aside, and the summary says the same", () => {
  const costOf = (of: (typeof COUNTED)[number], stored: boolean): number =>
    billed.filter(({ id }) => stored || !id.endsWith("-gb")).reduce((sum, one) => sum + one.counts[of] * one.each, 0);
  const said = new Map(tableOf("costs, $").map((row) => [row.get("one"), numberIn(row, "costs, $")]));
  expect(said.get("a publish of text")).toBeCloseTo(costOf("a publish", false), 6);
  expect(said.get("its photo")).toBeCloseTo(costOf("its photo", false), 6);
  expect(said.get("a correction")).toBeCloseTo(costOf("a correction", false), 6);
  expect(said.get("an event")).toBeCloseTo(costOf("an event", false), 6);
  expect(said.get("a telling")).toBeCloseTo(costOf("a telling", false), 6);
  expect(said.get("1,000 views")).toBeCloseTo(1000 * costOf("a view", true), 4);
  expect(text).toContain(`**about $${cell("to pay", "nothing").toFixed(2)} a month`);
  expect(text).toContain(
    `$${said.get("a publish of text")} for a story of text, $${said.get("its photo")} for each photo`,
  );
  expect(text).toContain(
    `sends costs $${said.get("an event")}, and each webhook that is told of one $${said.get("a telling")}.`,
  );
});

test("every price has a page to be checked on, and says who has seen it", () => {
  const prices = tableOf("price, $");
  expect(prices.map((row) => row.get("id"))).toEqual(billed.map(({ id }) => id));
  for (const row of prices) {
    expect(row.get("source")).toMatch(/^<https:\/\/(?:docs\.)?aws\.amazon\.com\/\S+>$/);
    expect(row.get("seen")).toMatch(/^(?:AWS|second hand|not seen)/);
  }
});

test("what an idle month has is what the topology and the alarms make", () => {
  const MINUTES = 43_800;
  const triggers = Object.values(functions).flatMap(({ triggers }): readonly Trigger[] => triggers);
  // Five long polls of 20 s at a time, for each queue that wakes a function.
  const polls = triggers.filter(({ type }) => type === "queue").length * 5 * 3 * MINUTES;
  expect(counts("queue")?.["a month"]).toBe(polls);
  const sweeps = triggers.flatMap((one) => (one.type === "rate" ? (MINUTES * 60) / one.everySeconds : []));
  expect(counts("lambda-requests")?.["a month"]).toBe(sweeps.reduce((sum, one) => sum + one, 0));
  const all = (counts("lambda-requests")?.["a month"] ?? 0).toLocaleString("en-US");
  const gbs = (counts("lambda-gbs")?.["a month"] ?? 0).toLocaleString("en-US");
  expect(text).toContain(`${all} invocations a month, ${gbs} GB-s`);
  const alarmMetrics = alarms.flatMap(({ metrics }) => metrics).length;
  expect(counts("alarm-metrics")?.["a month"]).toBe(alarmMetrics);
  expect(text).toContain(`${alarmMetrics} metrics are looked at by ${alarms.length} alarms`);
  // Of a time something tells that went right, at the most in every hour; of all else something that failed.
  const timed = METRIC_NAMES.filter((name) => name.endsWith(".ms")).length;
  expect(counts("custom-metrics")?.["a month"]).toBe(timed);
  expect(text).toContain(`**Custom metrics**: ${METRIC_NAMES.length} (\`METRIC_NAMES\`)`);
  expect(text).toContain(`When all is well that is ${timed}, those of a time`);
  const beyond = Math.max(0, METRIC_NAMES.length - (priceOf("custom-metrics")?.free ?? 0));
  expect(text).toContain(`in every hour would be $${(beyond * (priceOf("custom-metrics")?.each ?? 0)).toFixed(2)}`);
});

test("a second stage pays for what is free in the first, and where deploying is told the sum is the same", () => {
  const idle = (...ids: string[]): string =>
    ids.reduce((sum, id) => sum + (counts(id)?.["a month"] ?? 0) * (priceOf(id)?.each ?? 0), 0).toFixed(2);
  const sum = idle("alarm-metrics", "queue", "table-reads");
  expect(text).toContain(
    `$${idle("alarm-metrics")} for its alarms, $${idle("queue")} for its pollers, $${idle("table-reads")} for its sweep and its round: $${sum} a month`,
  );
  expect(readFileSync("infra/docs/deploying.md", "utf8")).toContain(`a second stage costs $${sum} a month while idle`);
});

describe("in the running house", () => {
  let house: TestHouse;
  let web: Awaited<ReturnType<typeof foreignWeb>>;
  const seen: Access[] = [];
  beforeAll(async () => {
    web = await foreignWeb();
    house = await testHouse({ ...web.options, seen: (access) => seen.push(access) });
    await house.call("POST", "/articles", { body: story() });
    await house.quiet();
  });
  afterAll(async () => {
    await house.close();
    await web.close();
  });

  /** Units of reading by queries of what is done, for as long as each finds less than 4 KB. */
  const unitsOf = async (act: () => Promise<unknown>): Promise<{ index: number; table: number }> => {
    const from = seen.length;
    await act();
    const queries = seen.slice(from).filter(({ need }) => need.action === "dynamodb:Query");
    const onIndex = queries.filter(({ need }) => need.resource.includes("/index/")).length;
    return { index: onIndex / 2, table: queries.length - onIndex };
  };

  /** Calls of what is done, by their names. */
  const callsOf = async (act: () => Promise<unknown>): Promise<Record<string, number>> => {
    const before = { ...house.calls };
    await act();
    await house.quiet();
    return Object.fromEntries(
      Object.entries(house.calls)
        .map(([name, count]): [string, number] => [name, count - (before[name] ?? 0)])
        .filter(([, count]) => count > 0),
    );
  };

  test("a publish makes the calls that were counted", async () => {
    const calls = await callsOf(() => house.call("POST", "/articles", { body: story() }));
    expect(calls["PutObject"]).toBe(counts("s3-writes")?.["a publish"]);
    expect(calls["GetObject"]).toBe(counts("s3-reads")?.["a publish"]);
    expect(calls).toMatchObject({ TransactWriteItems: 3, Query: 6 });
    const all = Object.values(calls).reduce((sum, count) => sum + count, 0);
    expect(text).toContain(`${all} calls and ${calls["PutObject"]} objects a publish`);
  });

  test("a minute in which nothing happens makes nine queries", async () => {
    const calls = await callsOf(() => house.sweep());
    expect(calls).toEqual({ Query: 9 });
    expect(text).toContain("nine small queries a minute");
    // Of the index, eventually consistent, each is half a unit; of the table, strongly, a whole one.
    const units = await unitsOf(() => house.sweep());
    expect(units).toEqual({ index: 7 * 0.5, table: 2 });
    expect(counts("table-reads")?.["a month"]).toBe((units.index + units.table) * 43_800);
  });

  test("an event makes the calls that were counted, up to its story's page", async () => {
    const { send } = await standardSource(house, "cong-cu");
    const sent = (externalId: string) => send(told({ externalId }, new Date(house.clock.now()).toISOString()));
    await sent("1");
    await house.quiet();
    const calls = await callsOf(() => sent("2"));
    expect(calls).toEqual({
      TransactWriteItems: 4,
      GetItem: 7,
      Query: 8,
      PutItem: 2,
      PutObject: counts("s3-writes")?.["an event"],
      GetObject: counts("s3-reads")?.["an event"],
      SendMessageBatch: 1,
    });
    expect(text).toContain("up: 4 transactions, 7 gets, 8 queries, 2 puts of single items");
    // Sent, received and deleted.
    expect(counts("queue")?.["an event"]).toBe(3 * (calls["SendMessageBatch"] ?? 0));
  });

  test("telling one webhook of a story makes the calls that were counted besides the publish, and a round one query more", async () => {
    const publish = () => house.call("POST", "/articles", { body: story() });
    const before = await callsOf(publish);
    web.pages.set("https://ban-doc.example.vn/", status(200));
    await subscribe(house, { url: "https://ban-doc.example.vn/" });
    const invoked = house.functions.invocations.notify;
    const after = await callsOf(publish);
    const more = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]);
    expect(Object.fromEntries(more.filter(([, count]) => count !== 0))).toEqual({
      TransactWriteItems: 2,
      GetItem: 2,
      Query: 7,
      UpdateItem: 1,
    });
    expect(house.functions.invocations.notify - invoked).toBe(counts("lambda-requests")?.["a telling"]);
    expect(counts("table-reads")?.["a telling"]).toBe(2 + 7);
    await house.sweep();
    expect(await callsOf(() => house.sweep())).toEqual({ Query: 10 });
  });
});
