import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Delivery, Verdict } from "../../../shared/senders/kind.ts";
import { eventId } from "../../../shared/senders/verify/event-id.ts";
import { verify } from "../../../shared/senders/verify/verify.ts";
import { type Signer, signerOf } from "../../fixtures/webhook-signers.ts";

const NOW = 1_790_000_000_000;
const BODY = '{"type":"article.published","data":{"id":"vn-1"}}';

const made = async (signer: Signer, { body = BODY, at = NOW, id = "evt-1" } = {}): Promise<Delivery> =>
  signer.sign(body, signer.secrets[0], at, id);
const judged = (signer: Signer, delivery: Delivery, now = NOW): Verdict =>
  verify(signer.scheme, delivery, signer.secrets, now);
const withHeaders = (delivery: Delivery, headers: Record<string, string>): Delivery => ({
  ...delivery,
  headers: { ...delivery.headers, ...headers },
});
const idOf = (delivery: Delivery, verdict: Verdict): string => {
  if (!verdict.ok) throw new Error(verdict.reason);
  return eventId(delivery, verdict);
};

describe("Standard Webhooks", () => {
  const signer = signerOf("standard-webhooks");

  test("takes the vector its libraries are tested with, from a list with other versions too", () => {
    const AT = 1614265330;
    const good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const other = "Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
    const taken = (signature: string): boolean =>
      verify(
        { scheme: "standard-webhooks" },
        {
          method: "POST",
          path: "/hooks/desk",
          headers: {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": String(AT),
            "webhook-signature": signature,
          },
          body: Buffer.from('{"test": 2432232314}'),
        },
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        AT * 1000,
      ).ok;
    expect(taken(good)).toBe(true);
    expect(taken(`v1,${other} v2,${other} ${good} v1,${other}`)).toBe(true);
    for (const wrong of [
      good.replace("v1,", "v2,"),
      good.slice(0, 8),
      "v1,",
      "v1,dawfeoifkpqwoekfpqoekf",
      `v1,${other}`,
    ])
      expect(taken(wrong), wrong).toBe(false);
  });

  test("looks at five signatures and no more, however many there are", async () => {
    const delivery = await made(signer);
    const good = delivery.headers["webhook-signature"] ?? "";
    const wrong = `v1,${"A".repeat(43)}=`;
    const listed = (signatures: string[]): Verdict =>
      judged(signer, withHeaders(delivery, { "webhook-signature": signatures.join(" ") }));
    expect(listed([wrong, wrong, wrong, wrong, good]).ok).toBe(true);
    const refused = { ok: false, reason: "webhook-signature has more than five signatures." };
    expect(listed([good, wrong, wrong, wrong, wrong, wrong])).toEqual(refused);
    expect(listed([good, ...Array<string>(50_000).fill(wrong)])).toEqual(refused);
    expect(listed([good, ...Array<string>(50_000).fill("")])).toEqual(refused);
    expect(listed([`${good}${"=".repeat(3_000_000)}`]).ok).toBe(false);
  });

  test("takes an id that can be read in one way only", async () => {
    const long = "x".repeat(255);
    for (const id of ["evt-1", "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", "a/b?c:d~", long])
      expect(judged(signer, await made(signer, { id })), id).toMatchObject({ ok: true, id });
    for (const id of ["", "a.b", `evt.${NOW / 1000}`, "a,b", "a b", "a\tb", "tin-tức", `${long}x`])
      expect(judged(signer, await made(signer, { id })).ok, id).toBe(false);
    const swapped = withHeaders(await made(signer), { "webhook-id": "evt-2" });
    expect(judged(signer, swapped)).toEqual({
      ok: false,
      reason: "No signature is made with one of the source's secrets.",
    });
  });

  test("tells bytes apart that text does not", () => {
    const [secret] = signer.secrets;
    const signed = (bytes: number[]): Delivery => {
      const body = Buffer.from(bytes);
      const key = Buffer.from(secret.slice(6), "base64");
      const mac = createHmac("sha256", key)
        .update(`evt-1.${NOW / 1000}.`)
        .update(body)
        .digest("base64");
      const headers = {
        "webhook-id": "evt-1",
        "webhook-timestamp": String(NOW / 1000),
        "webhook-signature": `v1,${mac}`,
      };
      return { method: "POST", path: "/hooks/desk", headers, body };
    };
    const delivery = signed([0xff, 0xfe, 0x00]);
    expect(judged(signer, delivery).ok).toBe(true);
    expect(judged(signer, { ...delivery, body: Buffer.from([0xfe, 0xfe, 0x00]) }).ok).toBe(false);
    expect(judged(signer, { ...delivery, body: Buffer.from("\uFFFD\uFFFD\0") }).ok).toBe(false);
  });
});

