import { SaxesParser } from "saxes";
import { isTag } from "./tags.ts";

/** What CreateInvalidation asks for: paths (`/x`, `/x*`) and tags (`#x`), under the caller's own reference. */
export type Batch = { callerReference: string; paths: string[] };

/** A refusal as CloudFront's API puts it. */
export type ApiError = { status: number; code: string; message: string };

/** "Invalidation quotas" in the CloudFront guide. */
const MAX_PATHS = 3000;
const ROOT = "/InvalidationBatch";
const LEAVES = {
  reference: `${ROOT}/CallerReference`,
  quantity: `${ROOT}/Paths/Quantity`,
  path: `${ROOT}/Paths/Items/Path`,
};
const KNOWN = new Set([ROOT, `${ROOT}/Paths`, `${ROOT}/Paths/Items`, ...Object.values(LEAVES)]);

const refusal = (code: string, message: string): { ok: false; error: ApiError } => ({
  ok: false,
  error: { status: 400, code, message },
});

/** The text of every element of the InvalidationBatch document, by its path; undefined when it is not one. */
const elements = (xml: string): Map<string, string[]> | undefined => {
  const found = new Map<string, string[]>();
  let path = "";
  let isSound = true;
  const parser = new SaxesParser();
  parser.on("error", () => {
    isSound = false;
  });
  parser.on("doctype", () => {
    isSound = false;
  });
  parser.on("opentag", ({ name }) => {
    isSound &&= KNOWN.has(`${path}/${name}`);
    if (!isSound) return;
    path += `/${name}`;
    const texts = found.get(path);
    if (texts === undefined) found.set(path, [""]);
    else texts.push("");
  });
  parser.on("text", (text) => {
    const texts = found.get(path);
    if (isSound && texts !== undefined) texts[texts.length - 1] += text;
  });
  parser.on("closetag", ({ name }) => {
    if (isSound) path = path.slice(0, -name.length - 1);
  });
  parser.write(xml).close();
  return isSound ? found : undefined;
};

/** Whether CloudFront takes `path` as an item: `*` is a wildcard at the end only, and there is none for tags. */
const isItem = (path: string): boolean =>
  path.startsWith("#") ? isTag(path.slice(1)) : /^\/[^*\s\u0080-\uffff]*\*?$/.test(path);

/**
 * Parses the body of CreateInvalidation, or says why CloudFront would not take it.
 * (API_CreateInvalidation, API_Paths, "What you need to know when invalidating tags")
 */
export const parseBatch = (xml: string): { ok: true; batch: Batch } | { ok: false; error: ApiError } => {
  const found = elements(xml);
  const reference = found?.get(LEAVES.reference) ?? [];
  const quantity = found?.get(LEAVES.quantity) ?? [];
  const paths = found?.get(LEAVES.path) ?? [];
  const [callerReference = ""] = reference;
  const [count = ""] = quantity;
  if (found === undefined || reference.length !== 1 || quantity.length !== 1 || callerReference.trim() === "") {
    return refusal("MalformedXML", "The XML you provided was not well-formed or did not validate against our schema.");
  }
  if (!/^\d{1,9}$/.test(count) || Number(count) !== paths.length) {
    return refusal("InconsistentQuantities", "The value of Quantity and the size of Items don't match.");
  }
  if (paths.length === 0 || !paths.every(isItem)) {
    return refusal("InvalidArgument", "Your request contains one or more invalid invalidation paths.");
  }
  if (paths.length > MAX_PATHS) {
    return refusal("TooManyInvalidationsInProgress", "You have exceeded the maximum number of paths in progress.");
  }
  return { ok: true, batch: { callerReference, paths } };
};

/** Tells which cached paths and tags a batch means: exact paths, prefixes, and tags without regard to case. */
export const matcher = (paths: readonly string[]): ((key: string, tags: ReadonlySet<string>) => boolean) => {
  const exact = new Set(paths.filter((path) => path.startsWith("/") && !path.endsWith("*")));
  const prefixes = paths.filter((path) => path.endsWith("*") && path.startsWith("/")).map((path) => path.slice(0, -1));
  const tags = paths.filter((path) => path.startsWith("#")).map((path) => path.slice(1).toLowerCase());
  return (key, held) =>
    exact.has(key) || prefixes.some((prefix) => key.startsWith(prefix)) || tags.some((tag) => held.has(tag));
};
