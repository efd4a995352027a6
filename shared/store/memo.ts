/** What a warm instance remembers: at most `most` values by key, the one that was set longest ago goes first. */
export const memo = <Value>(most: number) => {
  const values = new Map<string, Value>();
  return {
    get: (key: string): Value | undefined => values.get(key),
    set: (key: string, value: Value): void => {
      values.delete(key);
      values.set(key, value);
      for (const oldest of values.keys()) {
        if (values.size <= most) break;
        values.delete(oldest);
      }
    },
    drop: (key: string): boolean => values.delete(key),
  };
};
