import { describe, expect, test } from "vitest";
import { overdue } from "../../functions/schedule/overdue.ts";
import { type BusinessEvent, emf, METRIC_NAMES } from "../../shared/runtime/events.ts";
import { newWork, type Work } from "../../shared/store/work.ts";

const NOW = Date.parse("2026-11-25T03:00:00.000Z");

const written = (event: BusinessEvent): Record<string, unknown> => {
  const lines: string[] = [];
  emf(
    (line) => lines.push(line),
    () => NOW,
    "Broadsheet/prod",
  )(event);
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? "");
};

describe("an event's line", () => {
  test.each<[BusinessEvent, string, "Count" | "Milliseconds", number]>([
    [{ event: "article.live", article: "A", seq: 1, ms: 420 }, "article.live.ms", "Milliseconds", 420],
    [{ event: "article.released", article: "A", seq: 3, ms: 113 }, "release.late.ms", "Milliseconds", 113],
    [
      { event: "release.failed", article: "A", attempt: 2, code: "/section", ms: 61_000 },
      "release.late.ms",
      "Milliseconds",
      61_000,
    ],
    [{ event: "work.overdue", works: 7, work: "W", ms: 700_000 }, "work.overdue.works", "Count", 7],
    [{ event: "purge.failed", work: "W", attempt: 2, phase: "put", code: "Throttled" }, "purge.failed", "Count", 1],
    [{ event: "render.body-unreadable", article: "A", digest: "d" }, "render.failed", "Count", 1],
    [{ event: "hook.dead", source: "s", id: "E", code: "faults" }, "hook.dead", "Count", 1],
    [{ event: "notify.disabled", target: "W", code: "gone" }, "notify.disabled", "Count", 1],
  ])("is a metric of its stage: $event.event", (event, name, unit, value) => {
    expect(written(event)).toEqual({
      _aws: {
        Timestamp: NOW,
        CloudWatchMetrics: [{ Namespace: "Broadsheet/prod", Dimensions: [[]], Metrics: [{ Name: name, Unit: unit }] }],
      },
      [name]: value,
      time: "2026-11-25T03:00:00.000Z",
      ...event,
    });
  });

  test("is plain JSON when nobody watches it: a metric costs by the hour", () => {
    const event: BusinessEvent = { event: "image.added", image: "I", key: "K" };
    expect(written(event)).toEqual({ time: "2026-11-25T03:00:00.000Z", ...event });
  });

  test("makes few metrics: when all is well no more than half of the ten that are free", () => {
    // What takes a time is told by what goes right, all else by what goes wrong.
    expect(METRIC_NAMES.filter((name) => name.endsWith(".ms")).length).toBeLessThanOrEqual(5);
    expect(METRIC_NAMES.length).toBeLessThanOrEqual(12);
    expect(new Set(METRIC_NAMES).size).toBe(METRIC_NAMES.length);
  });
});

describe("overdue is", () => {
  const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();
  const work = (over: Partial<Work>): Work => ({
    ...newWork({ id: "W", seq: 1, createdAt: ago(30) }),
    notBefore: ago(0),
    ...over,
  });

  test.each<[string, Partial<Work>, boolean]>([
    ["what was committed more than ten minutes ago", { createdAt: ago(11) }, true],
    ["not what was committed less than ten minutes ago", { createdAt: ago(9) }, false],
    ["what failed and waits for an hour", { attempts: 7, notBefore: ago(-55) }, true],
    ["what could not be purged", { phase: "purge1", attempts: 4 }, true],
    ["not what only waits for its second purge", { phase: "purge2", notBefore: ago(-0.5) }, false],
    ["a second purge that failed", { phase: "purge2", attempts: 1, notBefore: ago(-1) }, true],
    ["a second purge that nobody asked for", { phase: "purge2", notBefore: ago(11) }, true],
  ])("%s", (_, over, expected) => {
    expect(overdue([work(over)], NOW) !== undefined).toBe(expected);
  });

  test("told by how many there are, and the oldest", () => {
    const works = [work({ id: "A", createdAt: ago(12) }), work({ id: "B", createdAt: ago(5) }), work({ id: "C" })];
    expect(overdue(works, NOW)).toEqual({ works: 2, work: "C", ms: 30 * 60_000 });
  });
});
