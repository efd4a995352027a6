import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IMAGE_TYPES, REFUSALS } from "../../../shared/domain/image.ts";
import { LIMITS } from "../../../shared/domain/limits.ts";
import { lookAt } from "../../../shared/intake/picture/look.ts";
import { box, fileType } from "../../fixtures/picture/chunks.ts";
import { segment, withSegments } from "../../fixtures/picture/jpeg.ts";
import { ofScans } from "../../fixtures/picture/scans.ts";
import { accepted, photo, refused, turned } from "../../fixtures/pictures.ts";

const good = await accepted();
const bad = await refused();

describe("a picture is known by its bytes", () => {
  test.each(good)("$name", ({ name, bytes, type, width, height }) => {
    // EXIF's turning is none of the header's business.
    const lying = /^turned [5678]$/.test(name);
    const size = lying ? { width: height, height: width } : { width, height };
    expect(lookAt(bytes)).toStrictEqual({ ok: true, type, ...size });
  });

  test.each(bad.filter(({ by }) => by === "look"))("$name is refused as $reason", ({ bytes, reason, heic }) => {
    expect(lookAt(bytes)).toStrictEqual({ ok: false, reason, ...(heic && { heic }) });
  });

  test.each(bad.filter(({ by }) => by === "open"))("$name has a sound header", ({ bytes }) => {
    expect(lookAt(bytes)).toMatchObject({ ok: true });
  });

  test("exactly LIMITS.pixels pass, and one row more does not", async () => {
    const png = Buffer.from(await photo({ width: 320, height: 240, format: "png" }));
    png.writeUInt32BE(LIMITS.pixels / 5000, 16);
    png.writeUInt32BE(5000, 20);
    expect(lookAt(png)).toMatchObject({ ok: true, width: 10_000, height: 5000 });
    png.writeUInt32BE(5001, 20);
    expect(lookAt(png)).toStrictEqual({ ok: false, reason: "too-many-pixels" });
  });

  test("a file above LIMITS.uploadBytes is too large", async () => {
    const huge = Buffer.alloc(LIMITS.uploadBytes + 1);
    (await turned(1)).copy(huge);
    expect(lookAt(huge)).toStrictEqual({ ok: false, reason: "too-large" });
    expect(lookAt(huge.subarray(0, -1))).toMatchObject({ ok: true });
  });

  test("an AVIF's size is that of its primary item, wherever its meta box stands", async () => {
    const avif = await photo({ width: 320, height: 240, format: "avif" });
    const first = avif.readUInt32BE(0);
    const behind = Buffer.concat([avif.subarray(0, first), box("free", Buffer.alloc(400_000)), avif.subarray(first)]);
    expect(lookAt(behind)).toStrictEqual({ ok: true, type: "image/avif", width: 320, height: 240 });
  });

  test("a view into a larger buffer is read from its own start", async () => {
    for (const format of ["jpg", "png", "webp", "avif"] as const) {
      const bytes = await photo({ width: 320, height: 240, format });
      const larger = Buffer.concat([Buffer.alloc(13, 0xff), bytes, Buffer.alloc(5)]);
      expect(lookAt(larger.subarray(13, 13 + bytes.length))).toMatchObject({ ok: true, width: 320, height: 240 });
    }
  });
});

