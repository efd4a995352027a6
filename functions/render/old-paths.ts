import { pathOf } from "../../shared/site/impact.ts";
import { objectKey } from "../../shared/site/paths.ts";
import type { PublishedHead } from "../../shared/store/live.ts";
import { type Page, putCurrent, type Putter, type Rendered } from "./put.ts";
import type { Reads } from "./reads.ts";
import { standingOf } from "./standing.ts";

/** Paths that are looked at, and then written, side by side. */
const AT_ONCE = 20;

/**
 * Writes what the state that `load` reads says of a story's old paths, but for one that its page has come back to meanwhile. Each
 * round of it reads the state once, after looking at every key. Each path that is put is told to `wrote`; throws the first fault.
 */
export const putOldPaths = async (
  services: Putter,
  paths: readonly string[],
  load: () => Promise<{ head: PublishedHead }>,
  wrote: (path: string) => void,
): Promise<void> => {
  for (let from = 0; from < paths.length; from += AT_ONCE) {
    const some = paths.slice(from, from + AT_ONCE);
    const standing = once(async (reads) => {
      const [{ head }, site] = await Promise.all([load(), reads.site()]);
      return { page: pathOf(head), rendered: await standingOf(services.table, site, head) };
    });
    const pages = some.map((path): Page<undefined> => ({
      key: objectKey(path),
      render: async (reads) => {
        const { page, rendered } = await standing(reads);
        return page === path ? { state: undefined } : { rendered, state: undefined };
      },
    }));
    const outcomes = new Map((await putCurrent(services, pages)).map((outcome) => [outcome.key, outcome]));
    const faults: unknown[] = [];
    for (const path of some) {
      const outcome = outcomes.get(objectKey(path));
      if (outcome && "fault" in outcome) faults.push(outcome.fault);
      else wrote(path);
    }
    if (faults.length) throw faults[0];
  }
};

type Standing = { page: string; rendered: Rendered };

/** Pages of one round are made of one state. */
const once = (read: (reads: Reads) => Promise<Standing>): ((reads: Reads) => Promise<Standing>) => {
  const known = new WeakMap<Reads, Promise<Standing>>();
  return (reads) => {
    const found = known.get(reads) ?? read(reads);
    known.set(reads, found);
    return found;
  };
};
