import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { LIMITS } from "../../shared/domain/limits.ts";
import { imageKey } from "../../shared/store/layout.ts";
import type { Services } from "../../shared/store/services.ts";
import { photo } from "../fixtures/pictures.ts";
import { story, testHouse, type TestHouse } from "../house.ts";
import {
  addressesIn,
  announceAndUpload,
  figure,
  fileForm,
  formOf,
  illustrated,
  readyPicture,
  sendPicture,
  uploadWith,
} from "../pictures.ts";

const encoder = vi.hoisted(() => ({ broken: false }));
vi.mock("../../functions/images/encode.ts", async (original) => {
  const real = await original<typeof import("../../functions/images/encode.ts")>();
  return {
    ...real,
    encodeRenditions: (...args: Parameters<typeof real.encodeRenditions>) => {
      if (encoder.broken) throw new Error("VipsJpeg: it makes no sense");
      return real.encodeRenditions(...args);
    },
  };
});

/** What fails while it is named here: a call of the picture function, or the API's put of bytes. */
const broken = new Set<"renditions" | "uploads">();
/** Writes to a picture that will find it changed. */
let moves = 0;
/** What happens between the next time that a picture is read and what its reader does then. */
let meanwhile: (() => Promise<unknown>) | undefined;

const breaking = (services: Services): Services => {
  const { media, uploads, table } = services;
  return {
    ...services,
    media: {
      ...media,
      putRendition: async (...args) => {
        if (broken.has("renditions")) throw new Error("the store is down");
        return media.putRendition(...args);
      },
    },
    uploads: {
      ...uploads,
      put: async (...args) => {
        if (broken.has("uploads")) throw new Error("the store is down");
        return uploads.put(...args);
      },
    },
    table: {
      ...table,
      get: async (key) => {
        const item = await table.get(key);
        const happens = key.sk === "META" ? meanwhile : undefined;
        if (happens) meanwhile = undefined;
        await happens?.();
        return item;
      },
      transact: async (writes) => {
        const isPicture = writes.some((write) => "put" in write && write.put.sk === "META");
        return isPicture && moves-- > 0 ? { ok: false, failed: [0] } : table.transact(writes);
      },
    },
  };
};

let house: TestHouse;
let other = "";
beforeAll(async () => {
  house = await testHouse({ wrap: breaking });
  const made = await house.call("POST", "/keys", { key: house.adminKey, body: { name: "B", role: "reporter" } });
  other = made.body.token;
});
afterAll(() => house.close());
afterEach(() => {
  encoder.broken = false;
  broken.clear();
  moves = 0;
  delete house.s3.gate;
});

let seed = 1500;
const fresh = (): Promise<Buffer> => photo({ width: 64, height: 48, seed: seed++ });
const imageOf = async (id: string, key = house.editorKey) => (await house.call("GET", `/images/${id}`, { key })).body;
const recordOf = (id: string) => house.functions.services.table.get(imageKey(id));
const minutes = async (n: number): Promise<void> => {
  for (let minute = 0; minute < n; minute++) {
    await house.clock.move(60_000);
    await house.quiet();
  }
};
const announce = (bytes: Uint8Array, key = house.editorKey) =>
  house.call("POST", "/images", { key, body: { filename: "a.jpg", contentType: "image/jpeg", bytes: bytes.length } });
/** A record whose bytes were lost on their way. */
const sendInVain = async (bytes: Uint8Array, headers: Record<string, string> = {}): Promise<void> => {
  broken.add("uploads");
  expect((await sendPicture(house, bytes, { headers })).status).toBe(500);
  broken.delete("uploads");
};
const bare = (image: string) => figure(image, { alt: undefined, caption: undefined, credit: undefined });

