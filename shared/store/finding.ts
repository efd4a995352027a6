import type { Fault, Warning } from "../domain/error.ts";

/** What became of one story of an event. */
export type EventOutcome = {
  externalId: string;
  action: "created" | "updated" | "unchanged" | "kept" | "withdrawn" | "stale" | "nothing" | "refused" | "waiting";
  article?: string | undefined;
  /** Why nothing was done, or not yet, or less than was asked for. */
  reason?: string | undefined;
  faults?: Fault[] | undefined;
  warnings?: Warning[] | undefined;
};

/** `dead` is a dead letter: it waits for somebody who puts right what it says, and replays it. */
export type EventState = "received" | "retrying" | "done" | "ignored" | "dead";

/** What became of an event at its last try. */
export type Finding = {
  state: EventState;
  reason?: string | undefined;
  faults?: Fault[] | undefined;
  warnings?: Warning[] | undefined;
  outcomes?: EventOutcome[] | undefined;
};

type Said = Pick<Finding, "faults" | "warnings">;

/** A hundred events of one page of the list have to fit into Lambda's answer of 6 MB, and each into an item of 400 KB. */
const MOST_BYTES = 48_000;
/** Characters of one text: a path, or the name of a field, is as long as its sender wants. */
const MOST_CHARS = 300;

const clip = (text: string): string =>
  text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS).toWellFormed()}…` : text;
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** As many as there is room for, the last of which says how many more there were; and the room that is left. */
const some = <T extends Fault | Warning>(
  all: readonly T[],
  room: number,
  more: (detail: string) => T,
): { kept: T[]; left: number } => {
  const kept: T[] = [];
  let left = room;
  for (const one of all) {
    const clipped = { ...one, pointer: clip(one.pointer), detail: clip(one.detail) };
    left -= bytesOf(clipped);
    if (left < 0) return { kept: [...kept, more(`and ${all.length - kept.length} more`)], left: 0 };
    kept.push(clipped);
  }
  return { kept, left };
};

const said = ({ faults, warnings }: Said, room: number): Said => {
  const first = some(faults ?? [], room, (detail) => ({ pointer: "", detail }));
  const second = some(warnings ?? [], first.left, (detail) => ({ code: "more", pointer: "", detail }));
  return { faults: faults && first.kept, warnings: warnings && second.kept };
};

/**
 * A finding that can be kept, however much is wrong with what was sent: its stories are all there, and each of them, like the event
 * itself, has an equal part of the room for what is said of it.
 */
export const bounded = (finding: Finding): Finding => {
  const outcomes = finding.outcomes?.map(({ externalId, reason, ...outcome }) => ({
    ...outcome,
    externalId: clip(externalId),
    ...(reason !== undefined && { reason: clip(reason) }),
  }));
  const bare = outcomes?.map(({ faults: _faults, warnings: _warnings, ...rest }) => rest);
  const room = Math.max(0, MOST_BYTES - bytesOf(bare ?? [])) / ((outcomes?.length ?? 0) + 1);
  const { reason } = finding;
  return {
    ...finding,
    ...(reason !== undefined && { reason: clip(reason) }),
    ...said(finding, room),
    ...(outcomes && { outcomes: outcomes.map((outcome) => ({ ...outcome, ...said(outcome, room) })) }),
  };
};
