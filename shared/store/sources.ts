import type { Head } from "../domain/article.ts";
import { type NaturalKey, naturalKeyOf } from "../domain/natural-key.ts";
import { loadHead } from "./articles.ts";
import { sha256 } from "./digest.ts";
import type { Key, Table, Write } from "./dynamo.ts";
import { sourceKey } from "./layout.ts";

const keyOf = ({ source, externalId }: NaturalKey): Key => sourceKey(sha256(JSON.stringify([source, externalId])));

/** The write that gives a new article its natural key, in the transaction that makes it: of twins one is made. */
export const sourceWrites = (before: Head | undefined, after: Head): Write[] => {
  const natural = before ? undefined : naturalKeyOf(after.content);
  return natural ? [{ put: { ...keyOf(natural), article: after.id }, if: "absent" }] : [];
};

/** The article that has a natural key, strongly consistent. */
export const loadSourced = async (table: Table, natural: NaturalKey | undefined): Promise<Head | undefined> => {
  const claim = natural && (await table.get(keyOf(natural)));
  const article = claim?.["article"];
  return typeof article === "string" ? loadHead(table, article) : undefined;
};
