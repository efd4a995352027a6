/** How far a signed time may be from ours, past and future: what Standard Webhooks' own libraries allow. */
export const TOLERANCE_MS = 300_000;

/**
 * The moment (ms) that Unix seconds in exactly ten digits are; undefined for any other text. With a fixed number of digits (good
 * until 2286) each moment is written in one way, and where a time stands next to the body it is plain which digit is whose.
 */
export const ofSeconds = (text: string): number | undefined =>
  /^[1-9]\d{9}$/.test(text) ? Number(text) * 1000 : undefined;

/** The same for milliseconds, in exactly thirteen digits. */
export const ofMilliseconds = (text: string): number | undefined =>
  /^[1-9]\d{12}$/.test(text) ? Number(text) : undefined;

/** Why a signed time is refused; undefined when it is near enough to `now` (both ms). */
export const untimely = (at: number, now: number): string | undefined => {
  if (at < now - TOLERANCE_MS) return "The signed time is more than 300 seconds past.";
  if (at > now + TOLERANCE_MS) return "The signed time is more than 300 seconds ahead.";
  return undefined;
};
