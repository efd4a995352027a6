import type { Fault } from "../domain/error.ts";
import { leadInput, MOST_PINS, type Pin, pinInput } from "../domain/lead.ts";
import { iso } from "../domain/time.ts";
import { isObject } from "./article.ts";
import { faultsOf } from "./faults.ts";
import type { ParsedJson } from "./json.ts";
import { NO_TIME, readMoment } from "./moment.ts";

/** A pin as it was read, and its place in the request. */
export type PlacedPin = Pin & { place: number };

/**
 * A pinned order as it was sent; times without an offset are in `zone`, and have to lie after `now` (ms). With faults the pins are
 * those whose stories could be read all the same, so that what is wrong with these is said in one answer.
 */
export const readLead = (
  { value, faults: found }: ParsedJson,
  { zone, now }: { zone: string; now: number },
): { pins: PlacedPin[]; faults: Fault[] } => {
  const parsed = leadInput.safeParse(value);
  const faults = [...found, ...(parsed.success ? [] : faultsOf(parsed.error))];
  const items: unknown[] = isObject(value) && Array.isArray(value["items"]) ? value["items"] : [];
  const pins = items.slice(0, MOST_PINS).flatMap((raw, place): PlacedPin[] => {
    const item = isObject(raw) ? raw : {};
    const until = endOf(item["until"], zone, now);
    if (typeof until === "object") faults.push({ pointer: `/items/${place}/until`, ...until });
    const article = pinInput.shape.article.safeParse(item["article"]).data;
    if (article === undefined) return [];
    return [{ place, article, ...(typeof until === "string" ? { until } : {}) }];
  });
  return { pins, faults };
};

/** What the schema has refused already is nothing here. */
const endOf = (raw: unknown, zone: string, now: number): string | Pick<Fault, "detail"> | undefined => {
  const text = pinInput.shape.until.safeParse(raw).data;
  if (text === undefined) return undefined;
  const moment = readMoment(text, zone);
  if (moment === undefined) return { detail: NO_TIME };
  return moment > now ? iso(moment) : { detail: "lies in the past" };
};
