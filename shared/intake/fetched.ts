import { isWebUrl } from "../domain/body.ts";
import type { FigureAddress } from "./addresses.ts";
import type { Photo, Picture } from "./photos.ts";
import type { Submission } from "./submission.ts";
import { withoutWaiting } from "./waiting.ts";

/** The address that is meant, without its fragment, which is sent nowhere; `//host` is https. Undefined: it leads nowhere by http(s). */
const absolute = (written: string, base: string | undefined): string | undefined => {
  const url = URL.parse(written.replace(/^\/\//, "https://"), base);
  if (!url) return undefined;
  url.hash = "";
  return isWebUrl(url.href) ? url.href : undefined;
};

/** The submission with addresses that were told beside its body; only a figure that has neither picture nor address takes one. */
export const withAddresses = (submission: Submission, told: readonly FigureAddress[]): Submission => {
  const { body = [], photos, addresses } = submission;
  const taken = new Set([...photos, ...addresses].map(({ block }) => block));
  const fresh = told.filter(({ block }) => {
    const figure = body[block];
    return figure?._type === "figure" && figure.image === undefined && !taken.has(block);
  });
  return { ...submission, addresses: [...addresses, ...fresh].sort((a, b) => a.block - b.block) };
};

/**
 * The addresses of a submission's pictures that are to be fetched: absolute, http or https, each once, in the order of the figures. `base`
 * is the absolute address of the document that they were written in; without one, relative addresses are left out, as are `data:` and
 * such, and those with a password in them.
 */
export const picturesAt = ({ addresses }: Pick<Submission, "addresses">, base?: string): string[] => [
  ...new Set(addresses.flatMap(({ url }) => absolute(url, base) ?? [])),
];

/**
 * The submission with pictures that were fetched, by their addresses as {@link picturesAt} gives them for the same `base`, as photos of
 * the figures that named them. Nothing is said any more of what these lack; the addresses that are left are those without a picture.
 */
export const withFetched = (
  submission: Submission,
  fetched: ReadonlyMap<string, Picture>,
  base?: string,
): Submission => {
  const { addresses, photos, warnings } = submission;
  const found = addresses.flatMap(({ block, url }): Photo[] => {
    const at = absolute(url, base);
    const picture = at === undefined ? at : fetched.get(at);
    return picture ? [{ ...picture, block }] : [];
  });
  const filled = new Set(found.map(({ block }) => block));
  return {
    ...submission,
    photos: [...photos, ...found].sort((a, b) => a.block - b.block),
    warnings: withoutWaiting(warnings, filled),
    addresses: addresses.filter(({ block }) => !filled.has(block)),
  };
};
