import * as fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { DAY_MS, retryAfterOf, TRIES, waitAfter } from "../../../shared/notify/backoff.ts";
import { FAILING_MS, fateOf, isHopeless } from "../../../shared/notify/fate.ts";
import { messageOf } from "../../../shared/notify/message.ts";
import { newSecret, signed } from "../../../shared/notify/sign.ts";
import { announcementOf } from "../../../shared/site/announcement.ts";
import type { Decision } from "../../../shared/domain/decide/command.ts";
import { systemIds } from "../../../shared/runtime/ids.ts";
import { content, headIn, published } from "../../fixtures/heads.ts";

const NOW = Date.parse("2026-11-25T03:00:00.000Z");
const chance = fc.double({ min: 0, max: 1, noNaN: true });

describe("the waits", () => {
  test("of twelve tries make up a day, each a tenth more or less", () => {
    fc.assert(
      fc.property(fc.array(chance, { minLength: TRIES, maxLength: TRIES }), (chances) => {
        const waits = chances.map((one, n) => waitAfter({ attempt: n + 1, since: NOW, now: NOW, chance: one }));
        const last = waits.pop();
        const sum = waits.reduce<number>((total, wait) => total + (wait ?? Number.NaN), 0);
        return last === undefined && sum >= DAY_MS * 0.899 && sum <= DAY_MS * 1.101;
      }),
    );
    expect(waitAfter({ attempt: 1, since: NOW, now: NOW, chance: 0.5 })).toBe(60_000);
    expect(waitAfter({ attempt: 11, since: NOW, now: NOW, chance: 0.5 })).toBe(600 * 60_000);
  });

  test("are never shorter for what a receiver asks, nor longer than the rest of the day", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: TRIES - 1 }),
        chance,
        fc.nat(4 * DAY_MS),
        fc.nat(2 * DAY_MS),
        (attempt, one, retryAfter, elapsed) => {
          const standing = { attempt, since: NOW, now: NOW + elapsed, chance: one };
          const [plain = 0, asked = 0] = [waitAfter(standing), waitAfter({ ...standing, retryAfter })];
          expect(asked).toBeGreaterThanOrEqual(plain);
          expect(asked).toBeLessThanOrEqual(Math.max(plain, DAY_MS - elapsed));
        },
      ),
    );
  });

  test.each([
    ["120", 120_000],
    [" 0 ", 0],
    ["Wed, 25 Nov 2026 03:00:30 GMT", 30_000],
    ["Wed, 25 Nov 2026 02:00:00 GMT", 0],
    ["-5", undefined],
    ["1.5", undefined],
    ["soon", undefined],
    ["2027", 2_027_000],
    ["2026-11-25", undefined],
    ["99999999999999", undefined],
    [undefined, undefined],
  ])("are read from Retry-After: %s", (header, ms) => {
    expect(retryAfterOf(header, NOW)).toBe(ms);
  });
});

describe("what becomes of a delivery", () => {
  const at = (attempt: number) => ({ attempt, since: NOW, now: NOW, chance: 0.5 });
  test("follows from the status: 2xx is through, 410 is the end of all, anything else comes again until the twelfth", () => {
    fc.assert(
      fc.property(
        fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined }),
        fc.integer({ min: 1, max: 20 }),
        (status, attempt) => {
          const { kind } = fateOf(status, at(attempt));
          const isGood = status !== undefined && status >= 200 && status < 300;
          const end = attempt < TRIES ? "again" : "failed";
          expect(kind).toBe(isGood ? "delivered" : status === 410 ? "unsubscribed" : end);
        },
      ),
    );
  });

  test("a webhook is hopeless when it has failed for three whole days", () => {
    const since = new Date(NOW).toISOString();
    expect(isHopeless(since, NOW + FAILING_MS - 1)).toBe(false);
    expect(isHopeless(since, NOW + FAILING_MS)).toBe(true);
    expect(isHopeless(undefined, NOW + FAILING_MS)).toBe(false);
  });
});

