import { expect, test } from "vitest";
import { slugify } from "../../shared/domain/slug.ts";

test("a Vietnamese headline becomes letters, digits and hyphens", () => {
  expect(slugify("Phố đi bộ ven sông mở cửa: Đón khách!")).toBe("pho-di-bo-ven-song-mo-cua-don-khach");
  expect(slugify("“!?”")).toBe("");
  expect(slugify("từ ".repeat(60)).length).toBeLessThan(80);
});
