/** A wall clock's reading; month and day count from 1, weekday 0 is Sunday. */
export type WallTime = {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
};
export type ZonedTime = WallTime & { weekday: number; offsetMinutes: number };

const formats = new Map<string, Intl.DateTimeFormat>();
const formatOf = (zone: string): Intl.DateTimeFormat => {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(zone, format);
  }
  return format;
};

/** No offset is so large, and no zone changes its clocks twice within two of it. */
const DAY = 24 * 60 * 60_000;

const utc = (wall: WallTime): number => {
  const date = new Date(0);
  date.setUTCFullYear(wall.year, wall.month - 1, wall.day);
  date.setUTCHours(wall.hour, wall.minute, wall.second, wall.ms);
  return date.getTime();
};

/** What a clock on a wall in `zone` (IANA name) shows at the instant `at` (ms since the epoch). */
const wallAt = (at: number, zone: string): WallTime => {
  const read: Record<string, number> = {};
  let before = false;
  for (const { type, value } of formatOf(zone).formatToParts(at))
    if (type === "era") before = value.startsWith("B");
    else read[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = read;
  // There is no year 0 in Intl's eras: 1 BC is the year 0000 of ISO 8601.
  return { year: before ? 1 - year : year, month, day, hour, minute, second, ms: ((at % 1000) + 1000) % 1000 };
};

/** Ms by which the zone's clocks are ahead of UTC at `at`; before 1912 or so not always whole minutes. */
const offsetAt = (at: number, zone: string): number => utc(wallAt(at, zone)) - at;

/**
 * What a clock on a wall in `zone` (IANA name) shows at the instant `at` (ms since the epoch), and its offset from UTC, to
 * the minute.
 */
export const zonedTime = (at: number, zone: string): ZonedTime => {
  const wall = wallAt(at, zone);
  const local = utc(wall);
  return { ...wall, weekday: new Date(local).getUTCDay(), offsetMinutes: Math.round((local - at) / 60_000) };
};

/**
 * The instant (ms since the epoch) at which a wall clock in `zone` shows `wall`; undefined when there is no such date or
 * hour (31 February, 25:00). In the hour that a clock change skips or repeats, the earlier offset counts: the first of the
 * two hours; past the gap by as much as the clocks were moved (RFC 5545, section 3.3.5; "compatible" in Temporal).
 */
export const instantOf = (wall: WallTime, zone: string): number | undefined => {
  const local = utc(wall);
  const back = new Date(local);
  const real =
    back.getUTCFullYear() === wall.year && back.getUTCMonth() + 1 === wall.month && back.getUTCDate() === wall.day;
  if (!real || wall.hour > 23 || wall.minute > 59 || wall.second > 59) return undefined;
  const earlier = offsetAt(local - DAY, zone);
  const later = offsetAt(local + DAY, zone);
  const holds = (offset: number): boolean => offsetAt(local - offset, zone) === offset;
  return local - (!holds(earlier) && holds(later) ? later : earlier);
};

const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(Z|[+-]\d\d:\d\d)?$/i;

/**
 * Reads a time as clients write it (RFC 3339; without an offset in `zone`; a date alone is its first minute).
 * Answers ms since the epoch, or undefined when it is none or there is no such moment.
 */
export const parseTime = (text: string, zone: string): number | undefined => {
  const match = TIME.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", offset] = match;
  if (offset && match[4] === undefined) return undefined;
  const ms = Number(fraction.padEnd(3, "0").slice(0, 3));
  const wall = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    ms,
  };
  if (offset === undefined) return instantOf(wall, zone);
  const asUtc = instantOf(wall, "UTC");
  if (asUtc === undefined) return undefined;
  if (offset.toUpperCase() === "Z") return asUtc;
  const [hours = 0, minutes = 0] = offset.slice(1).split(":").map(Number);
  if (hours > 23 || minutes > 59) return undefined;
  return asUtc - (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
};

const pad = (value: number): string => String(value).padStart(2, "0");

/**
 * RFC 3339 in the site's zone, as an editor reads it: `2024-10-05T08:30:00+07:00`; milliseconds only when there are any.
 * Where the zone's offset had seconds (RFC 3339 has none), the time is that of the offset as printed.
 */
export const formatTime = (at: number, zone: string): string => {
  const { offsetMinutes } = zonedTime(at, zone);
  const offset = Math.abs(offsetMinutes);
  const wall = new Date(at + offsetMinutes * 60_000)
    .toISOString()
    .slice(0, -1)
    .replace(/\.000$/, "");
  const sign = offsetMinutes < 0 ? "-" : "+";
  return `${wall}${sign}${pad(Math.floor(offset / 60))}:${pad(offset % 60)}`;
};

/** ISO 8601 in UTC with milliseconds: the form in which times are stored, and sort. */
export const iso = (at: number): string => new Date(at).toISOString();
