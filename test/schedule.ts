import type { SQSEvent } from "aws-lambda";
import { expect } from "vitest";
import { iso } from "../shared/domain/time.ts";
import { type Answer, story, type TestHouse } from "./house.ts";

/** Calls a move of an article by its newest ETag. */
export const move = async (
  house: TestHouse,
  id: string,
  name: string,
  body: Record<string, unknown> = {},
): Promise<Answer> => {
  const { headers } = await house.call("GET", `/articles/${id}`);
  return house.call("POST", `/articles/${id}/${name}`, { body, headers: { "if-match": headers.get("etag") ?? "" } });
};

/** Files a draft, and schedules it for `at` (ms since the epoch); its id. */
export const scheduleStory = async (
  house: TestHouse,
  at: number,
  over: Record<string, unknown> = {},
): Promise<string> => {
  const sent = await house.call("POST", "/articles", { body: story({ status: "draft", ...over }) });
  expect(sent.status, sent.text).toBe(201);
  // Straight on from the ETag of the draft: nobody else has seen it.
  const scheduled = await house.call("POST", `/articles/${sent.body.id}/publish`, {
    body: { at: iso(at) },
    headers: { "if-match": sent.headers.get("etag") ?? "" },
  });
  expect(scheduled.status, scheduled.text).toBe(200);
  expect(scheduled.body).toMatchObject({ status: "scheduled" });
  return sent.body.id;
};

type Line = { event: string; article?: string; ms?: number; time: string; code?: string; attempt?: number };

/** The log's lines of one event. */
export const told = (house: TestHouse, event: string, article?: string): Line[] =>
  house
    .log()
    .split("\n")
    .filter((line) => line.includes(`"event":"${event}"`))
    .map((line): Line => JSON.parse(line))
    .filter((line) => article === undefined || line.article === article);

/** What the record says was done to an article, in order. */
export const actionsOf = async (house: TestHouse, id: string): Promise<string[]> => {
  const audit = await house.guard.apart(() =>
    house.functions.services.table.query({ pk: `ARTICLE#${id}`, prefix: "AUDIT#" }),
  );
  return audit.map((item) => String(item["action"]));
};

/** Moves the clock by whole seconds, one at a time, and lets each bring what it brings; `look` comes after each. */
export const seconds = async (
  house: TestHouse,
  count: number,
  look: () => Promise<unknown> = async () => {},
): Promise<void> => {
  for (let second = 0; second < count; second++) {
    await house.clock.move(1000);
    await house.quiet();
    await look();
  }
};

/** What the delayed queue brings when a story that is scheduled for `at` (ISO 8601) may be due. */
export const releaseEvent = (article: string, at: string): SQSEvent => ({
  Records: [
    {
      messageId: article,
      receiptHandle: article,
      body: JSON.stringify({ article, at }),
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: "0",
        SenderId: "",
        ApproximateFirstReceiveTimestamp: "0",
      },
      messageAttributes: {},
      md5OfBody: "",
      eventSource: "aws:sqs",
      eventSourceARN: "",
      awsRegion: "local",
    },
  ],
});

/** Stories that are due now, whose messages were lost: nobody has released them yet. The time is the same for all (ms). */
export const dueStories = async (
  house: TestHouse,
  count: number,
  over: Record<string, unknown> = {},
): Promise<{ ids: string[]; at: number }> => {
  const { scheduleQueue } = house.functions.services;
  const { send } = scheduleQueue;
  scheduleQueue.send = async () => {};
  const at = house.clock.now() + 300_000;
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push(await scheduleStory(house, at, { headline: `Tin số ${n}`, ...over }));
  scheduleQueue.send = send;
  await house.clock.move(301_000);
  return { ids, at };
};

/** The value that 95 of 100 do not exceed. */
export const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Infinity;
