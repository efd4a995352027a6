import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export type ChildHouse = { apiUrl: string; siteUrl: string; editorKey: string; pid: number; close(): Promise<void> };

/** Node's flags of `npm start`, and the environment that it sets: a house is measured as people run it. */
const asStarted = (): { flags: string[]; env: Record<string, string> } => {
  const manifest: { scripts: { start: string } } = JSON.parse(readFileSync("package.json", "utf8"));
  const words = manifest.scripts.start.split(" ");
  const settings = words.flatMap((word) => (/^[A-Z_]+=/.test(word) ? [word.split("=")] : []));
  return { flags: words.filter((word) => word.startsWith("--")), env: Object.fromEntries(settings) };
};

/** A house in a process of its own, as a newsroom's tools and readers meet it; `held` stops the pump. */
export const childHouse = async (held = false): Promise<ChildHouse> => {
  const dir = mkdtempSync(join(tmpdir(), "broadsheet-bench-"));
  const { flags, env } = asStarted();
  const child: ChildProcess = spawn(
    process.execPath,
    [...flags, "infra/run.mjs", "test/fixtures/child-house.ts", dir, ...(held ? ["held"] : [])],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...env } },
  );
  if (!child.stdout) throw new Error("the child has no output");
  const [line]: string[] = await once(createInterface({ input: child.stdout }), "line");
  const addresses: { apiUrl: string; siteUrl: string; editorKey: string } = JSON.parse(line ?? "{}");
  return {
    ...addresses,
    pid: child.pid ?? 0,
    close: async () => {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

const post = async ({ apiUrl, editorKey }: ChildHouse, body: string): Promise<{ id: string; url: string }> => {
  const response = await fetch(`${apiUrl}/articles`, {
    method: "POST",
    headers: { authorization: `Bearer ${editorKey}`, "content-type": "application/json" },
    body,
  });
  const article: { id: string; url: string } = (await response.json()) as { id: string; url: string };
  if (response.status !== 201) throw new Error(`not published: ${response.status}`);
  return article;
};

/**
 * Milliseconds from sending a story to having read its page on the CDN, which is asked for once the receipt has liveAt; and that
 * page.
 */
export const untilRead = async (house: ChildHouse, body: string): Promise<{ ms: number; page: string }> => {
  const began = performance.now();
  const { id, url } = await post(house, body);
  const headers = { authorization: `Bearer ${house.editorKey}` };
  for (;;) {
    const receipt = (await (await fetch(`${house.apiUrl}/articles/${id}/live`, { headers })).json()) as {
      liveAt?: string;
    };
    if (receipt.liveAt) break;
  }
  const response = await fetch(url);
  const page = await response.text();
  if (response.status !== 200) throw new Error(`the page is not there: ${response.status}`);
  return { ms: performance.now() - began, page };
};

/** A story as the nth reporter would send it. */
export const storyOf = (n: number): string =>
  JSON.stringify({
    headline: `Tin số ${n} trong ngày`,
    standfirst: "Mào đầu của tin.",
    section: "thoi-su",
    status: "published",
    body: { format: "text", content: "Một đoạn.\n\nVà một đoạn nữa." },
  });

/** Publishes one story; answers the ms until the acknowledgement. */
export const publish = async (house: ChildHouse, n: number): Promise<{ ms: number }> => {
  const began = performance.now();
  await post(house, storyOf(n));
  return { ms: performance.now() - began };
};