describe("what is said of a picture", () => {
  test("is its first sender's to change until a published story shows it, then an editor's", async () => {
    const key = house.reporterKey;
    const { body } = await sendPicture(house, await fresh(), { key });
    await house.quiet();
    const patch = (who: string, caption: string) =>
      house.call("PATCH", `/images/${body.id}`, { key: who, body: { caption } });
    expect((await patch(key, "Bản nháp.")).status).toBe(200);
    const sent = await house.call("POST", "/articles", { body: story({ body: [bare(body.id)] }) });
    await house.quiet();
    const refused = await patch(key, "Chen vào trang.");
    expect({ status: refused.status, detail: refused.body.detail }).toEqual({
      status: 403,
      detail: expect.stringContaining("editor"),
    });
    expect((await patch(house.editorKey, "Biên tập.")).status).toBe(200);
    await house.quiet();
    const page = await house.origin(new URL(sent.body.url).pathname);
    expect([page?.includes("Biên tập."), page?.includes("Chen vào trang.")]).toEqual([true, false]);
  });

  test("is not for whoever sends the same bytes to change, who may see and name it", async () => {
    const bytes = await fresh();
    const first = await sendPicture(house, bytes, { key: house.reporterKey });
    expect((await house.call("GET", `/images/${first.body.id}`, { key: other })).status).toBe(404);
    expect((await sendPicture(house, bytes, { key: other })).body.id).toBe(first.body.id);
    expect((await house.call("GET", `/images/${first.body.id}`, { key: other })).status).toBe(200);
    const patched = await house.call("PATCH", `/images/${first.body.id}`, { key: other, body: { alt: "x" } });
    expect(patched.status).toBe(403);
    const draft = { key: other, body: story({ status: "draft", body: illustrated(first.body.id) }) };
    expect((await house.call("POST", "/articles", draft)).status).toBe(201);
  });

  test("under another id of it stays with that id: a twin's caption is not the picture's", async () => {
    const bytes = await fresh();
    const known = await readyPicture(house, bytes);
    const announced = await house.call("POST", "/images", {
      key: other,
      body: { filename: "a.jpg", contentType: "image/jpeg", bytes: bytes.length },
    });
    await house.call("PATCH", `/images/${announced.body.id}`, { key: other, body: { caption: "Chú thích mật." } });
    expect(await uploadWith(announced.body.upload, bytes)).toBe(204);
    await house.quiet();
    expect(await imageOf(announced.body.id)).toMatchObject({ id: known, state: "ready" });
    expect(await imageOf(known)).not.toHaveProperty("caption");
  });

  test("is at most a thousand characters, so that thirty of them fit into a row", async () => {
    const id = await readyPicture(house, await fresh());
    const patch = (caption: string) => house.call("PATCH", `/images/${id}`, { body: { caption, alt: caption } });
    expect((await patch("Ệ".repeat(LIMITS.pictureText))).status).toBe(200);
    const long = await patch("Ệ".repeat(LIMITS.pictureText + 1));
    expect(long.body.errors.map((fault: { pointer: string }) => fault.pointer).sort()).toEqual(["/alt", "/caption"]);
  });

  test("carries an ETag, which If-Match honours when it is sent", async () => {
    const id = await readyPicture(house, await fresh());
    const { headers } = await house.call("GET", `/images/${id}`);
    const etag = headers.get("etag") ?? "";
    const patch = (match: string, alt: string) =>
      house.call("PATCH", `/images/${id}`, { body: { alt }, headers: { "if-match": match } });
    const changed = await patch(etag, "Một");
    expect(changed.status).toBe(200);
    expect(changed.headers.get("etag")).not.toBe(etag);
    const stale = await patch(etag, "Hai");
    expect(stale.status).toBe(412);
    expect(stale.body.current).toMatchObject({ id, alt: "Một" });
    // What the house does on its own is no change that anybody could have overlooked.
    await minutes(3);
    expect((await house.call("GET", `/images/${id}`)).headers.get("etag")).toBe(changed.headers.get("etag"));
  });

  test("has a focal point that is moved fifty times, and no more", async () => {
    const { body } = await house.call("POST", "/images", {
      body: { filename: "a.jpg", contentType: "image/jpeg", bytes: 10 },
    });
    const move = (n: number) =>
      house.call("PATCH", `/images/${body.id}`, { body: { focalPoint: { x: n / 100, y: 0 } } });
    for (let n = 1; n <= LIMITS.cuts; n++) expect((await move(n)).status).toBe(200);
    expect((await move(90)).status).toBe(409);
    expect((await house.call("PATCH", `/images/${body.id}`, { body: { alt: "Chợ" } })).status).toBe(200);
  });
});

