import { expect, test } from "vitest";
import { display, listTime, number, rfc822, storyTime } from "../../shared/site/format.ts";

const ZONE = "Asia/Ho_Chi_Minh";

test("times are written by hand, in the site's zone", () => {
  expect(storyTime("2021-11-22T08:49:00.000Z", ZONE)).toBe("22/11/2021, 15:49");
  expect(storyTime("2024-10-05T08:30:00+07:00", ZONE)).toBe("05/10/2024, 08:30");
  expect(listTime("2026-11-23T02:05:00.000Z", ZONE)).toBe("09:05, thứ Hai 23/11/2026");
  expect(listTime("2026-11-21T17:00:00.000Z", ZONE)).toBe("00:00, Chủ nhật 22/11/2026");
  expect(listTime("2026-11-21T17:00:00.000Z", "UTC")).toBe("17:00, thứ Bảy 21/11/2026");
});

test("RSS dates carry the zone's offset", () => {
  expect(rfc822("2024-10-05T01:30:00.000Z", ZONE)).toBe("Sat, 05 Oct 2024 08:30:00 +0700");
  expect(rfc822("2024-10-05T01:30:09.000Z", "America/St_Johns")).toBe("Fri, 04 Oct 2024 23:00:09 -0230");
  expect(rfc822("2024-10-05T01:30:00.000Z", "UTC")).toBe("Sat, 05 Oct 2024 01:30:00 +0000");
});

test("numbers have points for thousands and a comma for decimals", () => {
  expect([1_713_548.25, 999, 1000, -12_345.5, 0].map(number)).toEqual([
    "1.713.548,25",
    "999",
    "1.000",
    "-12.345,5",
    "0",
  ]);
});

test.for([
  ["dài 1,2 km dọc bờ", "dài 1,2\u00A0km dọc bờ"],
  ["31,8 tỷ đồng, 37 °C, 12 %", "31,8\u00A0tỷ đồng, 37\u00A0°C, 12\u00A0%"],
  ["640 ha (5 m2)", "640\u00A0ha (5\u00A0m2)"],
  ["ở TP HCM và TP. HCM", "ở TP\u00A0HCM và TP.\u00A0HCM"],
  ["HTP HCMX, TP Hải Phòng", "HTP HCMX, TP Hải Phòng"],
  ["2 mùa, 3 hành, 5 độc giả, năm 2019 km", "2 mùa, 3 hành, 5 độc giả, năm 2019\u00A0km"],
  ["40 ghế", "40 ghế"],
])("%j is shown as %j", ([text, shown]) => {
  expect(display(text ?? "")).toBe(shown);
  expect(display(display(text ?? ""))).toBe(shown);
});

test("display takes time in proportion to the text", () => {
  const start = performance.now();
  display("1 ".repeat(500_000));
  display("TP ".repeat(300_000));
  expect(performance.now() - start).toBeLessThan(1500);
});
