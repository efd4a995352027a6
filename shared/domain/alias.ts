import * as z from "zod";
import { LIMITS } from "./limits.ts";
import { isLocale, isReservedSegment } from "./site.ts";

/**
 * Segments of what RFC 3986 lets stand in a path unescaped, of which none is `.` or `..`. Without `%`, and `+`, which S3 takes for a
 * space: a key is to be the path as a reader's browser asks for it.
 */
const PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~!$&'()*,;=:@-]+)+$/;

/**
 * The key that the edge makes of every path that no page can have (`functions/edge/viewer-request.js`): were it a page's, that page
 * would stand at `//`, `/a%00` and all the others.
 */
export const NOWHERE = "/-";

/** Files of ours at the root whose names are no slugs. */
const FILES = new Set(["index.html", "robots.txt", "rules.json", "news-sitemap.xml", "favicon.ico", ".well-known"]);
/** What stands below the front of a section besides its stories. */
const OF_A_SECTION = /^\/[^/]+\/(?:feed\.(?:xml|atom|json)|archive\/\d{4}-\d{2}-\d{2}(?:-\d+)?)$/;

/** Why a path is the site's own; undefined when it is not. */
const barOf = (path: string): string | undefined => {
  const segment = path.split("/")[1] ?? "";
  const first = segment.toLowerCase();
  if (isLocale(first)) return `${segment} is the code of a language, whose pages would stand there`;
  return path === NOWHERE || isReservedSegment(first) || FILES.has(first) || OF_A_SECTION.test(path)
    ? "is a path that the site keeps for itself"
    : undefined;
};

/** An old path of a story, from another system: a path of this site that no other page of ours can have. */
export const alias = z
  .string()
  .max(LIMITS.alias, { abort: true })
  .regex(PATH, {
    error:
      "must be a path such as /2019/05/old-name.html: a slash, then letters, digits and -._~!$&'()*,;=:@, no slash last",
    abort: true,
  })
  .superRefine((path, c) => {
    const message = barOf(path);
    if (message !== undefined) c.addIssue({ code: "custom", message });
  });

/** The old paths of a story, each once. */
export const aliases = z
  .array(alias)
  .max(LIMITS.aliases)
  .superRefine((paths, c) => {
    paths.forEach((path, n) => {
      if (paths.indexOf(path) < n) c.addIssue({ code: "custom", message: "stands in the list twice", path: [n] });
    });
  });
