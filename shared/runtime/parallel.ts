/** Runs `task` over all items, at most `most` at a time; results in the order of the items. Rejects as soon as one does. */
export const inParallel = async <Item, Result>(
  items: readonly Item[],
  most: number,
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = [];
  const waiting = items.entries();
  const worker = async (): Promise<void> => {
    // One iterator, shared: each worker takes the next that nobody has taken.
    for (const [n, item] of waiting) results[n] = await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
};
