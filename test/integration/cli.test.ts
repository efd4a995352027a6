import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), "broadsheet-"));
  endings.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

type Run = { child: ChildProcess; out: () => string; ended: Promise<number | null> };

const start = (...args: string[]): Run => {
  const child = spawn(process.execPath, ["infra/run.mjs", "infra/local/main.ts", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  child.stdout.on("data", (chunk) => (out += String(chunk)));
  child.stderr.on("data", (chunk) => (out += String(chunk)));
  endings.push(() => child.kill("SIGKILL"));
  return {
    child,
    out: () => out,
    ended: once(child, "exit").then(([code]) => (typeof code === "number" ? code : null)),
  };
};

const house = (dir: string, ...args: string[]): Run =>
  start("--api-port", "0", "--site-port", "0", "--data", dir, ...args);
const isUp = async (run: Run): Promise<void> => {
  await expect.poll(run.out, { timeout: 60_000 }).toContain("Broadsheet is up");
};

test("npm start says where everything is, in words and in dev.json, with a sample front page; Ctrl-C ends it cleanly", async () => {
  const dir = folder();
  const run = house(dir);
  await isUp(run);
  const dev = JSON.parse(readFileSync(join(dir, "dev.json"), "utf8"));
  expect(Object.keys(dev).sort()).toEqual(["adminKey", "apiUrl", "editorKey", "reporterKey", "siteUrl"]);
  for (const value of Object.values(dev)) expect(run.out()).toContain(value);
  expect(statSync(join(dir, "dev.json")).mode & 0o077).toBe(0);

  const front = await (await fetch(dev.siteUrl)).text();
  expect([...front.matchAll(/<a href="\/[a-z-]+\/[a-z0-9-]{12,}"/g)].length).toBeGreaterThanOrEqual(20);
  const site = await (
    await fetch(`${dev.apiUrl}/site`, { headers: { authorization: `Bearer ${dev.adminKey}` } })
  ).json();
  expect(site).toMatchObject({ timeZone: "Asia/Ho_Chi_Minh", locale: "vi" });

  run.child.kill("SIGINT");
  expect(await run.ended).toBe(0);
  expect(existsSync(join(dir, "dev.json"))).toBe(false);
});

test("a busy port is one clear sentence", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  endings.push(() => server.close());
  const address = server.address();
  const port = typeof address === "object" && address ? String(address.port) : "";
  for (const [option, other] of [
    ["--api-port", "--site-port"],
    ["--site-port", "--api-port"],
  ] as const) {
    const run = start(option, port, other, "0", "--data", folder(), "--empty");
    expect(await run.ended).toBe(1);
    expect(run.out().trim().split("\n").at(-1)).toBe(
      `Port ${port} is in use; choose another with ${option} (0 takes any free one).`,
    );
  }
});

test("two houses do not share a folder", async () => {
  const dir = folder();
  await isUp(house(dir, "--empty"));
  const second = house(dir, "--empty");
  expect(await second.ended).toBe(1);
  expect(second.out()).toMatch(/Another house \(process \d+\) lives in/);
});

test("--help explains, and a wrong option says so", async () => {
  const help = start("--help");
  expect(await help.ended).toBe(0);
  for (const word of ["--api-port", "--site-port", "--data", "--empty", "8787"]) expect(help.out()).toContain(word);
  const wrong = start("--apiport", "1");
  expect(await wrong.ended).toBe(1);
  expect(wrong.out()).toContain("--apiport");
  const bad = start("--api-port", "seventy");
  expect(await bad.ended).toBe(1);
  expect(bad.out()).toContain("--api-port takes a port");
});
