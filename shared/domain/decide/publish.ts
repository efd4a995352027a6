import { actorOf, sectionBar } from "../access.ts";
import { addressOf } from "../address.ts";
import type { Address, Content, Correction, Head, Published } from "../article.ts";
import { lacking, unknownNames } from "../checks.ts";
import { type Fault, invalid, ok, refuse, type Result } from "../error.ts";
import { LIMITS } from "../limits.ts";
import { movesOf, refusalOf } from "../moves.ts";
import { movedKeyFaults } from "../natural-key.ts";
import { lackingOnPictures, shownNow, unknownPictures } from "../picture.ts";
import { lookedAt, sameContent } from "../revision.ts";
import { formatTime } from "../time.ts";
import { originalFaults } from "../translation.ts";
import type { Action, Command, Decision, Situation } from "./command.ts";
import { stamped, warned } from "./stamp.ts";

/** What publishing a content still needs. */
export const lackingIn = (content: Content, { site, pictures }: Situation): Fault[] => [
  ...lacking(content),
  ...lackingOnPictures(content.pictures, pictures, site.pictures),
];

type Embargoed = { content: Content; at: string; breakEmbargo?: string | undefined };

/** 409 when a publication at `at` would come before the story's embargo ends, and nobody takes it upon himself. */
const embargoBar = (before: Head, { key, site }: Situation, { content, at, breakEmbargo }: Embargoed) =>
  content.embargoUntil !== undefined && content.embargoUntil > at && breakEmbargo === undefined
    ? refuse({
        kind: "impossible",
        detail: `The story is under embargo until ${formatTime(Date.parse(content.embargoUntil), site.timeZone)}; an editor may break it with "breakEmbargo": "<the reason>".`,
        moves: movesOf(key, before).filter((move) => move !== "publish"),
      })
    : undefined;

export const publish = (
  { at, breakEmbargo }: Extract<Command, { type: "publish" }>,
  before: Head,
  situation: Situation,
): Result<Decision> => {
  if (at !== undefined && at > situation.now) return schedule({ at, breakEmbargo }, before, situation);
  const refusal = refusalOf("publish", situation.key, before);
  if (refusal) return refuse(refusal);
  return publicNow(before, situation, { action: "publish", breakEmbargo });
};

/** The newest revision becomes what readers see. */
export const publicNow = (
  before: Head,
  situation: Situation,
  { action, breakEmbargo }: { action: Action; breakEmbargo?: string | undefined },
): Result<Decision> => {
  const { published: current } = before;
  const content = lookedAt(warned(before.content, situation));
  const faults = [...unknownNames(content, situation.site, content), ...lackingIn(content, situation)];
  if (faults.length) return invalid(...faults);
  if (current?.revision === before.revision && before.status === "published")
    return ok({ action, before, after: before });
  const bar = embargoBar(before, situation, { content, at: situation.now, breakEmbargo });
  if (bar) return bar;
  const after = { ...before, content };
  const shown = shownAs(after, { content, revision: before.revision }, situation);
  return shown.ok
    ? ok({
        action,
        before,
        after: shown.value,
        ...(breakEmbargo === undefined ? {} : { particulars: { reason: breakEmbargo } }),
      })
    : shown;
};

/** The publication to come is decided now, of this very revision: what would stand in its way is said at once. */
const schedule = (
  { at, breakEmbargo }: { at: string; breakEmbargo?: string | undefined },
  before: Head,
  situation: Situation,
): Result<Decision> => {
  const refusal = refusalOf("schedule", situation.key, before);
  if (refusal) return refuse(refusal);
  const { status } = before;
  if (status !== "draft" && status !== "in-review" && status !== "approved")
    throw new RangeError(`scheduled from ${status}`);
  const content = lookedAt(warned(before.content, situation));
  const faults = [...unknownNames(content, situation.site, content), ...lackingIn(content, situation)];
  if (faults.length) return invalid(...faults);
  const bar = embargoBar(before, situation, { content, at, breakEmbargo });
  if (bar) return bar;
  const scheduled = { at, revision: before.revision, content, by: actorOf(situation.key), from: status };
  return ok({
    action: "schedule",
    before,
    after: { ...stamped(before, situation), content, status: "scheduled", scheduled },
    particulars: { at, ...(breakEmbargo === undefined ? {} : { reason: breakEmbargo }) },
  });
};

/** Its time has come: the revision that was scheduled goes up, whatever has been written since; early, or unscheduled, nothing happens. */
export const release = (before: Head, situation: Situation): Result<Decision> => {
  const { scheduled } = before;
  if (before.status !== "scheduled" || !scheduled || scheduled.at > situation.now)
    return refuse({ kind: "impossible", detail: "Nothing of it is due.", moves: [] });
  const { content, revision, at, by } = scheduled;
  const shown = shownAs(before, { content, revision, at, by }, situation);
  return shown.ok ? ok({ action: "release", before, after: shown.value, particulars: { at } }) : shown;
};

/**
 * Only what readers see is corrected: with edits that nobody has published yet it would carry them along. Edits that were taken back
 * are none; nor is an embargo, which has come too late, and which no restoring takes off.
 */