describe("whatever the bytes", () => {
  const expectAnAnswer = (bytes: Uint8Array): void => {
    const look = lookAt(bytes);
    if (!look.ok) {
      expect(REFUSALS).toContain(look.reason);
      return;
    }
    expect(IMAGE_TYPES).toContain(look.type);
    expect(Math.min(look.width, look.height)).toBeGreaterThan(0);
    expect(look.width * look.height).toBeLessThanOrEqual(LIMITS.pixels);
  };
  const starts = good.map(({ bytes }) => bytes.subarray(0, 20_000)).filter((bytes) => bytes.length > 100);

  test("random ones have an answer", () => {
    expect.hasAssertions();
    const start = fc.constantFrom(new Uint8Array(), ...starts.map((bytes) => bytes.subarray(0, 40)));
    const check = fc.property(start, fc.uint8Array({ maxLength: 3000 }), (head, rest) =>
      expectAnAnswer(Buffer.concat([head, rest])),
    );
    fc.assert(check, { numRuns: 1500 });
  });

  test("pictures cut anywhere and altered anywhere have one", () => {
    expect.hasAssertions();
    const change = fc.tuple(fc.nat({ max: 2000 }), fc.nat({ max: 255 }));
    const changes = fc.array(change, { maxLength: 12 });
    const check = fc.property(fc.constantFrom(...starts), fc.nat({ max: 4000 }), changes, (bytes, length, changed) => {
      const copy = Uint8Array.from(bytes.subarray(0, length));
      for (const [at, value] of changed) if (at < copy.length) copy[at] = value;
      expectAnAnswer(copy);
    });
    fc.assert(check, { numRuns: 3000 });
  });

  test.each([
    ["brands without end", fileType("avif", "mif1".repeat(10_000_000))],
    ["boxes without end", boxes(40_000_000)],
    ["associations without end", Buffer.concat([fileType("avif", "mif1"), associations(40_000_000)])],
    [
      "a PNG of empty chunks",
      Buffer.concat([good.find(({ name }) => name === "one pixel")!.bytes.subarray(0, 33), Buffer.alloc(40_000_000)]),
    ],
    ["a JPEG of fill bytes", Buffer.alloc(45_000_000, 0xff).fill(0xd8, 1, 2)],
    [
      "a JPEG of empty segments",
      Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(45_000_000, Buffer.from([0xff, 0xe0, 0, 2]))]),
    ],
  ])("%s cost little time and memory", (_, bytes) => {
    const [rss, before] = [process.memoryUsage.rss(), process.cpuUsage()];
    expect(lookAt(bytes)).toMatchObject({ ok: false });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(1);
    expect((process.memoryUsage.rss() - rss) / 1e6).toBeLessThan(150);
  });
});

function boxes(length: number): Buffer {
  return Buffer.concat([fileType("avif", "mif1"), Buffer.alloc(length, Buffer.from("\0\0\0\x08free", "latin1"))]);
}
function associations(length: number): Buffer {
  const body = Buffer.alloc(length, 0);
  body.writeUInt32BE(0xffff_ffff, 4);
  return box("meta", Buffer.alloc(4), box("iprp", box("ipma", body)));
}

describe("a JPEG of many scans", () => {
  const scans = async (more: number): Promise<Buffer> => {
    const jpeg = await photo({ width: 64, height: 48 });
    const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0]);
    return Buffer.concat([jpeg.subarray(0, -2), ...Array.from({ length: more }, () => scan), jpeg.subarray(-2)]);
  };

  test("is decoded whole for each, and refused past a hundred of them", async () => {
    expect(lookAt(await scans(60))).toMatchObject({ ok: true });
    expect(lookAt(await scans(200))).toEqual({ ok: false, reason: "too-costly" });
    expect([99, 100].map((n) => lookAt(ofScans(n + 1)).ok)).toEqual([true, false]);
  });

  test("has them before its end and outside of its segments", async () => {
    const jpeg = await photo({ width: 64, height: 48 });
    const markers = Buffer.alloc(60_000, Buffer.from([0xff, 0xda, 0, 2]));
    const film = Buffer.concat([jpeg, ...Array.from({ length: 100 }, () => markers)]);
    for (const bytes of [film, withSegments(jpeg, segment(0xe1, markers), segment(0xe2, markers))])
      expect(lookAt(bytes)).toMatchObject({ ok: true, width: 64, height: 48 });
  });

  test("hides none of them behind fill bytes, restarts and segments that are too short", async () => {
    const jpeg = await photo({ width: 64, height: 48 });
    const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0];
    for (const before of [
      [0xff, 0xff, 0xff],
      [0xff, 0],
      [0xff, 0xd3],
      [0xff, 0x01],
      [0xff, 0x50],
      [0xff, 0xe0, 0, 0],
      [1, 2, 0xff],
    ]) {
      const more = Array.from({ length: 100 }, () => Buffer.from([...before, ...scan]));
      const bytes = Buffer.concat([jpeg.subarray(0, -2), ...more, jpeg.subarray(-2)]);
      expect(lookAt(bytes), before.join()).toEqual({ ok: false, reason: "too-costly" });
    }
  });

  test.each([
    ["fill bytes", [0xff]],
    ["coded 0xFF", [0xff, 0]],
    ["0xFF now and then", [0xff, 0, 1, 2, 3]],
    ["restarts", [0xff, 0xd0]],
    ["empty segments", [0xff, 0xe0, 0, 2]],
  ])("is gone through in a moment though it be 45 MB of %s", async (_, bytes) => {
    const jpeg = await photo({ width: 64, height: 48 });
    const long = Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(45_000_000, Buffer.from(bytes))]);
    const before = process.cpuUsage();
    expect(lookAt(long)).toMatchObject({ ok: true });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(0.5);
  });
});
