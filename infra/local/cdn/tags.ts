/** CloudFront: visible ASCII without commas, at most 256 characters; 50 of them an object, more are not stored. */
const TAG = /^[!-+\--~]{1,256}$/;
const MAX_TAGS = 50;

/** Whether CloudFront takes `tag` in an invalidation. ("What you need to know when invalidating tags", CloudFront guide) */
export const isTag = (tag: string): boolean => TAG.test(tag);

/** The cache tags in a header's value: comma-separated, case ignored (here: lower case), the first 50 that are well formed. */
export const parseTags = (header: string | undefined): ReadonlySet<string> => {
  const tags = (header ?? "").split(",").map((tag) => tag.trim().toLowerCase());
  return new Set([...new Set(tags.filter(isTag))].slice(0, MAX_TAGS));
};