describe("a fault of ours", () => {
  test("that lasts for hours costs a picture nothing: it is made when that is over", async () => {
    const bytes = await fresh();
    broken.add("renditions");
    const id = await announceAndUpload(house, bytes);
    await house.quiet();
    await minutes(200);
    expect(await imageOf(id)).toMatchObject({ state: "processing" });
    expect(house.s3.keys("media")).toContain(`original/${id}`);
    broken.delete("renditions");
    await minutes(61);
    expect(await imageOf(id)).toMatchObject({ state: "ready" });
  });

  test.each(["bytes", "an article"])(
    "between a record and its bytes is mended by a retry of %s under its key",
    async (what) => {
      const bytes = await fresh();
      const headers = { "idempotency-key": `retry-${what}-${seed}` };
      const text = JSON.stringify(story({ body: [{ _type: "figure", caption: "Chợ." }] }));
      const send = () =>
        what === "bytes"
          ? sendPicture(house, bytes, { headers })
          : fileForm(house, formOf({ text, type: "application/json" }, [bytes]), { headers });
      broken.add("uploads");
      expect((await send()).status).toBe(500);
      broken.delete("uploads");
      const again = await send();
      expect(again.status, again.text).toBe(201);
      await house.quiet();
      const id = what === "bytes" ? again.body.id : again.body.body[0].image;
      expect(await imageOf(id)).toMatchObject({ state: "ready" });
    },
  );

  test("that lost a picture's bytes is mended by the same bytes through a form", async () => {
    const bytes = await fresh();
    broken.add("uploads");
    expect((await sendPicture(house, bytes)).status).toBe(500);
    broken.delete("uploads");
    const id = await announceAndUpload(house, bytes);
    await house.quiet();
    expect(await imageOf(id)).toMatchObject({ state: "ready" });
  });

  test("that lost them for good ends as a refusal, which the same bytes take back", async () => {
    const bytes = await fresh();
    broken.add("uploads");
    expect((await sendPicture(house, bytes)).status).toBe(500);
    broken.delete("uploads");
    await minutes(120);
    const id = await announceAndUpload(house, bytes);
    await house.quiet();
    expect(await imageOf(id)).toMatchObject({ state: "ready" });
  });
});

describe("an announced picture", () => {
  test("whose caption is typed while its bytes come is made at once", async () => {
    for (let n = 0; n < 8; n++) {
      const bytes = await fresh();
      const { body } = await house.call("POST", "/images", {
        body: { filename: "a.jpg", contentType: "image/jpeg", bytes: bytes.length },
      });
      const typing = Array.from({ length: 4 }, (_, k) =>
        house.call("PATCH", `/images/${body.id}`, { body: { caption: `Lần ${k}` } }),
      );
      const [status, ...typed] = await Promise.all([uploadWith(body.upload, bytes), ...typing]);
      expect([status, ...typed.map((one) => one.status)]).toEqual([204, 200, 200, 200, 200]);
      await house.quiet();
      expect(await imageOf(body.id)).toMatchObject({ state: "ready" });
    }
  });

  test("that turned out to be another keeps its Location when its request is sent again", async () => {
    const bytes = await fresh();
    const known = await readyPicture(house, bytes);
    const ask = {
      headers: { "idempotency-key": `twin-${seed}` },
      body: { filename: "a.jpg", contentType: "image/jpeg", bytes: bytes.length },
    };
    const first = await house.call("POST", "/images", ask);
    expect(await uploadWith(first.body.upload, bytes)).toBe(204);
    await house.quiet();
    const again = await house.call("POST", "/images", ask);
    expect(again.headers.get("location")).toBe(first.headers.get("location"));
    expect(again.body.id).toBe(known);
  });
});

