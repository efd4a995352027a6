import type { Work } from "../../shared/store/work.ts";

/** Work is done within seconds, and tried five times within this: what stands longer does not heal by itself. */
const OVERDUE_MS = 600_000;

/** Since when a piece of work has been asked for, in ms: a second purge is to wait, and is asked for once it is due. */
const askedAt = ({ phase, attempts, notBefore, createdAt }: Work): number =>
  Date.parse(phase === "purge2" && attempts === 0 ? notBefore : createdAt);

/** Of work that stands at `now` (ms): how much is overdue, and the oldest of it with its age in ms; undefined when none is. */
export const overdue = (works: Work[], now: number): { works: number; work: string; ms: number } | undefined => {
  const aged = works.map((work) => ({ work: work.id, ms: now - askedAt(work) })).filter(({ ms }) => ms > OVERDUE_MS);
  const [oldest] = aged.sort((a, b) => b.ms - a.ms);
  return oldest && { works: aged.length, ...oldest };
};
