import { describe, expect, test } from "vitest";
import { noteText } from "../../shared/domain/article.ts";
import { renderArticle } from "../../shared/pages/article.tsx";
import { renderNotice } from "../../shared/pages/notice.tsx";
import type { ArticleView } from "../../shared/pages/view.ts";
import { attributesOf, checkPage, jsonLdOf, mainText, metaOf, timesInMain } from "../fixtures/page-oracle.ts";
import { ARTICLES, SITE } from "../fixtures/stories.ts";
import { payloads } from "../fixtures/xss.ts";

const [story] = ARTICLES;
if (!story) throw new Error("no sample story");
const page = (change: Partial<ArticleView> = {}): string => renderArticle(SITE, { ...story, ...change });

/** As an editor may send them. */
const HOSTILE = payloads.map((payload) => noteText.parse(payload));

const FIRST = { at: "2026-11-23T05:12:00.000Z", note: "Tuyến phố dài 1,2 km, không phải 12 km." };
const SECOND = { at: "2026-11-23T18:40:00.000Z", note: "Ông Bảy là Nguyễn Văn Bảy.\n\nBáo xin lỗi bạn đọc." };

describe("corrections on a story's page", () => {
  const html = page({ corrections: [FIRST, SECOND], modifiedAt: SECOND.at });

  test("stand at the end of the text, newest first, dated in the site's zone", () => {
    expect(checkPage(html)).toEqual([]);
    expect(mainText(html)).toContain(
      "Đính chính24/11/2026, 01:40Ông Bảy là Nguyễn Văn Bảy.Báo xin lỗi bạn đọc.23/11/2026, 12:12Tuyến phố dài 1,2 km",
    );
    expect(timesInMain(html, "Tuyến phố dài 1,2 km, không phải 12 km.")).toBe(1);
    expect(html.indexOf('class="corrections"')).toBeGreaterThan(html.indexOf("chỗ thả diều"));
    expect(html.indexOf('class="corrections"')).toBeLessThan(html.indexOf('class="share"'));
    expect(mainText(html)).toContain("Cập nhật 24/11/2026, 01:40");
  });

  test("are said above the text, with a way to them", () => {
    expect(attributesOf(html, "a", "href")).toContain("#corrections");
    expect(attributesOf(html, "section", "id")).toEqual(["corrections"]);
  });

  test("are in the JSON-LD", () => {
    expect(jsonLdOf(html)).toMatchObject([
      {
        dateModified: "2026-11-24T01:40:00+07:00",
        correction: [
          { "@type": "CorrectionComment", text: FIRST.note, datePublished: "2026-11-23T12:12:00+07:00" },
          { "@type": "CorrectionComment", text: SECOND.note, datePublished: "2026-11-24T01:40:00+07:00" },
        ],
      },
    ]);
  });

  test("leave nothing on a page that has none", () => {
    for (const none of [page(), page({ corrections: [] })]) {
      expect(none).not.toContain("orrection");
      expect(none).not.toContain("Đính chính");
    }
  });

  test.for(HOSTILE)("keep %j a text", (note) => {
    const hostile = page({ corrections: [{ at: FIRST.at, note }] });
    expect(checkPage(hostile)).toEqual([]);
    expect(jsonLdOf(hostile)).toMatchObject([{ correction: [{ text: note }] }]);
  });
});

describe("the notice where a story stood", () => {
  const AT = "2021-11-22T08:49:00.000Z";

  test("says that it is gone, when, and why, in the site's frame, to readers alone", () => {
    const html = renderNotice(SITE, { at: AT, notice: "Bài đã nêu tên trẻ em.\n\nBáo xin lỗi gia đình." });
    expect(checkPage(html)).toEqual([]);
    expect(mainText(html)).toBe(
      "Bài viết đã được gỡBài đã nêu tên trẻ em.Báo xin lỗi gia đình.Tòa soạn gỡ bài lúc 22/11/2021, 15:49Về trang nhất",
    );
    expect(metaOf(html, "robots")).toBe("noindex");
    expect(metaOf(html, "og:title")).toBeUndefined();
    expect(html).not.toContain("canonical");
    expect(attributesOf(html, "nav", "aria-label")).toContain("Chuyên mục");
  });

  test.for(HOSTILE)("keeps %j a text", (notice) => {
    expect(checkPage(renderNotice(SITE, { at: AT, notice }))).toEqual([]);
  });
});
