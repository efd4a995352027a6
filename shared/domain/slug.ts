/** `[a-z0-9]+(-[a-z0-9]+)*`, at most 79 characters: the only shape a path segment of ours can have. */
export const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
export const SLUG_MAX = 79;

export const isSlug = (text: string): boolean => text.length <= SLUG_MAX && SLUG.test(text);

/**
 * A slug of a headline or name: đ -> d by hand (NFD does not part it), marks off, everything but letters and digits a
 * hyphen, cut at a word under 80 characters. Empty when nothing is left.
 */
export const slugify = (text: string): string => {
  const ascii = text
    .replace(/[đĐ]/g, "d")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  if (ascii.length <= SLUG_MAX) return ascii;
  const cut = ascii.slice(0, SLUG_MAX + 1);
  const word = cut.lastIndexOf("-");
  return (word > 0 ? cut.slice(0, word) : ascii.slice(0, SLUG_MAX)).replace(/-+$/, "");
};
