import type { Address, Content, Published } from "./article.ts";
import { slugify } from "./slug.ts";

/**
 * Where a content stands, or will stand, once it is published: its section and its slug, which is made of the headline at first
 * publication, and then moves only when somebody sets another. Undefined for a content that has no section or no headline.
 */
export const addressOf = (
  { headline, section, slug }: Content,
  current: Pick<Published, "address"> | undefined,
): Address | undefined =>
  headline && section ? { section, slug: slug ?? current?.address.slug ?? slugify(headline) } : undefined;
