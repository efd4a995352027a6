import { describe, expect, test } from "vitest";
import { maskedPath, maskedPayload } from "../../../shared/senders/mask.ts";
import { isStale, stampWrite } from "../../../shared/store/stamps.ts";

const story = { source: "ghost", externalId: "1" };
const [FIRST, SECOND] = ["01AAAAAAAAAAAAAAAAAAAAAAAA", "01BBBBBBBBBBBBBBBBBBBBBBBB"] as const;

describe("which state of a story was taken", () => {
  test.each([
    ["an older version", { version: "1", event: SECOND }, true],
    ["a newer version that came first", { version: "3", event: FIRST }, false],
    ["the same version, come earlier", { version: "2", event: "01A" }, true],
    ["no version, come later", { event: SECOND }, false],
    ["no version, come earlier", { event: "01A" }, true],
  ])("%s", (_, next, stale) => {
    expect(isStale(next, { version: "2", event: "01AB" })).toBe(stale);
    expect(isStale(next, undefined)).toBe(false);
  });

  test("is written on the condition of what was read, and where it stands already it is checked", () => {
    const next = { version: "2", event: SECOND };
    expect(stampWrite(story, undefined, next)).toMatchObject({ put: next, if: "absent" });
    const before = { version: "1", event: FIRST };
    expect(stampWrite(story, before, next)).toMatchObject({ put: next, if: { equals: before } });
    expect(stampWrite(story, next, next)).toMatchObject({ check: { sk: "STAMP" }, if: { equals: next } });
  });

  test("keeps the version that is known when a state comes without one", () => {
    const before = { version: "2", event: FIRST };
    expect(stampWrite(story, before, { event: SECOND })).toMatchObject({ put: { version: "2", event: SECOND } });
    expect(isStale({ version: "1", event: "01C" }, { version: "2", event: SECOND })).toBe(true);
  });
});

test("a secret is masked however JSON writes it, in the query too", () => {
  const secret = 'a/b"c\\d-long-enough';
  const body = (text: string) => Buffer.from(`{"note": "${text}"}`);
  for (const written of [JSON.stringify(secret).slice(1, -1), JSON.stringify(secret).slice(1, -1).replace("/", "\\/")])
    expect(maskedPayload(body(written), [secret])).toBe('{"note": "***"}');
  expect(maskedPath("/hooks/a?key=xyz&page=2&token=t")).toBe("/hooks/a?key=***&page=2&token=***");
});
