import { readFile } from "node:fs/promises";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { Role } from "../../shared/domain/access.ts";
import { parseToken } from "../../shared/domain/access.ts";
import type { Services } from "../../shared/store/services.ts";
import { findKey, newKey, saveKey } from "../../shared/store/keys.ts";
import { plainError } from "./plain-error.ts";
import type { Sample } from "./samples/sample.ts";

/** Tokens for development, one for each role. */
export type DevKeys = { adminKey: string; editorKey: string; reporterKey: string };

const PHOTOS = join(process.cwd(), "infra/local/samples/photos");
const articleId = z.object({ id: z.string() });
const receipt = z.object({ pictures: z.string().optional() });

const PRIVATE = { mode: 0o600 };

const readJson = (file: string): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined);

const writeWhole = (file: string, text: string): void => {
  // A reader never sees half of it.
  writeFileSync(`${file}.new`, text, PRIVATE);
  renameSync(`${file}.new`, file);
};

/** Makes the folder, and all above it, unless it stands. */
export const makeFolder = (dir: string): void => {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw plainError(`No folder can be made at ${dir} (${code}); choose another with --data.`);
  }
};

/** Takes the folder for this process; the answer gives it back. A second house in it would spoil the first one's state. */
export const lockFolder = (dir: string): (() => void) => {
  const file = join(dir, "pid");
  const other = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  if (other && other !== process.pid && isRunning(other))
    throw plainError(
      `Another house (process ${other}) lives in ${dir}; stop it, or choose another folder with --data.`,
    );
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};

/** The three development keys of this folder, made at the first start. */
export const ensureKeys = async (
  services: Pick<Services, "table" | "ids" | "clock">,
  dir: string,
): Promise<DevKeys> => {
  const file = join(dir, "keys.json");
  const kept = readJson(file);
  const tokenOf = async (role: Role): Promise<string> => {
    const token: unknown = kept && typeof kept === "object" ? Reflect.get(kept, `${role}Key`) : undefined;
    const parts = typeof token === "string" ? parseToken(`Bearer ${token}`) : undefined;
    if (typeof token === "string" && parts && (await findKey(services.table, parts, services.clock.now())))
      return token;
    const made = newKey(services.ids, services.clock.now(), { name: `Local ${role}`, role });
    await saveKey(services, made, { key: "local", name: "npm start" });
    return made.token;
  };
  const keys = {
    adminKey: await tokenOf("admin"),
    editorKey: await tokenOf("editor"),
    reporterKey: await tokenOf("reporter"),
  };
  writeWhole(file, JSON.stringify(keys, null, 2));
  return keys;
};

type Addresses = DevKeys & { apiUrl: string; siteUrl: string };

/** dev.json stands exactly while the house answers. */
export const writeAddresses = (dir: string, { apiUrl, siteUrl, adminKey, editorKey, reporterKey }: Addresses): void =>
  writeWhole(
    join(dir, "dev.json"),
    `${JSON.stringify({ apiUrl, siteUrl, adminKey, editorKey, reporterKey }, null, 2)}\n`,
  );
export const forgetAddresses = (dir: string): void => rmSync(join(dir, "dev.json"), { force: true });

const samplesMarker = (dir: string): string => join(dir, "samples-filed");
export const hasSamples = (dir: string): boolean => existsSync(samplesMarker(dir));

/** Files the sample stories as any tool would, over HTTP, once for a folder; resolves when their pictures can be seen. */
export const fileSamples = async (addresses: Addresses, dir: string): Promise<void> => {
  if (hasSamples(dir)) return;
  const { samples } = await import("./samples.ts");
  const illustrated: string[] = [];
  for (const [n, sample] of samples.entries()) {
    const id = await fileSample(addresses, sample, `sample-${n}`);
    if (sample.photos?.length) illustrated.push(id);
  }
  for (const id of illustrated) await untilIllustrated(addresses, id);
  writeFileSync(samplesMarker(dir), "");
};

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** One request, photos and all; answers the article's id. */
const fileSample = async (
  { apiUrl, editorKey }: Addresses,
  { section, tags, copy, photos = [] }: Sample,
  idempotencyKey: string,
): Promise<string> => {
  const form = new FormData();
  form.append("article", new Blob([copy], { type: "text/plain; charset=utf-8" }), "story.txt");
  for (const name of photos)
    form.append("photo", new Blob([await readFile(join(PHOTOS, name))], { type: "image/jpeg" }), name);
  form.append("section", section);
  form.append("status", "published");
  if (tags.length) form.append("tags", tags.join(","));
  const headers = { ...bearer(editorKey), "idempotency-key": idempotencyKey };
  const response = await fetch(`${apiUrl}/articles`, { method: "POST", headers, body: form });
  if (response.status !== 201)
    throw new Error(`${idempotencyKey} was not taken: ${response.status} ${await response.text()}`);
  return articleId.parse(await response.json()).id;
};

const untilIllustrated = async ({ apiUrl, editorKey }: Addresses, id: string): Promise<void> => {
  for (;;) {
    const response = await fetch(`${apiUrl}/articles/${id}/live`, { headers: bearer(editorKey) });
    if (receipt.parse(await response.json()).pictures === "ready") return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
