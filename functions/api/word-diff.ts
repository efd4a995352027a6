import { diffArrays } from "diff";

/** What two texts share, what only the later one has, and what only the earlier one had; in order. */
export type Change = { op: "same" | "added" | "removed"; text: string };

/** Texts with what they share between them: either both parts, or one that is in both. */
type Part = { same: string } | { removed: string; added: string };

/** A Vietnamese syllable is a word here, as it is to whoever writes it; a sign is one by itself. */
const WORDS = /[\p{L}\p{M}\p{N}]+|\s+|[^\p{L}\p{M}\p{N}\s]/gu;
const LINES = /[^\n]*\n|[^\n]+/g;

/**
 * Myers' algorithm takes steps by the square of the words that differ: so many are taken for a text, and what is left then is
 * told as removed and added whole. A megabyte takes a second at most, whatever has become of it.
 */
const STEPS = { lines: 1_000_000, words: 4_000_000 };

type Budget = { left: number };

/** How many of the first pieces are the same in both. */
const shared = (a: readonly string[], b: readonly string[]): number => {
  const most = Math.min(a.length, b.length);
  for (let n = 0; n < most; n++) if (a[n] !== b[n]) return n;
  return most;
};

/** The parts of two lists of pieces, within a budget. */
const partsOf = (before: readonly string[], after: readonly string[], budget: Budget): Part[] => {
  const head = shared(before, after);
  const tail = shared(before.slice(head).reverse(), after.slice(head).reverse());
  const cut = (pieces: readonly string[]): string[] => pieces.slice(head, pieces.length - tail);
  return [
    { same: before.slice(0, head).join("") },
    ...between(cut(before), cut(after), budget),
    { same: before.slice(before.length - tail).join("") },
  ].filter((part) => !("same" in part) || part.same !== "");
};

const between = (before: string[], after: string[], budget: Budget): Part[] => {
  const whole = { removed: before.join(""), added: after.join("") };
  if (!before.length || !after.length) return before.length || after.length ? [whole] : [];
  const most = Math.floor(Math.sqrt(Math.max(0, budget.left)));
  const found = diffArrays(before, after, { maxEditLength: most });
  const edits = found?.reduce((sum, { added, removed, count }) => sum + (added || removed ? count : 0), 0) ?? most;
  budget.left -= edits ** 2;
  if (!found) return [whole];
  const parts: Part[] = [];
  for (const { added, removed, value } of found) {
    const text = value.join("");
    const last = parts.at(-1);
    if (!added && !removed) parts.push({ same: text });
    else if (last && "removed" in last) last[added ? "added" : "removed"] += text;
    else parts.push(added ? { removed: "", added: text } : { removed: text, added: "" });
  }
  return parts;
};

/** Words that changed side by side are one change: the space between them is told with them. */
const joined = (parts: readonly Part[]): Part[] => {
  const made: Part[] = [];
  parts.forEach((part, n) => {
    const last = made.at(-1);
    const next = parts[n + 1];
    const isGap = "same" in part && /^[^\S\n]+$/.test(part.same) && next !== undefined && !("same" in next);
    const told = isGap ? { removed: part.same, added: part.same } : part;
    if (!last || "same" in last || "same" in told) made.push({ ...(isGap && last && !("same" in last) ? told : part) });
    else {
      last.removed += told.removed;
      last.added += told.added;
    }
  });
  return made;
};

const changesOf = (part: Part): Change[] =>
  ("same" in part
    ? [{ op: "same" as const, text: part.same }]
    : [
        { op: "removed" as const, text: part.removed },
        { op: "added" as const, text: part.added },
      ]
  ).filter(({ text }) => text !== "");

/**
 * What became of `before`, by words: what is same and what was removed make `before`, what is same and what was added make `after`.
 * By lines first, so that a long text with few changes costs little, then by the words of the lines that differ.
 */
export const wordDiff = (before: string, after: string): Change[] => {
  const budget = { left: STEPS.words };
  const lines = partsOf(before.match(LINES) ?? [], after.match(LINES) ?? [], { left: STEPS.lines });
  const words = lines.flatMap((part) =>
    "same" in part ? [part] : partsOf(part.removed.match(WORDS) ?? [], part.added.match(WORDS) ?? [], budget),
  );
  return joined(merged(words)).flatMap(changesOf);
};

/** What lines and words have in common side by side is one part. */
const merged = (parts: readonly Part[]): Part[] => {
  const made: Part[] = [];
  for (const part of parts) {
    const last = made.at(-1);
    if (last && "same" in last && "same" in part) last.same += part.same;
    else made.push({ ...part });
  }
  return made;
};
