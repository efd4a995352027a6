import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LIMITS } from "../../shared/domain/limits.ts";
import type { Services } from "../../shared/store/services.ts";
import { photo } from "../fixtures/pictures.ts";
import { story, testHouse, type TestHouse } from "../house.ts";
import {
  announceAndUpload,
  figure,
  fileForm,
  formOf,
  illustrated,
  readyPicture,
  sendPicture,
  uploadWith,
} from "../pictures.ts";

/** What fails while it is named here: a call of the picture function, or the API's put of bytes. */
const broken = new Set<"renditions" | "uploads">();
const breaking = (services: Services): Services => ({
  ...services,
  media: {
    ...services.media,
    putRendition: async (...args) => {
      if (broken.has("renditions")) throw new Error("the store is down");
      return services.media.putRendition(...args);
    },
  },
  uploads: {
    ...services.uploads,
    put: async (...args) => {
      if (broken.has("uploads")) throw new Error("the store is down");
      return services.uploads.put(...args);
    },
  },
});

let house: TestHouse;
let other = "";
beforeAll(async () => {
  house = await testHouse({ wrap: breaking });
  const made = await house.call("POST", "/keys", { key: house.adminKey, body: { name: "B", role: "reporter" } });
  other = made.body.token;
});
afterAll(() => house.close());

let seed = 1500;
const fresh = (): Promise<Buffer> => photo({ width: 64, height: 48, seed: seed++ });
const imageOf = async (id: string, key = house.editorKey) => (await house.call("GET", `/images/${id}`, { key })).body;
const minutes = async (n: number): Promise<void> => {
  for (let minute = 0; minute < n; minute++) {
    await house.clock.move(60_000);
    await house.quiet();
  }
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
