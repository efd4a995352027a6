import type { ApiKey } from "./access.ts";
import { readable } from "./access.ts";
import type { Content, Head } from "./article.ts";
import type { Fault } from "./error.ts";

type Translated = Pick<Content, "translationOf">;

/** The original that a content names anew; the one that it named `before` may stay, whatever has become of it. */
export const newOriginal = ({ translationOf }: Translated, before?: Translated): string | undefined =>
  translationOf === before?.translationOf ? undefined : translationOf;

/** What is wrong with the original that a content of the article `id` names anew; `found` is the article under that id. */
export const originalFaults = (
  { id, content, before }: { id: string; content: Translated; before?: Translated | undefined },
  key: ApiKey,
  found: Head | undefined,
): Fault[] => {
  const named = newOriginal(content, before);
  if (named === undefined) return [];
  if (named === id) return [{ pointer: "/translationOf", detail: "is the article itself" }];
  return found?.id === named && readable(key, found) !== "nothing"
    ? []
    : [{ pointer: "/translationOf", detail: "is no article of this house" }];
};
