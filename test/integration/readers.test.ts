import { afterAll, beforeAll, expect, test } from "vitest";
import { attributesOf, checkPage } from "../fixtures/page-oracle.ts";
import { testHouse, type TestHouse } from "../house.ts";
import { addressesIn } from "../pictures.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse({ empty: false });
  // AVIF comes behind the first pages.
  await house.quiet();
}, 180_000);
afterAll(() => house.close());

test("every page of the sample site is read without any function, 404s too; every link answers", async () => {
  const before = { ...house.functions.invocations };
  const calls = { ...house.calls };
  const seen = new Map<string, number>();
  const next = ["/"];
  for (let path = next.pop(); path !== undefined; path = next.pop()) {
    if (seen.has(path)) continue;
    const page = await house.read(path);
    seen.set(path, page.status);
    if (!(page.headers.get("content-type") ?? "").startsWith("text/html")) continue;
    expect(checkPage(page.text), path).toEqual([]);
    const links = [...attributesOf(page.text, "a", "href"), ...attributesOf(page.text, "link", "href")];
    next.push(...addressesIn(page.text));
    next.push(
      ...links
        .map((href) => href.replace(house.siteUrl, ""))
        .filter((href) => href.startsWith("/") && !href.startsWith("//")),
    );
  }
  expect([...seen].filter(([, status]) => status !== 200)).toEqual([]);
  expect(seen.size).toBeGreaterThan(30);
  expect([...seen.keys()].filter((path) => path.endsWith(".avif")).length).toBeGreaterThan(30);
  for (const missing of [
    "/nowhere",
    "/thoi-su/nothing-here",
    "/admin",
    "/wp-login.php",
    "/../etc/passwd",
    "/%00",
    "//evil.example/",
  ]) {
    const page = await house.read(missing);
    expect(page.status, missing).toBe(404);
    expect(page.text).toContain("Không tìm thấy trang");
  }
  for (const path of ["/robots.txt", "/feed.xml", "/404", "/thoi-su/", "/index.html"])
    expect((await house.read(path)).status, path).toBe(200);
  expect(house.functions.invocations).toEqual(before);
  expect(house.calls).toEqual(calls);
});

test("nothing of ours shows in a reader's headers, and every answer carries the security headers", async () => {
  const front = await house.read("/");
  const article = /href="(\/[a-z-]+\/[a-z0-9-]{12,})"/.exec(front.text)?.[1] ?? "";
  for (const path of ["/", article, "/feed.xml", "/robots.txt", "/nowhere", "/404"]) {
    const { headers } = await house.read(path);
    expect(
      [...headers.keys()].filter((name) => name.startsWith("x-amz")),
      path,
    ).toEqual([]);
    expect(headers.get("content-security-policy"), path).toContain("default-src 'none'");
    expect(headers.get("x-content-type-options"), path).toBe("nosniff");
    expect(headers.get("x-cache"), path).toBeTruthy();
  }
});

test("a moved story answers 301 at its old path and 200 at the new one, and back again", async () => {
  const story = {
    headline: "Tin đi xa",
    section: "thoi-su",
    body: { format: "text", content: "Một đoạn." },
    status: "published",
  };
  const sent = await house.call("POST", "/articles", { body: story });
  await house.quiet();
  const first = new URL(sent.body.url).pathname;
  const move = async (section: string): Promise<string> => {
    const { headers } = await house.call("GET", `/articles/${sent.body.id}`);
    const patched = await house.call("PATCH", `/articles/${sent.body.id}`, {
      body: { section },
      headers: { "if-match": headers.get("etag") ?? "" },
    });
    const done = await house.call("POST", `/articles/${sent.body.id}/publish`, {
      headers: { "if-match": patched.headers.get("etag") ?? "" },
    });
    await house.quiet();
    return new URL(done.body.url).pathname;
  };
  expect((await house.read(first)).status).toBe(200);
  const second = await move("van-hoa");
  expect(second).toBe(first.replace("thoi-su", "van-hoa"));
  const moved = await house.read(first);
  expect([moved.status, moved.headers.get("location")]).toEqual([301, second]);
  expect((await house.read(second)).status).toBe(200);
  const third = await move("kinh-te");
  for (const old of [first, second]) expect((await house.read(old)).headers.get("location"), old).toBe(third);
  expect(await move("thoi-su")).toBe(first);
  expect((await house.read(first)).status).toBe(200);
  for (const old of [second, third]) expect((await house.read(old)).headers.get("location"), old).toBe(first);
});

test("a changed story is purged by its tags, and once more a minute later", async () => {
  const sent = await house.call("POST", "/articles", {
    body: {
      headline: "Tin sẽ sửa",
      section: "the-thao",
      body: { format: "text", content: "Bản đầu." },
      status: "published",
    },
  });
  await house.quiet();
  const path = new URL(sent.body.url).pathname;
  expect((await house.read(path)).text).toContain("Bản đầu.");
  const tag = `#a-${sent.body.id.toLowerCase()}`;
  const purges = () => house.cdn.invalidations.filter((one) => one.paths.includes(tag));
  const patched = await house.call("PATCH", `/articles/${sent.body.id}`, {
    body: { body: { format: "text", content: "Bản sau." } },
    headers: { "if-match": '"s1"' },
  });
  await house.call("POST", `/articles/${sent.body.id}/publish`, {
    headers: { "if-match": patched.headers.get("etag") ?? "", prefer: "wait=10" },
  });
  expect((await house.read(path)).text).toContain("Bản sau.");
  expect(purges()).toHaveLength(1);
  await house.clock.move(121_000);
  await house.quiet();
  expect(purges()).toHaveLength(2);
  await house.clock.move(600_000);
  await house.quiet();
  expect(purges()).toHaveLength(2);
});
