const LISTS = new Set(["tags", "bylines"]);

/** Query parameters as fields of the article: `tags` and `bylines` take several, by repetition or commas; unknown ones stay, to be named. */
export const fieldsOfQuery = (query: Record<string, string[]>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(query).map(([name, values]) => {
      if (!LISTS.has(name)) return [name, values.length === 1 ? values[0] : values];
      const words = values
        .flatMap((value) => value.split(","))
        .map((word) => word.trim())
        .filter(Boolean);
      return [name, name === "bylines" ? words.map((word) => ({ name: word })) : words];
    }),
  );
