import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export type ChildHouse = { apiUrl: string; siteUrl: string; editorKey: string; pid: number; close(): Promise<void> };

/** Node's flags of `npm start`: a house is measured as people run it. */
const flags = (): string[] => {
  const manifest: { scripts: { start: string } } = JSON.parse(readFileSync("package.json", "utf8"));
  return manifest.scripts.start.split(" ").filter((word) => word.startsWith("--"));
};

/** A house in a process of its own, as a newsroom's tools and readers meet it; `held` stops the pump. */
export const childHouse = async (held = false): Promise<ChildHouse> => {
  const dir = mkdtempSync(join(tmpdir(), "broadsheet-bench-"));
  const child: ChildProcess = spawn(
    process.execPath,
    [...flags(), "infra/run.mjs", "test/fixtures/child-house.ts", dir, ...(held ? ["held"] : [])],
    { stdio: ["ignore", "pipe", "inherit"] },
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

/** Publishes one story; answers its id, its page's address, and the ms until the acknowledgement. */
export const publish = async (
  { apiUrl, editorKey }: ChildHouse,
  n: number,
): Promise<{ id: string; url: string; ms: number }> => {
  const body = JSON.stringify({
    headline: `Tin số ${n} trong ngày`,
    standfirst: "Mào đầu của tin.",
    section: "thoi-su",
    status: "published",
    body: { format: "text", content: "Một đoạn.\n\nVà một đoạn nữa." },
  });
  const began = performance.now();
  const response = await fetch(`${apiUrl}/articles`, {
    method: "POST",
    headers: { authorization: `Bearer ${editorKey}`, "content-type": "application/json" },
    body,
  });
  const article: { id: string; url: string } = (await response.json()) as { id: string; url: string };
  if (response.status !== 201) throw new Error(`not published: ${response.status}`);
  return { ...article, ms: performance.now() - began };
};
