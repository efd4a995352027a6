/** One thing for each name of a record of the topology, under the same names. */
export const each = <Name extends string, Thing>(
  names: Record<Name, unknown>,
  make: (name: Name) => Thing,
): Record<Name, Thing> =>
  // Object.keys knows of texts alone.
  Object.fromEntries((Object.keys(names) as Name[]).map((name) => [name, make(name)])) as Record<Name, Thing>;
