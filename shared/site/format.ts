import { zonedTime } from "../domain/time.ts";

const pad = (value: number): string => String(value).padStart(2, "0");
const read = (instant: string, zone: string) => zonedTime(Date.parse(instant), zone);

const WEEKDAYS = ["Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"];

/**
 * The time as a story's page shows it: `22/11/2021, 15:49`. `instant` is ISO 8601 with an offset, `zone` an IANA name.
 * By hand, for Intl's Vietnamese form ("15:49 22 thg 11, 2021") reads foreign.
 */
export const storyTime = (instant: string, zone: string): string => {
  const t = read(instant, zone);
  return `${pad(t.day)}/${pad(t.month)}/${t.year}, ${pad(t.hour)}:${pad(t.minute)}`;
};

/** The time as lists show it: `09:05, thứ Hai 23/11/2026`; arguments as for {@link storyTime}. */
export const listTime = (instant: string, zone: string): string => {
  const t = read(instant, zone);
  const day = `${WEEKDAYS[t.weekday]} ${pad(t.day)}/${pad(t.month)}/${t.year}`;
  return `${pad(t.hour)}:${pad(t.minute)}, ${day}`;
};

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * RFC 822 with the four-digit year and numeric offset of RFC 2822, as RSS wants it:
 * `Sat, 05 Oct 2024 08:30:00 +0700`. Arguments as for {@link storyTime}.
 */
export const rfc822 = (instant: string, zone: string): string => {
  const t = read(instant, zone);
  const offset = Math.abs(t.offsetMinutes);
  const shift = `${t.offsetMinutes < 0 ? "-" : "+"}${pad(Math.floor(offset / 60))}${pad(offset % 60)}`;
  const date = `${DAYS[t.weekday]}, ${pad(t.day)} ${MONTHS[t.month - 1]} ${String(t.year).padStart(4, "0")}`;
  return `${date} ${pad(t.hour)}:${pad(t.minute)}:${pad(t.second)} ${shift}`;
};

/** A number as Vietnamese writes it: thousands parted by points, decimals by a comma (`1.713.548,25`). */
export const number = (value: number): string => {
  const [whole = "", decimals] = String(value).split(".");
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ".");
  return decimals === undefined ? grouped : `${grouped},${decimals}`;
};

const NO_BREAK = "\u00A0";
const UNITS =
  "%|‰|°C|°|km/giờ|km/h|m/s|km²|km2|km³|m²|m2|m³|m3|km|cm|mm|ha|m|kg|mg|g|lít|ml|tấn|tạ|yến|kWh|MWh|kW|MW|GW|V|GB|MB|TB|" +
  "triệu|tỷ|tỉ|nghìn|ngàn|đồng|USD|VND|EUR|euro|₫|độ|giờ|phút|giây|ngày|tuần|tháng|năm|tuổi|điểm";
const BEFORE_UNIT = new RegExp(`(?<=\\d) (?=(?:${UNITS})(?![\\p{L}\\p{N}]))`, "gu");
const CITY = /(?<![\p{L}\p{N}])(TP\.?) (?=HCM(?![\p{L}\p{N}]))/gu;

/**
 * The text as a reader sees it: no line break between a number and its unit ("12 km", "3,5 triệu", "37 °C") nor inside
 * "TP HCM". Only spaces become U+00A0; everything else stays. For display alone: not for links, metadata or feeds.
 */
export const display = (text: string): string => text.replace(BEFORE_UNIT, NO_BREAK).replace(CITY, `$1${NO_BREAK}`);