export const correct = (
  { note, content }: Extract<Command, { type: "correct" }>,
  before: Head,
  situation: Situation,
): Result<Decision> => {
  const { key, now } = situation;
  const refusal = refusalOf("correct", key, before) ?? sectionBar(key, content.section);
  if (refusal) return refuse(refusal);
  const { published } = before;
  if (!published) throw new RangeError("a published story has nothing that is published");
  const { embargoUntil } = published.content;
  if (!sameContent({ ...before.content, embargoUntil }, published.content))
    return refuse({
      kind: "impossible",
      detail: uncorrectable(published.revision, before.revision),
      moves: movesOf(key, before).filter((move) => move !== "correct"),
    });
  if ((published.corrections ?? []).length >= LIMITS.corrections)
    return invalid({ pointer: "/note", detail: `a story is corrected at most ${LIMITS.corrections} times` });
  const next = lookedAt(warned(content, situation));
  const faults = [
    ...unknownNames(next, situation.site, before.content),
    ...unknownPictures(next.pictures, situation.pictures, before.content.pictures),
    ...lackingIn(next, situation),
    ...embargoFaults(next, published.content, now),
    ...movedKeyFaults(next, before.content),
    ...originalFaults({ id: before.id, content: next, before: before.content }, key, situation.original),
  ];
  if (faults.length) return invalid(...faults);
  const isSame = sameContent(next, before.content);
  const revision = isSame ? before.revision : before.revision + 1;
  // What an editor approved before was another revision.
  const { approval, ...rest } = before;
  const shown = shownAs(
    { ...rest, ...(isSame && approval ? { approval } : {}), revision, content: next },
    { content: next, revision, correction: { at: now, note, revision } },
    situation,
  );
  return shown.ok ? ok({ action: "correct", before, after: shown.value, particulars: { note } }) : shown;
};

const list = new Intl.ListFormat("en-GB");
/** More revisions than anybody would read one by one. */
const MANY = 10;

/** Which revisions stand between the one that readers see and a correction, and what to do about them. */
const uncorrectable = (live: number, newest: number): string => {
  const numbers = Array.from({ length: Math.min(newest - live, MANY + 1) }, (_, n) => `${live + 1 + n}`);
  const named = numbers.length > MANY ? `${live + 1} to ${newest}` : list.format(numbers);
  const [subject, them] = numbers.length === 1 ? [`Revision ${named} is`, "it"] : [`Revisions ${named} are`, "them"];
  return `${subject} not published yet, and readers see ${live}: publish ${them}, or restore revision ${live} first.`;
};

/** What readers see already cannot be kept from them until later. */
const embargoFaults = ({ embargoUntil }: Content, live: Content, now: string): Fault[] =>
  embargoUntil !== undefined && embargoUntil > now && embargoUntil !== live.embargoUntil
    ? [{ pointer: "/embargoUntil", detail: "lies ahead, and the story is public already: withdraw it instead" }]
    : [];

type Showing = {
  content: Content;
  revision: number;
  /** When it was to be up, and who said so; now, and whoever asks, unless it was scheduled. */
  at?: string;
  by?: Head["owner"];
  correction?: Correction;
};

/** The head that shows this content to readers. */
const shownAs = (
  before: Head,
  { content, revision, at, by, correction }: Showing,
  situation: Situation,
): Result<Head> => {
  const { key, now } = situation;
  const { published: current } = before;
  const address = addressOf(content, current);
  const faults = [...unknownNames(content, situation.site, content), ...lackingIn(content, situation)];
  if (faults.length || !address) return invalid(...faults);
  const former = formerOf(current, address);
  if (former.length > LIMITS.formerPaths)
    return invalid({ pointer: "/slug", detail: `a page moves at most ${LIMITS.formerPaths} times` });
  const aliases = [...new Set([...(current?.aliases ?? []), ...(content.aliases ?? [])])];
  if (aliases.length > LIMITS.aliasesEver)
    return invalid({
      pointer: "/aliases",
      detail: `a story has at most ${LIMITS.aliasesEver} old paths in its time, those that were taken off its list included`,
    });
  const shown = shownNow(
    current,
    content.pictures.map(({ image }) => image),
  );
  if (Object.keys({ ...shown.pictures, ...shown.formerPictures }).length > LIMITS.picturesEver)
    return invalid({
      pointer: "/body",
      detail: `a story shows at most ${LIMITS.picturesEver} different pictures in its time`,
    });
  const corrections = [...(current?.corrections ?? []), ...(correction ? [correction] : [])];
  const published: Published = {
    revision,
    content,
    firstAt: current?.firstAt ?? at ?? now,
    at: at ?? now,
    by: by ?? actorOf(key),
    address,
    former,
    ...(aliases.length ? { aliases } : {}),
    ...shown,
    ...(corrections.length ? { corrections } : {}),
  };
  const { scheduled: _scheduled, withdrawal: _withdrawal, note: _note, ...rest } = stamped(before, situation);
  return ok({ ...rest, siteSeq: rest.seq, status: "published", published });
};

const sameAddress = (a: Address, b: Address): boolean => a.section === b.section && a.slug === b.slug;

const formerOf = (current: Published | undefined, address: Address): Address[] => {
  if (!current) return [];
  const all = sameAddress(current.address, address) ? current.former : [...current.former, current.address];
  return all.filter((one) => !sameAddress(one, address));
};
