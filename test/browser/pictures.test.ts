import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withdraw } from "../pictures.ts";
import { launchBrowser, type TestBrowser } from "./browser.ts";
import { fitting, taken } from "./choice.ts";
import { layoutShift, overflow, readThrough, type Shown, shownPictures } from "./in-page.ts";
import { ALTS, LISTS, type Newspaper, newspaper } from "./newspaper.ts";
import { DESKTOP, PHONE, visit, type Visit, type VisitOptions } from "./visit.ts";

let chrome: TestBrowser;
let paper: Newspaper;
beforeAll(async () => {
  chrome = await launchBrowser();
  paper = await newspaper();
});
afterAll(async () => {
  await chrome?.close();
  await paper?.house.close();
});

const STORY = "the story";

const see = <T>(page: string, options: VisitOptions, work: (visit: Visit) => Promise<T>): Promise<T> =>
  visit(chrome.browser, paper.house.siteUrl + (page === STORY ? paper.long.path : page), options, work);

/** The pictures of a page that has been read to its end. */
const readPictures = async ({ page }: Pick<Visit, "page">): Promise<Shown[]> => {
  await page.evaluate(readThrough);
  return page.evaluate(shownPictures);
};

const [phone, sharpPhone, desktop, sharpDesktop] = [
  { name: "phone", screen: PHONE, density: 1 },
  { name: "sharp phone", screen: PHONE, density: 2 },
  { name: "desktop", screen: DESKTOP, density: 1 },
  { name: "sharp desktop", screen: DESKTOP, density: 2 },
] as const;

describe.each([phone, sharpPhone, desktop, sharpDesktop])("on a $name", ({ screen, density }) => {
  test.each([STORY, ...LISTS])("%s fetches the AVIF that fits each picture, and does nothing else", async (page) => {
    await see(page, { screen, density }, async (visit) => {
      const shown = await readPictures(visit);
      expect(shown.length).toBeGreaterThan(0);
      expect(taken(shown)).toEqual(fitting(shown, "avif", density));
      const [first, ...others] = visit.fetched;
      expect(first).toEqual({ url: shown[0]?.file, priority: "High" });
      expect(others.map(({ priority }) => priority)).not.toContain("High");
      expect(visit.fetched.map(({ url }) => url).sort()).toEqual(shown.map(({ file }) => file).sort());
      expect(visit.faults).toEqual([]);
      expect(await visit.page.evaluate(overflow)).toBe(0);
    });
  });
});

describe.each([
  { format: "webp", unknown: ["avif"] },
  { format: "jpg", unknown: ["avif", "webp"] },
] as const)("a browser that does not know $unknown", ({ format, unknown }) => {
  test.each([STORY, "/"])(`fetches the ${format} that fits each picture of %s`, async (page) => {
    await see(page, { ...sharpPhone, unknown }, async (visit) => {
      const shown = await readPictures(visit);
      expect(taken(shown)).toEqual(fitting(shown, format, 2));
      expect(visit.fetched).toHaveLength(shown.length);
    });
  });
});

test.each([STORY, ...LISTS])("`sizes` say how wide pictures stand on %s, and none leaves the screen", async (page) => {
  await see(page, { screen: DESKTOP }, async (visit) => {
    for (const width of [320, 600, 768, 1024, 1280, 1920]) {
      await visit.page.setViewportSize({ width, height: 900 });
      const shown = await readPictures(visit);
      // Further down a story, tall pictures are kept within the screen and small ones small, which `sizes` do not say.
      for (const { said, drawn } of page === STORY ? shown.slice(0, 1) : shown) {
        expect(said / drawn, `${drawn} of ${width} pixels`).toBeGreaterThan(0.99);
        expect(said / drawn, `${drawn} of ${width} pixels`).toBeLessThan(1.01);
      }
      expect(await visit.page.evaluate(overflow), `at ${width} pixels`).toBe(0);
    }
  });
});

describe.each([sharpPhone, desktop])("on a $name, when pictures come late,", ({ screen, density }) => {
  const shiftOf = (page: string, rewrite?: VisitOptions["rewrite"]): Promise<number> =>
    see(page, { screen, density, rewrite, late: 300 }, async ({ page }) => {
      await page.evaluate(readThrough);
      return page.evaluate(layoutShift);
    });

  test.each([STORY, "/", "/thoi-su"])("nothing moves on %s", async (page) => {
    expect(await shiftOf(page)).toBe(0);
  });

  test.each([STORY, "/"])("%s would move without width and height", async (page) => {
    const unmeasured = (html: string): string => html.replace(/ (?:width|height)="\d+"/g, "");
    expect(await shiftOf(page, unmeasured)).toBeGreaterThan(0.1);
  });
});

