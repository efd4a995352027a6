import { expect } from "vitest";
import { photo } from "../fixtures/pictures.ts";
import { type Answer, story, type TestHouse } from "../house.ts";
import { scheduleStory } from "../schedule.ts";
import { announceAndUpload, illustrated, readyPicture, sendPicture, withdraw } from "../pictures.ts";
import { inbound, outbound, type Web } from "./webhook-flows.ts";

let seed = 4200;
const fresh = (): Promise<Buffer> => photo({ width: 700, height: 500, seed: seed++ });

/** An answer that says yes. */
const done = (answer: Answer): Answer => {
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer;
};
const tagOf = (answer: Answer): { "if-match": string } => ({ "if-match": answer.headers.get("etag") ?? "" });
const minute = async (house: TestHouse): Promise<void> => {
  await house.clock.move(61_000);
  await house.quiet();
};

const desk = async (house: TestHouse): Promise<void> => {
  const key = house.adminKey;
  const author = done(
    await house.call("PUT", "/authors/lan-anh", { key, body: { name: "Lan Anh", bio: "Phóng viên." } }),
  );
  expect(author.status).toBe(201);
  done(await house.call("PUT", "/sections/xem-thu", { key, body: { title: "Xem thử" } }));
  const ghost = { kind: "ghost", publish: "review", section: "thoi-su", secrets: ["bi-mat-cua-toa-soan"] };
  done(await house.call("PUT", "/sources/ghost-thu", { key, body: ghost }));
  const made = done(await house.call("POST", "/keys", { key, body: { name: "Tòa soạn", role: "reporter" } }));
  await house.quiet();
  for (const path of [`/keys/${made.body.id}`, "/sections/xem-thu", "/authors/lan-anh", "/sources/ghost-thu"])
    done(await house.call("DELETE", path, { key }));
  for (const path of ["/keys", "/site", "/sections", "/authors", "/sources"])
    done(await house.call("GET", path, { key }));
  done(await house.call("GET", "/articles"));
};

const looksBack = async (house: TestHouse, id: string): Promise<void> => {
  for (const path of ["revisions", "revisions/2?diff=1", "history"])
    done(await house.call("GET", `/articles/${id}/${path}`));
  done(await house.call("GET", "/history", { key: house.adminKey }));
  const { url } = done(await house.call("POST", `/articles/${id}/previews`)).body;
  const page = await (await fetch(url)).text();
  const [picture] = /\/previews\/[^\s",]+\.jpg/.exec(page) ?? [];
  expect((await fetch(`${house.apiUrl}${picture}`)).status).toBe(200);
};

const stories = async (house: TestHouse): Promise<void> => {
  const [first, second] = [await readyPicture(house, await fresh()), await readyPicture(house, await fresh())];
  const once = { headers: { "idempotency-key": "a-story" }, body: story({ body: illustrated(first) }) };
  const sent = done(await house.call("POST", "/articles", once));
  done(await house.call("POST", "/articles", once));
  await house.quiet();
  // What changes nothing is checked, and its key kept.
  const now = tagOf(done(await house.call("GET", `/articles/${sent.body.id}`)));
  const twice = { headers: { ...now, "idempotency-key": "the-same" } };
  done(await house.call("POST", `/articles/${sent.body.id}/publish`, twice));
  // Another picture and another section: a page that moves, a purge, and a tombstone for what was shown.
  const before = done(await house.call("GET", `/articles/${sent.body.id}`));
  const body = { body: illustrated(second), section: "kinh-te" };
  const edited = done(await house.call("PATCH", `/articles/${sent.body.id}`, { body, headers: tagOf(before) }));
  done(await house.call("POST", `/articles/${sent.body.id}/publish`, { headers: tagOf(edited) }));
  await house.quiet();
  done(await house.call("GET", `/articles/${sent.body.id}/live`));
  // What it was, what was done to it, and how it looks before readers see it, a picture with it.
  await looksBack(house, sent.body.id);
  // Crops around another focal point, and a caption that stories take over: fan-out.
  for (const change of [{ focalPoint: { x: 0, y: 0 } }, { caption: "Chú thích đã sửa." }]) {
    done(await house.call("PATCH", `/images/${second}`, { body: change }));
    await house.quiet();
  }
  await minute(house);
  // Its addresses lead to another story from now on.
  const other = done(await house.call("POST", "/articles", { body: story({ headline: "Tin thay" }) }));
  await withdraw(house, sent.body.id, { mode: "redirect", to: new URL(other.body.url).pathname });
  await house.quiet();
  await minute(house);
};

const pictures = async (house: TestHouse): Promise<void> => {
  await announceAndUpload(house, await fresh());
  const none = await announceAndUpload(house, Buffer.from("no picture at all"));
  await house.quiet();
  expect(done(await house.call("GET", `/images/${none}`)).body).toMatchObject({ state: "refused" });
  // A picture whose bytes are lost gets those of its twin.
  const bytes = await fresh();
  house.sqs.paused = true;
  const lost = done(await sendPicture(house, bytes)).body.id;
  house.s3.remove("media", `upload/${lost}`);
  house.sqs.paused = false;
  await house.quiet();
  await announceAndUpload(house, bytes);
  await house.quiet();
  expect(done(await house.call("GET", `/images/${lost}`)).body).toMatchObject({ state: "ready" });
};

/** What the stream does not bring, and a picture that nobody began: the sweep finds both. */
const sweeps = async (house: TestHouse): Promise<void> => {
  house.pump.held = true;
  house.sqs.paused = true;
  done(await sendPicture(house, await fresh()));
  done(await house.call("POST", "/articles", { body: story({ headline: "Tin chờ" }) }));
  for (let n = 0; n < 6; n++) await house.clock.move(61_000);
  house.sqs.paused = false;
  house.pump.held = false;
  await house.quiet();
};

/** A story that is scheduled before any other is published, half an hour ahead: a message goes on, and its time comes. */
const scheduled = async (house: TestHouse): Promise<void> => {
  const image = await readyPicture(house, await fresh());
  await scheduleStory(house, house.clock.now() + 1_800_000, { body: illustrated(image) });
  for (let quarter = 0; quarter < 3; quarter++) {
    await house.clock.move(901_000);
    await house.quiet();
  }
};

/** A pinned order, of which one leaves by itself and one is withdrawn; and a wire's story that comes twice. */
const pinned = async (house: TestHouse): Promise<void> => {
  const wire = { body: story({ source: "TTXVN", externalId: "1", section: "van-hoa" }) };
  const sent = [done(await house.call("POST", "/articles", wire)), done(await house.call("POST", "/articles", wire))];
  expect(sent.map(({ status }) => status)).toEqual([201, 200]);
  const article: string = sent[0]?.body.id;
  const until = new Date(house.clock.now() + 60_000).toISOString();
  done(await house.call("PUT", "/sections/van-hoa/lead", { body: { items: [{ article, until }] } }));
  done(await house.call("PUT", "/site/lead", { body: { items: [{ article }] } }));
  await minute(house);
  await house.sweep();
  expect(done(await house.call("GET", "/sections/van-hoa/lead")).body).toEqual({ items: [] });
  await withdraw(house, article);
  await minute(house);
};

/** All that a newsroom does, once: every right of every function is used. */
export const everything = async (house: TestHouse, web: Web): Promise<void> => {
  await desk(house);
  await scheduled(house);
  await stories(house);
  await pictures(house);
  await sweeps(house);
  await pinned(house);
  await inbound(house, web);
  await outbound(house, web);
};
