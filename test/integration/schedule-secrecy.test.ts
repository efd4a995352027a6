import { hash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shortIdOf } from "../../shared/site/paths.ts";
import { photo } from "../fixtures/pictures.ts";
import { story, testHouse, type TestHouse } from "../house.ts";
import { illustrated, publicFiles, readyPicture } from "../pictures.ts";
import { move, scheduleStory } from "../schedule.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

const MINUTE = 60_000;

const canary = (name: string): string => `CANARY-${name}-${crypto.randomUUID()}`;

/** A story with a canary in every field, and in its picture's texts. */
const secret = (word: string, image: string): Record<string, unknown> => ({
  kicker: word,
  headline: word,
  standfirst: word,
  tags: [word],
  bylines: [{ name: word }],
  sourceLine: word,
  leadImage: { image, alt: word, caption: word, credit: word },
  seo: { title: word, description: word },
  body: [...illustrated(image), { _type: "block", children: [{ _type: "span", text: word }] }],
});

/** A story to come: what gives it away in a public byte or key, and when it may. */
type Secret = { word: string; id: string; renditions: Set<string>; at: number };

const renditionsOf = async (image: string): Promise<Set<string>> => {
  const keys = house.s3.keys("media").filter((key) => key.startsWith(`rendition/${image}/`));
  const digests = keys.map(async (key) =>
    hash("sha256", Buffer.from(await (await fetch(`${house.s3.url}/media/${key}`)).arrayBuffer())),
  );
  return new Set(await Promise.all(digests));
};

/** Everything that a crawler finds of a story: in public keys, in all their bytes and metadata, and in what the CDN serves. */
const foundOf = async ({ word, id, renditions }: Secret): Promise<string[]> => {
  const found: string[] = [];
  const names = [word, id, id.toLowerCase(), shortIdOf(id)];
  for (const [key, text] of await house.publicBytes())
    for (const name of names) if (key.includes(name) || text.includes(name)) found.push(`${name} in ${key}`);
  for (const [key, bytes] of await publicFiles(house))
    if (renditions.has(hash("sha256", bytes))) found.push(`a picture at ${key}`);
  for (const path of ["/", "/thoi-su", "/feed.xml", "/robots.txt", "/none-such"]) {
    const { text, headers } = await house.read(path);
    for (const name of names)
      if (text.includes(name) || JSON.stringify([...headers]).includes(name)) found.push(`${name} served at ${path}`);
  }
  return found;
};

test("nothing of a story is public before its time, tick by tick, and no word of it is ever in a log", async () => {
  await house.call("POST", "/articles", { body: story({ headline: "Tin đang có" }) });
  const start = house.clock.now();
  const [early, late] = [start + 3 * MINUTE, start + 5 * MINUTE];
  const pictures = [
    await readyPicture(house, await photo({ width: 240, height: 180, seed: 61 })),
    await readyPicture(house, await photo({ width: 240, height: 180, seed: 62 })),
    await readyPicture(house, await photo({ width: 240, height: 180, seed: 63 })),
  ];
  const [one = "", two = "", three = ""] = pictures;
  const [word, held, never] = [canary("scheduled"), canary("embargoed"), canary("edited")];
  const scheduled = await scheduleStory(house, early, secret(word, one));
  const embargoed = await scheduleStory(house, late, {
    ...secret(held, two),
    embargoUntil: new Date(late).toISOString(),
  });
  // An edit after the scheduling, with a picture of its own, is nobody's business at any time.
  const { headers } = await house.call("GET", `/articles/${scheduled}`);
  const edited = await house.call("PATCH", `/articles/${scheduled}`, {
    body: secret(never, three),
    headers: { "if-match": headers.get("etag") ?? "" },
  });
  expect(edited.status, edited.text).toBe(200);
  // Asked to publish at once, the embargoed one says no.
  expect((await move(house, embargoed, "publish")).status).toBe(409);

  // What never gets as far as a time, and what was public once.
  const others = await Promise.all(
    (["draft", "rejected", "withdrawn"] as const).map(async (state): Promise<Secret> => {
      const text = canary(state);
      const image = await readyPicture(house, await photo({ width: 240, height: 180, seed: 70 + state.length }));
      const body = story({ ...secret(text, image), status: state === "withdrawn" ? "published" : "draft" });
      const { id } = (await house.call("POST", "/articles", { body })).body;
      await house.quiet();
      const moves = {
        draft: [],
        rejected: [
          ["submit", {}],
          ["reject", { note: "Chưa đủ nguồn." }],
        ],
        withdrawn: [["withdraw", { mode: "gone", reason: "x" }]],
      } as const;
      for (const [name, sent] of moves[state]) expect((await move(house, id, name, sent)).status, name).toBe(200);
      return { word: text, id, renditions: await renditionsOf(image), at: Infinity };
    }),
  );
  await house.quiet();
  const gone = others[2]?.id ?? "";

  const secrets: Secret[] = [
    { word, id: scheduled, renditions: await renditionsOf(one), at: early },
    { word: held, id: embargoed, renditions: await renditionsOf(two), at: late },
    ...others,
  ];
  for (const { renditions } of secrets) expect(renditions.size).toBeGreaterThan(5);
  /** All that a reporter may ask of the stories of others. */
  const stranger = (
    await house.call("POST", "/keys", { key: house.adminKey, body: { name: "Khác", role: "reporter" } })
  ).body.token;
  const asked = (): string[] => [
    "/articles?limit=100",
    ...secrets.flatMap(({ id }) => ["", "/live", "/revisions", "/history"].map((rest) => `/articles/${id}${rest}`)),
  ];
  let looks = 0;
  const seen = new Set<string>();
  const look = async (): Promise<void> => {
    for (const one of secrets) {
      // The addresses of a withdrawn story stand for ever, and say 410.
      const found = (await foundOf(one)).filter((place) => one.id !== gone || place.startsWith(one.word));
      // The clock runs while the crawler reads: what is before the time at the end was so all along.
      expect(house.clock.now() < one.at ? found : []).toEqual([]);
      if (found.length) seen.add(one.id);
      looks++;
    }
    for (const text of [never, ...secrets.map((one) => one.word)]) expect(house.log()).not.toContain(text);
    for (const path of asked()) {
      const { text } = await house.call("GET", path, { key: stranger });
      const told = secrets.filter((one) => house.clock.now() < one.at && text.includes(one.word));
      expect(told, path).toEqual([]);
    }
    expect([...(await house.publicBytes())].filter(([, text]) => text.includes(never))).toEqual([]);
  };
  while (house.clock.now() < late + MINUTE) {
    const next = Math.min(...[early, late].map((at) => Math.abs(at - house.clock.now())));
    await house.clock.move(next < 8000 ? 1000 : 5000);
    await look();
    await house.quiet();
    await look();
  }
  expect(looks).toBeGreaterThan(100);
  // The test of the test: both are found by the same search once they are up, pictures and all.
  expect(seen).toEqual(new Set([scheduled, embargoed]));
  for (const one of secrets.slice(0, 2)) {
    const found = (await foundOf(one)).join("\n");
    expect(found).toContain(one.word);
    expect(found).toContain("a picture at");
  }
}, 240_000);
