const MINUTE_MS = 60_000;
/** Minutes from one try to the next: a day in all, the first ones close together, for most failures pass. */
const WAITS = [1, 2, 4, 8, 15, 30, 60, 120, 240, 360, 600] as const;

/** Times that a delivery is tried before it is given up. */
export const TRIES = WAITS.length + 1;
export const DAY_MS = 24 * 60 * MINUTE_MS;
/** A tenth more or less: receivers that failed together must not be met together again. */
const JITTER = 0.1;

/** How a try stands among those of its delivery; times in ms since the epoch. */
export type Standing = {
  /** Which try it was, from 1. */
  attempt: number;
  /** When the delivery was first to be made, and what the time is now. */
  since: number;
  now: number;
  /** 0 to 1, by chance. */
  chance: number;
  /** How long the receiver asks us to wait (RFC 9110, 10.2.3), in ms. */
  retryAfter?: number | undefined;
};

/**
 * How long a delivery waits after a try, in ms; undefined after the last one. A receiver that asks for more time is given it, as far as
 * the day goes in which the tries were to be made.
 */
export const waitAfter = ({ attempt, since, now, chance, retryAfter = 0 }: Standing): number | undefined => {
  const minutes = WAITS[attempt - 1];
  if (minutes === undefined) return undefined;
  const wait = minutes * MINUTE_MS * (1 - JITTER + 2 * JITTER * chance);
  const asked = Math.min(retryAfter, Math.max(0, since + DAY_MS - now));
  return Math.round(Math.max(wait, asked));
};

/** Retry-After in ms from `now` (ms): seconds or an HTTP date; undefined when it is neither. */
export const retryAfterOf = (header: string | undefined, now: number): number | undefined => {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // Only dates as HTTP writes them: Date.parse takes nearly everything for one.
  const at = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
};
