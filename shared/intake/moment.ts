import { parseTime } from "../domain/time.ts";

/** Outside of them, and wherever the site stands, ISO 8601 needs years of six digits, which nothing here reads or sorts. */
const FIRST = Date.parse("0001-01-01T00:00:00Z");
const LAST = Date.parse("9999-12-31T23:59:59.999Z");

export const NO_TIME = "is no time: write 2024-10-05T08:30:00+07:00 (without an offset, the site's zone counts)";

/** A time as clients write it, in ms since the epoch; undefined when it is none, or none that can be kept. */
export const readMoment = (text: string, zone: string): number | undefined => {
  const at = parseTime(text, zone);
  return at === undefined || at < FIRST || at > LAST ? undefined : at;
};
