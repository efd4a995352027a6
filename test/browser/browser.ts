import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import bundled, { inflate } from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

/** Where packages of Chromium and Chrome put themselves. */
const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
];
/** The bundled one's version. Which file of a srcset is taken is a browser's own affair, and was another one before. */
const OLDEST = 153;
/** What its libraries come in; `executablePath()` unpacks them on Lambda only, and few servers have them. */
const LIBRARIES = "node_modules/@sparticuz/chromium/bin/al2023.tar.br";
const FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"];

export type TestBrowser = {
  browser: Browser;
  /** The file that runs. */
  path: string;
  /** Ends it, and removes all that it wrote. */
  close(): Promise<void>;
};

type Launched = Pick<TestBrowser, "browser" | "path">;

/**
 * A real browser: $CHROME_PATH if that is set, else one that is installed, else the one from npm, which alone is looked at when
 * $BROADSHEET_BROWSER is "bundled". It lives in a folder of its own.
 */
export const launchBrowser = async (): Promise<TestBrowser> => {
  const dir = mkdtempSync(join(tmpdir(), "broadsheet-browser-"));
  const remove = (): void => rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  try {
    const launched = await withTemporary(dir, async () => (await installed(dir)) ?? (await fromNpm(dir)));
    return {
      ...launched,
      close: async () => {
        await launched.browser.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
};

/** Both the package and Playwright write to where this says that temporary files go. */
const withTemporary = async <T>(dir: string, work: () => Promise<T>): Promise<T> => {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = dir;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
};

const launch = async (path: string, dir: string, env: Record<string, string> = {}): Promise<Launched> => {
  const browser = await chromium.launch({
    executablePath: path,
    args: FLAGS,
    env: { ...process.env, HOME: dir, XDG_CONFIG_HOME: dir, XDG_CACHE_HOME: dir, ...env },
  });
  return { browser, path };
};

const installed = async (dir: string): Promise<Launched | undefined> => {
  const { CHROME_PATH, BROADSHEET_BROWSER } = process.env;
  if (BROADSHEET_BROWSER === "bundled") return undefined;
  if (CHROME_PATH) return launch(CHROME_PATH, dir);
  for (const path of PLACES.filter((place) => existsSync(place))) {
    // Some of them are not there but in name: Ubuntu's chromium-browser says where to get one.
    const launched = await launch(path, dir).catch(() => undefined);
    if (launched && Number.parseInt(launched.browser.version(), 10) >= OLDEST) return launched;
    await launched?.browser.close();
  }
  return undefined;
};

/** Without the package's own flags: --single-process dies with its first context, --disable-web-security forgives too much. */
const fromNpm = async (dir: string): Promise<Launched> => {
  const path = await bundled.executablePath();
  await inflate(LIBRARIES);
  // Its fonts are in `fonts`, where fontconfig looks for a user's own, even without any configuration.
  return launch(path, dir, { LD_LIBRARY_PATH: join(dir, "al2023", "lib"), XDG_DATA_HOME: dir });
};
