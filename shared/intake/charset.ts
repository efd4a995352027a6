import { ok, refuse, type Result } from "../domain/error.ts";

/** What may be declared for UTF-8; ASCII is a part of it. */
const UTF8 = /^(?:utf-?8|us-ascii|ascii)$/;
/** So many bytes are enough to tell. */
const SAMPLE = 65_536;

/**
 * The bytes of the commonest letters above ASCII: of French, German, Spanish and Portuguese, with typographic quotes and
 * dashes; and of Vietnamese (đ ư ô ơ ă â ê, à á ạ ả, ấ ế ộ ờ ớ ị ố ủ ề ể ệ ì í ợ), of which windows-1258 writes most tones
 * as bytes of their own (CC D2 DE EC F2). The first of equals wins.
 */
const FREQUENT: readonly (readonly [name: string, bytes: string])[] = [
  ["windows-1252", "E9 E8 E0 EA E7 E2 FC F6 E4 DF F1 ED F3 E1 FA F4 F9 EE E3 F5 C9 91 92 93 94 96 97 85 A0 AB BB"],
  ["windows-1258", "F0 FD F4 F5 E3 E2 EA E0 E1 CC D2 DE EC F2 ED"],
  ["TCVN3 (ABC)", "AE AD AB AC A8 A9 AA B5 B8 B9 B6 CA D5 E9 EA ED DE E8 F1 D2 D3 D6 D7 DD EE"],
  ["VISCII", "F0 DF F4 BD E5 E2 EA E0 E1 D5 E4 A4 AA B5 B6 BE B8 AF FC AB AC AE EC ED FE"],
];
/** The share of the bytes above 7F that must be frequent ones. */
const LIKELY = 0.6;

const byteOrderMark = (bytes: Uint8Array): string | undefined => {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? "UTF-32LE" : "UTF-16LE";
  if (a === 0xfe && b === 0xff) return "UTF-16BE";
  return a === 0 && b === 0 && c === 0xfe && d === 0xff ? "UTF-32BE" : undefined;
};

/** UTF-16 without a mark: the upper bytes of Latin letters, spaces and digits are zero, and hardly any lower byte is. */
const zeroPattern = (sample: Uint8Array): string | undefined => {
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros.map((count) => count / (sample.length / 2));
  if (odd > 0.3 && even < 0.05) return "UTF-16LE";
  return even > 0.3 && odd < 0.05 ? "UTF-16BE" : undefined;
};

const eightBit = (sample: Uint8Array): string | undefined => {
  const high = sample.filter((byte) => byte > 0x7f);
  const shares = FREQUENT.map(([name, bytes]) => {
    const frequent = new Set(bytes.split(" ").map((hex) => Number.parseInt(hex, 16)));
    return { name, share: high.filter((byte) => frequent.has(byte)).length / high.length };
  });
  const best = shares.sort((a, b) => b.share - a.share)[0];
  return best && best.share >= LIKELY ? best.name : undefined;
};

/** UTF-8 of which a few bytes were lost or altered, by far the most of what is not ASCII being sound. */
const damagedUtf8 = (sample: Uint8Array): string | undefined => {
  const text = new TextDecoder().decode(sample);
  const wide = text.match(/[^\p{ASCII}]/gu)?.length ?? 0;
  const lost = text.match(/\uFFFD/g)?.length ?? 0;
  return wide > 0 && lost / wide < 0.2 ? "UTF-8 with damaged bytes" : undefined;
};

/** What bytes that are not sound UTF-8 look like; a guess for a message, nothing is decoded by it. */
const looksLike = (bytes: Uint8Array): string | undefined => {
  const sample = bytes.subarray(0, SAMPLE);
  return byteOrderMark(bytes) ?? zeroPattern(sample) ?? damagedUtf8(sample) ?? eightBit(sample);
};

const decode = (bytes: Uint8Array): string | undefined => {
  if (byteOrderMark(bytes) ?? zeroPattern(bytes.subarray(0, SAMPLE))) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8: the one thing that a fatal decoder throws for; the caller says so.
    return undefined;
  }
};

const unsupported = (detail: string) => refuse({ kind: "unsupported", detail });

/**
 * The text of `bytes`, which must be UTF-8 (a byte order mark is dropped); `charset` is the content type's parameter, if
 * it has one. Another declared charset, other bytes, and text in which characters were replaced by U+FFFD on its way
 * here are refused as unsupported, naming what the bytes look like. RFC 9110, section 8.3; WHATWG Encoding.
 */
export const decodeText = (bytes: Uint8Array, charset: string | undefined): Result<string> => {
  const declared = charset?.replace(/["']/g, "").trim().toLowerCase();
  const text = decode(bytes);
  if (declared !== undefined && declared !== "" && !UTF8.test(declared)) {
    const seen = text === undefined ? looksLike(bytes) : "UTF-8";
    const name = declared.slice(0, 40).replace(/[^\x20-\x7E]/g, "?");
    return unsupported(
      `charset=${name} was declared${seen ? `, and the text looks like ${seen}` : ""}; please send UTF-8, and declare it`,
    );
  }
  if (text === undefined) {
    const seen = looksLike(bytes);
    return unsupported(`the text is not UTF-8${seen ? `: it looks like ${seen}` : ""}; please send UTF-8`);
  }
  const lost = text.indexOf("\uFFFD");
  if (lost >= 0) {
    const line = text.slice(0, lost).split(/\r\n|\r|\n/).length;
    return unsupported(
      `line ${line} holds U+FFFD: characters were lost before the text came here; it looks like UTF-8 made from another charset; please send UTF-8 made from the original`,
    );
  }
  return ok(text);
};
