type Members = Record<string, unknown>;

const isObject = (value: unknown): value is Members =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** RFC 7396, section 2: null removes, objects merge, anything else (arrays too) replaces. */
const merge = (target: unknown, patch: unknown): unknown => {
  if (!isObject(patch)) return patch;
  const result = new Map(Object.entries(isObject(target) ? target : {}).filter(([, value]) => value !== undefined));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, merge(result.get(name), value));
  }
  return Object.fromEntries(result);
};

/** A merge patch over an article's fields, and the members it names. A patch that is no object replaces all, and is refused by the schema. */
export const mergePatch = (target: Members, patch: unknown): { value: unknown; touched: Set<string> } => ({
  value: merge(target, patch),
  touched: new Set(isObject(patch) ? Object.keys(patch) : []),
});
