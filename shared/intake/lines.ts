/** The line of the front matter that a fault at `pointer` is about: the value's own, or that of the nearest one around it. */
export const lineOf = (lines: Record<string, number>, pointer: string): number | undefined => {
  const steps = pointer.split("/").slice(1);
  for (; steps.length > 0; steps.pop()) {
    const line = lines[steps.join("/")];
    if (line !== undefined) return line;
  }
  return undefined;
};
