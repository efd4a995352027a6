import type { Fault, Warning } from "../../domain/error.ts";
import { formatTime, instantOf, type WallTime } from "../../domain/time.ts";
import type { Line } from "./clean.ts";
import type { Paragraph } from "./split.ts";

/** What a date line says; `offsetMinutes` only where it names one, "(GMT+7)". */
type Reading = { wall: WallTime; offsetMinutes?: number };

/** Longer lines are prose. */
const LONGEST = 100;
const WITHIN = 4;

const DAY = /(?<day>\d{1,2})(?<dot>[/.-])(?<month>\d{1,2})\k<dot>(?<year>\d{4})(?!\d)/u;
/** 08:30, 08:30:15, 8h30, 8g30, 15h, 15 giờ, 15 giờ 49 phút; the minutes may not be the day of a date. */
const MINUTES = /(?<minute>\d{2})(?!\d|(?:[/.-]\d{1,2}){2})/u;
const TIME = new RegExp(
  String.raw`(?<hour>\d{1,2})(?::(?<colon>\d{2})(?::(?<second>\d{2}))?(?!\d)|(?: ?giờ ?|[hg])(?:${MINUTES.source}(?: ?phút)?)?)`,
  "u",
);
const ZONE = /(?:GMT|UTC) ?(?:(?<sign>[+\-−]) ?(?<hours>\d{1,2})(?::?(?<minutes>\d{2}))?)?(?!\d)/u;
const WEEKDAY = /thứ (?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ nhật|t[2-7](?!\d)|cn(?!\p{L})/u;
const FILLER = /cập nhật|đăng|ngày|lúc|vào|hồi|[ ,.:;|()/\-–—•·]/u;
const TOKEN = new RegExp([DAY, TIME, ZONE, WEEKDAY, FILLER].map((part) => `(?:${part.source})`).join("|"), "iuy");

const offsetOf = (sign: string | undefined, hours: string, minutes: string): number =>
  (sign === "+" ? 1 : -1) * (Number(hours) * 60 + Number(minutes));

/**
 * Reads a line that is nothing but a date: d/m/yyyy (or . or -), at most one time and one offset before or after it, a
 * weekday, "Cập nhật", and the marks between. Undefined when it says anything else.
 */
export const readDateLine = (text: string): Reading | undefined => {
  if (text.length > LONGEST) return undefined;
  let day: Record<string, string | undefined> | undefined;
  let time: Record<string, string | undefined> | undefined;
  let offsetMinutes: number | undefined;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    const found: Record<string, string | undefined> = match.groups ?? {};
    if (found.day !== undefined) {
      if (day) return undefined;
      day = found;
    } else if (found.hour !== undefined) {
      if (time) return undefined;
      time = found;
    } else if (/^(?:GMT|UTC)/i.test(match[0])) {
      if (offsetMinutes !== undefined) return undefined;
      offsetMinutes = found.hours === undefined ? 0 : offsetOf(found.sign, found.hours, found.minutes ?? "0");
    }
  }
  if (!day) return undefined;
  const wall = {
    year: Number(day.year),
    month: Number(day.month),
    day: Number(day.day),
    hour: Number(time?.hour ?? 0),
    minute: Number(time?.colon ?? time?.minute ?? 0),
    second: Number(time?.second ?? 0),
    ms: 0,
  };
  return offsetMinutes === undefined ? { wall } : { wall, offsetMinutes };
};

/** Ms since the epoch; undefined when there is no such moment or offset (RFC 3339 offsets stay under 24 hours). */
const momentOf = ({ wall, offsetMinutes }: Reading, zone: string): number | undefined => {
  if (offsetMinutes === undefined) return instantOf(wall, zone);
  const utc = instantOf(wall, "UTC");
  return utc === undefined || Math.abs(offsetMinutes) >= 24 * 60 ? undefined : utc - offsetMinutes * 60_000;
};

export type Dated = {
  /** The lines above the date line; undefined when there is no date line. */
  above: Line[] | undefined;
  below: Paragraph[];
  /** RFC 3339 in the site's zone. */
  publishedAt?: string;
  faults: Fault[];
  warnings: Warning[];
};

const judge = (
  line: Line,
  reading: Reading,
  at: { zone: string; now: number },
): Pick<Dated, "publishedAt" | "faults"> => {
  const fault = (detail: string) => ({ faults: [{ pointer: "/publishedAt", detail, line: line.line }] });
  const moment = momentOf(reading, at.zone);
  if (moment === undefined) return fault(`"${line.text}": there is no such date or time`);
  if (moment > at.now)
    return fault(`"${line.text}" is in the future; to publish later, leave the date out and publish with {at}`);
  return { publishedAt: formatTime(moment, at.zone), faults: [] };
};

/**
 * Step 2: the first date line among the first four paragraphs parts the head from the rest and sets publishedAt. An
 * impossible or future date is a fault. A second one right below ("Cập nhật ...") is left out, with a warning.
 */
export const takeDate = (paragraphs: readonly Paragraph[], at: { zone: string; now: number }): Dated => {
  const above: Line[] = [];
  for (const [p, paragraph] of paragraphs.slice(0, WITHIN).entries()) {
    for (const [l, line] of paragraph.entries()) {
      const reading = readDateLine(line.text);
      if (reading) {
        const below = [paragraph.slice(l + 1), ...paragraphs.slice(p + 1)].filter((lines) => lines.length > 0);
        const second = below[0]?.[0];
        const again = second !== undefined && readDateLine(second.text) !== undefined;
        const detail = `"${second?.text}" was left out: the date line above it counts`;
        return {
          above,
          below: again ? [below[0]?.slice(1) ?? [], ...below.slice(1)].filter((lines) => lines.length > 0) : below,
          ...judge(line, reading, at),
          warnings: again ? [{ code: "second-date", pointer: "/publishedAt", detail }] : [],
        };
      }
      above.push(line);
    }
  }
  return { above: undefined, below: [...paragraphs], faults: [], warnings: [] };
};
