import type { Head } from "../domain/article.ts";
import { withOwners } from "../domain/image.ts";
import type { KnownPictures, PictureRecord } from "../domain/picture.ts";
import { namedImages, usedImages } from "../site/impact.ts";
import type { Write } from "./dynamo.ts";
import { imageKey, useKey } from "./layout.ts";

/** The pictures of some ids as they were read, each once, whichever of its ids a story names. */
const recordsOf = (ids: Iterable<string>, known: KnownPictures): PictureRecord[] => [
  ...new Map(
    [...ids].flatMap((id): [string, PictureRecord][] => {
      const record = known.get(id)?.record;
      return record ? [[record.id, record]] : [];
    }),
  ).values(),
];

/**
 * Which stories use a picture ({@link usedImages}) is filed with the picture: it finds them when it is ready, or changes, and what is
 * said of it is an editor's to change as long as there are any. The picture itself is marked: a change of it that was decided
 * when there was none, finds the mark. Whom a story is handed to may use its pictures, whoever sent them. `known` are the
 * pictures as they were read; one that has become another's twin since fails the transaction. Two writes a picture.
 */
export const useWrites = (before: Head | undefined, after: Head, known: KnownPictures): Write[] => {
  const fresh = new Set(usedImages(after)).difference(new Set(usedImages(before)));
  const usedBy = `${after.id}#${after.seq}`;
  const isHandedOver = before !== undefined && before.owner.key !== after.owner.key;
  const joined = isHandedOver
    ? recordsOf(namedImages(after), known).filter(({ owners }) => !owners.includes(after.owner.key))
    : [];
  const marked = recordsOf(fresh, known).filter(({ id }) => joined.every((one) => one.id !== id));
  return [
    ...[...fresh].map((image): Write => ({ put: useKey(image, after.id) })),
    ...marked.map(({ id, state }): Write => ({ update: imageKey(id), set: { usedBy }, if: { equals: { state } } })),
    ...joined.map(({ id, version, owners }): Write => ({
      update: imageKey(id),
      set: { usedBy, owners: withOwners({ owners }, [after.owner.key]), version: version + 1 },
      if: { equals: { version } },
    })),
  ];
};

/**
 * Takes away what says of pictures that a story uses them, when it no longer does. As many as the transaction has room for: a
 * row that stays is not believed, for the story has the last word.
 */
export const disuseWrites = (before: Head | undefined, after: Head): Write[] =>
  [...new Set(usedImages(before)).difference(new Set(usedImages(after)))].map((image) => ({
    delete: useKey(image, after.id),
  }));
