import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatTime, instantOf, iso, parseTime, zonedTime } from "../../shared/domain/time.ts";

const HCM = "Asia/Ho_Chi_Minh";
const ZONES = [
  HCM,
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/St_Johns",
  "Pacific/Apia",
  "Australia/Lord_Howe",
];
const utc = (text: string): number => Date.parse(text);
const local = (text: string, zone: string): string | undefined => {
  const at = parseTime(text, zone);
  return at === undefined ? undefined : formatTime(at, zone);
};

test("the wall clock of a zone", () => {
  expect(zonedTime(utc("2024-10-05T01:30:15.250Z"), HCM)).toStrictEqual({
    year: 2024,
    month: 10,
    day: 5,
    hour: 8,
    minute: 30,
    second: 15,
    ms: 250,
    weekday: 6,
    offsetMinutes: 420,
  });
  expect(zonedTime(utc("2024-10-05T17:00:00Z"), HCM)).toMatchObject({ day: 6, hour: 0, weekday: 0 });
  expect(zonedTime(-1, "UTC")).toMatchObject({ year: 1969, second: 59, ms: 999 });
  expect(zonedTime(utc("0000-06-01T00:00:00Z"), "UTC")).toMatchObject({ year: 0, month: 6, day: 1 });
});

describe("reading", () => {
  test.each([
    ["2024-10-05T08:30:00+07:00", "2024-10-05T01:30:00.000Z"],
    ["2024-10-05T08:30+07:00", "2024-10-05T01:30:00.000Z"],
    ["2024-10-05t08:30:00z", "2024-10-05T08:30:00.000Z"],
    ["2024-10-05 08:30:00Z", "2024-10-05T08:30:00.000Z"],
    ["2024-10-05T08:30:00.1Z", "2024-10-05T08:30:00.100Z"],
    ["2024-10-05T08:30:00.123456789Z", "2024-10-05T08:30:00.123Z"],
    ["2024-10-05T08:30:00-03:30", "2024-10-05T12:00:00.000Z"],
    ["2024-10-05T08:30", "2024-10-05T01:30:00.000Z"],
    ["2024-10-05", "2024-10-04T17:00:00.000Z"],
    [" 2024-02-29 ", "2024-02-28T17:00:00.000Z"],
    ["0000-01-01T00:00", "-000001-12-31T16:53:30.000Z"],
  ])("%s", (text, expected) => {
    const at = parseTime(text, HCM);
    expect(at === undefined ? undefined : iso(at)).toBe(expected);
  });

  test.each([
    "",
    "now",
    "5/10/2024",
    "2024-10-05Z",
    "2024-1-5",
    "2023-02-29",
    "2024-13-01",
    "2024-00-01",
    "2024-10-05T24:00",
    "2024-10-05T08:60",
    "2024-10-05T08:30:60Z",
    "2024-10-05T08:30:00+24:00",
    "2024-10-05T08:30:00+07:60",
    "2024-10-05T08:30:00.Z",
  ])("%j is no time", (text) => {
    expect(parseTime(text, HCM)).toBeUndefined();
  });
});

describe("where clocks change", () => {
  test.each([
    // The hour that is skipped: past it, by the offset before the change.
    ["2024-03-10T02:30", "America/New_York", "2024-03-10T03:30:00-04:00"],
    ["2024-03-31T02:30", "Europe/Berlin", "2024-03-31T03:30:00+02:00"],
    ["2011-12-30T12:00", "Pacific/Apia", "2011-12-31T12:00:00+14:00"],
    // The hour that is repeated: the first of the two.
    ["2024-11-03T01:30", "America/New_York", "2024-11-03T01:30:00-04:00"],
    ["2024-10-27T02:30", "Europe/Berlin", "2024-10-27T02:30:00+02:00"],
    // The hours beside them.
    ["2024-03-10T01:59", "America/New_York", "2024-03-10T01:59:00-05:00"],
    ["2024-03-10T03:00", "America/New_York", "2024-03-10T03:00:00-04:00"],
    ["2024-11-03T00:59", "America/New_York", "2024-11-03T00:59:00-04:00"],
    ["2024-11-03T02:00", "America/New_York", "2024-11-03T02:00:00-05:00"],
    ["2024-10-27T03:00", "Europe/Berlin", "2024-10-27T03:00:00+01:00"],
  ])("%s in %s", (text, zone, expected) => {
    expect(local(text, zone)).toBe(expected);
  });
});

describe("writing", () => {
  test("RFC 3339 in the zone, milliseconds only when there are any", () => {
    expect(formatTime(utc("2024-10-05T01:30:00Z"), HCM)).toBe("2024-10-05T08:30:00+07:00");
    expect(formatTime(utc("2024-10-05T01:30:00.005Z"), HCM)).toBe("2024-10-05T08:30:00.005+07:00");
    expect(formatTime(utc("2024-01-05T01:30:00Z"), "America/St_Johns")).toBe("2024-01-04T22:00:00-03:30");
    expect(formatTime(utc("2024-01-05T01:30:00Z"), "UTC")).toBe("2024-01-05T01:30:00+00:00");
  });

  test("what was written is read as the same instant, local mean time included", () => {
    const instants = fc.integer({ min: utc("0001-01-02T00:00:00Z"), max: utc("9999-12-30T00:00:00Z") });
    fc.assert(
      fc.property(instants, fc.constantFrom(...ZONES), (at, zone) => {
        expect(parseTime(formatTime(at, zone), "UTC")).toBe(at);
      }),
    );
  });

  test("a wall clock's reading is an instant that shows it, save in a repeated hour's second half", () => {
    const instants = fc.integer({ min: utc("0001-01-02T00:00:00Z"), max: utc("2100-01-01T00:00:00Z") });
    fc.assert(
      fc.property(instants, fc.constantFrom(...ZONES), (at, zone) => {
        const wall = zonedTime(at, zone);
        const back = instantOf(wall, zone);
        expect(back === undefined ? undefined : { ...zonedTime(back, zone), offsetMinutes: 0 }).toStrictEqual({
          ...wall,
          offsetMinutes: 0,
        });
        expect(back).toBeLessThanOrEqual(at);
      }),
    );
  });
});
