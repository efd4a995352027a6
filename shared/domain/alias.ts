import * as z from "zod";
import { LIMITS } from "./limits.ts";
import { isReservedSegment } from "./site.ts";

/**
 * Segments of what RFC 3986 lets stand in a path unescaped, of which none is `.` or `..`. Without `%`, and `+`, which S3 takes for a
 * space: a key is to be the path as a reader's browser asks for it.
 */
const PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~!$&'()*,;=:@-]+)+$/;

/** Files of ours at the root whose names are no slugs. */
const FILES = new Set(["index.html", "robots.txt", "rules.json", "news-sitemap.xml", "favicon.ico", ".well-known"]);
/** What stands below the front of a section besides its stories. */
const OF_A_SECTION = /^\/[^/]+\/(?:feed\.(?:xml|atom|json)|archive\/\d{4}-\d{2}-\d{2}(?:-\d+)?)$/;

const isOurs = (path: string): boolean => {
  const first = (path.split("/")[1] ?? "").toLowerCase();
  return isReservedSegment(first) || FILES.has(first) || OF_A_SECTION.test(path);
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
  .refine((path) => !isOurs(path), "is a path that the site keeps for itself");

/** The old paths of a story, each once. */
export const aliases = z
  .array(alias)
  .max(LIMITS.aliases)
  .superRefine((paths, c) => {
    paths.forEach((path, n) => {
      if (paths.indexOf(path) < n) c.addIssue({ code: "custom", message: "stands in the list twice", path: [n] });
    });
  });