describe("before the reader scrolls", () => {
  const early = (page: string, rewrite?: VisitOptions["rewrite"]): Promise<{ before: string[]; all: string[] }> =>
    see(page, { ...sharpPhone, rewrite }, async (visit) => {
      await visit.page.waitForLoadState("networkidle");
      const before = visit.fetched.map(({ url }) => url);
      const shown = await readPictures(visit);
      return { before, all: shown.map(({ file }) => file) };
    });

  test("of a story's pictures the first is fetched alone", async () => {
    const { before, all } = await early(STORY);
    expect(all).toHaveLength(3);
    expect(before).toEqual(all.slice(0, 1));
  });

  test("the last of the front's is not", async () => {
    const { before, all } = await early("/");
    expect(before[0]).toBe(all[0]);
    expect(before).not.toContain(all.at(-1));
  });

  test("all would be without loading=lazy", async () => {
    const { before, all } = await early(STORY, (html) => html.replaceAll(' loading="lazy"', ""));
    expect(before).toHaveLength(all.length);
  });
});

test("pictures of a story are read out; on a list the headline says it all", async () => {
  await see(STORY, phone, async ({ page }) => {
    for (const name of ALTS) expect(await page.getByRole("img", { name, exact: true }).count(), name).toBe(1);
    expect(await page.getByRole("img").count()).toBe(ALTS.length);
  });
  await see("/", phone, async ({ page }) => {
    expect(await page.getByRole("img").count()).toBe(0);
    expect((await page.evaluate(shownPictures)).map(({ alt }) => alt)).toEqual(Array.from({ length: 6 }, () => ""));
  });
});

describe("these tests would notice", () => {
  const append =
    (html: string) =>
    (page: string): string =>
      page.replace("</main>", `${html}</main>`);

  test("`sizes` that say too much", async () => {
    const rewrite = (html: string): string => html.replace(/ sizes="[^"]*"/g, ' sizes="100vw"');
    await see("/", { ...desktop, rewrite }, async (visit) => {
      const shown = await readPictures(visit);
      const [lead, card] = taken(shown);
      expect([lead, card]).toEqual(["avif 1200", "avif 640"]);
      expect(fitting(shown, "avif", 1).slice(0, 2)).toEqual(["avif 640", "avif 320"]);
    });
  });

  test("a lead without priority", async () => {
    const rewrite = (html: string): string => html.replace(/ fetchpriority="high"/gi, "");
    await see("/", { ...phone, rewrite }, async ({ fetched }) => {
      expect(fetched[0]?.priority).not.toBe("High");
    });
  });

  test.each([
    ["a script", "<script>document.title = ''</script>", "script-src"],
    ["a script's file", '<script src="/a.js"></script>', "script-src"],
    ["a handler", "<img src=/x.png onerror=1>", "script-src"],
    ["another origin", '<img src="http://127.0.0.1:9/x.png">', "elsewhere"],
  ])("%s", async (_, html, told) => {
    await see("/", { ...desktop, rewrite: append(html) }, async ({ page, faults }) => {
      await page.waitForLoadState("networkidle");
      expect(faults.join()).toContain(told);
    });
  });

  test("what is wider than the screen", async () => {
    await see("/", { ...phone, rewrite: append('<p style="width:30rem">-</p>') }, async ({ page }) => {
      expect(await page.evaluate(overflow)).toBeGreaterThan(0);
    });
  });
});

test("a story that is taken off is gone for browsers, pictures and all", async () => {
  const { house, long } = paper;
  const filesOf = async (visit: Visit): Promise<string[]> => (await readPictures(visit)).map(({ file }) => file);
  const ofStory = (files: string[]): string[] =>
    files.filter((file) => file.includes(`/images/${long.id.toLowerCase()}/`));
  const files = await see(STORY, phone, filesOf);
  expect(ofStory(files)).toHaveLength(3);
  expect(ofStory(await see("/", phone, filesOf))).toHaveLength(1);

  await withdraw(house, long.id);
  await house.clock.move(61_000);
  await house.quiet();
  await see(STORY, phone, async ({ page, status }) => {
    expect(status).toBe(410);
    expect(await page.evaluate(shownPictures)).toEqual([]);
    for (const file of files) expect((await page.goto(file))?.status(), file).toBe(410);
  });
  const left = await see("/", phone, filesOf);
  expect(left.length).toBeGreaterThan(0);
  expect(ofStory(left)).toEqual([]);
});
