import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";
import type { Services } from "../../shared/store/services.ts";
import { deliveriesOf, onlyHere, republish, subscribe } from "../fixtures/desk-of-webhooks.ts";
import { type Receiver, startReceiver, verified } from "../fixtures/receiver.ts";
import { callApi, type Request, story, testHouse, type TestHouse } from "../house.ts";

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});
const openReceiver = async (reply?: Receiver["reply"]): Promise<Receiver> => {
  const receiver = await startReceiver(reply);
  endings.push(() => receiver.close());
  return receiver;
};
const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), "broadsheet-"));
  endings.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

/** A house in a process of its own, to be killed. */
const child = async (dir: string, ...args: string[]) => {
  const running = spawn(process.execPath, ["infra/run.mjs", "test/fixtures/child-house.ts", dir, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  endings.push(() => running.kill("SIGKILL"));
  const [line]: string[] = await once(createInterface({ input: running.stdout }), "line");
  const at: Pick<TestHouse, "apiUrl" | "siteUrl" | "editorKey" | "adminKey"> = JSON.parse(line ?? "{}");
  const gone = once(running, "exit");
  return {
    ...at,
    call: (method: string, path: string, request: Request = {}) => callApi(at, method, path, request),
    kill: async () => {
      running.kill("SIGKILL");
      await gone;
    },
  };
};

const revived = async (dir: string): Promise<TestHouse> => {
  const house = await testHouse({ dir, allow: onlyHere });
  endings.push(() => house.close());
  await house.quiet();
  return house;
};
/** Rounds until there is nothing left to be told; what was under way when somebody died is his for a minute. */
const settled = async (house: TestHouse, hook: { id: string }): Promise<void> => {
  for (let n = 0; n < 3; n++) {
    await house.clock.move(61_000);
    await house.sweep();
  }
  expect((await deliveriesOf(house, hook)).map(({ state }) => state).filter((state) => state !== "delivered")).toEqual(
    [],
  );
};
/** For each article the sequences as they came, a repetition of the same message counted once. */
const sequences = ({ received }: Receiver): number[][] =>
  [...Map.groupBy(received, ({ json }) => json.data.id).values()].map((of) =>
    of.map(({ json }) => json.data.sequence).filter((seq, n, all) => seq !== all[n - 1]),
  );

test("killed while a message is under way, the house tells it again when it is back, under the same id", async () => {
  const dir = folder();
  let hit = (): void => {};
  const told = new Promise<void>((resolve) => (hit = resolve));
  const receiver = await openReceiver(() => (hit(), "hang"));
  const before = await child(dir);
  const hook = await subscribe(before, receiver);
  await before.call("POST", "/articles", { body: story() });
  await told;
  await before.kill();
  receiver.reply = () => 200;
  const house = await revived(dir);
  await settled(house, hook);
  expect(receiver.told()).toEqual(["published 1", "published 1"]);
  const [first, second] = receiver.received;
  expect(first?.headers["webhook-id"]).toBe(second?.headers["webhook-id"]);
  expect(second && verified(hook.secret, second, house.clock.now())).toEqual(second?.json);
});

test("killed right after a publication was acknowledged, the house renders it, and then tells it", async () => {
  const dir = folder();
  const receiver = await openReceiver();
  const before = await child(dir, "held");
  const hook = await subscribe(before, receiver);
  await before.call("POST", "/articles", { body: story() });
  await before.kill();
  expect(receiver.received).toEqual([]);
  const house = await revived(dir);
  await settled(house, hook);
  expect(receiver.told()).toEqual(["published 1"]);
});

test("killed at any moment, again and again, it loses nothing, and never goes back", async () => {
  const dir = folder();
  const receiver = await openReceiver();
  let hook: { id: string } | undefined;
  const made: string[] = [];
  for (let round = 0; round < 5; round++) {
    const house = await child(dir);
    hook ??= await subscribe(house, receiver);
    const first = await house.call("POST", "/articles", { body: story({ headline: `Tin ${round}` }) });
    made.push(first.body.id);
    let last = first;
    for (let n = 0; n < 2; n++) last = await republish(house, last, `Tin ${round}, bản ${n}`);
    // Anywhere between the acknowledgement and the end of the last delivery.
    await new Promise((resolve) => setTimeout(resolve, round * 25));
    await house.kill();
  }
  const house = await revived(dir);
  await settled(house, hook ?? { id: "" });
  expect(new Set(receiver.received.map(({ json }) => json.data.id))).toEqual(new Set(made));
  // Works that were done together are told one by one all the same.
  expect(sequences(receiver)).toEqual(made.map(() => [1, 3, 5]));
}, 60_000);

/**
 * Notify's table, which dies with its n-th call: before it, or after it with its answer lost. Until it is said to live again everything
 * fails then, as it does for a process that is no more.
 */
const mortal = () => {
  const life = { calls: 0, last: Infinity, kept: false, house: undefined as TestHouse | undefined };
  const guarded =
    <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      if (life.house?.guard.running() !== "notify") return call(...args);
      life.calls++;
      if (life.calls < life.last) return call(...args);
      if (life.calls === life.last && life.kept) await call(...args);
      throw new Error("It is dead.");
    };
  const wrap = (services: Services): Services => {
    const { get, getMany, query, index, transact, write } = services.table;
    const table = {
      get: guarded(get),
      getMany: guarded(getMany),
      query: guarded(query),
      index: guarded(index),
      transact: guarded(transact),
      write: guarded(write),
    };
    return { ...services, table };
  };
  return { life, wrap };
};

test("whichever call of the table is its last, before it or with its answer lost: all is told, in order", async () => {
  const { life, wrap } = mortal();
  const house = await testHouse({ allow: onlyHere, wrap });
  endings.push(() => house.close());
  life.house = house;
  house.rule.held = true;
  const receiver = await openReceiver();
  const hook = await subscribe(house, receiver);
  /** Two things to tell of one story, after `last` calls of which there is no more; answers how many there were. */
  const told = async (last: number, kept: boolean): Promise<number> => {
    receiver.received.length = 0;
    house.newsPump.held = true;
    await republish(house, await house.call("POST", "/articles", { body: story() }), "Bản hai");
    await house.quiet();
    Object.assign(life, { calls: 0, last, kept });
    house.newsPump.held = false;
    await house.quiet();
    life.last = Infinity;
    const { calls } = life;
    await settled(house, hook);
    expect([last, kept, sequences(receiver)]).toEqual([last, kept, [[1, 3]]]);
    return calls;
  };
  const all = await told(Infinity, false);
  expect(all).toBeGreaterThan(15);
  for (let last = 1; last <= all; last++) {
    await told(last, false);
    await told(last, true);
  }
}, 120_000);
