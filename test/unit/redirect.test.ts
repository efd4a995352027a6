import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NOWHERE } from "../../shared/domain/alias.ts";
import { formatTime, iso } from "../../shared/domain/time.ts";
import { readMoment } from "../../shared/intake/moment.ts";
import { pageOfPath, sitePathOf } from "../../shared/site/redirect.ts";
import { objectOf } from "../fixtures/edge.ts";

const BASE = "https://news.example";

describe("where a redirect may lead", () => {
  test.each([
    ["/", "/"],
    ["/thoi-su", "/thoi-su"],
    ["/thoi-su/", "/thoi-su/"],
    ["/thoi-su/tin-8x2tb4rn?xem=1#cuoi", "/thoi-su/tin-8x2tb4rn?xem=1#cuoi"],
    ["/a?den=https://khac.example//b", "/a?den=https://khac.example//b"],
    ["/a/../thoi-su", "/thoi-su"],
    ["/a/%2E%2e/thoi-su", "/thoi-su"],
    ["https://news.example", "/"],
    ["https://news.example/kinh-te", "/kinh-te"],
    ["HTTPS://NEWS.EXAMPLE:443/kinh-te", "/kinh-te"],
    ["/th%E1%BB%9Di", "/th%E1%BB%9Di"],
    ["/a%20b", "/a%20b"],
    ["/a%252Fb", "/a%252Fb"],
    ["/a?b=%zz&c=%2F%00#%zz", "/a?b=%zz&c=%2F%00#%zz"],
    ["/-/a", "/-/a"],
  ])("%s is %s", (to, path) => {
    expect(sitePathOf(to, BASE)).toBe(path);
  });

  test.each([
    "",
    "thoi-su",
    "../thoi-su",
    "?a",
    "#a",
    "//khac.example",
    "//news.example/a",
    "///khac.example",
    "/\\khac.example",
    "\\\\khac.example",
    "/a\\b",
    "/..//khac.example",
    "/a//b",
    "/thời-sự",
    "/a b",
    "/a\tb",
    "/a\nb",
    " /a",
    "/a\u0000",
    "/%0d%0aSet-Cookie:a",
    "/a%00",
    "/a%7F",
    "/%5Cevil.com",
    "/%2Fevil.com/",
    "/a%2fb",
    "/%zz",
    "/%",
    "/%ff",
    "/-",
    "/-/",
    "/%2D",
    "http://news.example/a",
    "https://news.example:8443/a",
    "https://news.example.khac.example/a",
    "https://news.example@khac.example/a",
    "https://khac.example/a",
    "https:news.example",
    "https:///khac.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "mailto:a@news.example",
    `/${"a".repeat(1024)}`,
    `/${'"'.repeat(400)}`,
  ])("%j is nowhere", (to) => {
    expect(sitePathOf(to, BASE)).toBeUndefined();
  });

  test("whatever is said: wherever the edge looks for a page, and nowhere else", async () => {
    const piece = fc.constantFrom(
      ..."/ - . .. %2e %2E %2f %5C %00 %0d %7f %20 %zz % %ff %c3%28 %E1%BB%9D %252f a tin ? # ; @ :".split(" "),
    );
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 6 }), async (pieces) => {
        const to = `/${pieces.join("")}`;
        const path = sitePathOf(to, BASE);
        // Dot segments are resolved here, as browsers do it, and are nothing to the edge.
        const { pathname } = new URL(to.startsWith("//") ? "//x//" : to, BASE);
        expect([to, path === undefined]).toEqual([to, (await objectOf(pathname)) === NOWHERE]);
        if (path === undefined) return;
        taken++;
        expect(path.startsWith(pathname)).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  test("one page has one name, however its path is written", () => {
    for (const path of ["/thoi-su", "/thoi-su/", "/thoi-su?a=/b/", "/thoi-su/#c", "/th%6Fi-su", "/thoi%2Dsu/"])
      expect(pageOfPath(path)).toBe("/thoi-su");
    expect(pageOfPath("/?a")).toBe("/");
    expect(pageOfPath("/%ff")).toBeUndefined();
  });
});

describe("a time that can be kept", () => {
  const ZONE = "Asia/Ho_Chi_Minh";
  test.each([
    ["2026-03-01T09:00", "2026-03-01T02:00:00.000Z"],
    ["2026-03-01", "2026-02-28T17:00:00.000Z"],
    ["2026-03-01T09:00:00.25+01:00", "2026-03-01T08:00:00.250Z"],
    ["9999-12-30T23:59:59.999Z", "9999-12-30T23:59:59.999Z"],
    ["0001-01-02T00:00Z", "0001-01-02T00:00:00.000Z"],
  ])("%s is %s", (text, at) => {
    expect(new Date(readMoment(text, ZONE) ?? Number.NaN).toISOString()).toBe(at);
  });
  // As text, the year 10000 sorts before this one: such a story would go up at once.
  test.each([
    "9999-12-31T00:00Z",
    "9999-12-31T23:59-14:00",
    "0001-01-01T23:59Z",
    "0000-06-01T00:00Z",
    "mai",
    "",
    "2026-02-30",
    "1800000000",
  ])("%j is none", (text) => {
    expect(readMoment(text, ZONE)).toBeUndefined();
  });

  test("is one that can be said and read again in every zone, with a year of four digits", () => {
    // The furthest from UTC: today, and by local mean time.
    const zones = ["UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Asia/Manila", "America/Juneau", "Europe/Berlin", ZONE];
    const day = 24 * 3600_000;
    const near = (at: string) => fc.integer({ min: Date.parse(at) - 3 * day, max: Date.parse(at) + 3 * day });
    const texts = fc
      .oneof(near("0001-01-03T00:00Z"), near("9999-12-29T00:00Z"), near("2026-03-01T00:00Z"))
      .map(iso)
      .filter((text) => /^\d{4}-/.test(text));
    let taken = 0;
    fc.assert(
      fc.property(texts, fc.constantFrom(...zones), (text, zone) => {
        const at = readMoment(text, ZONE);
        if (at === undefined) return;
        taken++;
        expect(formatTime(at, zone)).toMatch(/^(?!0000)\d{4}-/);
        expect(readMoment(formatTime(at, zone), ZONE)).toBe(at);
      }),
      { numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(500);
  });
});
