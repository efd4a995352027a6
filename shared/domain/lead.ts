import * as z from "zod";
import type { Head } from "./article.ts";
import type { Fault } from "./error.ts";
import { articleId } from "./ulid.ts";

/** A story that stands before the newest; `until` (ISO 8601, UTC) is when it leaves by itself. */
export type Pin = { article: string; until?: string | undefined };

/** The pinned order of one front. `version` counts its changes. */
export type Lead = { version: number; pins: readonly Pin[] };

export const MOST_PINS = 20;

export const pinInput = z.strictObject({
  article: articleId,
  until: z.string().max(40).optional(),
});
/** PUT /site/lead and PUT /sections/{slug}/lead. */
export const leadInput = z.strictObject({ items: z.array(pinInput).max(MOST_PINS) });

/** The sections that a story is filed in: by its newest revision, by the one that is scheduled, and by where its page stands. */
export const homesOf = (head: Head | undefined): string[] => {
  const homes = [head?.content.section, head?.scheduled?.content.section, head?.published?.address.section];
  return [...new Set(homes.filter((section) => section !== undefined))];
};

/** Whether a story may be pinned: to the front (`section` undefined) any that was not withdrawn, to a section's only its own. */
export const mayStandOn = (head: Head, section: string | undefined): boolean =>
  head.status !== "withdrawn" && (section === undefined || homesOf(head).includes(section));

/** What is wrong with pins of stories, `heads` being those that there are; each pin is named by its place in the request. */
export const pinFaults = (
  pins: readonly { place: number; article: string }[],
  heads: ReadonlyMap<string, Head>,
  section: string | undefined,
): Fault[] => {
  const seen = new Set<string>();
  return pins.flatMap(({ place, article }): Fault[] => {
    const pointer = `/items/${place}/article`;
    if (seen.has(article)) return [{ pointer, detail: "stands in the list before" }];
    seen.add(article);
    const head = heads.get(article);
    if (!head) return [{ pointer, detail: "is no article of this house" }];
    if (mayStandOn(head, section)) return [];
    return [
      {
        pointer,
        detail: head.status === "withdrawn" ? "was withdrawn: publish it first" : `is no story of ${section ?? ""}`,
      },
    ];
  });
};

/**
 * The order as it stands at `now` (ISO 8601, UTC): a pin whose time is up has left, which is a change that counts, whenever it is
 * swept away.
 */
export const leadAt = ({ version, pins }: Lead, now: string): Lead => {
  const left = pins.filter(({ until }) => until === undefined || until > now);
  return { version: version + pins.length - left.length, pins: left };
};

/** The order one change later. */
export const changedLead = ({ version }: Lead, pins: readonly Pin[]): Lead => ({ version: version + 1, pins });

/** When the next pin leaves by itself. */
export const nextEnd = (pins: readonly Pin[]): string | undefined =>
  pins
    .flatMap(({ until }) => until ?? [])
    .sort()
    .at(0);

export const samePins = (a: readonly Pin[], b: readonly Pin[]): boolean =>
  a.length === b.length && a.every((pin, n) => pin.article === b[n]?.article && pin.until === b[n]?.until);
