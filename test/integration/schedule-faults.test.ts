import { AsyncLocalStorage } from "node:async_hooks";
import type { SQSEvent } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { iso } from "../../shared/domain/time.ts";
import type { Services } from "../../shared/store/services.ts";
import { photo } from "../fixtures/pictures.ts";
import { testHouse, type TestHouse } from "../house.ts";
import { illustrated, readyPicture } from "../pictures.ts";
import { actionsOf, dueStories, releaseEvent, scheduleStory, told } from "../schedule.ts";

/** What happens at one call of one schedule: the call alone fails, or the process dies; before its effect or after it. */
const CRASHES = ["fails before", "fails after", "dies before", "dies after"] as const;
type Mode = (typeof CRASHES)[number] | "stalls before";

type Plan = { fired: boolean; step<Result>(effect: () => Promise<Result>): Promise<Result> };

const plans = new AsyncLocalStorage<Plan | undefined>();

/** The trouble comes at the call with that number, from 0; `meanwhile` is what others do during a stall. */
const planOf = (mode: Mode, at: number, meanwhile: () => Promise<unknown> = async () => {}): Plan => {
  let [calls, dead] = [0, false];
  const plan: Plan = {
    fired: false,
    step: async (effect) => {
      if (dead) throw new Error("The process is no more.");
      if (plan.fired || at !== calls++) return effect();
      plan.fired = true;
      dead = mode.startsWith("dies");
      if (mode.endsWith("before") && mode !== "stalls before") throw new Error("The call has failed.");
      if (mode === "stalls before") await plans.run(undefined, meanwhile);
      const result = await effect();
      if (mode !== "stalls before") throw new Error("The answer is lost.");
      return result;
    },
  };
  return plan;
};

const planned =
  <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
  (...args: Args): Promise<Result> => {
    const plan = plans.getStore();
    return plan ? plan.step(() => call(...args)) : call(...args);
  };

/** Every call of the schedule that leaves the process goes by the plan. */
const faulty = (services: Services): Services => {
  const { table, scheduleQueue, renderQueue, imageQueue } = services;
  return {
    ...services,
    table: {
      get: planned(table.get),
      getMany: planned(table.getMany),
      query: planned(table.query),
      index: planned(table.index),
      transact: planned(table.transact),
      write: planned(table.write),
    },
    scheduleQueue: { send: planned(scheduleQueue.send) },
    renderQueue: { send: planned(renderQueue.send) },
    imageQueue: { send: planned(imageQueue.send) },
  };
};

let house: TestHouse;
let image = "";
beforeAll(async () => {
  house = await testHouse({ wrap: faulty });
  image = await readyPicture(house, await photo({ width: 64, height: 48, seed: 31 }));
  // Tests hand the schedule its events; what is left is the sweep's.
  house.rule.held = true;
});
afterAll(() => house.close());

const AWAY = 300_000;

/** A story with a picture that is due now, and the event that its message would have been. */
const dueStory = async (): Promise<{ id: string; event: SQSEvent }> => {
  const { ids, at } = await dueStories(house, 1, { body: illustrated(image) });
  const [id = ""] = ids;
  return { id, event: releaseEvent(id, iso(at)) };
};

/** What is wrong with a story once the sweep has been by, a few times if need be. */
const unhealed = async (id: string): Promise<string[]> => {
  const state = async (): Promise<string> => (await house.call("GET", `/articles/${id}/live`)).body.state;
  for (let n = 0; n < 4 && (await state()) !== "live"; n++) {
    await house.clock.move(61_000);
    await house.sweep();
  }
  const actions = (await actionsOf(house, id)).join(" ");
  const said = await state();
  return [
    ...(said === "live" ? [] : [`the receipt says ${said}`]),
    ...(actions === "create schedule release" ? [] : [`the record says ${actions}`]),
    ...(told(house, "article.released", id).length > 1 ? ["it is told twice"] : []),
  ];
};

/** Releases a story once for each call that it takes, with the trouble there; names what went wrong at which call. */
const atEachCall = async (
  mode: Mode,
  run: (event: SQSEvent) => Promise<unknown>,
  meanwhile: (id: string, event: SQSEvent) => Promise<unknown> = async () => {},
): Promise<{ calls: number; faults: string[] }> => {
  const faults: string[] = [];
  for (let n = 0; ; n++) {
    const { id, event } = await dueStory();
    const plan = planOf(mode, n, () => meanwhile(id, event));
    await plans.run(plan, () => run(event)).catch(() => {});
    faults.push(...(await unhealed(id)).map((fault) => `call ${n}: ${fault}`));
    if (!plan.fired) return { calls: n, faults };
  }
};

describe.each([
  ["message", (event: SQSEvent) => house.functions.schedule(event), 4],
  ["sweep", () => house.functions.schedule(), 8],
] as const)("a release by a %s whose schedule", (_, run, least) => {
  test.each(CRASHES)("%s each of its calls is healed by the sweep, and is up once", async (mode) => {
    const { calls, faults } = await atEachCall(mode, run);
    expect(faults).toEqual([]);
    expect(calls).toBeGreaterThanOrEqual(least);
  });

  test("stalls at each of its calls while another goes all the way is up once", async () => {
    const { calls, faults } = await atEachCall("stalls before", run, (_, event) => house.functions.schedule(event));
    expect(faults).toEqual([]);
    expect(calls).toBeGreaterThanOrEqual(least);
  });
});

test("a message that is far from its time and dies at each of its calls ends as a story that is up in time", async () => {
  let calls = 0;
  for (let n = 0; ; n++) {
    const at = house.clock.now() + AWAY;
    const id = await scheduleStory(house, at);
    const plan = planOf("dies before", n);
    await plans.run(plan, () => house.functions.schedule(releaseEvent(id, iso(at))));
    expect(await actionsOf(house, id)).toEqual(["create", "schedule"]);
    await house.clock.move(AWAY + 1000);
    await house.quiet();
    expect(await unhealed(id)).toEqual([]);
    if (!plan.fired) break;
    calls++;
  }
  expect(calls).toBe(2);
});
