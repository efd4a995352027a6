import { actorOf, atLeast, publishBar, sectionBar } from "../access.ts";
import type { Content, Head, Status } from "../article.ts";
import { unknownNames } from "../checks.ts";
import { type Fault, invalid, ok, refuse, type Result } from "../error.ts";
import { refusalOf } from "../moves.ts";
import { movedKeyFaults } from "../natural-key.ts";
import { unknownPictures } from "../picture.ts";
import { forRole, sameContent } from "../revision.ts";
import { formatTime } from "../time.ts";
import { originalFaults } from "../translation.ts";
import type { Action, Command, Decision, Particulars, Situation } from "./command.ts";
import { lackingIn, publicNow } from "./publish.ts";
import { stamped, warned } from "./stamp.ts";

export const create = (
  { id, content, publish: wanted, breakEmbargo, digest }: Extract<Command, { type: "create" }>,
  situation: Situation,
): Result<Decision> => {
  const { key, now } = situation;
  const bar = sectionBar(key, content.section) ?? (wanted ? publishBar(key) : undefined);
  if (bar) return refuse(bar);
  const faults = [
    ...unknownNames(content, situation.site),
    ...unknownPictures(content.pictures, situation.pictures),
    ...(wanted ? lackingIn(content, situation) : []),
    ...originalFaults({ id, content }, key, situation.original),
  ];
  if (faults.length) return invalid(...faults);
  const by = actorOf(key);
  const head: Head = {
    id,
    seq: 1,
    revision: 1,
    siteSeq: 0,
    status: "draft",
    owner: by,
    createdAt: now,
    updatedAt: now,
    updatedBy: by,
    content: forRole(warned(content, situation), key),
    ...(content.embargoUntil === undefined ? {} : { embargoedBy: key.id }),
    ...(digest === undefined ? {} : { sourced: { key: key.id, revision: 1, digest } }),
  };
  if (!wanted) return ok({ action: "create", before: undefined, after: head });
  const published = publicNow({ ...head, seq: 0 }, situation, { action: "create", breakEmbargo });
  if (published.ok) return ok({ ...published.value, before: undefined });
  const { refusal } = published;
  // There is no article yet that anything could be done to.
  return refuse(refusal.kind === "impossible" ? { ...refusal, moves: ["POST it as a draft"] } : refusal);
};

export const edit = (
  { content }: Extract<Command, { type: "edit" }>,
  before: Head,
  situation: Situation,
): Result<Decision> => rewrite("edit", content, before, situation);

export const restore = (
  { revision, content }: Extract<Command, { type: "restore" }>,
  before: Head,
  situation: Situation,
): Result<Decision> => {
  // What the story has shown it may show again, whoever sent it.
  const pictures = new Map([...situation.pictures].map(([id, facts]) => [id, { ...facts, mine: true }]));
  // An embargo is no wording of an old revision's: the story's stands.
  const { embargoUntil: _embargo, ...old } = content;
  const decided = rewrite("restore", embargoed(old, before.content), before, { ...situation, pictures });
  return decided.ok ? ok({ ...decided.value, particulars: { from: revision } }) : decided;
};

/**
 * Another content is another revision, whatever the state. A reporter's takes a story back that was submitted, and anybody's the
 * approval: nobody has read these words. What readers see, and what is scheduled, stays what it was.
 */
export const rewrite = (
  action: Action & ("edit" | "restore" | "resubmit"),
  content: Content,
  before: Head,
  situation: Situation,
): Result<Decision> => {
  const { key } = situation;
  const bar = refusalOf(action === "resubmit" ? "edit" : action, key, before) ?? sectionBar(key, content.section);
  if (bar) return refuse(bar);
  const faults = [
    ...unknownNames(content, situation.site, before.content),
    ...unknownPictures(content.pictures, situation.pictures, before.content.pictures, UNKNOWN[action]),
    ...scheduleFaults(content, before, situation),
    ...embargoFaults(content, before, situation),
    ...movedKeyFaults(content, before.content),
    ...originalFaults({ id: before.id, content, before: before.content }, key, situation.original),
  ];
  if (faults.length) return invalid(...faults);
  const next = forRole(warned(content, situation), key);
  if (sameContent(next, before.content)) return ok({ action, before, after: before });
  const { approval: _approval, scheduled, ...rest } = stamped(before, situation);
  const moved = embargoMoved(next, before.content);
  const after: Head = {
    ...rest,
    revision: before.revision + 1,
    content: next,
    status: statusAfter(before.status, situation),
    ...(moved ? { embargoedBy: key.id } : {}),
    // Where it falls back to when it is unscheduled has not read these words either.
    ...(scheduled ? { scheduled: { ...scheduled, from: statusAfter(scheduled.from, situation) } } : {}),
  };
  return ok({ action, before, after, particulars: moved });
};

const UNKNOWN = {
  edit: "is no image of yours",
  resubmit: "is no image of yours",
  restore: "is a picture that is no more",
} as const;

const statusAfter = <From extends Status>(status: From, { key }: Situation): From | "draft" => {
  if (status === "approved") return "draft";
  return status === "in-review" && !atLeast(key.role, "editor") ? "draft" : status;
};

/** A content that says nothing of an embargo is under the one that stands. */
export const embargoed = (content: Content, { embargoUntil }: Content): Content =>
  content.embargoUntil === undefined && embargoUntil !== undefined ? { ...content, embargoUntil } : content;

/** An embargo ends sooner when an editor says so, or who set it: not because whoever wrote the story up would have it so. */
const embargoFaults = ({ embargoUntil = "" }: Content, before: Head, { key, now, site }: Situation): Fault[] => {
  const standing = before.content.embargoUntil;
  const isSooner = standing !== undefined && standing > now && embargoUntil < standing;
  return isSooner && !atLeast(key.role, "editor") && before.embargoedBy !== key.id
    ? [
        {
          pointer: "/embargoUntil",
          detail: `the story is under embargo until ${formatTime(Date.parse(standing), site.timeZone)}: an editor may lift it`,
        },
      ]
    : [];
};

const embargoMoved = ({ embargoUntil }: Content, before: Content): Particulars | undefined =>
  embargoUntil === before.embargoUntil ? undefined : { embargo: embargoUntil ?? "none" };

/** An embargo that is set after a story was scheduled is an embargo all the same. */
const scheduleFaults = ({ embargoUntil }: Content, { scheduled, content }: Head, { site }: Situation): Fault[] =>
  scheduled && embargoUntil !== undefined && embargoUntil > scheduled.at && embargoUntil !== content.embargoUntil
    ? [
        {
          pointer: "/embargoUntil",
          detail: `lies after the time that the story is scheduled for, ${formatTime(Date.parse(scheduled.at), site.timeZone)}: unschedule it first`,
        },
      ]
    : [];
