import { describe, expect, test } from "vitest";
import { type Scheme, scheme } from "../../../shared/senders/verify/scheme.ts";
import { secretFaults } from "../../../shared/senders/verify/secrets.ts";
import { verify } from "../../../shared/senders/verify/verify.ts";
import { SIGNERS } from "../../fixtures/webhook-signers.ts";

const whsec = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 7).toString("base64")}`;
const hmac = { scheme: "generic", type: "hmac", header: "X-Sig", algorithm: "sha256", encoding: "hex" };

describe("a scheme", () => {
  test("is read with its header's name in lower case, and WordPress's by default", () => {
    expect(scheme.parse({ scheme: "wordpress" })).toEqual({ scheme: "wordpress", header: "x-webhook-secret" });
    expect(scheme.parse({ scheme: "wordpress", header: "X-WP-Token" })).toMatchObject({ header: "x-wp-token" });
    expect(scheme.parse({ ...hmac, prefix: "sha256=" })).toEqual({ ...hmac, header: "x-sig", prefix: "sha256=" });
  });

  test.each<Record<string, unknown>>([
    {},
    { scheme: "none" },
    { scheme: "github", header: "x-sig" },
    { scheme: "generic" },
    { scheme: "generic", type: "secret" },
    { scheme: "generic", type: "secret", header: "a b" },
    { scheme: "generic", type: "secret", header: "" },
    { scheme: "generic", type: "secret", header: "x-sig", algorithm: "sha256" },
    { ...hmac, algorithm: "md5" },
    { ...hmac, encoding: "base32" },
    { ...hmac, prefix: "" },
    { ...hmac, prefix: "đ" },
    { ...hmac, prefix: "x".repeat(33) },
  ])("is refused: %j", (wrong) => {
    expect(scheme.safeParse(wrong).success).toBe(false);
  });
});

describe("a secret", () => {
  test("as each sender gives it out can be used", () => {
    for (const { name, scheme, secrets } of SIGNERS)
      for (const secret of secrets) expect(secretFaults(scheme, secret), name).toEqual([]);
    for (const bytes of [24, 32, 64]) expect(secretFaults({ scheme: "standard-webhooks" }, whsec(bytes))).toEqual([]);
  });

  const plain = ["", "fifteen-letters", " sixteen-letters", "sixteen-letters ", "mật khẩu đủ dài nhé"];
  const WRONG: Record<Scheme["scheme"], string[]> = {
    "standard-webhooks": [
      "",
      "whsec_",
      whsec(23),
      whsec(65),
      whsec(32).slice("whsec_".length),
      whsec(32).replace("=", ""),
      `${whsec(32)}=`,
      `${whsec(30)}*`,
      `${whsec(33)} `,
    ],
    contentful: ["", "c".repeat(63), "c".repeat(65), `${"c".repeat(63)}!`, `${"c".repeat(63)} `],
    github: plain,
    ghost: plain,
    sanity: plain,
    wordpress: plain,
    generic: [...plain, "sixteen\nletters-", "x".repeat(257)],
    unsigned: ["correct horse battery"],
  };

  test.each([...SIGNERS.map(({ scheme }) => scheme), { scheme: "unsigned" } as const])(
    "that it cannot have is named a fault of $scheme, and not repeated",
    (scheme) => {
      for (const secret of WRONG[scheme.scheme]) {
        const faults = secretFaults(scheme, secret);
        expect(faults.length, secret).toBeGreaterThan(0);
        expect(faults.filter((fault) => secret.length > "whsec_".length && fault.includes(secret))).toEqual([]);
      }
    },
  );

  test("with a fault opens nothing, though it be the one that signed", async () => {
    for (const { name, scheme, sign } of SIGNERS) {
      if (scheme.scheme === "standard-webhooks" || scheme.scheme === "contentful") continue;
      const delivery = await sign("{}", "short", 1_790_000_000_000, "evt-1");
      expect(verify(scheme, delivery, ["short"], 1_790_000_000_000).ok, name).toBe(false);
    }
  });
});
