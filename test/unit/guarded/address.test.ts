import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPublic } from "../../../shared/runtime/guarded/address.ts";
import { guardedLookup, NotPublic } from "../../../shared/runtime/guarded/lookup.ts";
import { type Fetched, guardedFetch } from "../../../shared/runtime/guarded-fetch.ts";

const asked: string[] = [];
const NAMES: Readonly<Record<string, string[]>> = {
  localhost: ["127.0.0.1", "::1"],
  "localhost.": ["127.0.0.1"],
  "a.localhost": ["127.0.0.1"],
  "ip6-localhost": ["::1"],
  "loop.example": ["127.0.0.1"],
  "loop6.example": ["::1"],
  "mapped.example": ["::ffff:127.0.0.1"],
  "zone.example": ["fe80::1%eth0"],
  "last.example": ["93.184.216.34", "127.0.0.1"],
  "first.example": ["10.0.0.1", "93.184.216.34"],
  "metadata.example": ["169.254.169.254"],
  "metadata6.example": ["fd00:ec2::254"],
  "nat64.example": ["64:ff9b::a9fe:a9fe"],
  "nothing.example": ["not an address"],
};
const fetchGuarded = guardedFetch({
  resolve: async (host) => {
    asked.push(host);
    return (NAMES[host] ?? []).map((address) => ({ address }));
  },
});
const get = (url: string): Promise<Fetched> => fetchGuarded({ url, maxBytes: 1000, deadlineMs: 20_000 });

const SPELLINGS = `
  127.0.0.1 127.0.0.1. 127.1 127.0.1 0177.0.0.1 0177.1 0x7f.0.0.1 0x7f.1 0x7F000001
  2130706433 017700000001 127.0.0.2 127.255.255.254 0.0.0.0 0 0x0 %31%32%37.0.0.1
  １２７.０.０.１ ①②⑦.⓪.⓪.① 127。0。0。1 127．0．0．1
  [::1] [0:0:0:0:0:0:0:1] [::] [::ffff:127.0.0.1] [::FFFF:7F00:1] [::127.0.0.1]
  [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b:1::127.0.0.1] [2002:7f00:1::] [2001::7f00:1]
  169.254.169.254 0xa9fea9fe 2852039166 0251.0376.0251.0376 [::ffff:169.254.169.254]
  [fd00:ec2::254] [fd00::8] [fc00::1] [fe80::1] [fec0::1] [ff02::1] [2001:db8::1] [100::1]
  100.64.0.1 198.18.0.1 198.19.255.255 10.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1
  192.0.0.1 192.0.2.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
`
  .trim()
  .split(/\s+/);

describe("an address that is not public", () => {
  test.each(SPELLINGS)("is refused, spelt %s, without asking for a name", async (host) => {
    asked.length = 0;
    expect(await get(`https://${host}/secret`)).toEqual({
      ok: false,
      reason: "address",
      detail: "It leads to an address that is not public.",
    });
    expect(asked).toEqual([]);
  });

  test.each(Object.keys(NAMES))("is refused behind the name %s", async (host) => {
    asked.length = 0;
    expect(await get(`https://${host.toUpperCase()}/secret`)).toMatchObject({ ok: false, reason: "address" });
    expect(asked).toEqual([host]);
  });

  const part = fc.nat(255);
  const spelt = (value: number, how: number): string =>
    [value.toString(), `0${value.toString(8)}`, `0x${value.toString(16)}`, `0X${value.toString(16).toUpperCase()}`][
      how
    ] ?? "";
  test("is refused in whatever mixture of octal, hexadecimal, short and dotted forms", async () => {
    const loopback = fc.tuple(part, part, part, fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }), fc.nat(3));
    await fc.assert(
      fc.asyncProperty(loopback, async ([b, c, d, how, joined]) => {
        const parts = [127, b, c, d];
        // The last part of a short form takes the bytes of all that are left out.
        const last = parts.splice(3 - joined).reduce((sum, one) => sum * 256 + one, 0);
        const host = [...parts, last].map((value, n) => spelt(value, how[n] ?? 0)).join(".");
        expect(await get(`https://${host}/`)).toMatchObject({ ok: false, reason: "address" });
      }),
    );
  });
});

describe("an address is public", () => {
  test.each([
    "1.0.0.0",
    "9.255.255.255",
    "11.0.0.0",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:4860:4860::8888",
    "2606:4700:4700::1111",
    "2a00:1450:4001::1",
    "2404:6800::1",
  ])("%s", (address) => {
    expect(isPublic(address)).toBe(true);
  });

  test.each(["", "localhost", "127.1", "0x7f.1", "[::1]", "fe80::1%eth0", "2001:4860::1/64", "4000::1", "::8.8.8.8"])(
    "and %s is not",
    (address) => {
      expect(isPublic(address)).toBe(false);
    },
  );
});

describe("an address that is no https on 443", () => {
  test.each([
    "http://93.184.216.34/",
    "https://93.184.216.34:8443/",
    "https://127.0.0.1:80/",
    "http://127.0.0.1/",
    "ftp://93.184.216.34/",
    "file:///etc/passwd",
    "data:text/plain,a",
    "javascript:alert(1)",
    "wss://a.example/",
  ])("is refused: %s", async (url) => {
    asked.length = 0;
    expect(await get(url)).toMatchObject({ ok: false, reason: "scheme" });
    expect(asked).toEqual([]);
  });

  test.each([
    "",
    "/relative",
    "a.example/",
    "https://",
    "https://[fe80::1%25eth0]/",
    "https://256.0.0.1/",
    "https://u@a.example/",
    "https://:p@a.example/",
  ])("or none at all: %s", async (url) => {
    expect(await get(url)).toMatchObject({ ok: false, reason: "url" });
  });

  test("but the port may be written out", async () => {
    expect(await get("https://loop.example:443/")).toMatchObject({ ok: false, reason: "address" });
  });
});

describe("the look-up of a connection", () => {
  type Given = { error: Error | null; addresses: unknown };
  const once = (lookup: ReturnType<typeof guardedLookup>, all: boolean): Promise<Given> =>
    new Promise((resolve) => {
      lookup("rebind.example", { all }, (error, addresses) => resolve({ error, addresses }));
    });

  test.each([true, false])("takes nothing but what it checked, as often as the name changes (all: %s)", async (all) => {
    const answers = ["93.184.216.34", "127.0.0.1", "93.184.216.35"];
    const lookup = guardedLookup(async () => [{ address: answers.shift() ?? "127.0.0.1" }]);
    const [first, second, third] = [await once(lookup, all), await once(lookup, all), await once(lookup, all)];
    expect(first).toEqual({
      error: null,
      addresses: all ? [{ address: "93.184.216.34", family: 4 }] : "93.184.216.34",
    });
    expect(second.error).toBeInstanceOf(NotPublic);
    expect(third.error).toBeNull();
    expect(answers).toEqual([]);
  });

  test("of a name that is not known is no answer", async () => {
    expect(await get("https://unknown.example/")).toEqual({
      ok: false,
      reason: "unreachable",
      detail: "Its name is not known.",
    });
  });
});
