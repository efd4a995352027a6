import type { ApiKey } from "../shared/domain/access.ts";
import type { WithdrawalMode } from "../shared/domain/decide/command.ts";
import { decide } from "../shared/domain/decide/decide.ts";
import { iso } from "../shared/domain/time.ts";
import { commit } from "../shared/store/commit.ts";
import { loadSite } from "../shared/store/site.ts";
import { loadState } from "../shared/store/state.ts";
import { expect } from "vitest";
import type { Answer, TestHouse } from "./house.ts";

/** What a browser or curl sends as multipart/form-data: the article and its photos, and other fields by name. */
export const formOf = (
  article: { text: string | Uint8Array<ArrayBuffer>; type: string; name?: string },
  photos: readonly Uint8Array[],
  fields: Record<string, string> = {},
): FormData => {
  const form = new FormData();
  form.append("article", new Blob([article.text], { type: article.type }), article.name ?? "story");
  photos.forEach((bytes, n) => form.append("photo", blobOf(bytes, "image/jpeg"), `photo-${n}.jpg`));
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
};

export const blobOf = (bytes: Uint8Array, type: string): Blob => new Blob([new Uint8Array(bytes)], { type });

/** POST /articles with a form. */
export const fileForm = async (
  house: TestHouse,
  form: FormData,
  {
    key = house.editorKey,
    headers = {},
    query = "",
  }: { key?: string; headers?: Record<string, string>; query?: string } = {},
): Promise<Answer> => {
  const response = await fetch(`${house.apiUrl}/articles${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, ...headers },
    body: form,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text ? JSON.parse(text) : undefined };
};

/** POST /images with a picture's bytes. */
export const sendPicture = (
  house: TestHouse,
  bytes: Uint8Array,
  { type = "image/jpeg", ...rest }: { type?: string; key?: string | null; headers?: Record<string, string> } = {},
): Promise<Answer> => house.call("POST", "/images", { body: new Uint8Array(bytes), type, ...rest });

/** POSTs a file with the form that an announcement was answered with. */
export const uploadWith = async (
  form: { url: string; fields: Record<string, string> },
  bytes: Uint8Array,
  type = "image/jpeg",
): Promise<number> => {
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append("file", blobOf(bytes, type), "IMG_0042.jpg");
  return (await fetch(form.url, { method: "POST", body })).status;
};

/** A picture that goes straight to the store; its id. */
export const announceAndUpload = async (house: TestHouse, bytes: Uint8Array): Promise<string> => {
  const { status, body, text } = await house.call("POST", "/images", {
    body: { filename: "IMG_0042.jpg", contentType: "image/jpeg", bytes: bytes.byteLength },
  });
  expect(status, text).toBe(201);
  expect(await uploadWith(body.upload, bytes)).toBe(204);
  return body.id;
};

/** A picture that is ready, AVIF and all; its id. */
export const readyPicture = async (house: TestHouse, bytes: Uint8Array): Promise<string> => {
  const sent = await sendPicture(house, bytes);
  expect(sent.status, sent.text).toBe(201);
  await house.quiet();
  expect((await house.call("GET", `/images/${sent.body.id}`)).body).toMatchObject({ state: "ready" });
  return sent.body.id;
};

export const figure = (image: string, over: Record<string, unknown> = {}): Record<string, unknown> => ({
  _type: "figure",
  image,
  alt: "Một bức ảnh.",
  caption: "Chú thích.",
  credit: "PV",
  ...over,
});

/** A body with figures of these images between its paragraphs. */
export const illustrated = (...images: string[]): Record<string, unknown>[] => [
  { _type: "block", children: [{ _type: "span", text: "Sáng nay chợ họp lại." }] },
  ...images.map((image) => figure(image)),
  { _type: "block", children: [{ _type: "span", text: "Người mua kẻ bán đông như trước." }] },
];

/** Keys of public pictures. */
export const publicPictures = (house: TestHouse): string[] =>
  house.s3.keys("site").filter((key) => key.startsWith("images/"));

/** Every picture address on a page, in the order of the page. */
export const addressesIn = (html: string): string[] =>
  [...html.matchAll(/\/images\/[^\s",]+\.(?:avif|webp|jpg)/g)].map(([address]) => address);

/** Withdraws a story by the decision and the commit alone, past the API. */
export const withdraw = (house: TestHouse, id: string, mode: WithdrawalMode = { mode: "gone" }): Promise<void> =>
  house.guard.apart(() => withdrawnBy(house.functions, id, mode));

const withdrawnBy = async ({ services }: TestHouse["functions"], id: string, mode: WithdrawalMode): Promise<void> => {
  const [{ head }, site] = await Promise.all([
    loadState(services.table, id),
    loadSite(services.table, services.siteUrl),
  ]);
  const key: ApiKey = { id: "desk", name: "Desk", role: "editor", createdAt: "" };
  const now = iso(services.clock.now());
  const decided = decide({ type: "withdraw", ...mode, reason: "asked for" }, head, {
    key,
    now,
    site,
    pictures: new Map(),
  });
  if (!decided.ok) throw new Error("the withdrawal was refused", { cause: decided.refusal });
  const committed = await commit(services, { decision: decided.value, by: { key: key.id, name: key.name } });
  expect(committed.kind).toBe("committed");
};

/** The bytes of every public object, by key. */
export const publicFiles = async (house: TestHouse): Promise<Map<string, Buffer>> => {
  const files = new Map<string, Buffer>();
  for (const key of house.s3.keys("site")) {
    const response = await fetch(`${house.s3.url}/site/${key.split("/").map(encodeURIComponent).join("/")}`);
    files.set(key, Buffer.from(await response.arrayBuffer()));
  }
  return files;
};