describe("a picture whose bytes were lost on their way", () => {
  test.each([1, 4, 30])("gets on at once when they come again after %i minutes", async (late) => {
    const bytes = await fresh();
    const headers = { "idempotency-key": `late-${seed}` };
    await sendInVain(bytes, headers);
    await minutes(late);
    const again = await sendPicture(house, bytes, { headers });
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
    await house.quiet();
    expect(await imageOf(again.body.id)).toMatchObject({ state: "ready" });
  });

  test("is waited for as long as any other", async () => {
    const bytes = await fresh();
    const headers = { "idempotency-key": `long-${seed}` };
    await sendInVain(bytes, headers);
    await minutes(60);
    broken.add("uploads");
    const { status, body } = await announce(bytes);
    expect(status).toBe(201);
    broken.delete("uploads");
    // It is found by its bytes alone.
    expect(await uploadWith(body.upload, bytes)).toBe(204);
    await house.quiet();
    const { id } = await imageOf(body.id);
    expect(house.log().includes(`"image.refused","image":"${id}"`)).toBe(false);
    expect(await imageOf(id)).toMatchObject({ state: "ready" });
  });

  test("gets them by a retry though somebody else writes to it at that moment", async () => {
    const bytes = await fresh();
    const headers = { "idempotency-key": `moved-${seed}` };
    await sendInVain(bytes, headers);
    await minutes(150);
    moves = 1;
    const again = await sendPicture(house, bytes, { headers });
    expect(again.status).toBe(201);
    await house.quiet();
    expect(await imageOf(again.body.id)).toMatchObject({ state: "ready" });
  });

  test("gets those of a twin, which keeps its own until they have been handed on", async () => {
    const bytes = await fresh();
    await sendInVain(bytes);
    let conflicts = 1;
    const { body } = await announce(bytes);
    house.s3.gate = async ({ name, key }) =>
      name === "CopyObject" && key.startsWith("original/") && !key.endsWith(body.id) && conflicts-- > 0
        ? { status: 409, code: "ConditionalRequestConflict" }
        : undefined;
    expect(await uploadWith(body.upload, bytes)).toBe(204);
    await house.quiet();
    await minutes(2);
    expect(conflicts).toBeLessThan(1);
    expect(await imageOf(body.id)).toMatchObject({ state: "ready" });
  });
});

test("a picture that is uploaded once more while it is looked at is made of one of the two, at once", async () => {
  const bytes = await fresh();
  const { body } = await announce(bytes);
  let once = true;
  house.s3.gate = async ({ name, key }) => {
    if (once && name === "CopyObject" && key === `original/${body.id}`) {
      once = false;
      const other = Buffer.from(bytes);
      // Within the scan's last bytes: as good a picture, but another.
      other.writeUInt8(other.readUInt8(other.length - 1) ^ 1, other.length - 1);
      await uploadWith(body.upload, other);
    }
    return undefined;
  };
  expect(await uploadWith(body.upload, bytes)).toBe(204);
  await house.quiet();
  expect((await imageOf(body.id)).state).toMatch(/ready|refused/);
});

test("a picture that no encoder takes is given up in the end, kept, and made when its bytes come again", async () => {
  const bytes = await fresh();
  encoder.broken = true;
  const id = await announceAndUpload(house, bytes);
  await house.quiet();
  await minutes(40);
  expect(await imageOf(id)).toMatchObject({ state: "refused", reason: expect.stringContaining("time and memory") });
  expect(house.s3.keys("media")).toContain(`original/${id}`);
  encoder.broken = false;
  const twin = await announceAndUpload(house, bytes);
  await house.quiet();
  expect(await imageOf(twin)).toMatchObject({ id, state: "ready" });
});

test("an ETag of what was announced is none of the picture that it turned out to be", async () => {
  const bytes = await fresh();
  const known = await readyPicture(house, bytes);
  const wanted = (await house.call("GET", `/images/${known}`)).headers.get("etag");
  const { body } = await announce(bytes);
  let etag: string | null = null;
  for (let n = 0; n < 20 && etag !== wanted; n++)
    etag = (await house.call("PATCH", `/images/${body.id}`, { body: { alt: `Lần ${n}` } })).headers.get("etag");
  expect(etag).toBe(wanted);
  expect(await uploadWith(body.upload, bytes)).toBe(204);
  await house.quiet();
  const patch = { headers: { "if-match": etag ?? "" }, body: { alt: "Không ai đã xem." } };
  const { status, body: answer } = await house.call("PATCH", `/images/${body.id}`, patch);
  expect([status, answer.current?.id]).toEqual([412, known]);
});

