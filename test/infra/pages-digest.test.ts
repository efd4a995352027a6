import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pagesDigest } from "../../infra/build/pages-digest.ts";

let root = "";
beforeAll(async () => {
  // Inside the repository: hono lies above it, as it does above the sources.
  await mkdir("dist", { recursive: true });
  root = await mkdtemp(resolve("dist", "pages-"));
  await cp("shared", join(root, "shared"), { recursive: true });
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** The digest with `file` rewritten; the file is as before afterwards. */
const digestWith = async (file: string, change: (text: string) => string): Promise<string> => {
  const path = join(root, file);
  const before = await readFile(path);
  await writeFile(path, change(before.toString("latin1")), "latin1");
  try {
    return await pagesDigest(root);
  } finally {
    await writeFile(path, before);
  }
};

test("equal sources have one digest, wherever they lie and however often it is asked", async () => {
  const here = await pagesDigest();
  expect(here).toMatch(/^[0-9a-f]{16}$/);
  expect(await pagesDigest()).toBe(here);
  expect(await pagesDigest(root)).toBe(here);
});

test.each<[string, string, (text: string) => string]>([
  ["a comment", "shared/pages/layout.tsx", (text) => `// Nobody reads this.\n${text}\n/** Nor this. */\n`],
  ["a comment in a style sheet", "shared/pages/base.css", (text) => `/* plain */\n${text}`],
  ["a type", "shared/pages/layout.tsx", (text) => `${text}\nexport type Unused = { none: true };\n`],
  ["what the store does", "shared/store/work.ts", (text) => `${text}\nexport const more = 1;\n`],
])("%s changes nothing", async (_, file, change) => {
  expect(await digestWith(file, change)).toBe(await pagesDigest());
});

test.each<[string, string, (text: string) => string]>([
  ["a style sheet", "shared/pages/base.css", (text) => `${text}\np{color:red}`],
  ["a template", "shared/pages/layout.tsx", (text) => text.replace("<main", '<main id="m"')],
  ["the font", "shared/pages/fonts/broadsheet-serif-bold.woff2", (text) => `${text}x`],
  ["a rule of the site that pages go by", "shared/site/paths.ts", (text) => text.replace('"/feed.xml"', '"/news.xml"')],
])("%s changes it", async (_, file, change) => {
  const before = await readFile(file, "latin1");
  expect(change(before), "the change of this test").not.toBe(before);
  expect(await digestWith(file, change)).not.toBe(await pagesDigest());
});

test("a page that is new changes it", async () => {
  const file = join(root, "shared/pages/new-page.ts");
  await appendFile(file, "export const page = 1;\n");
  expect(await pagesDigest(root)).not.toBe(await pagesDigest());
  await rm(file);
});
