import { describe, expect, test } from "vitest";
import { readMoment } from "../../shared/intake/moment.ts";
import { pageOfPath, sitePathOf } from "../../shared/site/redirect.ts";

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
    ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"],
  ])("%s is %s", (text, at) => {
    expect(new Date(readMoment(text, ZONE) ?? Number.NaN).toISOString()).toBe(at);
  });
  // As text, the year 10000 sorts before this one: such a story would go up at once.
  test.each(["9999-12-31T23:59-14:00", "0001-01-01T00:00", "0000-06-01T00:00Z", "mai", "", "2026-02-30", "1800000000"])(
    "%j is none",
    (text) => {
      expect(readMoment(text, ZONE)).toBeUndefined();
    },
  );
});
