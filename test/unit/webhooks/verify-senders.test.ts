import { createRequire } from "node:module";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { Delivery, Verdict } from "../../../shared/senders/kind.ts";
import { verify } from "../../../shared/senders/verify/verify.ts";
import { SIGNERS, type Signer, signerOf } from "../../fixtures/webhook-signers.ts";

const NOW = 1_790_000_000_000;
const BODY = JSON.stringify({ post: { title: "Giá điện tăng từ đầu tháng", html: "<p>“Tăng” 3% 📈</p>" } });
const OLD = "the secret of another";

const judged = (signer: Signer, delivery: Delivery, secrets: readonly string[] = signer.secrets, now = NOW): Verdict =>
  verify(signer.scheme, delivery, secrets, now);
const bodySigners = SIGNERS.filter(({ signs }) => signs.body);
const timeSigners = SIGNERS.filter(({ signs }) => signs.time);

describe.each(SIGNERS)("what $name sends", (signer) => {
  const { secrets, signs } = signer;
  const [first, second] = secrets;

  test("is taken, with its time where that is signed, and whichever of two active secrets signed it", async () => {
    for (const secret of secrets) {
      const verdict = judged(signer, await signer.sign(BODY, secret, NOW, "evt-1"));
      expect(verdict).toMatchObject({ ok: true, at: signs.time ? NOW : undefined });
      expect(judged(signer, await signer.sign(BODY, secret, NOW, "evt-1"), [second, first])).toEqual(verdict);
    }
  });

  test("is refused with another secret, with none, and with one that is none", async () => {
    const delivery = await signer.sign(BODY, first, NOW, "evt-1");
    expect(judged(signer, delivery, [first]).ok).toBe(true);
    for (const others of [[second], [], [OLD], [""], [`${first} `], [first.slice(0, -1)]])
      expect(judged(signer, delivery, others).ok, JSON.stringify(others)).toBe(false);
  });

  test("is refused without each header that proves it, and with the header twice", async () => {
    const delivery = await signer.sign(BODY, first, NOW, "evt-1");
    const proofs = Object.keys(delivery.headers).filter((name) => /signature|secret|token|timestamp|signed/.test(name));
    expect(proofs.length).toBeGreaterThan(0);
    for (const name of proofs) {
      const { [name]: value, ...rest } = delivery.headers;
      expect(judged(signer, { ...delivery, headers: rest }).ok, name).toBe(false);
      for (const changed of [
        "",
        `${value},${value}`,
        `${value}, ${value}`,
        `${value} x`,
        `x${value}`,
        ` ${value}`,
        "\uFFFD",
      ])
        expect(judged(signer, { ...delivery, headers: { ...rest, [name]: changed } }).ok, changed).toBe(false);
    }
  });
});

describe.each(bodySigners)("the body that $name signs", (signer) => {
  test("is refused with any byte of it altered, left out or added", async () => {
    const delivery = await signer.sign(BODY, signer.secrets[0], NOW, "evt-1");
    const size = delivery.body.length;
    const altered = (body: Uint8Array): boolean => judged(signer, { ...delivery, body }).ok;
    expect(altered(delivery.body.slice())).toBe(true);
    const position = fc.nat({ max: size - 1 });
    for (let at = 0; at < size; at++) {
      expect(altered(delivery.body.map((byte, i) => (i === at ? byte ^ 1 : byte))), `byte ${at}`).toBe(false);
      expect(altered(Buffer.concat([delivery.body.subarray(0, at), delivery.body.subarray(at + 1)]))).toBe(false);
    }
    fc.assert(
      fc.property(position, fc.integer({ min: 1, max: 255 }), (at, mask) => {
        expect(altered(delivery.body.map((byte, i) => (i === at ? byte ^ mask : byte)))).toBe(false);
      }),
    );
    for (const more of [" ", "\n", "\0", "0"]) {
      expect(altered(Buffer.concat([delivery.body, Buffer.from(more)]))).toBe(false);
      expect(altered(Buffer.concat([Buffer.from(more), delivery.body]))).toBe(false);
    }
  });
});

describe.each(timeSigners)("the time that $name signs", (signer) => {
  test("may be 300 seconds from ours, past and ahead, and no more", async () => {
    for (const [away, ok] of [
      [-300_000, true],
      [-301_000, false],
      [300_000, true],
      [301_000, false],
    ] as const) {
      const delivery = await signer.sign(BODY, signer.secrets[0], NOW + away, "evt-1");
      expect(judged(signer, delivery).ok, `${away} ms`).toBe(ok);
    }
    const stale = judged(signer, await signer.sign(BODY, signer.secrets[0], NOW - 301_000, "evt-1"));
    expect(stale).toEqual({ ok: false, reason: "The signed time is more than 300 seconds past." });
  });

  test("cannot be moved, nor be written any other way", async () => {
    const delivery = await signer.sign(BODY, signer.secrets[0], NOW, "evt-1");
    const digits = Object.values(delivery.headers).flatMap(
      (value) => /(?<!\d)\d{10}(?:\d{3})?$|(?<=t=)\d{13}/.exec(value) ?? [],
    );
    expect(digits).toHaveLength(1);
    const [time = ""] = digits;
    const away = [String(Number(time) + 1), `${time}abc`, `+${time}`, `0${time}`, `${time}.0`, `${time}n`, `-${time}`];
    const others = [
      "",
      "NaN",
      "Infinity",
      "1e12",
      "0x1A0",
      "１７９００００００００００",
      `${time} `,
      `${time}\n`,
      time.slice(1),
    ];
    for (const text of [...away, ...others]) {
      const headers = Object.fromEntries(
        Object.entries(delivery.headers).map(([name, value]) => [name, value.replace(time, () => text)]),
      );
      expect(judged(signer, { ...delivery, headers }).ok, JSON.stringify(text)).toBe(false);
    }
  });
});

describe("GitHub's own example payloads", () => {
  const examples = z
    .array(z.object({ name: z.string(), examples: z.array(z.unknown()) }))
    .parse(createRequire(import.meta.url)("@octokit/webhooks-examples"))
    .flatMap(({ examples }) => examples.map((example) => JSON.stringify(example)));

  test("are taken as signed, and none under another's signature", async () => {
    const signer = signerOf("github");
    expect(examples.length).toBeGreaterThan(300);
    const deliveries = await Promise.all(
      examples.map(async (body) => signer.sign(body, signer.secrets[0], NOW, "evt-1")),
    );
    expect(deliveries.filter((delivery) => !judged(signer, delivery).ok)).toEqual([]);
    const swapped = deliveries.filter((delivery, i) => {
      const other = deliveries[(i + 1) % deliveries.length];
      return (
        other && !Buffer.from(other.body).equals(delivery.body) && judged(signer, { ...delivery, body: other.body }).ok
      );
    });
    expect(swapped).toEqual([]);
  });

  test("GitHub's published example is taken", () => {
    const headers = {
      "x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    };
    const delivery = { method: "POST", path: "/hooks/git", headers, body: Buffer.from("Hello, World!") };
    expect(verify({ scheme: "github" }, delivery, ["It's a Secret to Everybody"], NOW).ok).toBe(true);
  });
});
