import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { bytes, foreignWeb, status } from "../fixtures/foreign-web.ts";
import { photo } from "../fixtures/pictures.ts";
import { payload } from "../fixtures/webhooks/send.ts";
import { articleOf, eventsOf, settled, signedSource } from "../hooks.ts";
import { type Json, testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
let web: Awaited<ReturnType<typeof foreignWeb>>;
beforeAll(async () => {
  web = await foreignWeb();
  house = await testHouse(web.options);
});
afterAll(async () => {
  await house.close();
  await web.close();
});

const RAW = "https://raw.githubusercontent.com/toa-soan/bai-viet";
const file = (commit: string, path: string): string =>
  `${RAW}/${commit}/${path.split("/").map(encodeURIComponent).join("/")}`;
const markdown = (front: string, text: string) => bytes(`---\n${front}\n---\n\n${text}\n`, "text/plain; charset=utf-8");
const PUSH = { "x-github-event": "push" };
const [FIRST, SECOND, THIRD] = ["2".repeat(40), "3".repeat(40), "4".repeat(40)] as const;
const pushed = (after: string, at: number, commit: Record<string, string[]>) =>
  payload("github-push", {
    after,
    commits: [{ id: after, timestamp: "2024-10-05T08:00:00+07:00", added: [], modified: [], removed: [], ...commit }],
    head_commit: { timestamp: "2024-10-05T08:20:00+07:00" },
    repository: { pushed_at: at },
  });
const did = (event: Json) =>
  Object.fromEntries((event.outcomes ?? []).map(({ externalId, action }: Json) => [externalId, action]));

test("a push brings its files, with the pictures beside them; what it removes is withdrawn", async () => {
  const { send } = await signedSource(house, "git", { kind: "github" });
  web.pages.set(
    file(FIRST, "content/Bão số 4.md"),
    markdown("headline: Bão số 4 đổi hướng", "Bão đi lên.\n\n![Cây đổ](anh/cay.jpg)"),
  );
  web.pages.set(file(FIRST, "content/anh/cay.jpg"), bytes(await photo({ width: 640, height: 480 })));
  web.pages.set(file(FIRST, "content/mua.markdown"), markdown("headline: Mưa lớn\ntags: [mưa]", "Mưa **to**."));
  const event = await settled(house, "git", send(payload("github-push"), { headers: PUSH }));
  expect(event.state, JSON.stringify(event)).toBe("done");
  expect(did(event)).toEqual({
    "content/Bão số 4.md": "created",
    "content/mua.markdown": "created",
    "content/tam.md": "nothing",
    "content/cu.md": "nothing",
  });
  const storm = await articleOf(house, "git", "content/Bão số 4.md");
  expect(storm).toMatchObject({ status: "published", headline: "Bão số 4 đổi hướng" });
  const shown = (await house.read(new URL(storm.url).pathname)).text;
  for (const part of ["Bão đi lên.", "<figcaption>Cây đổ</figcaption>"]) expect(shown.includes(part), part).toBe(true);

  const later = pushed(SECOND, 1728091400, { removed: ["content/mua.markdown"], modified: ["content/Bão số 4.md"] });
  web.pages.set(file(SECOND, "content/Bão số 4.md"), markdown("headline: Bão số 4 tan\ndraft: true", "Bão tan."));
  expect(did(await settled(house, "git", send(later, { headers: PUSH })))).toEqual({
    "content/mua.markdown": "withdrawn",
    "content/Bão số 4.md": "kept",
  });
  const rain = await articleOf(house, "git", "content/mua.markdown");
  expect((await house.read(new URL(rain.url).pathname)).status).toBe(410);
  // What its author has taken back is off, and what it says now is kept.
  expect((await house.read(new URL(storm.url).pathname)).status).toBe(410);
  expect(await articleOf(house, "git", "content/Bão số 4.md")).toMatchObject({ status: "withdrawn" });
});

test.each([
  ["draft: true", "rieng-1"],
  ["draft: yes # chưa", "rieng-2"],
  ["status: draft", "rieng-3"],
])("a file with %s is a draft, of a source that publishes too", async (front, name) => {
  const { send } = await signedSource(house, name, { kind: "github" });
  web.pages.set(file(SECOND, "rieng.md"), markdown(`headline: Tin riêng\n${front}`, "Chưa ai đọc."));
  await settled(house, name, send(pushed(SECOND, 1728091450, { added: ["rieng.md"] }), { headers: PUSH }));
  const article = await articleOf(house, name, "rieng.md");
  expect(article).toMatchObject({ status: "draft", headline: "Tin riêng" });
  const open = pushed(THIRD, 1728091460, { modified: ["rieng.md"] });
  web.pages.set(file(THIRD, "rieng.md"), markdown("headline: Tin riêng\ndraft: false", "Ai cũng đọc."));
  await settled(house, name, send(open, { headers: PUSH }));
  expect(await articleOf(house, name, "rieng.md")).toMatchObject({ status: "published" });
});

test("a file that is not served yet comes at the next try; one that never is ends as a dead letter", async () => {
  const { send } = await signedSource(house, "cham", { kind: "github" });
  const at = file(THIRD, "cham.md");
  const first = await settled(
    house,
    "cham",
    send(pushed(THIRD, 1728091500, { added: ["cham.md"] }), { headers: PUSH }),
  );
  expect(first).toMatchObject({
    state: "retrying",
    outcomes: [{ action: "waiting", reason: expect.stringContaining("could not be fetched") }],
  });
  web.pages.set(at, markdown("headline: Tin đến chậm", "Chậm một phút."));
  await house.clock.move(61_000);
  await house.quiet();
  expect((await eventsOf(house, "cham"))[0]).toMatchObject({
    state: "done",
    attempts: 2,
    outcomes: [{ action: "created" }],
  });
  web.pages.set(file(THIRD, "khong.md"), status(403));
  const none = await settled(
    house,
    "cham",
    send(pushed(THIRD, 1728091600, { added: ["khong.md"] }), { headers: PUSH }),
  );
  expect(none).toMatchObject({ state: "dead", reason: expect.stringContaining("403") });
});

test("of a hundred files that are all faulty, what is wrong is kept, within what an event can hold", async () => {
  const { send } = await signedSource(house, "nhieu", { kind: "github" });
  const names = Array.from({ length: 100 }, (_, n) => `bai-${n}.md`);
  const faulty = Array.from({ length: 300 }, (_, n) => `truong_la_${n}_${"x".repeat(60)}: 1`).join("\n");
  for (const name of names) web.pages.set(file(FIRST, name), markdown(`headline: Tin\n${faulty}`, "Bài."));
  const event = await settled(house, "nhieu", send(pushed(FIRST, 1728091700, { added: names }), { headers: PUSH }));
  expect(event).toMatchObject({ state: "dead" });
  expect(event.errors[0]).toMatchObject({
    pointer: expect.stringMatching(/^\/truong_la_/),
    detail: "is an unknown field",
  });
  expect(event.outcomes).toHaveLength(100);
  expect(event.outcomes.filter(({ errors }: Json) => !/^and \d+ more$/.test(errors.at(-1).detail))).toEqual([]);
});

test("every push of GitHub's own examples is answered with 202 and ends", async () => {
  const examples = z
    .array(z.object({ name: z.string(), examples: z.array(z.unknown()) }))
    .parse(createRequire(import.meta.url)("@octokit/webhooks-examples"));
  const { send } = await signedSource(house, "vi-du", { kind: "github" });
  const pushes = examples.flatMap(({ name, examples: all }) => (name === "push" ? all : []));
  expect(pushes.length).toBeGreaterThan(4);
  for (const example of pushes) expect((await send(example, { headers: PUSH })).status).toBe(202);
  for (const {
    name,
    examples: [first],
  } of examples)
    expect((await send(first, { headers: { "x-github-event": name } })).status, name).toBe(202);
  await house.quiet();
  for (let minute = 0; minute < 10; minute++) {
    await house.clock.move(3_600_000);
    await house.quiet();
  }
  const states = Map.groupBy(await eventsOf(house, "vi-du"), ({ state }) => state);
  expect([...states.keys()].filter((state) => !["ignored", "done", "dead"].includes(state))).toEqual([]);
  expect(states.get("ignored")?.length).toBeGreaterThan(40);
});
