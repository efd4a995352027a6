import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../shared/domain/limits.ts";
import { decodeField } from "../../../shared/intake/picture/decode.ts";
import { readExif } from "../../../shared/intake/picture/exif.ts";
import { type Blocks, foundText } from "../../../shared/intake/picture/found.ts";
import { takenAt, takenAtIptc } from "../../../shared/intake/picture/taken.ts";
import { readXmp } from "../../../shared/intake/picture/xmp.ts";
import { CAMERA, PACKET, RECORD } from "../../fixtures/picture/canary.ts";
import { iptc, tiff, xmp } from "../../fixtures/picture/metadata.ts";

const utf8 = (text: string): Uint8Array => Buffer.from(text);
const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");

describe("the time it was taken", () => {
  test.each([
    ["2024:10:05 08:30:00", undefined, "2024-10-05T08:30:00"],
    ["2024:10:05 08:30:00", "+07:00", "2024-10-05T08:30:00+07:00"],
    ["2024:10:05 08:30:00", "   :  ", "2024-10-05T08:30:00"],
    ["2024:10:05 08:30:00", "+99:00", "2024-10-05T08:30:00"],
    ["2024-10-05T08:30:00.123Z", undefined, "2024-10-05T08:30:00Z"],
    ["2024-10-05T08:30-03:30", undefined, "2024-10-05T08:30:00-03:30"],
    ["2024-10-05", "+07:00", "2024-10-05"],
    ["0000:00:00 00:00:00", undefined, undefined],
    ["    :  :     :  :  ", undefined, undefined],
    ["2024:02:30 08:30:00", undefined, undefined],
    ["2024:10:05 24:00:00", undefined, undefined],
    ["1700:01:01 00:00:00", undefined, undefined],
    ["yesterday", undefined, undefined],
    ["", undefined, undefined],
  ])("%s and %s is %s", (written, offset, wanted) => {
    expect(takenAt(written, offset)).toBe(wanted);
  });

  test.each([
    ["20241005", "083000+0700", "2024-10-05T08:30:00+07:00"],
    ["20241005", "083000", "2024-10-05T08:30:00"],
    ["20241005", "", "2024-10-05"],
    ["20241005", "later", "2024-10-05"],
    ["20240000", "083000", undefined],
    ["", "083000", undefined],
  ])("IPTC's %s and %s is %s", (day, time, wanted) => {
    expect(takenAtIptc(day, time)).toBe(wanted);
  });
});

describe("a text's bytes", () => {
  test("are UTF-8 where they can be, else windows-1252", () => {
    expect(decodeField(utf8("Nguyễn Thị Ơn"))).toBe("Nguyễn Thị Ơn");
    expect(decodeField(latin1("Le café"))).toBe("Le café");
    expect(decodeField(latin1("caf\xe9 \x93quoted\x94"))).toBe("café “quoted”");
    expect(decodeField(new Uint8Array())).toBe("");
  });

  test("may end within a letter, where a program has cut them off", () => {
    expect(decodeField(utf8("Đông Ngạc").subarray(0, -2))).toBe("Đông Ng");
    expect(decodeField(utf8("Đông Ngạ").subarray(0, -1))).toBe("Đông Ng");
  });
});

describe("EXIF", () => {
  test("is read in either byte order", () => {
    const big = Buffer.concat([
      Buffer.from("MM\0*\0\0\0\x08\0\x01\x01\x3b\0\x02\0\0\0\x06\0\0\0\x1a\0\0\0\0", "latin1"),
      Buffer.from("An An\0"),
    ]);
    expect(readExif(big)).toEqual({ byline: utf8("An An") });
    expect(readExif(Buffer.concat([Buffer.from("Exif\0\0"), big]))).toEqual({ byline: utf8("An An") });
    expect(foundText({ exif: tiff({ main: [[0x013b, 2, "Ơn"]] }) })).toEqual({ byline: "Ơn" });
  });

  test.each([
    "OLYMPUS DIGITAL CAMERA",
    "SONY DSC",
    "DCIM\\100MEDIA\\DJI_0031.JPG",
    "Screenshot",
    "SAMSUNG",
    "DSC_0001.JPG",
  ])("%s is no caption", (caption) => {
    expect(foundText({ exif: tiff({ main: [[0x010e, 2, caption]] }) })).toEqual({});
  });

  test("a text that lies outside the block is none", () => {
    const block = tiff({ main: [[0x010e, 2, "a caption of some length"]] });
    expect(readExif(block)).toEqual({ caption: utf8("a caption of some length") });
    expect(readExif(block.subarray(0, -4))).toEqual({});
  });

  test("what only begins like that is one", () => {
    const caption = "Samsung khánh thành nhà máy ở Bắc Ninh";
    expect(foundText({ exif: tiff({ main: [[0x010e, 2, caption]] }) })).toEqual({ caption });
  });
});

