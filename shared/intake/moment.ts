import { parseTime } from "../domain/time.ts";

/**
 * Outside of the years 1 to 9999 ISO 8601 needs six digits, which nothing here reads or sorts. A day of room at both ends: no zone is so
 * far from UTC, so that what is taken is one that can be said again wherever the site stands.
 */
const FIRST = Date.parse("0001-01-02T00:00:00Z");
const LAST = Date.parse("9999-12-30T23:59:59.999Z");

export const NO_TIME = "is no time: write 2024-10-05T08:30:00+07:00 (without an offset, the site's zone counts)";

/** A time as clients write it, in ms since the epoch; undefined when it is none, or none that can be kept. */
export const readMoment = (text: string, zone: string): number | undefined => {
  const at = parseTime(text, zone);
  return at === undefined || at < FIRST || at > LAST ? undefined : at;
};
