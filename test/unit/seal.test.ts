import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSealedUnder, type Keyring, seal, SealBroken, unseal } from "../../shared/store/seal.ts";
import { keyring, newSealingKey } from "../../shared/store/sealing-key.ts";

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const keys: Keyring = [key(1)];
const CONTEXT = "source:ghost";
const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Why a text could not be opened. */
const broken = (ring: Keyring, context: string, sealed: string): string => {
  try {
    unseal(ring, context, sealed);
  } catch (error) {
    if (error instanceof SealBroken) return error.reason;
    throw error;
  }
  return "opened";
};
const secret = fc.string({ unit: "grapheme", maxLength: 200 });

describe("a sealed secret", () => {
  test("opens under its key, for its context", () => {
    fc.assert(
      fc.property(secret, fc.string(), (plain, context) => {
        expect(unseal(keys, context, seal(keys, context, plain))).toBe(plain);
      }),
    );
  });

  test("is text that names its version and key, and holds nothing of what it seals", () => {
    const sealed = seal(keys, CONTEXT, "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
    expect(sealed).toMatch(/^v1\.[\da-f]{12}\.[\w-]{16}\.[\w-]+$/);
    expect(sealed).not.toContain("whsec");
    expect(Buffer.from(sealed.split(".")[3] ?? "", "base64url").toString("latin1")).not.toContain("whsec");
  });

  test("is another one each time", () => {
    const all = Array.from({ length: 1000 }, () => seal(keys, CONTEXT, "secret").split(".")[2]);
    expect(new Set(all).size).toBe(1000);
  });

  test("does not open when any character is another", () => {
    const letters = `${BASE64URL}.=+/ \n\u0000`.split("");
    fc.assert(
      fc.property(secret, fc.nat(), fc.constantFrom(...letters), (plain, at, letter) => {
        const sealed = seal(keys, CONTEXT, plain);
        const n = at % sealed.length;
        const altered = sealed.slice(0, n) + letter + sealed.slice(n + 1);
        fc.pre(altered !== sealed);
        expect(["format", "key", "altered"]).toContain(broken(keys, CONTEXT, altered));
      }),
    );
  });

  test("does not open when any bit is another, or it is shortened or lengthened", () => {
    const sealed = seal(keys, CONTEXT, "secret");
    const [version, id, nonce = "", rest = ""] = sealed.split(".");
    const flipped = (part: string, bit: number): string => {
      const bytes = Buffer.from(part, "base64url");
      bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      return bytes.toString("base64url");
    };
    for (let bit = 0; bit < 12 * 8; bit++)
      expect(broken(keys, CONTEXT, [version, id, flipped(nonce, bit), rest].join("."))).toBe("altered");
    for (let bit = 0; bit < 22 * 8; bit++)
      expect(broken(keys, CONTEXT, [version, id, nonce, flipped(rest, bit)].join("."))).toBe("altered");
    for (let length = 0; length < sealed.length; length++)
      expect(broken(keys, CONTEXT, sealed.slice(0, length))).not.toBe("opened");
    // Of its last character only two bits are of the tag: others would decode to the same bytes.
    for (const last of BASE64URL.replace(sealed.slice(-1), ""))
      expect(broken(keys, CONTEXT, sealed.slice(0, -1) + last)).not.toBe("opened");
    for (const more of ["A", "AA", "AAAA", ".", "=", "\n", " "])
      expect(broken(keys, CONTEXT, sealed + more)).not.toBe("opened");
  });

  test("does not open for another context: it cannot be moved to another item", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        fc.pre(one !== other);
        expect(broken(keys, other, seal(keys, one, "secret"))).toBe("altered");
      }),
    );
  });

  test("does not open under another key, even one that is given its name", () => {
    const sealed = seal(keys, CONTEXT, "secret");
    expect(broken([key(2)], CONTEXT, sealed)).toBe("key");
    const named = seal([key(2)], CONTEXT, "other").split(".")[1] ?? "";
    expect(broken([key(2)], CONTEXT, sealed.replace(/^v1\.\w+/, `v1.${named}`))).toBe("altered");
  });

  test.each([
    "",
    "secret",
    "v2.0123456789ab.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA",
    "v1...",
    "v1.0123456789ab.AAAA.AAAA",
  ])("is not what %j is", (text) => {
    expect(broken(keys, CONTEXT, text)).toBe("format");
  });

  test("that was stored long ago still opens", () => {
    // As it was made on the day the format was fixed: what is stored has to open in years, too.
    const stored = "v1.cabf582082db.otG3QJX8CGAoHN6V.sjONqr7J3g9VGrM9UcURKrhhTA0jNU5BqxU_CdW_ig";
    expect(unseal(keys, CONTEXT, stored)).toBe("whsec_Xin chào");
  });

  test("has an error that tells neither secret nor key", () => {
    const sealed = seal(keys, CONTEXT, "secret");
    expect(() => unseal([key(2)], CONTEXT, sealed)).toThrow("A sealed secret cannot be opened (key).");
  });
});

describe("keys", () => {
  test("are turned over: the newest seals, the others open", () => {
    const old = seal(keys, CONTEXT, "secret");
    const turned: Keyring = [key(2), key(1)];
    expect(unseal(turned, CONTEXT, old)).toBe("secret");
    expect(isSealedUnder(turned, old)).toBe(false);
    const again = seal(turned, CONTEXT, "secret");
    expect(isSealedUnder(turned, again)).toBe(true);
    expect(broken(keys, CONTEXT, again)).toBe("key");
  });

  test.each([0, 16, 31, 33])("of %i bytes are refused", (length) => {
    expect(() => seal([new Uint8Array(length)], CONTEXT, "secret")).toThrow(RangeError);
  });

  test("are read from a parameter's text", () => {
    const [one, two] = [newSealingKey(), newSealingKey()];
    expect(one).not.toBe(two);
    const [first, second, ...others] = keyring(`${one}\n${two}\n`);
    expect([Buffer.from(first).toString("base64"), Buffer.from(second ?? []).toString("base64")]).toEqual([one, two]);
    expect(others).toEqual([]);
  });

  test.each(["", "  ", "secret-secret-secret", newSealingKey().slice(4), `${newSealingKey()} x`])(
    "are not %j, and nobody is told what was there",
    (text) => {
      expect(() => keyring(text)).toThrow("The sealing key's parameter holds something else than keys of 32 bytes");
    },
  );
});

test("a text that would not come back as it was is not sealed", () => {
  expect(() => seal(keys, CONTEXT, "a\ud800")).toThrow(RangeError);
});