describe("a signature", () => {
  const secrets = [newSecret(systemIds().base62), newSecret(systemIds().base62)];
  test("is one for each secret, as the package that receivers use reads it, whatever the body", () => {
    const clock = Date.now;
    Date.now = () => NOW;
    try {
      fc.assert(
        fc.property(fc.string({ unit: "grapheme" }), fc.stringMatching(/^[\w-]{1,40}$/), (text, id) => {
          const body = JSON.stringify({ text });
          const headers = signed(secrets, { id, at: NOW, body });
          for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toEqual({ text });
          expect(() => new Webhook(newSecret(systemIds().base62)).verify(body, headers)).toThrow(/signature/);
          expect(() => new Webhook(secrets[0] ?? "").verify(`${body} `, headers)).toThrow(/signature/);
          expect(() => new Webhook(secrets[0] ?? "").verify(body, { ...headers, "webhook-id": `${id}x` })).toThrow(
            /signature/,
          );
        }),
      );
    } finally {
      Date.now = clock;
    }
  });

  test("is what the specification's example says", () => {
    const headers = signed(["whsec_plJ3nmyCDGBKInavdOK15jsl"], {
      id: "msg_loFOjxBNrRLzqYUf",
      at: 1_731_705_121_000,
      body: '{"event_type":"ping","data":{"success":true}}',
    });
    expect(headers["webhook-signature"]).toBe("v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=");
  });
});

describe("a message", () => {
  const SECRET = "chưa ai biết";
  const told = {
    id: "01",
    type: "article.updated" as const,
    at: "2026-11-25T03:00:00.000Z",
    article: "01J9H4A6T8Q2W4E6R8T0Y2V4X6",
    seq: 5,
  };
  const data = (standing: Parameters<typeof messageOf>[1], type: Parameters<typeof messageOf>[0]["type"] = told.type) =>
    JSON.parse(messageOf({ ...told, type }, standing)).data;
  const ULID = "01J9H4A6T8Q2W4E6R8T0Y2V4X6";
  const shown = headIn("published", {
    id: ULID,
    siteSeq: 5,
    published: published({ content: content({ headline: SECRET }) }),
  });
  const live = { path: "/thoi-su/cho-1", doneSeq: 5 };
  const baseUrl = "https://bao.example";

  test("tells the words of what readers see, and nothing else of any story", () => {
    expect(data({ head: shown, live, baseUrl })).toMatchObject({
      url: "https://bao.example/thoi-su/cho-1",
      headline: SECRET,
    });
    const silent = [
      { head: shown, live: { ...live, doneSeq: 4 }, baseUrl },
      { head: shown, live: undefined, baseUrl },
      { head: { ...shown, status: "withdrawn" as const }, live, baseUrl },
      { head: undefined, live: undefined, baseUrl },
    ];
    for (const standing of silent) expect(JSON.stringify(data(standing))).not.toContain(SECRET);
    expect(JSON.stringify(data({ head: shown, live, baseUrl }, "article.withdrawn"))).not.toContain(SECRET);
    expect(data({ head: shown, live, baseUrl }, "article.scheduled")).toEqual({ id: ULID, sequence: 5 });
    expect(data(undefined, "webhook.test")).toEqual({});
  });
});

describe("an announcement", () => {
  const draft = headIn("draft", { siteSeq: 0 });
  const up = headIn("published", { seq: 4, siteSeq: 4, published: published() });
  const newer = { ...up, seq: 5, siteSeq: 5, published: published({ revision: 2 }) };
  const gone = { ...up, status: "withdrawn" as const, seq: 5, siteSeq: 5 };

  test.each<[string, Decision, string | undefined]>([
    ["a first publication", { action: "publish", before: draft, after: up }, "article.published"],
    ["one that is made at once", { action: "create", before: undefined, after: up }, "article.published"],
    ["a release", { action: "release", before: draft, after: up }, "article.published"],
    ["another revision", { action: "publish", before: up, after: newer }, "article.updated"],
    ["one from its source", { action: "resubmit", before: up, after: newer }, "article.updated"],
    ["a correction", { action: "correct", before: up, after: newer }, "article.corrected"],
    [
      "a correction without another revision",
      { action: "correct", before: up, after: { ...up, seq: 5, siteSeq: 5 } },
      "article.corrected",
    ],
    ["a withdrawal", { action: "withdraw", before: up, after: gone }, "article.withdrawn"],
    ["a return", { action: "publish", before: gone, after: { ...newer, seq: 6, siteSeq: 6 } }, "article.published"],
    [
      "a time",
      { action: "schedule", before: draft, after: { ...draft, status: "scheduled", seq: 2 } },
      "article.scheduled",
    ],
    ["an edit", { action: "edit", before: up, after: { ...up, seq: 5, revision: 2 } }, undefined],
    ["a draft", { action: "create", before: undefined, after: draft }, undefined],
    ["nothing", { action: "publish", before: up, after: up }, undefined],
    ["a handover", { action: "handover", before: gone, after: { ...gone, seq: 6 } }, undefined],
  ])("of %s", (_, decision, type) => {
    expect(announcementOf(decision)).toBe(type);
  });
});
