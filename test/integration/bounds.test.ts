import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NOWHERE } from "../../shared/domain/alias.ts";
import { type Desk, deskOf } from "../fixtures/desk.ts";
import { story, testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
let desk: Desk;
beforeAll(async () => {
  house = await testHouse();
  desk = await deskOf(house);
});
afterAll(() => house.close());

describe("what no page can have", () => {
  test("is no story's, whatever old paths stories have", async () => {
    const refused = await house.call("POST", "/articles", { body: story({ aliases: [NOWHERE] }) });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([
      { pointer: "/aliases/0", detail: expect.stringContaining("keeps for itself") },
    ]);
    const made = await house.call("POST", "/articles", { body: story({ aliases: ["/-/bai-cu", "/--"] }) });
    expect(made.status, made.text).toBe(201);
    await house.quiet();
    expect((await house.read("/-/bai-cu")).status).toBe(301);
    for (const path of ["//evil.example/", "/x%2Fy", "/a%00", "/%zz", NOWHERE, "/-/"])
      expect([path, (await house.read(path)).status]).toEqual([path, 404]);
  });

  test("is nothing that a withdrawn story leads to", async () => {
    const made = await desk.storyIn("published");
    // Below a folder of the site's own, where any other page may be.
    for (const page of ["%0d%0aSet-Cookie:a", "%5Cevil.com", "%2Fevil.com/", "%zz", "a%00", "%"]) {
      const body = { mode: "redirect", reason: "Nhầm.", to: `/tags/${page}` };
      const refused = await desk.move("editor", made, "withdraw?dryRun=1", body);
      expect([page, refused.status, refused.body.errors]).toEqual([
        page,
        422,
        [{ pointer: "/to", detail: expect.any(String) }],
      ]);
    }
    const body = { mode: "redirect", reason: "Nhầm.", to: "/tags/th%E1%BB%9Di?a=%zz" };
    expect((await desk.move("editor", made, "withdraw?dryRun=1", body)).status).toBe(200);
  });
});

test("the furthest time that is taken is said and taken again, wherever the site stands", async () => {
  // Of its own: once a story is public, a house stays in its zone.
  const fresh = await testHouse();
  try {
    for (const timeZone of ["Pacific/Kiritimati", "Etc/GMT+12"]) {
      const site = await fresh.call("PUT", "/site", { key: fresh.adminKey, body: { title: "Báo", timeZone } });
      expect(site.status, site.text).toBe(200);
      for (const embargoUntil of ["9999-12-30T23:59:59Z", "0001-01-02T00:00:00Z"]) {
        const made = await fresh.call("POST", "/articles", { body: story({ status: "draft", embargoUntil }) });
        expect(made.status, made.text).toBe(201);
        expect(made.body.embargoUntil).toMatch(/^(?!0000)\d{4}-/);
        const edited = await fresh.call("PATCH", `/articles/${made.body.id}`, {
          headers: { "if-match": made.headers.get("etag") ?? "" },
          body: { headline: "Sửa", embargoUntil: made.body.embargoUntil },
        });
        expect(edited.status, edited.text).toBe(200);
        expect(edited.body.embargoUntil).toBe(made.body.embargoUntil);
      }
    }
  } finally {
    await fresh.close();
  }
});
