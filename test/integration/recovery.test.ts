import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";
import { callApi, story, testHouse, type TestHouse } from "../house.ts";

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), "broadsheet-"));
  endings.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

const openHouse = async (dir?: string): Promise<TestHouse> => {
  const house = await testHouse(dir === undefined ? {} : { dir });
  endings.push(() => house.close());
  return house;
};

const child = async (dir: string, ...args: string[]) => {
  const running = spawn(process.execPath, ["infra/run.mjs", "test/fixtures/child-house.ts", dir, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  endings.push(() => running.kill("SIGKILL"));
  const [line]: string[] = await once(createInterface({ input: running.stdout }), "line");
  const addresses: { apiUrl: string; siteUrl: string; editorKey: string } = JSON.parse(line ?? "{}");
  return {
    ...addresses,
    kill: async () => {
      const gone = once(running, "exit");
      running.kill("SIGKILL");
      await gone;
    },
  };
};

test("killed right after the acknowledgement, the house shows the story when it is back, and writes no more than it needs", async () => {
  const dir = folder();
  const before = await child(dir, "held");
  const sent = await callApi(before, "POST", "/articles", { body: story() });
  expect(sent.status).toBe(201);
  await before.kill();

  const house = await openHouse(dir);
  await house.quiet();
  const { body: receipt } = await house.call("GET", `/articles/${sent.body.id}/live`);
  expect(receipt).toMatchObject({ state: "live", liveSeq: 1 });
  const path = new URL(sent.body.url).pathname;
  for (const page of [path, "/", "/thoi-su", "/feed.xml"])
    expect(await house.origin(page), page).toContain("Chợ phiên");
  expect(house.s3.requests["PutObject"]).toBe(4);
});

test("state survives: what was live is served again by another process, drafts and keys are there", async () => {
  const dir = folder();
  const first = await child(dir);
  const live = await callApi(first, "POST", "/articles", { body: story(), headers: { prefer: "wait=10" } });
  const draft = await callApi(first, "POST", "/articles", { body: story({ status: "draft", headline: "Bản nháp" }) });
  expect(live.body.live.state).toBe("live");
  await first.kill();

  const house = await openHouse(dir);
  expect(house.editorKey).toBe(first.editorKey);
  expect((await house.read(new URL(live.body.url).pathname)).status).toBe(200);
  expect((await house.call("GET", `/articles/${draft.body.id}`)).body.headline).toBe("Bản nháp");
  expect(house.s3.requests["PutObject"] ?? 0).toBe(0);
});

test("a story whose body is lost fails with a reason, stops nobody else, and heals by the sweep", async () => {
  const house = await openHouse();
  house.pump.held = true;
  const lost = await house.call("POST", "/articles", { body: story({ headline: "Tin mất thân bài" }) });
  const other = await house.call("POST", "/articles", { body: story({ headline: "Tin khác vẫn lên" }) });
  const key = house.s3.keys("content").find((name) => name.includes(lost.body.id)) ?? "";
  const bytes = Buffer.from(await (await fetch(`${house.s3.url}/content/${key}`)).arrayBuffer());
  house.s3.remove("content", key);
  house.pump.held = false;
  await house.quiet();

  const receipt = () => house.call("GET", `/articles/${lost.body.id}/live`);
  expect((await receipt()).body).toMatchObject({
    state: "failed",
    reason: expect.stringContaining("stored body cannot be read"),
  });
  const attempts = () =>
    house
      .log()
      .split("\n")
      .filter((line) => line.includes('"render.failed"') && line.includes(lost.body.id))
      .map((line) => JSON.parse(line));
  expect(attempts()).toMatchObject([
    { event: "render.failed", "render.failed": 1, attempt: 1, code: "body-unreadable", article: lost.body.id },
  ]);
  expect(attempts()[0]._aws.CloudWatchMetrics[0].Metrics).toContainEqual({ Name: "render.failed", Unit: "Count" });

  expect((await house.call("GET", `/articles/${other.body.id}/live`)).body.state).toBe("live");
  const [otherPath, lostPath] = [other, lost].map((answer) => new URL(answer.body.url).pathname);
  for (const list of ["/", "/thoi-su", "/feed.xml"]) {
    expect(await house.origin(list), list).toContain(otherPath);
    expect(await house.origin(list), list).not.toContain(lostPath);
  }

  await house.clock.move(61_000);
  await house.quiet();
  expect(attempts()).toHaveLength(2);
  await house.s3.put("content", key, bytes, { "content-type": "application/json" });
  await house.clock.move(200_000);
  await house.quiet();
  expect((await receipt()).body.state).toBe("live");
  for (const page of [lostPath ?? "", "/", "/feed.xml"]) expect(await house.origin(page), page).toContain(lostPath);
});

test("in the feed, a live story whose body is lost stands with its standfirst alone, and the others stand whole", async () => {
  const dir = folder();
  const block = (text: string) => [{ _type: "block", children: [{ _type: "span", text }] }];
  const first = await testHouse({ dir });
  const lost = await first.call("POST", "/articles", {
    body: story({ headline: "Tin một", standfirst: "Mào đầu còn lại.", body: block("Thân bài đã mất.") }),
    headers: { prefer: "wait=10" },
  });
  expect(lost.body.live.state).toBe("live");
  first.s3.remove("content", first.s3.keys("content").find((name) => name.includes(lost.body.id)) ?? "");
  // Closed in order, it leaves nothing to be delivered again: the next one's renderer has never seen the body.
  await first.close();
  const house = await openHouse(dir);
  await house.call("POST", "/articles", { body: story({ headline: "Tin hai", body: block("Thân bài còn đủ.") }) });
  await house.quiet();
  const feed = await house.origin("/feed.xml");
  expect(feed).toContain("Mào đầu còn lại.");
  expect(feed).not.toContain("Thân bài đã mất.");
  expect(feed).toContain("Thân bài còn đủ.");
  expect(house.log()).toContain("render.body-unreadable");
});

test("the database's process ends with the house, kill -9 included", async () => {
  const dir = folder();
  const house = await child(dir);
  const isUp = () => spawnSync("pgrep", ["-f", join(dir, "dynamo.db")]).status === 0;
  expect(isUp()).toBe(true);
  await house.kill();
  await expect.poll(isUp, { timeout: 5000 }).toBe(false);
});
