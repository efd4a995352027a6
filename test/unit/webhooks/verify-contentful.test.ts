import { createHmac } from "node:crypto";
import { signRequest } from "@contentful/node-apps-toolkit/requests";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Delivery, Verdict } from "../../../shared/senders/kind.ts";
import { verify } from "../../../shared/senders/verify/verify.ts";
import { signerOf } from "../../fixtures/webhook-signers.ts";

const NOW = 1_790_000_000_000;
const BODY = '{"sys":{"id":"vn-1","revision":2}}';
/** Printable ASCII save the question mark, which parts path and query. */
const PATH_CHARACTERS = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).filter((one) => one !== "?");

const signer = signerOf("contentful");
const [secret] = signer.secrets;
const judged = (delivery: Delivery): Verdict => verify(signer.scheme, delivery, signer.secrets, NOW);
const withHeaders = (delivery: Delivery, headers: Record<string, string>): Delivery => ({
  ...delivery,
  headers: { ...delivery.headers, ...headers },
});

describe("Contentful", () => {
  test("signs method, path, query and the headers it names", async () => {
    const delivery = await signer.sign(BODY, secret, NOW, "evt-1");
    expect(judged(delivery)).toEqual({ ok: true, id: "evt-1", at: NOW });
    const altered: Delivery[] = [
      { ...delivery, method: "PUT" },
      { ...delivery, path: "/hooks/other?from=desk%20one" },
      { ...delivery, path: "/hooks/newsroom?from=desk" },
      { ...delivery, path: "/hooks/newsroom" },
      { ...delivery, path: `${delivery.path}?more=1` },
      withHeaders(delivery, { "x-contentful-topic": "ContentManagement.Entry.unpublish" }),
      withHeaders(delivery, { "x-contentful-idempotency-key": "evt-2" }),
      withHeaders(delivery, { "x-contentful-timestamp": String(NOW + 1) }),
    ];
    for (const one of altered) expect(judged(one).ok, JSON.stringify(one)).toBe(false);
  });

  test("gives no id that is not signed", () => {
    const headers = { "x-contentful-topic": "ContentManagement.Entry.publish" };
    const signed = signRequest(secret, { method: "POST", path: "/hooks/c", headers, body: BODY }, NOW);
    const delivery = { method: "POST", path: "/hooks/c", headers: { ...headers, ...signed }, body: Buffer.from(BODY) };
    const keyed = withHeaders(delivery, { "x-contentful-idempotency-key": "evt-1" });
    expect(judged(keyed)).toEqual({ ok: true, id: undefined, at: NOW });
    expect(judged(delivery)).toEqual({ ok: true, id: undefined, at: NOW });
  });

  test("names headers, each once and not without end", async () => {
    const delivery = await signer.sign(BODY, secret, NOW, "evt-1");
    const list = delivery.headers["x-contentful-signed-headers"] ?? "";
    const endless = Array<string>(50_000).fill("x-contentful-topic").join(",");
    const twice = `${list},x-contentful-topic`;
    for (const changed of [
      twice,
      endless,
      `${list},`,
      `${list},__proto__`,
      `${list},constructor`,
      `${list},x-missing`,
      ",".repeat(1_000_000),
    ])
      expect(judged(withHeaders(delivery, { "x-contentful-signed-headers": changed })).ok).toBe(false);
  });

  test("refuses what is no list of headers to sign, though it be signed", () => {
    const lists = "x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic";
    const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `x-${i}`);
    const signed = (list: string, more: Record<string, string> = {}): Verdict => {
      const filled = Object.fromEntries(list.split(",").map((name) => [name, "1"]));
      const time = { "x-contentful-timestamp": String(NOW), ...more };
      const headers: Record<string, string> = { ...filled, ...time, "x-contentful-signed-headers": list };
      const line = list.split(",").map((name) => `${name}:${headers[name]}`);
      const signature = createHmac("sha256", secret)
        .update(`POST\n/hooks/c\n${line.join(";")}\n${BODY}`)
        .digest("hex");
      const present = Object.entries(headers).filter(([name]) => name !== "x-missing");
      return judged({
        method: "POST",
        path: "/hooks/c",
        headers: { ...Object.fromEntries(present), "x-contentful-signature": signature },
        body: Buffer.from(BODY),
      });
    };
    expect(signed(lists)).toEqual({ ok: true, id: undefined, at: NOW });
    expect(signed([lists, ...names(61)].join(",")).ok).toBe(true);
    const wrong = [
      "x-contentful-signed-headers",
      "x-contentful-timestamp",
      // What is told could be turned into its contrary on the way.
      "x-contentful-signed-headers,x-contentful-timestamp",
      [lists, ...names(62)].join(","),
      `${lists},x-a,x-a`,
      `${lists},x-missing`,
      `${lists},X-Upper`,
      `${lists}, x-a`,
    ];
    for (const list of wrong) expect(signed(list, { "x-missing": "undefined" }).ok, list).toBe(false);
    for (const time of [`${NOW}abc`, `0${NOW}`, `${NOW / 1000}`, `${NOW}.0`, `+${NOW}`])
      expect(signed(lists, { "x-contentful-timestamp": time }).ok, time).toBe(false);
    expect(signed(`${lists},x-a`, { "x-a": "tin tức" }).ok).toBe(false);
    for (const key of ["", "a b", "x".repeat(256)])
      expect(signed(`${lists},x-contentful-idempotency-key`, { "x-contentful-idempotency-key": key }).ok, key).toBe(
        false,
      );
  });

  test("any path is written as Contentful's own library writes it", () => {
    const piece = fc.string({ unit: fc.constantFrom(...PATH_CHARACTERS) });
    fc.assert(
      fc.property(piece, fc.option(piece), (path, query) => {
        const at = `/${path}${query === null ? "" : `?${query}`}`;
        const headers = { "x-contentful-topic": "ContentManagement.Entry.publish" };
        const signed = signRequest(secret, { method: "POST", path: at, headers, body: BODY }, NOW);
        const delivery = { method: "POST", path: at, headers: { ...headers, ...signed }, body: Buffer.from(BODY) };
        expect(judged(delivery)).toEqual({ ok: true, id: undefined, at: NOW });
      }),
    );
  });
});
