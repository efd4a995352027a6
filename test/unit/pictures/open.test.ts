import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { openPicture, refusalOf } from "../../../functions/images/open.ts";
import { openFile } from "../../../functions/images/sharp.ts";
import { LIMITS } from "../../../shared/domain/limits.ts";
import { STRANGERS } from "../../fixtures/picture/hostile.ts";
import {
  comment,
  exifSegment,
  iccSegment,
  iptcSegment,
  withSegments,
  xmpSegment,
} from "../../fixtures/picture/jpeg.ts";
import { iptc, xmp } from "../../fixtures/picture/metadata.ts";
import { ofScans } from "../../fixtures/picture/scans.ts";
import { accepted, bomb, laden, photo, plain, refused, SAID, wide } from "../../fixtures/pictures.ts";

const good = await accepted();
const bad = await refused();

const opened = async (bytes: Uint8Array) => {
  const result = await openPicture(bytes);
  if (!result.ok) throw new Error(`was refused as ${result.reason}`);
  return result;
};

describe("a file is opened or refused", () => {
  test.each(good)("$name", async ({ bytes, width, height }) => {
    expect(await openPicture(bytes)).toMatchObject({ ok: true, width, height, colour: /^#[\da-f]{6}$/ });
  });

  test.each(bad)("$name is $reason", async ({ bytes, reason }) => {
    expect(await openPicture(bytes)).toStrictEqual({ ok: false, reason });
  });

  test("what a decoder only warns of is no damage where every pixel is there", async () => {
    const jpeg = Buffer.from(await photo({ width: 320, height: 240 }));
    const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]));
    const stray = Buffer.concat([jpeg.subarray(0, 20), Buffer.alloc(3), jpeg.subarray(20)]);
    jpeg[scan + jpeg.readUInt16BE(scan + 2)] = 0;
    for (const bytes of [jpeg, stray]) {
      await expect(openFile(bytes, "warning").raw().toBuffer()).rejects.toThrow(/SOS parameters|extraneous/);
      expect(await openPicture(bytes)).toMatchObject({ ok: true, width: 320 });
    }
  });

  test("a picture of more than a hundred scans is too costly, though each of them is sound", async () => {
    expect(await openPicture(ofScans(100))).toMatchObject({ ok: true, width: 512, height: 512 });
    expect(await openPicture(ofScans(101))).toStrictEqual({ ok: false, reason: "too-costly" });
  });

  test("a profile that is none is passed over", async () => {
    const jpeg = withSegments(await photo({ width: 320, height: 240 }), iccSegment(Buffer.alloc(500, 7)));
    expect(await openPicture(jpeg)).toMatchObject({ ok: true });
  });

  test("what libvips gives up after its time is too costly, by its own words", async () => {
    const slow = sharp({ create: { width: 9000, height: 9000, channels: 3, background: "red" } })
      .blur(80)
      .timeout({ seconds: 1 })
      .raw()
      .toBuffer();
    const error = await slow.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(refusalOf(error)).toBe("too-costly");
    expect(refusalOf(new Error("VipsJpeg: premature end of JPEG image"))).toBe("damaged");
  });
});

describe("the loaders", () => {
  test.each(Object.entries(STRANGERS))("do not take %s", async (_, bytes) => {
    await expect((async () => openFile(bytes, "error").raw().toBuffer())()).rejects.toThrow(
      /unsupported image format|empty|corrupt header/,
    );
  });

  test("do not take more pixels than LIMITS.pixels", async () => {
    await expect(openFile(bomb(), "none").metadata()).rejects.toThrow("exceeds pixel limit");
    const error = await openFile(bomb(), "none")
      .metadata()
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    expect(refusalOf(error)).toBe("too-many-pixels");
  });

  test("give memory back after bombs and damaged files", async () => {
    const once = async (): Promise<void> => {
      for (const { bytes } of bad) await openPicture(bytes);
      await openFile(bomb(), "none")
        .raw()
        .toBuffer()
        .catch(() => undefined);
    };
    await once();
    const before = process.memoryUsage.rss();
    for (let time = 0; time < 10; time++) await once();
    expect((process.memoryUsage.rss() - before) / 1e6).toBeLessThan(80);
  });
});

