import { type Standing, waitAfter } from "./backoff.ts";

/** What becomes of a delivery after a try. */
export type Fate =
  | { kind: "delivered" }
  /** The receiver wants no more of any (Standard Webhooks: 410 Gone). */
  | { kind: "unsubscribed" }
  /** To be tried again so many ms later. */
  | { kind: "again"; wait: number }
  | { kind: "failed" };

/** `status` is that of the answer; undefined when there was none. */
export const fateOf = (status: number | undefined, standing: Standing): Fate => {
  if (status !== undefined && status >= 200 && status <= 299) return { kind: "delivered" };
  if (status === 410) return { kind: "unsubscribed" };
  const wait = waitAfter(standing);
  return wait === undefined ? { kind: "failed" } : { kind: "again", wait };
};

/** A receiver that has answered nothing well for so long is told nothing any more, in ms. */
export const FAILING_MS = 3 * 24 * 3_600_000;

/** Whether a webhook is to be disabled whose every try since `failingSince` (ISO 8601) has failed, the last one at `now` (ms). */
export const isHopeless = (failingSince: string | undefined, now: number): boolean =>
  failingSince !== undefined && now - Date.parse(failingSince) >= FAILING_MS;
