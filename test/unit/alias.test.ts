import { describe, expect, test } from "vitest";
import { alias, aliases, NOWHERE } from "../../shared/domain/alias.ts";
import { LIMITS } from "../../shared/domain/limits.ts";
import { fieldsOfQuery } from "../../shared/intake/query.ts";
import { sitePathOf } from "../../shared/site/redirect.ts";
import { objectOf } from "../fixtures/edge.ts";

const faultOf = (path: string): string | undefined => alias.safeParse(path).error?.issues[0]?.message;

describe("an old path", () => {
  test.for([
    "/2019/05/ten-bai-cu.html",
    "/ten-bai-cu",
    "/tin-tuc/Bai_So.1234~a",
    "/index.php/123-bai",
    "/a,b;c=d:e@f/(g)!*'$&",
    "/thoi-su/archive/cu",
    "/thoi-su/2019",
    "/...",
    "/-/bai-viet-cu",
    "/tin/-/123",
    "/--",
    "/_tin",
    "/~lan/nhat-ky",
    "/@lan/nhat-ky",
    `/${"a".repeat(LIMITS.alias - 1)}`,
  ])("may be %s, and is a path of this site as it stands", (path) => {
    expect(faultOf(path)).toBeUndefined();
    expect(sitePathOf(path, "https://bao.example")).toBe(path);
  });

  test.for([
    ["", "must be a path"],
    ["/", "must be a path"],
    ["a/b", "must be a path"],
    ["//evil.example", "must be a path"],
    ["/a//b", "must be a path"],
    ["/a/", "must be a path"],
    ["/a/./b", "must be a path"],
    ["/a/..", "must be a path"],
    ["/../a", "must be a path"],
    ["/a?x=1", "must be a path"],
    ["/a#b", "must be a path"],
    ["/a%2fb", "must be a path"],
    ["/a+b", "must be a path"],
    ["/a b", "must be a path"],
    ["/a\\b", "must be a path"],
    ["/tên-bài", "must be a path"],
    ["/a\u0000", "must be a path"],
    ["https://evil.example/a", "must be a path"],
    [`/${"a".repeat(LIMITS.alias)}`, "Too big"],
    ...["tags/x", "authors/x", "archive/2020", "images/x.jpg", "assets/x", "search", "feed.xml", "feed", "feeds/x"].map(
      (path) => [`/${path}`, "keeps for itself"] as const,
    ),
    ...["sitemap.xml", "sitemaps/x", "sitemap-1.xml", "news-sitemap.xml", "robots.txt", "404", "desk", "hooks/x"].map(
      (path) => [`/${path}`, "keeps for itself"] as const,
    ),
    ...["vi/x", "en/x", "pt-BR/x", "VI", "cu", "tt/bai.html"].map(
      (path) => [`/${path}`, `${path.split("/")[0]} is the code of a language, whose pages would stand there`] as const,
    ),
    ...["-", "index.html", "Index.html", "rules.json", "favicon.ico", ".well-known/x"].map(
      (path) => [`/${path}`, "keeps for itself"] as const,
    ),
    ["/thoi-su/feed.xml", "keeps for itself"],
    ["/thoi-su/archive/2024-01-31", "keeps for itself"],
    ["/thoi-su/archive/2024-01-31-2", "keeps for itself"],
  ] as const)("may not be %j", ([path, fault]) => {
    expect(faultOf(path)).toContain(fault);
  });

  test("is never the key that the edge makes of what is no path", async () => {
    const nowhere = await Promise.all(["//", "//evil.example/", "/x%2Fy", "/a%00", "/%zz"].map(objectOf));
    expect(new Set(nowhere)).toEqual(new Set([NOWHERE]));
    expect(nowhere.map(faultOf)).toEqual(nowhere.map(() => expect.stringContaining("keeps for itself")));
  });

  test("is told by its place in the list, which names each once, and 20 at most", () => {
    const issues = (list: unknown): unknown => aliases.safeParse(list).error?.issues.map(({ path }) => path);
    expect(issues(["/a", "/b", "/a", "x"])).toEqual([[3]]);
    expect(issues(["/a", "/b", "/a"])).toEqual([[2]]);
    expect(aliases.safeParse(Array.from({ length: 20 }, (_, n) => `/a${n}`)).success).toBe(true);
    expect(issues(Array.from({ length: 21 }, (_, n) => `/a${n}`))).toEqual([[]]);
  });

  test("may be said in a query, several by commas", () => {
    expect(fieldsOfQuery({ aliases: ["/a,b.html,/c", "/d"] }).fields).toEqual({ aliases: ["/a,b.html", "/c", "/d"] });
  });
});
