import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeText } from "../../shared/intake/charset.ts";

const fixture = (name: string): Uint8Array => readFileSync(new URL(`../fixtures/copy/${name}.txt`, import.meta.url));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const utf16 = (text: string, bigEndian = false): Uint8Array => {
  const bytes = Buffer.from(text, "utf16le");
  return bigEndian ? bytes.swap16() : bytes;
};
const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");
const detailOf = (bytes: Uint8Array, charset?: string): string => {
  const result = decodeText(bytes, charset);
  if (result.ok || result.refusal.kind !== "unsupported") throw new Error("was not refused as unsupported");
  return result.refusal.detail;
};
const story = new TextDecoder().decode(fixture("story"));

describe("UTF-8 is read", () => {
  test.each([undefined, "", "utf-8", "UTF-8", '"utf-8"', "utf8", " Utf8 ", "us-ascii", "US-ASCII"])(
    "declared as %s",
    (charset) => {
      expect(decodeText(fixture("story"), charset)).toStrictEqual({ ok: true, value: story });
    },
  );

  test("its byte order mark is dropped, and nothing is nothing", () => {
    expect(decodeText(utf8("\uFEFFHải An"), undefined)).toStrictEqual({ ok: true, value: "Hải An" });
    expect(decodeText(new Uint8Array(), undefined)).toStrictEqual({ ok: true, value: "" });
  });
});

describe("other bytes are refused as what they look like", () => {
  test.each([
    ["windows-1258", fixture("story.windows-1258")],
    ["TCVN3 (ABC)", fixture("story.tcvn3")],
    ["VISCII", fixture("story.viscii")],
    ["UTF-16LE", utf16(`\uFEFF${story}`)],
    ["UTF-16BE", utf16(`\uFEFF${story}`, true)],
    ["UTF-16LE", utf16(story)],
    ["UTF-16BE", utf16(story, true)],
    ["UTF-16LE", utf16('{"headline":"Hai An"}')],
    ["UTF-32LE", Uint8Array.of(0xff, 0xfe, 0, 0, 0x41, 0, 0, 0)],
    ["windows-1252", latin1("L'été dernier, la municipalité a créé une allée piétonne près du café.")],
    ["windows-1252", latin1("Die Straße wurde im März für Fußgänger geöffnet und später begrünt.")],
    ["windows-1252", latin1("The mayor said: \x93we are open\x94. The rest of this long sentence is plain.")],
    ["UTF-8 with damaged bytes", fixture("story").filter((_, index) => index !== 2)],
  ])("%s", (name, bytes) => {
    expect(detailOf(bytes)).toContain(`looks like ${name}`);
    expect(detailOf(bytes, "utf-8")).toContain("please send UTF-8");
  });

  test("no name is made up for bytes that look like nothing", () => {
    expect(detailOf(Uint8Array.from({ length: 128 }, (_, index) => 128 + index))).toBe(
      "the text is not UTF-8; please send UTF-8",
    );
  });
});

test("another declared charset is refused, whatever the bytes are, and says what they look like", () => {
  expect(detailOf(fixture("story.windows-1258"), "windows-1258")).toMatch(/charset=windows-1258 .*like windows-1258;/);
  expect(detailOf(fixture("story.tcvn3"), "windows-1252")).toMatch(/charset=windows-1252 .*like TCVN3/);
  expect(detailOf(fixture("story"), "ISO-8859-1")).toMatch(/charset=iso-8859-1 .*like UTF-8; please send UTF-8/);
  expect(detailOf(fixture("story"), "x\r\nSet-Cookie: a")).not.toMatch(/[\r\n]/);
});

test("text in which a gateway replaced characters is refused, with the line", () => {
  expect(detailOf(utf8("Hải Phòng:\nPh\uFFFD đi bộ"))).toMatch(/^line 2 holds U\+FFFD/);
});