describe("its colour", () => {
  test("is the average", async () => {
    expect((await opened(await plain([200, 100, 50], "png"))).colour).toBe("#c86432");
    expect((await opened(await wide([120, 90, 60], "adobe"))).colour).toMatch(/^#7[789]5[9ab]3[bcd]$/);
    // The corners of `turned`: red, green, blue and yellow in equal parts.
    const { colour } = await opened(good.find(({ name }) => name === "turned 6")!.bytes);
    expect(colour).toMatch(/^#8[0-5]7[5-b](?:4|5)./);
  });
});

describe("what its metadata says", () => {
  const foundIn = async (...segments: Buffer[]) =>
    (await opened(withSegments(await photo({ width: 320, height: 240 }), ...segments))).found;

  test.each(["jpg", "png", "webp", "avif"] as const)("is found in %s", async (format) => {
    const { takenAt, ...texts } = SAID;
    const { found } = await opened(await laden(format));
    expect(found).toMatchObject(texts);
    expect(found.takenAt).toBe(takenAt);
  });

  test("is found in IPTC alone, in whatever charset it is", async () => {
    const fields = [
      [80, "Đặng Văn Hùng"],
      [80, "Lê Thị Ơn"],
      [110, "TTXVN"],
      [120, "Chợ nổi Cái Răng"],
      [55, "20241005"],
      [60, "083000"],
    ] as const;
    const found = {
      byline: "Đặng Văn Hùng, Lê Thị Ơn",
      credit: "TTXVN",
      caption: "Chợ nổi Cái Răng",
      takenAt: "2024-10-05T08:30:00",
    };
    expect(await foundIn(iptcSegment(iptc(fields)))).toEqual(found);
    expect(await foundIn(iptcSegment(iptc(fields, "undeclared utf-8")))).toEqual(found);
    const french = iptcSegment(iptc([[120, "Le café à l'été"]], "latin1"));
    expect(await foundIn(french)).toEqual({ caption: "Le café à l'été" });
  });

  test("is XMP's before IPTC's before EXIF's; the time is the camera's", async () => {
    const camera = exifSegment({
      main: [
        [0x010e, 2, "of EXIF"],
        [0x013b, 2, "A. Camera"],
      ],
      exif: [[0x9003, 2, "2024:01:02 03:04:05"]],
    });
    const desk = iptcSegment(
      iptc([
        [120, "of IPTC"],
        [110, "Desk"],
      ]),
    );
    const packet = xmpSegment(xmp("<dc:description>of XMP</dc:description>", 'photoshop:DateCreated="2023-01-01"'));
    const takenAt = "2024-01-02T03:04:05";
    expect(await foundIn(camera)).toEqual({ caption: "of EXIF", byline: "A. Camera", takenAt });
    expect(await foundIn(camera, desk)).toMatchObject({ caption: "of IPTC", credit: "Desk", byline: "A. Camera" });
    expect(await foundIn(camera, desk, packet)).toMatchObject({ caption: "of XMP", credit: "Desk", takenAt });
    expect(await foundIn(packet)).toEqual({ caption: "of XMP", takenAt: "2023-01-01" });
  });

  test("is nothing where there is nothing, and no comment", async () => {
    expect(await foundIn()).toEqual({});
    expect(await foundIn(comment("a comment"))).toEqual({});
  });

  test("is cleaned, and capped", async () => {
    const long = "Lũ ".repeat(3000);
    const { caption, credit } = await foundIn(
      iptcSegment(
        iptc([
          [120, long],
          [110, "A\u202eB\r\nC"],
        ]),
      ),
    );
    expect(credit).toBe("AB C");
    expect(caption).toBe(`${"Lũ ".repeat(333).trimEnd()}…`);
    expect(caption?.length).toBeLessThanOrEqual(LIMITS.pictureText);
  });
});
