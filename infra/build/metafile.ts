import type { Metafile } from "esbuild";

/** The outputs that loading the entry reads at once: its own and, over static imports alone, those it needs. */
export const staticallyLoaded = ({ outputs }: Metafile, entry: string): Set<string> => {
  const first = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === entry);
  if (first === undefined) throw new RangeError(`${entry} is no entry of this build`);
  const seen = new Set([first]);
  // A Set hands out what is added while it is walked.
  for (const path of seen)
    for (const { path: to, kind, external } of outputs[path]?.imports ?? [])
      if (!external && kind !== "dynamic-import") seen.add(to);
  return seen;
};

/** The npm package that an input of a build belongs to; for a source of ours, its folder two levels deep (`shared/pages`). */
export const packageOf = (input: string): string =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(input)?.[1] ?? input.split("/").slice(0, 2).join("/");

/** Bytes that each package has in some outputs of a build, largest first. */
export const packages = ({ outputs }: Metafile, chosen: Iterable<string>): [name: string, bytes: number][] => {
  const bytes = new Map<string, number>();
  for (const path of chosen)
    for (const [input, { bytesInOutput }] of Object.entries(outputs[path]?.inputs ?? {}))
      if (bytesInOutput > 0) bytes.set(packageOf(input), (bytes.get(packageOf(input)) ?? 0) + bytesInOutput);
  return [...bytes].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
};
