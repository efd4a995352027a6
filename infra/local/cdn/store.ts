import type { Entry } from "./entry.ts";

/** A cache of entries, bounded by bytes; what was used longest ago goes first. */
export type Store = {
  /** The entry, which counts as used now. */
  get(key: string): Entry | undefined;
  /** The entry, without using it. */
  peek(key: string): Entry | undefined;
  /** Puts it; one that is larger than the whole cache is not kept, and what it would replace goes. */
  set(key: string, entry: Entry): void;
  delete(key: string): void;
  /** Counts again what the entry weighs, after a compressed copy came to it. */
  reweigh(key: string): void;
  /** Removes what `matches`; how many there were. */
  removeWhere(matches: (key: string, entry: Entry) => boolean): number;
  readonly bytes: number;
};

/** Rough cost of an entry without body and headers. */
const OVERHEAD = 256;

const size = (key: string, entry: Entry): number => {
  if (entry.kind !== "object") return OVERHEAD + key.length;
  const headers = Object.entries(entry.headers).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return OVERHEAD + key.length + headers + entry.body.length + entry.encoded.bytes;
};

/** An empty cache of at most `maxBytes` (bodies, encoded copies, headers and a flat cost for each entry). */
export const createStore = (maxBytes: number): Store => {
  // A Map keeps the order of insertion; `get` inserts again, so the first is the one used longest ago.
  const held = new Map<string, { entry: Entry; bytes: number }>();
  let total = 0;
  const remove = (key: string): void => {
    total -= held.get(key)?.bytes ?? 0;
    held.delete(key);
  };
  const evict = (): void => {
    for (const key of held.keys()) {
      if (total <= maxBytes) return;
      remove(key);
    }
  };
  return {
    get: (key) => {
      const found = held.get(key);
      if (found === undefined) return undefined;
      held.delete(key);
      held.set(key, found);
      return found.entry;
    },
    peek: (key) => held.get(key)?.entry,
    set: (key, entry) => {
      remove(key);
      const bytes = size(key, entry);
      if (bytes > maxBytes) return;
      held.set(key, { entry, bytes });
      total += bytes;
      evict();
    },
    delete: remove,
    reweigh: (key) => {
      const found = held.get(key);
      if (found === undefined) return;
      const bytes = size(key, found.entry);
      total += bytes - found.bytes;
      found.bytes = bytes;
      evict();
    },
    removeWhere: (matches) => {
      const keys = [...held].filter(([key, { entry }]) => matches(key, entry)).map(([key]) => key);
      keys.forEach(remove);
      return keys.length;
    },
    get bytes() {
      return total;
    },
  };
};
