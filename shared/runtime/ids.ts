import { randomBytes } from "node:crypto";
import { monotonicFactory } from "ulid";

/** Where identity comes from. ULIDs sort by time (https://github.com/ulid/spec); secrets carry 256 bits. */
export type Ids = {
  /** A new ULID, upper case, for the instant `at` (ms since the epoch). */
  ulid(at: number): string;
  /** `length` base62 characters from the system's secure source. */
  base62(length: number): string;
};

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const base62 = (length: number): string => {
  let text = "";
  while (text.length < length) {
    // 248 is the last multiple of 62 in a byte: what lies above would favour the first letters.
    for (const byte of randomBytes(length)) if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
  }
  return text;
};

export const systemIds = (): Ids => {
  // ULIDs draw sixteen bytes each: a pool spares as many calls.
  let pool = randomBytes(1024);
  let used = 0;
  const byte = (): number => {
    if (used === pool.length) [pool, used] = [randomBytes(1024), 0];
    return pool.readUInt8(used++);
  };
  const next = monotonicFactory(() => byte() / 256);
  return { ulid: (at) => next(at), base62 };
};