describe("XMP", () => {
  test("has properties as attributes and as elements, with entities", () => {
    expect(readXmp(xmp("", `photoshop:Credit='A &amp; "B"' dc:description="x &#x1EA1; &#7841;"`).toString())).toEqual({
      credit: 'A & "B"',
      caption: "x ạ ạ",
    });
    const creators = "<dc:creator><rdf:Seq><rdf:li>An</rdf:li><rdf:li>Bình</rdf:li></rdf:Seq></dc:creator>";
    expect(readXmp(xmp(creators).toString())).toEqual({ byline: "An, Bình" });
  });

  test("speaks the default language, else the first", () => {
    const text = (first: string, second: string): string =>
      `<dc:description><rdf:Alt><rdf:li xml:lang="${first}">một</rdf:li><rdf:li xml:lang="${second}">hai</rdf:li></rdf:Alt></dc:description>`;
    expect(readXmp(xmp(text("vi", "x-default")).toString())).toEqual({ caption: "hai" });
    expect(readXmp(xmp(text("vi", "en")).toString())).toEqual({ caption: "một" });
  });

  test("tells of other pictures, too, which are passed over", () => {
    const other = `<xmpMM:Pantry><rdf:Bag><rdf:li><rdf:Description photoshop:Credit="other"><dc:description>other</dc:description></rdf:Description></rdf:li></rdf:Bag></xmpMM:Pantry>`;
    expect(readXmp(xmp(`${other}<dc:description>own</dc:description>`).toString())).toEqual({ caption: "own" });
  });

  test("with letters lost gives way to the next block", () => {
    const broken = Buffer.from(xmp("<dc:description>Ng\uFFFDc</dc:description>"));
    expect(foundText({ xmp: broken, iptc: iptc([[120, "Ngạc"]]) })).toEqual({ caption: "Ngạc" });
    expect(foundText({ xmp: xmp("<dc:description>a&#xD800;b</dc:description>") })).toEqual({});
  });
});

describe("whatever the blocks", () => {
  const expectSound = (blocks: Blocks): void => {
    for (const [field, value] of Object.entries(foundText(blocks))) {
      expect(value).toBe(value?.trim());
      expect(value?.isWellFormed()).toBe(true);
      expect(value?.length).toBeGreaterThan(0);
      expect(value?.length).toBeLessThanOrEqual(field === "caption" ? LIMITS.pictureText : LIMITS.line);
      expect(value).not.toMatch(/[\0-\x08\u202A-\u202E\uFFFD]/);
    }
  };

  test("random and altered ones end in sound texts or none", () => {
    expect.hasAssertions();
    const change = fc.array(fc.tuple(fc.nat({ max: 1200 }), fc.nat({ max: 255 })), { maxLength: 20 });
    const altered = (block: Uint8Array) =>
      fc.tuple(change, fc.nat({ max: 1500 })).map(([changes, length]) => {
        const copy = Uint8Array.from(block.subarray(0, length));
        for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
        return copy;
      });
    const random = fc.uint8Array({ maxLength: 500 });
    const blocks = fc.record({
      exif: fc.oneof(random, altered(tiff(CAMERA()))),
      iptc: fc.oneof(random, altered(RECORD)),
      xmp: fc.oneof(random, altered(PACKET)),
    });
    fc.assert(fc.property(blocks, expectSound), { numRuns: 3000 });
  });

  const repeated = (text: string, start = ""): Uint8Array => Buffer.from(start + text.repeat(1_000_000 / text.length));
  const opening = "<rdf:Description ><dc:description>";
  test.each<[string, Blocks]>([
    ["tags that are never closed", { xmp: repeated("<a:b>") }],
    ["descriptions in descriptions", { xmp: repeated('<rdf:Description a:b="c">') }],
    ["attributes", { xmp: repeated(' a:b="c"', "<rdf:Description") }],
    ["spaces", { xmp: repeated(" ", "<rdf:Description") }],
    ["quotes", { xmp: repeated(' a:b="', "<rdf:Description") }],
    ["list items", { xmp: repeated("<rdf:li>x", opening) }],
    ["entities", { xmp: repeated("&#x41;", opening) }],
    ["marks", { xmp: repeated("\u0301", opening) }],
    ["bylines", { iptc: repeated("\x1c\x02\x50\0\x01A") }],
    ["resources", { iptc: repeated("8BIM\x01\x01\0\0\0\0\0\0", "Photoshop 3.0\0") }],
    ["directory entries", { exif: repeated("\x0e\x01\x02\0\0\x20\0\0\x08\0\0\0", "II*\0\x08\0\0\0\xff\xff") }],
    ["40 MB of it", { xmp: Buffer.alloc(40_000_000, "<"), iptc: Buffer.alloc(40_000_000, 0x1c) }],
  ])("%s without end cost little time", (_, blocks) => {
    const before = process.cpuUsage();
    expectSound(blocks);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(0.5);
  });
});
