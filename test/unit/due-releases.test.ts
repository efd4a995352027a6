import { expect, test } from "vitest";
import type { Table } from "../../shared/store/dynamo.ts";
import { dueReleases } from "../../shared/store/release.ts";

/** An index that gives `size` items a page, as DynamoDB ends one after 1 MB, each page beginning with the item that it is asked from. */
const paged = (ids: readonly string[], size: number): Table => {
  const index: Table["index"] = async ({ from }) => {
    const items = ids.map((id) => ({ pk: id, sk: "HEAD", id, dueSk: `2026-01-01T00:00:00.000Z#${id}` }));
    const first = from === undefined ? 0 : items.findIndex(({ dueSk }) => dueSk >= from);
    return { items: items.slice(first, first + size), more: first + size < items.length };
  };
  return new Proxy({ index } as Table, {
    get: (table, name) => (name === "index" ? table.index : expect.fail(`${String(name)} is not asked`)),
  });
};

test("stories that are due are found page by page, each once, the longest due first, up to the limit", async () => {
  const ids = Array.from({ length: 25 }, (_, n) => `S${String(n).padStart(2, "0")}`);
  for (const size of [2, 3, 7, 24, 25, 100])
    expect(await dueReleases(paged(ids, size), "2026-01-02T00:00:00.000Z", 100), String(size)).toEqual(ids);
  expect(await dueReleases(paged(ids, 4), "2026-01-02T00:00:00.000Z", 10)).toEqual(ids.slice(0, 10));
  expect(await dueReleases(paged([], 4), "2026-01-02T00:00:00.000Z", 10)).toEqual([]);
});