describe("a picture that a hundred and more have sent", () => {
  const MANY = 103;

  test("names a hundred owners: the first sender, and who sent it last", async () => {
    const bytes = await fresh();
    const keys: string[] = [];
    for (let n = 0; n < MANY; n++) {
      const body = { name: `R${n}`, role: "reporter" };
      keys.push((await house.call("POST", "/keys", { key: house.adminKey, body })).body.token);
    }
    const sent = await sendPicture(house, bytes, { key: house.reporterKey });
    for (const key of keys) expect((await sendPicture(house, bytes, { key })).status).toBe(201);
    await house.quiet();
    expect((await recordOf(sent.body.id))?.["owners"]).toHaveLength(100);
    const sees = (key: string | undefined) => house.call("GET", `/images/${sent.body.id}`, { key: key ?? "" });
    expect([(await sees(house.reporterKey)).status, (await sees(keys.at(-1))).status]).toEqual([200, 200]);
    // Whoever is no longer named sends it again.
    expect((await sees(keys[0])).status).toBe(404);
    expect((await sendPicture(house, bytes, { key: keys[0] ?? "" })).status).toBe(201);
    expect((await sees(keys[0])).status).toBe(200);
  });

  test("under ids of its own lists a hundred, and past them is an editor's to change: one that is not listed may be shown", async () => {
    const bytes = await fresh();
    const key = house.reporterKey;
    const first = await sendPicture(house, bytes, { key });
    await house.quiet();
    const twins: string[] = [];
    for (let n = 0; n < MANY; n++) twins.push(await announceAndUpload(house, bytes));
    await house.quiet();
    const listed = new Set((await recordOf(first.body.id))?.["twins"] as string[]);
    expect(listed.size).toBe(100);
    const unlisted = twins.find((id) => !listed.has(id)) ?? "";
    expect((await imageOf(unlisted)).id).toBe(first.body.id);
    const sent = await house.call("POST", "/articles", { body: story({ body: illustrated(unlisted) }) });
    expect(sent.status, sent.text).toBe(201);
    const patch = await house.call("PATCH", `/images/${first.body.id}`, { key, body: { caption: "Chen vào trang." } });
    expect(patch.status).toBe(403);
  });
});

test("a caption that is typed when the bytes have just come delays nothing", async () => {
  const bytes = await fresh();
  const { body } = await announce(bytes);
  const due = (await recordOf(body.id))?.["dueSk"];
  const type = (caption: string) => house.call("PATCH", `/images/${body.id}`, { body: { caption } });
  expect((await type("Trước.")).status).toBe(200);
  expect((await recordOf(body.id))?.["dueSk"]).toBe(due);
  meanwhile = () => type("Đúng lúc.");
  expect(await uploadWith(body.upload, bytes)).toBe(204);
  await house.quiet();
  expect(await imageOf(body.id)).toMatchObject({ state: "ready", caption: "Đúng lúc." });
});

test("pages that readers have are purged when their pictures are cut anew", async () => {
  const image = await readyPicture(house, await photo({ width: 900, height: 600, seed: seed++ }));
  const sent = await house.call("POST", "/articles", {
    body: story({ leadImage: { image }, body: illustrated(image) }),
  });
  await house.quiet();
  await minutes(3);
  const card = async (): Promise<string> =>
    addressesIn((await house.read(new URL(sent.body.url).pathname)).text).find((one) => one.includes("-card-")) ?? "";
  const before = await card();
  await house.call("PATCH", `/images/${image}`, { body: { focalPoint: { x: 0, y: 0 } } });
  await house.quiet();
  expect(await card()).toMatch(/-card-/);
  expect(await card()).not.toBe(before);
});
