import * as z from "zod";
import { isWebUrl, webUrl } from "./body.ts";
import { LIMITS } from "./limits.ts";
import { isSlug } from "./slug.ts";

/** First path segments that no section may have, so that no page can ever stand in the way of another. */
const RESERVED = new Set([
  "tags",
  "authors",
  "archive",
  "images",
  "assets",
  "search",
  "sitemaps",
  "news-sitemap",
  "robots",
  "404",
  "desk",
  "hooks",
  "index",
  "rules",
]);
const RESERVED_PREFIX = /^(?:feed|sitemap)/;
/** Any BCP 47 tag of language and, perhaps, region: a locale may become a first path segment. */
const LOCALE_SEGMENT = /^[a-z]{2,3}(?:-[a-z]{2})?$/;

export const isReservedSegment = (slug: string): boolean =>
  RESERVED.has(slug) || RESERVED_PREFIX.test(slug) || (LOCALE_SEGMENT.test(slug) && isLocale(slug));

/** A language (and region) that Intl knows by name: `vi`, `en`, `pt-BR`; not every two or three letters. */
export const isLocale = (tag: string): boolean => {
  if (!/^[a-z]{2,3}(?:-[a-z]{2})?$/i.test(tag)) return false;
  try {
    const locale = new Intl.Locale(tag);
    return new Intl.DisplayNames("en", { type: "language", fallback: "none" }).of(locale.language) !== undefined;
  } catch {
    return false;
  }
};

/** Whether Intl knows the IANA zone. */
export const isTimeZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
};

const line = z.string().trim().min(1).max(LIMITS.line);
export const slug = z
  .string()
  .refine(isSlug, "must be lower-case letters, digits and single hyphens, at most 79 characters");
export const locale = z.string().refine(isLocale, "must be a language tag such as vi or en-GB");

/** An address that the house itself calls: what else than this the guard of outgoing requests lets nobody reach. */
export const httpsUrl = webUrl.refine((url) => {
  // What is no web URL has been named by webUrl, and need not parse at all.
  if (!isWebUrl(url)) return true;
  const { protocol, port } = new URL(url);
  return protocol === "https:" && port === "";
}, "must be https, on port 443");

/** Text files at a site's root whose names are agreed upon: nobody's key may stand there. */
const ROOT_FILES = new Set(["robots", "404", "humans", "security", "ads", "app-ads", "llms", "llms-full"]);

/** A key as IndexNow takes it (https://www.indexnow.org/documentation); it names a file at the root: `/{key}.txt`. */
export const indexNowKey = z
  .string()
  .regex(/^[A-Za-z0-9-]{8,128}$/, "must be 8 to 128 letters (without accents), digits and hyphens")
  .refine((key) => !ROOT_FILES.has(key.toLowerCase()), "is the name of a file that the site keeps for itself");

/** What an administrator may say of the site (PUT /site takes all of it). */
export const siteInput = z.strictObject({
  title: line,
  description: z.string().trim().max(LIMITS.paragraph).optional(),
  /** Where readers find the site, without a trailing slash; unless set, the address of its CDN. */
  baseUrl: webUrl
    .refine(
      // What is no web URL has been named by webUrl, and need not parse at all.
      (url) => !isWebUrl(url) || (new URL(url).pathname === "/" && !url.includes("?") && !url.includes("#")),
      "must be an origin, without a path",
    )
    .transform((url) => url.replace(/\/$/, ""))
    .optional(),
  /** Frozen at the first publication: days of the archive hang on it. */
  timeZone: z
    .string()
    .refine(isTimeZone, "must be an IANA time zone such as Asia/Ho_Chi_Minh")
    .default("Asia/Ho_Chi_Minh"),
  locale: locale.default("vi"),
  logo: webUrl.optional(),
  /** Links of the navigation, in order; unless set, every section. */
  nav: z
    .array(
      z.strictObject({
        title: line,
        path: z.string().regex(/^\/(?:[a-z0-9-]+(?:\/[a-z0-9-]+)*)?$/, "must be a path of this site, such as /thoi-su"),
      }),
    )
    .max(30)
    .optional(),
  /** Whether a published picture has to say what it shows (`alt`) and whose it is (`credit`), or is only warned of. */
  pictures: z
    .strictObject({
      alt: z.enum(["warn", "require"]).default("warn"),
      credit: z.enum(["warn", "require"]).default("warn"),
    })
    .optional(),
  /** Lines of the imprint in the footer: publisher, editor in chief, licence, address, telephone. */
  imprint: z.array(line).max(20).optional(),
  /** The hub that feeds name and that is told of each change of theirs (https://www.w3.org/TR/websub/); unless set, none. */
  webSub: z.strictObject({ hub: httpsUrl }).optional(),
  /** Whether search engines are told of changed and withdrawn pages, and by which key they know that the site is ours. */
  indexNow: z
    .strictObject({ key: indexNowKey, endpoint: httpsUrl.default("https://api.indexnow.org/indexnow") })
    .optional(),
});
export type SiteInput = z.output<typeof siteInput>;

export const sectionInput = z.strictObject({
  title: line,
  description: z.string().trim().max(LIMITS.paragraph).optional(),
});
export const sectionSlug = slug.refine((value) => !isReservedSegment(value), "is a reserved name");
export type SectionInput = z.output<typeof sectionInput>;
export type Section = SectionInput & { slug: string };

export const authorInput = z.strictObject({ name: line, bio: z.string().trim().max(LIMITS.paragraph).optional() });
export type AuthorInput = z.output<typeof authorInput>;
export type Author = AuthorInput & { slug: string };

/** The settings as they stand, with what hangs on them. */
export type Site = SiteInput & { baseUrl: string; sections: Section[]; authors: Author[] };

/** What every new house has. */
export const NEW_SITE: SiteInput = siteInput.parse({
  title: "Broadsheet",
  description: "Tin tức địa phương, cập nhật từng giờ.",
});
export const NEW_SECTIONS: readonly Section[] = [
  { slug: "thoi-su", title: "Thời sự" },
  { slug: "chinh-tri", title: "Chính trị" },
  { slug: "kinh-te", title: "Kinh tế" },
  { slug: "van-hoa", title: "Văn hóa" },
  { slug: "the-thao", title: "Thể thao" },
];
