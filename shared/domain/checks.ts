import type { Content } from "./article.ts";
import type { Fault } from "./error.ts";
import type { Site } from "./site.ts";

/** What publishing still needs. */
export const lacking = (content: Pick<Content, "headline" | "hasBody" | "section">): Fault[] => {
  const has = { headline: content.headline, body: content.hasBody, section: content.section };
  return Object.entries(has).flatMap(([name, there]) =>
    there ? [] : [{ pointer: `/${name}`, detail: "is needed to publish" }],
  );
};

/**
 * Names of a section or author that the site does not have, and old paths that are the front of one. Authors that the story named `before` may stay: removing an author
 * must not lock the stories of one who has left.
 */
export const unknownNames = (
  content: Pick<Content, "section" | "bylines" | "aliases">,
  site: Pick<Site, "sections" | "authors">,
  before?: Pick<Content, "bylines">,
): Fault[] => {
  const authors = new Set([
    ...site.authors.map((one) => one.slug),
    ...(before?.bylines ?? []).map((one) => one.author),
  ]);
  const faults: Fault[] = [];
  const sections = site.sections.map((one) => one.slug);
  if (content.section !== undefined && !sections.includes(content.section))
    faults.push({
      pointer: "/section",
      detail: `is no section of this site; there are: ${sections.join(", ") || "none"}`,
    });
  content.bylines.forEach((byline, n) => {
    if (byline.author !== undefined && !authors.has(byline.author))
      faults.push({ pointer: `/bylines/${n}/author`, detail: "is no author of this site" });
  });
  content.aliases?.forEach((path, n) => {
    if (sections.some((slug) => path === `/${slug}`))
      faults.push({ pointer: `/aliases/${n}`, detail: "is the front of a section" });
  });
  return faults;
};