describe("a time in other digits", () => {
  const mac = (secret: string | Buffer, text: string, encoding: "hex" | "base64" | "base64url"): string =>
    createHmac("sha256", secret).update(text).digest(encoding);
  const BY: Record<string, (time: string, secret: string) => Record<string, string>> = {
    "standard-webhooks": (time, secret) => ({
      "webhook-id": "evt-1",
      "webhook-timestamp": time,
      "webhook-signature": `v1,${mac(Buffer.from(secret.slice(6), "base64"), `evt-1.${time}.${BODY}`, "base64")}`,
    }),
    ghost: (time, secret) => ({ "x-ghost-signature": `sha256=${mac(secret, `${BODY}${time}`, "hex")}, t=${time}` }),
    sanity: (time, secret) => ({
      "sanity-webhook-signature": `t=${time},v1=${mac(secret, `${time}.${BODY}`, "base64url")}`,
    }),
  };

  test.each(Object.entries(BY))("is refused of %s, though it be signed", (name, headers) => {
    const signer = signerOf(name);
    const signed = (time: string): boolean => {
      const made = headers(time, signer.secrets[0]);
      return judged(signer, { method: "POST", path: "/hooks/x", headers: made, body: Buffer.from(BODY) }).ok;
    };
    const time = String(name === "standard-webhooks" ? NOW / 1000 : NOW);
    expect(signed(time)).toBe(true);
    for (const wrong of [`${time}abc`, `0${time}`, `+${time}`, `${time}.0`, `${time}.5`, `${time} `, "", "1e12", "NaN"])
      expect(signed(wrong), wrong).toBe(false);
  });
});

describe("a prefix", () => {
  test("is part of the header, letter by letter", async () => {
    const signer = signerOf("generic sha256 in hex");
    const delivery = await made(signer);
    const value = delivery.headers["x-signature"] ?? "";
    for (const wrong of [value.toUpperCase(), value.replace("sha256=", "sha257="), value.slice("sha256=".length)])
      expect(judged(signer, withHeaders(delivery, { "x-signature": wrong })).ok, wrong).toBe(false);
    const capitals = `sha256=${value.slice("sha256=".length).toUpperCase()}`;
    expect(judged(signer, withHeaders(delivery, { "x-signature": capitals })).ok).toBe(true);
  });
});

describe("Ghost", () => {
  test("digits cannot go over from the time to the body, or back", async () => {
    const signer = signerOf("ghost");
    for (const [body, at] of [
      [BODY, NOW],
      ["17", NOW],
      ["1", 1_111_111_111_111],
    ] as const) {
      const delivery = await made(signer, { body, at });
      expect(judged(signer, delivery, at).ok).toBe(true);
      const signature = delivery.headers["x-ghost-signature"] ?? "";
      const forged = (moved: Uint8Array, time: string): Verdict => {
        const headers = { "x-ghost-signature": signature.replace(/t=\d+$/, `t=${time}`) };
        return judged(signer, { ...withHeaders(delivery, headers), body: moved }, Number(time));
      };
      const time = String(at);
      expect(forged(Buffer.from(`${body}${time.slice(0, 1)}`), time.slice(1)).ok).toBe(false);
      expect(forged(Buffer.from(body.slice(0, -1)), `${body.slice(-1)}${time}`).ok).toBe(false);
    }
  });
});

describe("unsigned", () => {
  test("is taken as it comes, with no id that anybody could choose", () => {
    const delivery = { method: "POST", path: "/hooks/x", headers: { "webhook-id": "a" }, body: Buffer.from(BODY) };
    expect(verify({ scheme: "unsigned" }, delivery, [], NOW)).toEqual({ ok: true, id: undefined, at: undefined });
  });
});

describe("an event's id", () => {
  test("is the sender's where it is signed, whatever the time of the attempt", async () => {
    for (const signer of [signerOf("standard-webhooks"), signerOf("contentful")])
      for (const at of [NOW, NOW + 30_000]) {
        const delivery = await made(signer, { at });
        expect(idOf(delivery, judged(signer, delivery))).toBe("evt-1");
      }
  });

  test("is a digest of what is signed everywhere else: a header that is not signed makes no second event", async () => {
    for (const name of ["github", "sanity", "ghost", "wordpress", "generic sha256 in hex"]) {
      const signer = signerOf(name);
      const delivery = await made(signer);
      const id = idOf(delivery, judged(signer, delivery));
      expect(id, name).toMatch(/^sha256:[\da-f]{64}$/);
      const headers = { "x-github-delivery": "evt-2", "idempotency-key": "evt-2", "webhook-id": "evt-2" };
      const replayed = withHeaders(delivery, headers);
      expect(idOf(replayed, judged(signer, replayed)), name).toBe(id);
      const other = await made(signer, { body: BODY.replace("vn-1", "vn-2") });
      expect(idOf(other, judged(signer, other)), name).not.toBe(id);
      const later = await made(signer, { at: NOW + 1000 });
      expect(idOf(later, judged(signer, later)) === id, name).toBe(!signer.signs.time);
    }
  });

  test("of a body alone is its SHA-256", () => {
    const empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    expect(eventId({ body: new Uint8Array() }, { ok: true, id: undefined, at: undefined })).toBe(empty);
  });
});
