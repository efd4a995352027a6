/** The tasks' answers in their order, while up to `most` tasks are under way. After a failure no further one begins. */
export async function* ahead<T>(tasks: Iterable<() => Promise<T>>, most: number): AsyncGenerator<T> {
  const under: Promise<T>[] = [];
  for (const task of tasks) {
    const begun = task();
    // Whoever waits for it hears of a failure; nobody does when an earlier one has failed, or the reader has left.
    begun.catch(() => undefined);
    under.push(begun);
    if (under.length < most) continue;
    const next = under.shift();
    if (next) yield await next;
  }
  for (const rest of under) yield await rest;
}
