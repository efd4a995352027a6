/** One line of the bench: what was measured, the figure with its unit, the goal, and what a peer was measured at. */
export type Row = { what: string; figure: string; goal?: string; peer?: string };

export const quantile = (values: number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;

export const print = (rows: Row[]): void => {
  const lines = [{ what: "what", figure: "figure", goal: "goal", peer: "peer" }, ...rows].map(
    ({ what, figure, goal = "", peer = "" }) => [what, figure, goal, peer],
  );
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const line of lines)
    process.stdout.write(
      `${line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd()}\n`,
    );
};

/** A progress bar on standard error, when somebody watches. */
export const progress = (label: string, done: number, all: number): void => {
  if (!process.stderr.isTTY) return;
  const full = Math.round((done / all) * 30);
  process.stderr.write(`\r  ${label} [${"#".repeat(full).padEnd(30)}] ${done} of ${all}${done === all ? "\n" : ""}`);
};
