import { expect } from "vitest";
import { type Answer, story, type TestHouse } from "./house.ts";

/** The path of a story's page, from an answer about it. */
export const pagePath = (answer: Answer): string => new URL(answer.body.url).pathname;

/** A published story, with its pages up. */
export const published = async (house: TestHouse, over: Record<string, unknown> = {}): Promise<Answer> => {
  const sent = await house.call("POST", "/articles", { body: story(over) });
  expect(sent.status, sent.text).toBe(201);
  await house.quiet();
  return sent;
};

/** The ETag of the article as it is now. */
const tagOf = async (house: TestHouse, id: string): Promise<Record<string, string>> => {
  const { headers } = await house.call("GET", `/articles/${id}`);
  return { "if-match": headers.get("etag") ?? "" };
};

/** POST /articles/{id}/{move}, against the article as it is now; answered however it is. */
export const move = async (
  house: TestHouse,
  id: string,
  name: string,
  body: unknown = {},
  { query = "", headers = {} }: { query?: string; headers?: Record<string, string> } = {},
): Promise<Answer> =>
  house.call("POST", `/articles/${id}/${name}${query}`, { body, headers: { ...(await tagOf(house, id)), ...headers } });

/** An edit that is published; answers the publishing. */
export const republish = async (house: TestHouse, id: string, patch: Record<string, unknown>): Promise<Answer> => {
  const edited = await house.call("PATCH", `/articles/${id}`, { body: patch, headers: await tagOf(house, id) });
  expect(edited.status, edited.text).toBe(200);
  const done = await move(house, id, "publish");
  await house.quiet();
  return done;
};

/** What a reader finds at a path, and where it leads, followed by hand; a chain is as long as there are stops after the first. */
export const followed = async (house: TestHouse, path: string): Promise<(string | number)[]> => {
  const stops: (string | number)[] = [];
  for (let at = path; stops.length < 10;) {
    const { status, headers } = await house.read(at);
    if (status !== 301) return [...stops, status];
    at = headers.get("location") ?? "";
    stops.push(at);
  }
  return [...stops, "and on and on"];
};

/** Lets the second purges, and what waits, come about. */
export const minutes = async (house: TestHouse, n: number): Promise<void> => {
  for (let minute = 0; minute < n; minute++) {
    await house.clock.move(61_000);
    await house.quiet();
  }
};
