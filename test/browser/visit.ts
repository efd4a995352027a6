import type { Browser, CDPSession, Page, Route } from "playwright-core";
import { tellViolations } from "./in-page.ts";

export type Screen = { width: number; height: number; phone?: true };
export const PHONE: Screen = { width: 360, height: 740, phone: true };
export const DESKTOP: Screen = { width: 1280, height: 900 };

export type VisitOptions = {
  screen: Screen;
  /** Device pixels for each CSS pixel. */
  density?: number;
  /** Picture formats that the browser shall not know. */
  unknown?: readonly ("avif" | "webp")[];
  /** Another page than was sent. */
  rewrite?: ((html: string) => string) | undefined;
  /** By how many milliseconds pictures are late. */
  late?: number;
};

export type Visit = {
  page: Page;
  status: number;
  /** Pictures in the order in which they were asked for. */
  fetched: { url: string; priority: string }[];
  /** Whatever a page of ours must not do: scripts, other origins, failed requests, words on the console. */
  faults: string[];
};

/** Opens a page as a new reader, who has nothing in a cache; the reader goes when `work` is done. */
export const visit = async <T>(
  browser: Browser,
  url: string,
  { screen, density = 1, unknown = [], rewrite, late = 0 }: VisitOptions,
  work: (visit: Visit) => Promise<T>,
): Promise<T> => {
  const { phone = false, ...viewport } = screen;
  const context = await browser.newContext({ viewport, deviceScaleFactor: density, isMobile: phone, hasTouch: phone });
  try {
    await context.addInitScript(tellViolations);
    if (rewrite) await context.route(url, (route) => rewritten(route, rewrite));
    if (late)
      await context.route("**/images/**", async (route) => {
        await new Promise((resolve) => setTimeout(resolve, late));
        await route.continue();
      });
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    const { fetched, faults } = await watch(page, cdp, new URL(url).origin);
    if (unknown.length) await cdp.send("Emulation.setDisabledImageTypes", { imageTypes: [...unknown] });
    const response = await page.goto(url, { waitUntil: "load" });
    return await work({ page, status: response?.status() ?? 0, fetched, faults });
  } finally {
    await context.close();
  }
};

const rewritten = async (route: Route, rewrite: (html: string) => string): Promise<void> => {
  const response = await route.fetch();
  await route.fulfill({ response, body: rewrite(await response.text()) });
};

const watch = async (page: Page, cdp: CDPSession, origin: string): Promise<Pick<Visit, "fetched" | "faults">> => {
  const fetched: Visit["fetched"] = [];
  const faults: string[] = [];
  page.on("console", (message) => faults.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("requestfailed", (request) => faults.push(`failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  cdp.on("Network.requestWillBeSent", ({ request, type }) => {
    if (!request.url.startsWith(`${origin}/`)) faults.push(`elsewhere: ${request.url}`);
    if (type === "Script") faults.push(`script: ${request.url}`);
    if (type === "Image") fetched.push({ url: request.url, priority: request.initialPriority });
  });
  // Playwright's own scripts have no address.
  cdp.on("Debugger.scriptParsed", ({ url }) => {
    if (url.startsWith("http")) faults.push(`script in ${url}`);
  });
  await cdp.send("Network.enable");
  await cdp.send("Debugger.enable");
  return { fetched, faults };
};
