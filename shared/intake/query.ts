const LISTS = new Set(["tags", "bylines", "aliases"]);
/** A comma may stand in a path. */
const COMMA: Record<string, RegExp> = { aliases: /,(?=\/)/ };

/** Query parameters as fields of the article: `tags`, `bylines` and `aliases` take several, by repetition or commas; unknown ones stay, to be named. */
export const fieldsOfQuery = (query: Record<string, string[]>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(query).map(([name, values]) => {
      if (!LISTS.has(name)) return [name, values.length === 1 ? values[0] : values];
      const words = values
        .flatMap((value) => value.split(COMMA[name] ?? ","))
        .map((word) => word.trim())
        .filter(Boolean);
      return [name, name === "bylines" ? words.map((word) => ({ name: word })) : words];
    }),
  );
