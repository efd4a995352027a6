/** One thing wrong with what was sent: where it is (RFC 6901 pointer), and what to do about it. */
export type Fault = { pointer: string; detail: string; line?: number };

/** Something that was guessed, dropped or left open; the submission is kept all the same. */
export type Warning = { code: string; pointer: string; detail: string };

/**
 * An expected "no". Refusals are values; faults of ours are thrown. `functions/api/problem.ts` is the one
 * place that turns either into HTTP.
 */
export type Refusal =
  | { kind: "malformed"; faults: Fault[] }
  | { kind: "invalid"; faults: Fault[] }
  | { kind: "unsupported"; detail: string }
  | { kind: "too-large"; detail: string }
  | { kind: "unauthenticated"; detail: string }
  | { kind: "forbidden"; detail: string }
  | { kind: "missing"; detail: string }
  | { kind: "impossible"; detail: string; moves: string[] }
  | { kind: "stale" }
  | { kind: "unconditional" }
  | { kind: "key-reused" };

export type Result<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const refuse = (refusal: Refusal): { ok: false; refusal: Refusal } => ({ ok: false, refusal });
export const invalid = (...faults: Fault[]): { ok: false; refusal: Refusal } => refuse({ kind: "invalid", faults });

/** Joins path steps into an RFC 6901 JSON pointer. */
export const pointer = (steps: readonly PropertyKey[]): string =>
  steps.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
