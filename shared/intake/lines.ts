import type { Fault } from "../domain/error.ts";

/** The line of the front matter that a fault at `pointer` is about: the value's own, or that of the nearest one around it. */
export const lineOf = (lines: Record<string, number>, pointer: string): number | undefined => {
  const steps = pointer.split("/").slice(1);
  for (; steps.length > 0; steps.pop()) {
    const line = lines[steps.join("/")];
    if (line !== undefined) return line;
  }
  return undefined;
};

/** Adds to each fault without a line that of the text it is about; none where a field of `elsewhere` was said outside it. */
export const withLines =
  (lines: Record<string, number>, elsewhere: ReadonlySet<string>) =>
  (faults: Fault[]): Fault[] => {
    // Without a prototype: a field named `constructor` has no line unless it is there.
    const own: Record<string, number> = Object.create(null);
    for (const [at, line] of Object.entries(lines)) if (!elsewhere.has(at.split("/")[0] ?? "")) own[at] = line;
    return faults.map((fault) => {
      const line = fault.line ?? lineOf(own, fault.pointer);
      return line === undefined ? fault : { ...fault, line };
    });
  };
