const two = (value: string | undefined): string => value ?? "00";

/** Whether there is such a day and such a time. */
const exists = (day: string, time: string): boolean => {
  const at = new Date(`${day}T${time}Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(`${day}T${time}`);
};

/** EXIF "2024:10:05 08:30:00"; XMP "2024-10-05T08:30:00.12+07:00" and its beginnings. */
const WRITTEN = /^(\d{4})[:-](\d\d)[:-](\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/;
/** IPTC-IIM 4.2: 2:55 is CCYYMMDD, 2:60 is HHMMSS and an offset. */
const IPTC_DAY = /^(\d{4})(\d\d)(\d\d)$/;
const IPTC_TIME = /^(\d\d)(\d\d)(\d\d)(?:([+-]\d\d)(\d\d))?$/;
const OFFSET = /^(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/**
 * When a picture was taken, as ISO 8601: the day alone, or day and time to the second, with an offset only where one was
 * written. `offset` is EXIF's own tag for it. Undefined for what is no time: a camera whose clock was never set.
 */
export const takenAt = (written: string, offset = ""): string | undefined => {
  const [, year, month, day, hour, minute, second, own] = WRITTEN.exec(written.trim()) ?? [];
  const date = `${year}-${month}-${day}`;
  const time = `${two(hour)}:${two(minute)}:${two(second)}`;
  if (year === undefined || Number(year) < 1826 || !exists(date, time)) return undefined;
  if (hour === undefined) return date;
  const zone = own ?? offset.trim();
  return `${date}T${time}${OFFSET.test(zone) ? zone : ""}`;
};

/** The same from IPTC's two fields. */
export const takenAtIptc = (day: string, time = ""): string | undefined => {
  const [, year, month, date] = IPTC_DAY.exec(day.trim()) ?? [];
  const [, hour, minute, second, hours, minutes] = IPTC_TIME.exec(time.trim()) ?? [];
  if (year === undefined) return undefined;
  const clock = hour === undefined ? "" : `T${hour}:${minute}:${second}${hours ? `${hours}:${minutes}` : ""}`;
  return takenAt(`${year}-${month}-${date}${clock}`);
};
