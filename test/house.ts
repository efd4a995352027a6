import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type House, type HouseOptions, startHouse } from "../infra/local/house.ts";

export type Answer<Body = Json> = { status: number; headers: Headers; body: Body; text: string };
// Tests look into answers as clients do: what is not there shows up as undefined.
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

export type Request = { key?: string | null; headers?: Record<string, string>; body?: unknown; type?: string };

export type TestHouse = House & {
  /** A call of the API; objects are sent as JSON, by the editor's key unless told otherwise. */
  call(method: string, path: string, request?: Request): Promise<Answer>;
  /** A reader's request to the CDN. */
  read(path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; text: string }>;
  /** A page as it stands at the origin, past every cache; undefined when there is none. */
  origin(path: string): Promise<string | undefined>;
  /** Every public object's key with its whole bytes and metadata, as text. */
  publicBytes(): Promise<Map<string, string>>;
  log(): string;
};

/** A house of a test's own, in a folder that goes when it is closed. */
export const testHouse = async (
  options: Partial<HouseOptions> & { mayBeDenied?: boolean } = {},
): Promise<TestHouse> => {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), "broadsheet-"));
  const house = await startHouse({ dir, apiPort: 0, sitePort: 0, empty: true, ...options });
  const object = (key: string): Promise<Response> =>
    fetch(`${house.s3.url}/site/${key.split("/").map(encodeURIComponent).join("/")}`);
  return Object.assign(house, {
    call: (method: string, path: string, request: Request = {}) => callApi(house, method, path, request),
    read: async (path: string, init?: RequestInit) => {
      const response = await fetch(`${house.siteUrl}${path}`, { redirect: "manual", ...init });
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
    origin: async (path: string) => {
      const response = await object(path === "/" ? "index.html" : path.slice(1));
      const text = await response.text();
      return response.status === 200 ? text : undefined;
    },
    publicBytes: async () => {
      const all = new Map<string, string>();
      for (const key of house.s3.keys("site")) {
        const response = await object(key);
        all.set(key, `${JSON.stringify([...response.headers])}\n${await response.text()}`);
      }
      return all;
    },
    log: () => readFileSync(house.logFile, "utf8"),
    close: closing(
      house.close,
      house.logFile,
      options.dir === undefined ? dir : undefined,
      options.mayBeDenied === true,
    ),
  });
};

/** Code that takes a 403 for "there is none" would hide that a function asked for more than its policy gives: closing tells. */
const closing =
  (close: () => Promise<void>, logFile: string, dir: string | undefined, mayBeDenied: boolean) =>
  async (): Promise<void> => {
    await close();
    const denied = readFileSync(logFile, "utf8")
      .split("\n")
      .filter((line) => line.includes('"local.denied"'));
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
    if (denied.length && !mayBeDenied)
      throw new Error(`Functions were refused ${denied.length} times: ${denied.join(" ")}`);
  };

export const callApi = async (
  house: Pick<House, "apiUrl" | "editorKey">,
  method: string,
  path: string,
  { key, headers = {}, body, type }: Request,
): Promise<Answer> => {
  const asJson = body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array);
  const contentType = type ?? (asJson ? "application/json" : undefined);
  const response = await fetch(`${house.apiUrl}${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key ?? house.editorKey}` }),
      ...(contentType ? { "content-type": contentType } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: asJson ? JSON.stringify(body) : (body as string | Uint8Array<ArrayBuffer>) }),
  });
  const text = await response.text();
  const json = (response.headers.get("content-type") ?? "").includes("json") && text ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, body: json, text };
};

/** A story that can be published as it is. */
export const story = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  headline: "Chợ phiên họp lại bên sông",
  section: "thoi-su",
  body: [{ _type: "block", children: [{ _type: "span", text: "Sáng nay chợ họp lại." }] }],
  status: "published",
  ...over,
});
